--- Fitting: how a table is laid out in print, and how wide its columns are. No filter itself:
-- `require("./fitting")`.
--
--   choose(tbl, needs, may_turn)  the layout that suits a table: no word cut, no long text in a narrow
--                               column; nil where none does, and it has to be divided (parts.lua).
--                               `needs` are those of columns.lua; a table that stands in something
--                               else may not turn
--   give_widths(tbl, needs, layout)  give every column a width, in parts of the line; returns whether
--                               a part of a word is longer than its column, and whether a word is
--
-- A layout says `across` for a page across, `small` for type of 10 points and not 10.5, and `broken`
-- for words that are hyphenated.

local columns = require("./columns")
local format = require("./format")
local fitting = {}

local PADDING = columns.PADDING

--- By how many digits a column may grow at once.
local STEPS = { 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 34, 40, 50 }

--- How many lines each cell of a row takes, with the most and the second most of the row.
local function count_lines(lengths, widths)
  local lines, most, second = {}, 1, 1
  for column, length in pairs(lengths) do
    local own = columns.lines_of(length, widths[column])
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
  local room, line = columns.room_of(width)
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

local function sum_of(widths)
  local sum = 0
  for _, width in ipairs(widths) do
    sum = sum + width
  end
  return sum
end

--- The widest column that is wider than it has to be; nil for none.
local function widest_of(widths, least, but)
  local widest
  for i, width in ipairs(widths) do
    if i ~= but and width > least[i] + PADDING and (not widest or width > widths[widest]) then
      widest = i
    end
  end
  return widest
end

--- Make columns narrower than their longest words, the widest first, until all fit the line.
local function cut_widths(widths, least, line)
  local sum = sum_of(widths)
  while sum > line do
    local widest = widest_of(widths, least)
    if not widest then
      break
    end
    local second = widest_of(widths, least, widest)
    -- A little below the next, so that all wide columns come down together.
    local below = second and widths[second] - 1 or 0
    local goal = math.max(below, least[widest] + PADDING, widths[widest] - (sum - line))
    sum = sum - widths[widest] + goal
    widths[widest] = goal
  end
  return sum
end

--- Whether a word is longer than its column.
local function is_narrow(shares, line, longest)
  for i, share in ipairs(shares) do
    if longest[i] > share * line - PADDING + 0.5 then
      return true
    end
  end
  return false
end

--- The least that columns take: their longest word, columns of numbers at even steps if asked for.
local function least_widths(tbl, longest, even)
  local widths, number_width, sum = {}, 0, 0
  for i, spec in ipairs(tbl.colspecs) do
    widths[i] = longest[i] + PADDING
    if spec[1] == "AlignRight" then
      number_width = math.max(number_width, widths[i])
    end
  end
  for i, spec in ipairs(tbl.colspecs) do
    if even and spec[1] == "AlignRight" then
      widths[i] = number_width
    end
    sum = sum + widths[i]
  end
  return widths, sum
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

--- The least that a column may have of its longest word where words are broken on an upright page.
local MILD = 0.62

--- Whether the columns of a table fit a line: with whole words, or else broken, upright but a little.
local function fits(tbl, needs, layout)
  local line = columns.line_of(layout, #tbl.colspecs)
  local widths, sum = least_widths(tbl, needs.whole)
  if sum <= line or not layout.broken then
    return sum <= line
  end
  if cut_widths(widths, needs.least, line) > line + 0.01 then
    return false
  end
  for i, width in ipairs(widths) do
    if not layout.across and width - PADDING < MILD * needs.spoken[i] and #widths > 4 then
      return false
    end
  end
  return true
end

--- From what reads best to what still fits.
local LAYOUTS = {
  {},
  { small = true },
  { small = true, broken = true },
  { across = true },
  { across = true, broken = true },
}

--- How many lines a table has.
local function height_of(rows, widths)
  local height = 0
  for _, lengths in ipairs(rows) do
    height = height + count_lines(lengths, widths).most
  end
  return height
end

--- Columns of numbers stand at even steps if a table is not higher by more than this.
local HIGHER = 1.05

--- Whether columns of numbers at even steps would be wider than without.
local function has_uneven_numbers(tbl, longest)
  local widths, steady = least_widths(tbl, longest), least_widths(tbl, longest, true)
  for i, width in ipairs(widths) do
    if steady[i] ~= width then
      return true
    end
  end
  return false
end

local function lowest(tbl, needs, line, even)
  local widths, sum = least_widths(tbl, needs.whole, even)
  if sum > line then
    sum = cut_widths(widths, needs.least, line)
  end
  local left = share_room(needs.rows, widths, line - sum)
  return { widths = widths, sum = math.max(line - left, sum) }
end

local function find_low(tbl, needs, line)
  local found = lowest(tbl, needs, line, false)
  local _, most = least_widths(tbl, needs.whole, true)
  if most <= line and has_uneven_numbers(tbl, needs.whole) then
    local steady = lowest(tbl, needs, line, true)
    if height_of(needs.rows, steady.widths) <= height_of(needs.rows, found.widths) * HIGHER then
      return steady
    end
  end
  return found
end

-- What was found for some needs on a line: a layout is chosen by it, and then given.
local low = setmetatable({}, { __mode = "k" })

--- The widths that make a table lowest, in digits, and what they are of.
local function low_widths(tbl, needs, line)
  low[needs] = low[needs] or {}
  low[needs][line] = low[needs][line] or find_low(tbl, needs, line)
  return low[needs][line].widths, low[needs][line].sum
end

--- Columns that hold less than the first, in digits, are read word by word if a cell of them has more
-- lines than the second.
local NARROW = { { 20, 14 }, { 16, 7 } }

local function is_read_by_words(width, length)
  local room, lines = columns.room_of(width), columns.lines_of(length, width)
  for _, limits in ipairs(NARROW) do
    if room < limits[1] and lines > limits[2] then
      return true
    end
  end
  return false
end

--- Whether a long text stands in a narrow column, which nobody has asked for.
local function is_squeezed(tbl, needs, layout)
  local line = columns.line_of(layout, #tbl.colspecs)
  local widths, sum = low_widths(tbl, needs, line)
  for _, lengths in ipairs(needs.asked and {} or needs.rows) do
    for column, length in pairs(lengths) do
      if is_read_by_words(widths[column] * line / sum, length) then
        return true
      end
    end
  end
  return false
end

function fitting.choose(tbl, needs, may_turn)
  local across = tbl.classes:includes("landscape")
  for _, layout in ipairs(LAYOUTS) do
    local is_open = layout.across and (may_turn or across) or not (layout.across or across)
    -- Whether Word hyphenates depends on who opens the file.
    if is_open and (format.hyphenates or not layout.broken) and fits(tbl, needs, layout) then
      if not may_turn or not is_squeezed(tbl, needs, layout) then
        return layout
      end
    end
  end
  return nil
end

--- Give every column a width, so that a table fills its line and no word is cut: the author's, or
-- the widths that make the table lowest.
function fitting.give_widths(tbl, needs, layout)
  local line = columns.line_of(layout, #tbl.colspecs)
  local widths, sum = least_widths(tbl, needs.whole)
  if needs.asked and sum <= line then
    widths, sum = given_widths(tbl, widths, line), 1
  else
    widths, sum = low_widths(tbl, needs, line)
  end
  local shares = {}
  for i, spec in ipairs(tbl.colspecs) do
    shares[i] = widths[i] / sum
    tbl.colspecs[i] = { spec[1], shares[i] }
  end
  return is_narrow(shares, line, needs.whole), is_narrow(shares, line, needs.unparted)
end

return fitting
