--- Tables: headers that are headers, and no inline style.
--
-- Pages: column and row headers with their scope, alignment as a class, and a region that scrolls
-- and can be focused. Typst and Word: columns as wide as they need to be (columns.lua).
-- `row-headers=1` says how many first columns name their row.

local format = require("./format")
local say = require("./labels")
local stringify = pandoc.utils.stringify
local nodes = quarto and require("../quarto/nodes")
local columns = require("./columns")

local class_of = { AlignRight = "align-right", AlignCenter = "align-center" }

local function row_header_count(tbl)
  tbl.attributes.number = nil
  local count = tonumber(tbl.attributes["row-headers"]) or 0
  tbl.attributes["row-headers"] = nil
  return count
end

--- Take the alignment of a cell's own. Only Quarto makes tables with any, of HTML.
local function own_alignment(cell)
  if not quarto or cell.alignment == "AlignDefault" then
    return nil
  end
  local own = cell.alignment
  cell.alignment = "AlignDefault"
  return own
end

--- Give header cells their scope, and every cell its alignment as a class.
local function mark_cells(tbl, row_headers)
  local aligned = {}
  for i, spec in ipairs(tbl.colspecs) do
    aligned[i] = spec[1]
  end
  columns.each_row(tbl, function(row, is_head)
    columns.each_cell(row, #aligned, function(cell, column, span)
      local alignment = own_alignment(cell) or aligned[column]
      if class_of[alignment] then
        cell.classes:insert(class_of[alignment])
      end
      if is_head then
        cell.attributes.scope = span > 1 and "colgroup" or "col"
      elseif column <= row_headers then
        cell.attributes.scope = cell.row_span > 1 and "rowgroup" or "row"
      end
    end)
  end)
end

--- Widths as classes of the header cells: `w-3` is a column of about three tenths.
local function mark_widths(tbl)
  local first = tbl.head.rows[1]
  for i, spec in ipairs(tbl.colspecs) do
    if first and first.cells[i] and type(spec[2]) == "number" and #first.cells == #tbl.colspecs then
      first.cells[i].classes:insert("w-" .. math.max(1, math.floor(spec[2] * 10 + 0.5)))
    end
  end
  local plain = {}
  for i = 1, #tbl.colspecs do
    plain[i] = { "AlignDefault", nil }
  end
  tbl.colspecs = plain
end

--- A header cell that says nothing is read as nothing: name the column of row names.
local function name_empty_headers(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      if stringify(cell.contents) == "" then
        local words = pandoc.Span({ pandoc.Str(say("table-empty-header")) }, { class = "visually-hidden" })
        cell.contents = { pandoc.Plain({ words }) }
      end
    end
  end
end

local unnamed = 0

--- Quarto takes the caption off a table before we see it: what each table there is called.
local called = {}

--- Under Quarto a table that can be referred to is the content of a float, which has its identifier
-- and, as versions differ, alone its classes and attributes.
local function hand_attributes(float)
  if float.type ~= "Table" then
    return nil
  end
  local caption = float.caption_long and stringify(float.caption_long) or ""
  local own = float.attributes or {}
  float.content = nodes.blocks(float.content):walk({
    Table = function(tbl)
      tbl.identifier = ""
      for _, class in ipairs(float.classes or {}) do
        if not tbl.classes:includes(class) then
          tbl.classes:insert(class)
        end
      end
      for _, name in ipairs({ "row-headers", "widths" }) do
        tbl.attributes[name] = tbl.attributes[name] or own[name]
      end
      called[stringify(tbl)] = caption
      return tbl
    end,
  })
  own["row-headers"], own.widths = nil, nil
  return float
end

--- Give the caption an identifier for `aria-labelledby`, and say which.
local function name_caption(tbl)
  if tbl.identifier == "" then
    unnamed = unnamed + 1
  end
  if #tbl.caption.long == 0 then
    return nil
  end
  local id = (tbl.identifier ~= "" and tbl.identifier or "table-" .. unnamed) .. "-caption"
  local first = tbl.caption.long[1]
  if first.t ~= "Plain" and first.t ~= "Para" then
    return nil
  end
  tbl.caption.long[1] = pandoc.Plain({ pandoc.Span(first.content, { id = id }) })
  return id
end

local function set_row_headers(tbl, count)
  if count > 0 then
    for _, body in ipairs(tbl.bodies) do
      body.row_head_columns = count
    end
  end
end

--- Quarto takes a table with a link in it apart to set its widths, and puts it together without what
-- its cells have: unless it is told to leave widths alone, which it does where an author asks for any.
local function keep_cells(tbl)
  if quarto and not tbl.attributes["tbl-colwidths"] then
    tbl.attributes["tbl-colwidths"] = "true"
  end
end

local function page_table(tbl)
  keep_cells(tbl)
  local given = next(called) and called[stringify(tbl)]
  local count = row_header_count(tbl)
  tbl.attributes.widths = nil
  set_row_headers(tbl, count)
  mark_cells(tbl, count)
  mark_widths(tbl)
  name_empty_headers(tbl)
  if tbl.classes:includes("plain") then
    return tbl
  end
  local caption = name_caption(tbl)
  local classes = { "table-scroll" }
  if tbl.classes:includes("landscape") then
    table.insert(classes, "wide")
  end
  local name = caption and { "aria-labelledby", caption }
    or { "aria-label", given or say("table-without-caption", { number = unnamed }) }
  local region = pandoc.Attr("", classes, { { "role", "region" }, name, { "tabindex", "0" } })
  return pandoc.Div({ tbl }, region)
end

local function strong_cells(tbl, count)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      for column = 1, math.min(count, #row.cells) do
        local block = row.cells[column].contents[1]
        if block and (block.t == "Plain" or block.t == "Para") then
          block.content = { pandoc.Strong(block.content) }
          row.cells[column].contents[1] = block
        end
      end
    end
  end
end

-- The document's language, and whether it is written from right to left.
local language = { lang = "en" }

local function read_language(meta)
  language.lang = meta.lang and stringify(meta.lang) or "en"
  language.rightward = meta.dir ~= nil and stringify(meta.dir) == "rtl"
end

local function print_table(tbl)
  keep_cells(tbl)
  local named = row_header_count(tbl)
  strong_cells(tbl, named)
  local narrow = columns.give_widths(tbl, named)
  return format.print_table and format.print_table(tbl, columns, language, narrow) or tbl
end

if format.is_pages then
  return { { Meta = say.read }, { FloatRefTarget = hand_attributes }, { Table = page_table } }
elseif format.is_printed then
  return { { Meta = read_language }, { FloatRefTarget = hand_attributes }, { Table = print_table } }
end
return {}
