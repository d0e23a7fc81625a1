--- Parts: a table that fits no page, divided by columns. No filter itself: `require("./parts")`.
--
--   divide(tbl, needs, named, line)  tables with some of the columns each, in their order, that have
--                               the columns that name rows in common. `line` is what a line holds

local columns = require("./columns")
local parts = {}

local PADDING = columns.PADDING

--- Of a line, the columns that name rows take at most so much.
local MOST_NAMES = 0.4

--- Columns that stand below one head, as the first row of the head has them.
local function units_of(tbl, first)
  local units = {}
  local head = pandoc.Table(tbl.caption, tbl.colspecs, pandoc.TableHead({ tbl.head.rows[1] }), {}, pandoc.TableFoot())
  columns.each_row(head, function(row)
    columns.each_cell(row, #tbl.colspecs, function(_, column, span)
      local unit = {}
      for at = math.max(column, first), column + span - 1 do
        table.insert(unit, at)
      end
      if #unit > 0 then
        table.insert(units, unit)
      end
    end)
  end)
  return units
end

local function width_of(unit, widths)
  local sum = 0
  for _, column in ipairs(unit) do
    sum = sum + widths[column]
  end
  return sum
end

--- Put units into lots that each fit the room, those too wide for it column by column.
local function pack(units, widths, room)
  local lots, used = {}, room
  local function put(unit)
    local width = width_of(unit, widths)
    if width > room and #unit > 1 then
      for _, column in ipairs(unit) do
        put({ column })
      end
      return
    end
    if used + width > room then
      table.insert(lots, {})
      used = 0
    end
    table.move(unit, 1, #unit, #lots[#lots] + 1, lots[#lots])
    used = used + width
  end
  for _, unit in ipairs(units) do
    put(unit)
  end
  return lots
end

--- Lots about as wide as each other, as few as there can be.
local function even_lots(units, widths, room)
  local lots = pack(units, widths, room)
  local total = 0
  for _, unit in ipairs(units) do
    total = total + width_of(unit, widths)
  end
  for share = math.ceil(total / #lots), math.floor(room) do
    local even = pack(units, widths, share)
    if #even == #lots then
      return even
    end
  end
  return lots
end

local function pick_cells(row, count, chosen)
  local cells = {}
  columns.each_cell(row, count, function(cell, column, span)
    local kept = 0
    for at = column, column + span - 1 do
      kept = kept + (chosen[at] and 1 or 0)
    end
    if kept > 0 then
      table.insert(cells, pandoc.Cell(cell.contents:clone(), cell.alignment, cell.row_span, kept, cell.attr))
    end
  end)
  return pandoc.Row(cells, row.attr)
end

--- The table with some of its columns.
local function pick(tbl, chosen)
  local rows, at = {}, 0
  columns.each_row(tbl, function(row)
    table.insert(rows, pick_cells(row, #tbl.colspecs, chosen))
  end)
  local function next_rows(count)
    at = at + count
    return { table.unpack(rows, at - count + 1, at) }
  end
  local specs = {}
  for i, spec in ipairs(tbl.colspecs) do
    if chosen[i] then
      table.insert(specs, spec)
    end
  end
  local head = pandoc.TableHead(next_rows(#tbl.head.rows), tbl.head.attr)
  local bodies = {}
  for i, body in ipairs(tbl.bodies) do
    local heads = next_rows(#body.head)
    bodies[i] = {
      attr = body.attr,
      head = heads,
      body = next_rows(#body.body),
      row_head_columns = body.row_head_columns,
    }
  end
  local foot = pandoc.TableFoot(next_rows(#tbl.foot.rows), tbl.foot.attr)
  return pandoc.Table(tbl.caption, specs, head, bodies, foot, tbl.attr)
end

--- How wide the columns are that name rows, and all together.
local function name_widths(needs, named, line)
  local sum = 0
  for column = 1, named do
    sum = sum + needs.whole[column] + PADDING
  end
  return math.min(sum, MOST_NAMES * line)
end

function parts.divide(tbl, needs, named, line)
  named = math.max(named, 1)
  local room, widths = line - name_widths(needs, named, line), {}
  for i, whole in ipairs(needs.whole) do
    widths[i] = math.min(whole + PADDING, room)
  end
  local divided = {}
  for i, lot in ipairs(even_lots(units_of(tbl, named + 1), widths, room)) do
    local chosen = {}
    for column = 1, named do
      chosen[column] = true
    end
    for _, column in ipairs(lot) do
      chosen[column] = true
    end
    divided[i] = pick(tbl, chosen)
  end
  return divided
end

return parts
