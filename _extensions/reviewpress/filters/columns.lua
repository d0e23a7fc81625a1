--- Columns: the cells of a table by column, and how long what they say is. No filter itself:
-- `require("./columns")`.
--
--   each_row(tbl, visit)        visit(row, is_head) for every row, in order; `is_head` is `GROUP`
--                               for a row that heads some rows below it
--   each_body_row(body, visit)  visit(row, false) for every row of a body but its heads
--   each_cell(row, count, visit)  visit(cell, column, span) for every cell of a row of a table of
--                               so many columns; within each_row alone
--   measure(tbl, named)         what each column needs, in digits: `whole` for its longest word, or
--                               the longest part of one that may end a line at its signs, `unparted`
--                               for that word, `least` where words are broken, `spoken` for its
--                               longest word that is no address; `rows`, how long the cells of rows
--                               are; `asked`, whether the table has widths. The first `named`
--                               columns are in strong type
--   text_of(cell)               what a cell says
--   extent(text)                about how long a text is in print, in digits
--   line_of(layout, count)      what a line of a table of so many columns holds
--   room_in(layout, count, share)  what a line of a column holds, which has that share of the line
--   lines_in(layout, count, cell, share)  how many lines a cell takes there
--   break_words(text, room, lang)  a text with places where a line may end in words that are too
--                               long, and whether some are left to the rules of its language
--   after_signs(word, room)     the parts of a word, each with the signs at its end, a last number with
--                               what it counts where that has room
--   part_words(text, room)      a text with such places after signs of words that are too long
--   replace_words(tbl, layout, replace)  replace(text, room) the words of every cell, each with what a
--                               line of its column holds; contents that say `true` are `fit(contents)`
--
-- A layout (fitting.lua) is `{ across = …, small = … }`: a page across or upright, type of 10 points.

local format = require("./format")
local columns = {}

local stringify = pandoc.utils.stringify

--- How many rows more the cells above take, by column; the last row, if that is not known of it yet.
local taken, last = {}, nil

columns.GROUP = "group"

local function each_of(rows, visit, is_head)
  taken, last = {}, nil
  for _, row in ipairs(rows) do
    visit(row, is_head)
  end
end

function columns.each_body_row(body, visit)
  each_of(body.body, visit, false)
end

function columns.each_row(tbl, visit)
  each_of(tbl.head.rows, visit, true)
  for _, body in ipairs(tbl.bodies) do
    each_of(body.head, visit, columns.GROUP)
    columns.each_body_row(body, visit)
  end
  each_of(tbl.foot.rows, visit, false)
end

--- Note what the cells of a row that has one for each column take of the rows below.
local function look_back()
  for column, cell in ipairs(last or {}) do
    taken[column] = cell.row_span > 1 and cell.row_span - 1 or nil
  end
  last = nil
end

--- Visit a row that has fewer cells than its table has columns.
local function each_of_few(cells, visit)
  local below, column = {}, 1
  local function pass_taken()
    while taken[column] do
      below[column] = taken[column] > 1 and taken[column] - 1 or nil
      column = column + 1
    end
  end
  for _, cell in ipairs(cells) do
    pass_taken()
    local span, rows = cell.col_span, cell.row_span
    visit(cell, column, span)
    for at = column, column + span - 1 do
      below[at] = rows > 1 and rows - 1 or nil
    end
    column = column + span
  end
  pass_taken()
  taken = below
end

--- Each look at a cell costs as much as a hundred lines of Lua: where a row has a cell for each column,
-- none spans two, and that one goes on in the next row shows in that row's being short.
function columns.each_cell(row, count, visit)
  local cells = row.cells
  if #cells < count then
    look_back()
    each_of_few(cells, visit)
    return
  end
  last = cells
  for column = 1, count do
    visit(cells[column], column, 1)
  end
end

--- Whether a column's width is what somebody asked for. A table of `review.table` says so; the
-- dashes below the heads of another are its author's.
local function takes_widths(tbl)
  local asked = tbl.attributes.widths ~= nil or not tbl.classes:includes("rp-table")
  tbl.attributes.widths = nil
  return asked
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
function columns.extent(text)
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
    found = columns.extent(columns.text_of(cell))
    extents[cell] = found
  end
  return found
end

local function is_strong(cell)
  local first = cell.contents[1] and cell.contents[1].content
  return first and first[1] and first[1].t == "Strong"
end

--- A word of so many letters may break at its hyphens and slashes, a name of so many at its underscores.
local LONG_WORD, LONG_NAME = 22, 12

--- Of a column with a longer word, so much has to be there: the word is broken.
local SHORTEST = 8

--- What a line of a table holds, upright and across, in digits.
local line_length = { upright = format.line_upright or 81, across = format.line_across or 145 }

--- In smaller type a line holds more, and less stands between columns.
function columns.line_of(layout, count)
  if layout.across then
    return line_length.across
  end
  return layout.small and format.hyphenates and 85 + 0.9 * count or line_length.upright
end

--- What stands left and right of a cell's text, in digits.
columns.PADDING = 2.6

--- Header cells are set in heavier type.
local HEAVY = format.heavy or 1.05

--- Rows looked at to fit the columns of a table: enough to know it by.
local SAMPLE = 90

--- How long words are, each asked for once.
local word_extents = {}

--- The parts of a word, after each of which a line may end: as after_signs has them, which words that
-- are no addresses have a part of.
local function parts_of(word)
  if word:find("://", 1, true) then
    return columns.after_signs(word)
  elseif #word > LONG_WORD and word:find("[%-/_]") then
    local before, number = word:match("^(.*[%-/_])(%a+[%-_]%d%d?%d?%d?)$")
    if number then
      return (before .. number:gsub("[%-_]", ".")):gmatch("[^%-/_]*[%-/_]*")
    end
    return word:gmatch("[^%-/_]*[%-/_]*")
  end
  return word:gmatch(#word > LONG_NAME and "[^_]*_*" or ".+")
end

--- How long the longest part of a word is, the part of it that is never broken (numbers stay whole, and
-- those of registers, as NCT01234567), how much of it should stay together if it can (addresses need not),
-- and how long it is.
local function extents_of_word(word)
  local found = word_extents[word]
  if not found then
    local whole = 0
    for part in parts_of(word) do
      whole = math.max(whole, columns.extent(part))
    end
    -- Dashes, signs and the blanks after an aligned number have three bytes each.
    local plain = word:gsub("\xE2..", "-")
    local number = #plain <= LONG_WORD
      and (not plain:find("[%a/@_\xC3-\xF4]") or word:find("^%p*%u+%d%d%d%d+%l?%p*$"))
    local address = word:find("%w[/@_]%w")
    found = {
      whole, number and whole or math.min(whole, SHORTEST), address and SHORTEST or whole, columns.extent(word),
    }
    word_extents[word] = found
  end
  return found
end

--- Note what the words of a cell need of its column.
local function note_words(needs, column, text, weight)
  local longest, least, spoken = needs.whole[column], needs.least[column], needs.spoken[column]
  local unparted = needs.unparted[column]
  if text:find("[\xE3-\xED\xEF]") then
    text = select(2, wide_letters(text))
  end
  -- Where there is no room, what should stay together is parted before a word is broken.
  for word in text:gsub("\u{A0}", " "):gmatch("%S+") do
    -- Not even a word of wide letters is longer than its bytes and a quarter.
    if #word * 1.25 * weight > least then
      local long = extents_of_word(word)
      longest, least = math.max(longest, long[1] * weight), math.max(least, long[2] * weight)
      spoken, unparted = math.max(spoken, long[3] * weight), math.max(unparted, long[4] * weight)
    end
  end
  needs.unparted[column] = unparted
  needs.whole[column], needs.least[column], needs.spoken[column] = longest, least, spoken
end

--- What the columns need, in digits. Of a table of many rows some are enough to fit columns by.
function columns.measure(tbl, named)
  local needs, count, all = { whole = {}, unparted = {}, least = {}, spoken = {}, rows = {} }, 0, 0
  needs.asked = has_widths(tbl)
  for i = 1, #tbl.colspecs do
    needs.whole[i], needs.unparted[i], needs.least[i], needs.spoken[i] = 2, 2, 2, 2
  end
  columns.each_row(tbl, function()
    all = all + 1
  end)
  local step = math.max(1, all // SAMPLE)
  columns.each_row(tbl, function(row, is_head)
    count = count + 1
    local lengths = {}
    local sampled = is_head or count % step == 0
    columns.each_cell(row, #tbl.colspecs, function(cell, column, span)
      if span ~= 1 then
        return
      end
      local heavy = is_head or column <= named
      note_words(needs, column, columns.text_of(cell), (heavy or is_strong(cell)) and HEAVY or 1)
      lengths[column] = sampled and extent_of(cell) * (heavy and HEAVY or 1) or nil
    end)
    if sampled then
      table.insert(needs.rows, lengths)
    end
  end)
  return needs
end

--- What a column holds: on one line, and on each of several, for words seldom fill a line to its end.
function columns.room_of(width)
  local room = math.max(width - columns.PADDING, 1)
  return room, room * 0.95
end

--- How many lines a text takes in a column.
function columns.lines_of(length, width)
  local room, line = columns.room_of(width)
  return length <= room and 1 or math.ceil(length / line)
end

--- `share` is the part of the line of a table in a layout, of so many columns, that the cell's has.
function columns.lines_in(layout, count, cell, share)
  local lines = columns.lines_of(extent_of(cell), share * columns.line_of(layout, count))
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

--- What a line of a column holds, in digits, of so many columns.
function columns.room_in(layout, count, share)
  return share * columns.line_of(layout, count) - columns.PADDING
end

local BREAK = "\u{200B}"

--- The parts of a word, each with the signs at its end: of an address, a name, words joined. A number
-- of few digits at its end stays with what it counts, as in "information-02", if that has `room`.
function columns.after_signs(word, room)
  local parts = {}
  for part in word:gmatch("[^%-/_.:?&=#%%+@]*[%-/_.:?&=#%%+@]*") do
    table.insert(parts, part)
  end
  local number = parts[#parts] == "" and #parts - 1 or #parts
  local counts = number > 1 and parts[number]:match("^%d%d?%d?%d?$") and parts[number - 1]:match("%a[%-_]$")
  if counts and columns.extent(parts[number - 1] .. parts[number]) <= (room or math.huge) then
    parts[number - 1] = parts[number - 1] .. table.remove(parts, number)
  end
  local at = 0
  return function()
    at = at + 1
    return parts[at]
  end
end

--- Languages whose words Typst knows how to break.
local BROKEN = " af be bg ca cs da de el en es et fi fr gl hr hu is it ka ku la lt lv mn nb nl nn no pl pt ru sk sl sq sr sv tk tr uk "

--- Letters that a word of them may be broken between with a hyphen: Latin, Greek, Cyrillic, Armenian,
-- Georgian; no accent on the one before.
local function is_alphabetic(code)
  return code < 0x300 or code > 0x36F and code < 0x590 or code >= 0x10A0 and code < 0x1100 or code >= 0x1E00 and code < 0x2000
end

--- A part of a word with places where a line may end: signs and digits anywhere, letters of a language
-- without rules with a hyphen. Nil for one that the rules of its language break.
local function with_breaks(word, lang)
  local plain = not word:find("[%d/.:_@?&=#%%+]")
  if plain and BROKEN:find((" %s "):format(lang:match("^%a*")), 1, true) then
    return nil
  end
  local letters, sign = {}, plain and "\u{AD}" or BREAK
  local last = utf8.len(word) or 0
  for _, code in utf8.codes(word) do
    local at = #letters
    local may = not plain or at >= 3 and at <= last - 3
    table.insert(letters, (at > 0 and may and is_alphabetic(code) and sign or "") .. utf8.char(code))
  end
  return table.concat(letters)
end

--- Return a text whose words may end a line if they are longer than `room` and would print over the
-- next column, and whether it has such words that only the rules of its language break.
function columns.break_words(text, room, lang)
  if columns.extent(text) <= room then
    return text, false
  end
  local left = false
  text = text:gsub("\u{A0}", " "):gsub("%S+", function(word)
    if columns.extent(word) <= room then
      return nil
    end
    local parts = {}
    for part in columns.after_signs(word, room) do
      local broken = columns.extent(part) > room and with_breaks(part, lang)
      left = left or broken == nil
      table.insert(parts, broken or part)
    end
    return table.concat(parts, BREAK)
  end)
  return text, left
end

function columns.part_words(text, room)
  return (text:gsub("%S+", function(word)
    if columns.extent(word) > room then
      local parts = {}
      for part in columns.after_signs(word, room) do
        table.insert(parts, part)
      end
      return table.concat(parts, BREAK)
    end
  end))
end

--- Part the first and the last word of a text too, where what stands apart, such as a quotation, makes
-- of them words of `whole` that are too long.
local function part_edges(text, whole, room)
  local function part(edge)
    for word in whole:gmatch("%S+") do
      if #word > #edge and columns.extent(word) > room and word:find(edge, 1, true) then
        return columns.part_words(edge, 0) .. (edge:find("%w$") and "" or BREAK)
      end
    end
  end
  return (text:gsub("^%S+", part):gsub("%S+$", part))
end

function columns.replace_words(tbl, layout, replace, fit)
  columns.each_row(tbl, function(row)
    columns.each_cell(row, #tbl.colspecs, function(cell, column, span)
      local share = 0
      for i = column, math.min(column + span - 1, #tbl.colspecs) do
        share = share + tbl.colspecs[i][2]
      end
      local room, long = columns.room_in(layout, #tbl.colspecs, share), false
      local contents = cell.contents:walk({
        Str = function(word)
          local text, left = replace(word.text, room)
          long = long or left
          return pandoc.Str(part_edges(text, columns.text_of(cell), room))
        end,
      })
      cell.contents = long and fit(contents) or contents
    end)
  end)
end

return columns
