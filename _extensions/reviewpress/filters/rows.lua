--- Rows of pictures and parts of figures: which stand beside one another, and how wide each is. No
-- filter itself: `require("./rows")`.
--
--   lay_out(blocks, attributes, is_part)  blocks whose parts, where some follow one another, are rows
--   is_said(attributes)                   whether attributes say how (`layout`, `layout-ncol`, `layout-nrow`)
--   forget(attributes)                    take what they say away
--
-- Read as Quarto reads them: `layout="[[30, 70], [100]]"` has the widths of each row, negative ones
-- being room; its last row is that of what is left. Without any, each stands below the one before.

local format = require("./format")
local rows = {}

local NAMES = { "layout", "layout-ncol", "layout-nrow" }

function rows.is_said(attributes)
  for _, name in ipairs(NAMES) do
    if attributes[name] then
      return true
    end
  end
  return false
end

function rows.forget(attributes)
  for name in pairs(attributes) do
    if name:match("^layout") then
      attributes[name] = nil
    end
  end
end

local function share(width)
  return tonumber((tostring(width):match("^%-?[%d.]+"))) or 1
end

--- The widths of each row in `layout=`; nil where it is not written as Quarto has it.
local function widths_said(text)
  local read, value = pcall(pandoc.json.decode, text, false)
  if not read or type(value) ~= "table" or #value == 0 then
    return nil
  end
  local said = type(value[1]) == "table" and value or { value }
  local found = {}
  for _, row in ipairs(said) do
    if type(row) ~= "table" or #row == 0 then
      return nil
    end
    table.insert(found, pandoc.List(row):map(share))
  end
  return found
end

local function equal(count)
  local widths = {}
  for at = 1, count do
    widths[at] = 1
  end
  return { widths }
end

--- The widths of the rows that `count` parts stand in; the last one is that of all that follow.
local function widths_of(count, attributes)
  local columns, high = tonumber(attributes["layout-ncol"]), tonumber(attributes["layout-nrow"])
  if columns or high then
    return equal(math.max(1, math.floor(columns or math.ceil(count / high))))
  end
  return attributes.layout and widths_said(attributes.layout) or equal(1)
end

--- One row: its cells, of which some are room alone, and how many of the parts it takes.
local function row_of(parts, widths)
  local cells, shares, taken = {}, {}, 0
  for at, width in ipairs(widths) do
    local part = width > 0 and parts[taken + 1] or nil
    taken = taken + (part and 1 or 0)
    cells[at], shares[at] = part or false, math.abs(width)
  end
  return cells, shares, taken
end

local function beside(parts, attributes)
  -- One by itself is in no row: a row has room around it, for which its picture would be set smaller.
  if #parts == 1 and not rows.is_said(attributes) then
    return pandoc.Blocks(parts)
  end
  local widths, made, at = widths_of(#parts, attributes), pandoc.Blocks({}), 1
  while #parts > 0 do
    local cells, shares, taken = row_of(parts, widths[math.min(at, #widths)])
    if taken == 0 and at >= #widths then
      made:extend(parts)
      return made
    elseif taken > 0 and (not format.columns or #cells == 1 and not format.keeps_parts_whole) then
      made:extend({ table.unpack(parts, 1, taken) })
    elseif taken > 0 then
      made:extend(format.columns(cells, shares))
    end
    parts = { table.unpack(parts, taken + 1) }
    at = at + 1
  end
  return made
end

function rows.lay_out(blocks, attributes, is_part)
  local made, run = pandoc.Blocks({}), {}
  for _, block in ipairs(blocks) do
    if is_part(block) then
      table.insert(run, block)
    else
      made:extend(beside(run, attributes))
      made:insert(block)
      run = {}
    end
  end
  made:extend(beside(run, attributes))
  return made
end

return rows
