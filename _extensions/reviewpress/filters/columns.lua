--- Columns: how wide each one of a table is in print. No filter itself:
-- `require("./columns")`.
--
--   each_row(tbl, visit)        visit(row, is_head) for every row, in order
--   each_cell(row, count, visit)  visit(cell, column, span) for every cell of a row of a table of
--                               so many columns
--   give_widths(tbl, named)     give every column a width, in parts of the line; the first `named`
--                               columns are in strong type; true where a word is longer than
--                               its column
--   text_of(cell)               what a cell says
--   room_in(tbl, share)         what a line of a column holds
--   break_word(text, room, lang)  a word with places where a line may end, if it is too long
--   lines_in(tbl, cell, share)  how many lines a cell takes in that share of the table's line

local format = require("./format")
local columns = {}

local stringify = pandoc.utils.stringify

function columns.each_row(tbl, visit)
  for _, row in ipairs(tbl.head.rows) do
    visit(row, true)
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do
      visit(row, true)
    end
    for _, row in ipairs(body.body) do
      visit(row, false)
    end
  end
  for _, row in ipairs(tbl.foot.rows) do
    visit(row, false)
  end
end

--- Each look at a cell costs as much as a hundred lines of Lua: where a row has a cell for each column,
-- none spans two.
function columns.each_cell(row, count, visit)
  local cells = row.cells
  if #cells == count then
    for column = 1, count do
      visit(cells[column], column, 1)
    end
    return
  end
  local column = 1
  for _, cell in ipairs(cells) do
    local span = cell.col_span
    visit(cell, column, span)
    column = column + span
  end
end

--- Whether a column's width is what somebody asked for. A table of `review.table` says so; the
-- dashes below the heads of another are its author's.
local function takes_widths(tbl)
  local asked = tbl.attributes.widths ~= nil or not tbl.classes:includes("rp-table")
  tbl.attributes.widths = nil
  return asked
end

--- How many letters of Chinese, Japanese and Korean a text has, each as wide as two digits, and the
-- text with a space for each: a line may end between any two.
local function wide_letters(text)
  local count, rest = 0, {}
  for _, code in utf8.codes(text) do
    local wide = code >= 0x3000 and code <= 0x9FFF
      or code >= 0xAC00 and code <= 0xD7A3
      or code >= 0xF900 and code <= 0xFAFF
      or code >= 0xFF00 and code <= 0xFF60
    if wide then
      count = count + 1
    end
    table.insert(rest, wide and " " or utf8.char(code))
  end
  return count, table.concat(rest)
end

--- About how long a text is in print, in the width of a digit.
local function extent(text)
  local length = utf8.len(text) or #text
  if text:find("[\xE3-\xED\xEF]") then
    length = length + wide_letters(text)
  end
  local _, narrow = text:gsub("[iljtfrI%.,;:'%s%-()]", "")
  local _, wide = text:gsub("[mwA-HJ-Z@%%]", "")
  return length - 0.45 * narrow + 0.25 * wide
end

-- What cells say and how long it is, each asked for once: asking pandoc costs more than all the rest.
local texts = setmetatable({}, { __mode = "k" })
local extents = setmetatable({}, { __mode = "k" })

function columns.text_of(cell)
  local text = texts[cell]
  if not text then
    text = stringify(cell)
    texts[cell] = text
  end
  return text
end

local function extent_of(cell)
  local found = extents[cell]
  if not found then
    found = extent(columns.text_of(cell))
    extents[cell] = found
  end
  return found
end

local function is_strong(cell)
  local first = cell.contents[1] and cell.contents[1].content
  return first and first[1] and first[1].t == "Strong"
end

--- A word of so many letters may break at its hyphens.
local LONG_WORD = 22

--- The longest word of a text; `least` where none is longer.
local function longest_word(text, least)
  local longest = least
  if text:find("[\xE3-\xED\xEF]") then
    text = select(2, wide_letters(text))
  end
  for word in text:gmatch("%S+") do
    -- Not even a word of wide letters is longer than its bytes and a quarter.
    if #word * 1.25 > longest then
      local long = #word > LONG_WORD and word:find("%-")
      for part in word:gmatch(long and "[^%-]+%-*" or ".+") do
        longest = math.max(longest, extent(part))
      end
    end
  end
  return longest
end

--- What a line of a table holds, upright and across, in digits.
local line_length = { upright = 81, across = format.line_across or 145 }

local function line_of(tbl)
  return tbl.classes:includes("landscape") and line_length.across or line_length.upright
end

--- What stands left and right of a cell's text, in digits.
local PADDING = 2.6

--- Header cells are set in heavier type.
local HEAVY = 1.05

--- Rows looked at to fit the columns of a table: enough to know it by.
local SAMPLE = 90

--- By how many digits a column may grow at once.
local STEPS = { 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 34, 40, 50 }

--- What the columns hold, in digits: their longest words, and the lengths of each row's cells. The
-- first `named` columns are in strong type.
local function measure(tbl, named)
  local longest, rows, count = {}, {}, 0
  for i = 1, #tbl.colspecs do
    longest[i] = 2
  end
  local all = 0
  columns.each_row(tbl, function()
    all = all + 1
  end)
  local step = math.max(1, all // SAMPLE)
  columns.each_row(tbl, function(row, is_head)
    count = count + 1
    local lengths = {}
    local sampled = is_head or count % step == 0
    columns.each_cell(row, #longest, function(cell, column, span)
      if span ~= 1 or not longest[column] then
        return
      end
      local text = columns.text_of(cell)
      local heavy = is_head or column <= named
      local word = longest_word(text, longest[column] / HEAVY)
      if word * HEAVY > longest[column] then
        local weight = (heavy or is_strong(cell)) and HEAVY or 1
        longest[column] = math.max(longest[column], word * weight)
      end
      lengths[column] = sampled and extent_of(cell) * (heavy and HEAVY or 1)
    end)
    if sampled then
      table.insert(rows, lengths)
    end
  end)
  return longest, rows
end

--- What a column holds: on one line, and on each of several, for words seldom fill a line to its end.
local function room_of(width)
  local room = math.max(width - PADDING, 1)
  return room, room * 0.95
end

--- How many lines a text takes in a column.
local function lines_of(length, width)
  local room, line = room_of(width)
  return length <= room and 1 or math.ceil(length / line)
end

--- How many lines each cell of a row takes, with the most and the second most of the row.
local function count_lines(lengths, widths)
  local lines, most, second = {}, 1, 1
  for column, length in pairs(lengths) do
    local own = lines_of(length, widths[column])
    lines[column] = own
    if own > most then
      most, second = own, most
    elseif own > second then
      second = own
    end
  end
  return { lengths = lengths, lines = lines, most = most, second = second }
end

--- The rows in which a column takes more than one line.
local function wrapping(counted, column)
  local found = {}
  for _, row in ipairs(counted) do
    if (row.lines[column] or 1) > 1 then
      table.insert(found, row)
    end
  end
  return found
end

--- The lines that a column would save if it were wider, in rows that no other column keeps high.
local function saving(rows, width, column)
  local saved = 0
  local room, line = room_of(width)
  for _, row in ipairs(rows) do
    local own, length = row.lines[column], row.lengths[column]
    local new = length <= room and 1 or math.ceil(length / line)
    if own == row.most then
      saved = saved + own - math.max(row.second, new)
    end
    -- A little for what saves nothing yet, so that columns that wrap together can grow.
    saved = saved + 0.1 * (own - new)
  end
  return saved
end

--- The most that a column could save, however wide.
local function most_saving(rows, column)
  local saved = 0
  for _, row in ipairs(rows) do
    local own = row.lines[column]
    if own == row.most then
      saved = saved + own - row.second
    end
    saved = saved + 0.1 * (own - 1)
  end
  return saved
end

--- Give what room is left to the columns that save most lines by it.
local function share_room(rows, widths, room)
  local counted = {}
  for i, lengths in ipairs(rows) do
    counted[i] = count_lines(lengths, widths)
  end
  while room >= 1 do
    local best, chosen, amount = 0, nil, nil
    for column, width in ipairs(widths) do
      local wrapped = wrapping(counted, column)
      local most = most_saving(wrapped, column)
      for _, more in ipairs(STEPS) do
        -- Wider steps can only be worth less.
        if more > room or most / more <= best * 1.0001 then
          break
        end
        local worth = saving(wrapped, width + more, column) / more
        if worth > best * 1.0001 then
          best, chosen, amount = worth, column, more
        end
      end
    end
    if not chosen then
      break
    end
    widths[chosen] = widths[chosen] + amount
    room = room - amount
    for i, row in ipairs(counted) do
      -- Only rows that wrapped there can have changed.
      if (row.lines[chosen] or 1) > 1 then
        counted[i] = count_lines(row.lengths, widths)
      end
    end
  end
  return room
end

--- Of a column with a longer word, so much has to be there: the word is broken.
local SHORTEST = 8

--- Make columns narrower than their longest words, the widest first, until all fit the line.
local function cut_widths(widths, line)
  local sum = 0
  for _, width in ipairs(widths) do
    sum = sum + width
  end
  local least = SHORTEST + PADDING
  while sum > line do
    local widest, second = 1, least
    for i, width in ipairs(widths) do
      if width > widths[widest] then
        widest = i
      end
    end
    for i, width in ipairs(widths) do
      if i ~= widest then
        second = math.max(second, math.min(width, widths[widest]))
      end
    end
    if widths[widest] <= least then
      break
    end
    -- A little below the next, so that all wide columns come down together.
    local goal = math.max(second - 1, least, widths[widest] - (sum - line))
    sum = sum - widths[widest] + goal
    widths[widest] = goal
  end
  return sum
end

--- Whether a word is longer than its column.
local function is_narrow(tbl, shares, longest)
  for i, share in ipairs(shares) do
    if longest[i] > share * line_of(tbl) - PADDING + 0.5 then
      return true
    end
  end
  return false
end

--- The least that columns take: their longest word, columns of numbers at even steps.
local function least_widths(tbl, longest)
  local widths, number_width, sum = {}, 0, 0
  for i, spec in ipairs(tbl.colspecs) do
    widths[i] = longest[i] + PADDING
    if spec[1] == "AlignRight" then
      number_width = math.max(number_width, widths[i])
    end
  end
  for i, spec in ipairs(tbl.colspecs) do
    if spec[1] == "AlignRight" then
      widths[i] = number_width
    end
    sum = sum + widths[i]
  end
  return widths, sum
end

local function has_widths(tbl)
  if not takes_widths(tbl) then
    return false
  end
  for _, spec in ipairs(tbl.colspecs) do
    if type(spec[2]) == "number" and spec[2] > 0 then
      return true
    end
  end
  return false
end

--- Raise columns to the width of their longest word, at the cost of the others.
local function raise_narrow(widths, least)
  local fixed, room, free = 0, 0, 0
  for i, width in ipairs(widths) do
    if width < least[i] then
      fixed = fixed + least[i]
    else
      free = free + width
    end
  end
  room = 1 - fixed
  if fixed == 0 or room <= 0.2 then
    return widths, fixed == 0 or room <= 0.2
  end
  for i, width in ipairs(widths) do
    widths[i] = width < least[i] and least[i] or width * room / free
  end
  return widths, false
end

--- The author's widths, but none too narrow for its longest word.
local function given_widths(tbl, least, line)
  local widths, sum, settled = {}, 0, false
  for i, spec in ipairs(tbl.colspecs) do
    widths[i] = spec[2] or 0
    sum = sum + widths[i]
  end
  for i in ipairs(widths) do
    widths[i], least[i] = widths[i] / sum, least[i] / line
  end
  for _ = 1, #widths do
    if not settled then
      widths, settled = raise_narrow(widths, least)
    end
  end
  return widths
end

--- Give every column a width, so that a table fills its line and no word is cut: the author's, or
-- the widths that make the table lowest.
function columns.give_widths(tbl, named)
  local longest, rows = measure(tbl, named)
  local line = line_of(tbl)
  local widths, sum = least_widths(tbl, longest)
  if has_widths(tbl) then
    widths, sum = given_widths(tbl, widths, line), 1
  else
    if sum > line then
      sum = cut_widths(widths, line)
    end
    local left = share_room(rows, widths, line - sum)
    sum = math.max(line - left, sum)
  end
  for i, spec in ipairs(tbl.colspecs) do
    widths[i] = widths[i] / sum
    tbl.colspecs[i] = { spec[1], widths[i] }
  end
  return is_narrow(tbl, widths, longest)
end

--- `share` is the part of the line of the table `tbl` that the cell's column has.
function columns.lines_in(tbl, cell, share)
  local lines = lines_of(extent_of(cell), share * line_of(tbl))
  local contents = cell.contents
  if #contents > 1 or (contents[1] and contents[1].tag ~= "Plain") then
    pandoc.Div(contents):walk({
      Plain = function()
        lines = lines + 1
      end,
      Para = function()
        lines = lines + 2
      end,
    })
  end
  return lines
end

--- What a line of a column holds, in digits; `share` is the part of its table's line that it has.
function columns.room_in(tbl, share)
  return share * line_of(tbl) - PADDING
end

--- Languages whose words Typst knows how to break.
local BROKEN = " af be bg ca cs da de el en es et fi fr gl hr hu is it ka ku la lt lv mn nb nl nn no pl pt ru sk sl sq sr sv tk tr uk "

--- Letters that a word of them may be broken between with a hyphen: Latin, Greek, Cyrillic, Armenian,
-- Georgian; no accent on the one before.
local function is_alphabetic(code)
  return code < 0x300 or code > 0x36F and code < 0x590 or code >= 0x10A0 and code < 0x1100 or code >= 0x1E00 and code < 0x2000
end

--- Return a word with places where a line may end, if it is longer than `room` and would print over
-- the next column: signs and digits anywhere, letters of a language without rules with a hyphen.
function columns.break_word(text, room, lang)
  if extent(text) <= room then
    return text
  end
  local plain = not text:find("[%d/.:_@?&=#%%+]")
  if plain and BROKEN:find((" %s "):format(lang:match("^%a*")), 1, true) then
    return text
  end
  local letters, sign = {}, plain and "\u{AD}" or "\u{200B}"
  local last = utf8.len(text) or 0
  for _, code in utf8.codes(text) do
    local at = #letters
    local may = not plain or at >= 3 and at <= last - 3
    table.insert(letters, (at > 0 and may and is_alphabetic(code) and sign or "") .. utf8.char(code))
  end
  return table.concat(letters)
end

return columns
