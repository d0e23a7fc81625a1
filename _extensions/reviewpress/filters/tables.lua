--- Tables: headers that are headers, and no inline style.
--
-- Pages: column and row headers with their scope, alignment as a class, and a region that scrolls
-- and can be focused. Typst and Word: laid out as they fit the page (fitting.lua), or divided where
-- they fit none (parts.lua).
-- `row-headers=1` says how many first columns name their row, `groups=yes` that a row of one cell
-- names the rows below it, `notes=…` where the notes of the table are, `data=…` where its file is,
-- `shares="1 2"` how wide its columns are to each other, as Quarto's `tbl-colwidths="[1,2]"`.

local format = require("./format")
local say = require("./labels")
local stringify = pandoc.utils.stringify
local nodes = quarto and require("../quarto/nodes")
local columns = require("./columns")
local downloads = require("./downloads")
local fitting = require("./fitting")
local parts = require("./parts")
local page_widths = require("./page-widths")

local class_of = { AlignRight = "align-right", AlignCenter = "align-center" }

--- What tables say of themselves, in attributes that no format writes.
local OWN = {
  "row-headers", "shares", "groups", "notes", "data", "label", "number", "map-by", "quality", "levels", "table-id",
}

--- Take a table's own attributes; `widths` is for columns.lua.
local function take_own(tbl)
  local own = {}
  for _, name in ipairs(OWN) do
    own[name] = tbl.attributes[name]
    tbl.attributes[name] = nil
  end
  own.named = tonumber(own["row-headers"]) or 0
  return own
end

--- How wide columns are to each other, where the dashes below the heads do not say it.
local function share_widths(tbl, shares)
  local widths, sum = {}, 0
  for width in (shares or ""):gmatch("[%d.]+") do
    table.insert(widths, tonumber(width))
    sum = sum + widths[#widths]
  end
  for i, spec in ipairs(#widths == #tbl.colspecs and tbl.colspecs or {}) do
    tbl.colspecs[i] = { spec[1], widths[i] / sum }
  end
end

--- A row of one cell begins a group: it heads the rows below it.
local function group_rows(tbl)
  local bodies = {}
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local names_group = #row.cells == 1 and row.cells[1].col_span == #tbl.colspecs
      if names_group or #bodies == 0 then
        table.insert(bodies, { head = names_group and { row } or {}, rows = {} })
      end
      if not names_group then
        table.insert(bodies[#bodies].rows, row)
      end
    end
  end
  for i, body in ipairs(bodies) do
    bodies[i] = { attr = pandoc.Attr(), head = body.head, body = body.rows, row_head_columns = 0 }
  end
  tbl.bodies = bodies
end

--- What a table says of itself, read and done.
local function prepare(tbl)
  local asked = tbl.attributes["tbl-colwidths"]
  if not quarto then
    tbl.attributes["tbl-colwidths"] = nil
  elseif not asked then
    -- Quarto takes a table with a link in it apart to set its widths, and puts it together without
    -- what its cells have: it leaves widths alone where an author asks for any.
    tbl.attributes["tbl-colwidths"] = "true"
  end
  local own = take_own(tbl)
  share_widths(tbl, own.shares or asked)
  if own.groups then
    group_rows(tbl)
  end
  return own
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
      if is_head and span > 1 then
        alignment = span < #aligned and "AlignCenter" or "AlignDefault"
      end
      if class_of[alignment] then
        cell.classes:insert(class_of[alignment])
      end
      if is_head then
        local below = is_head == columns.GROUP and "rowgroup" or "colgroup"
        cell.attributes.scope = span > 1 and below or "col"
      elseif column <= row_headers then
        cell.attributes.scope = cell.row_span > 1 and "rowgroup" or "row"
      end
    end)
  end)
end

--- Whether a cell shows nothing: neither words nor what has none of its own, as code or a picture.
local function is_empty(cell)
  local empty = stringify(cell.contents) == ""
  local function shows(content)
    empty = false
    return content
  end
  cell.contents:walk({ CodeBlock = shows, Image = shows, RawBlock = shows, RawInline = shows })
  return empty
end

--- A header cell that says nothing is read as nothing: name the column of row names.
local function name_empty_headers(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      if is_empty(cell) then
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
  local label, number = nodes.label(float.identifier)
  local id = float.identifier
  float.content = nodes.blocks(float.content):walk({
    Table = function(tbl)
      tbl.identifier = ""
      for _, class in ipairs(float.classes or {}) do
        if not tbl.classes:includes(class) then
          tbl.classes:insert(class)
        end
      end
      for _, name in ipairs({ "widths", "tbl-colwidths", table.unpack(OWN) }) do
        tbl.attributes[name] = tbl.attributes[name] or own[name]
      end
      tbl.attributes.label = label and label .. "\u{a0}" .. number
      tbl.attributes["table-id"], id = id, nil
      called[stringify(tbl)] = caption
      return tbl
    end,
  })
  for _, name in ipairs({ "widths", table.unpack(OWN) }) do
    own[name] = nil
  end
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

--- A table whose words are longer than the text is wide takes more room.
local function is_wide(tbl, named)
  if tbl.classes:includes("landscape") then
    return true
  end
  local layout = fitting.choose(tbl, columns.measure(tbl, named), false)
  return not layout or layout.broken
end

--- What leads from a symbol to its note is told as such.
local function mark_notes(tbl)
  return tbl:walk({
    Link = function(link)
      if link.classes:includes("note-mark") then
        link.attributes.role = "doc-noteref"
        return link
      end
    end,
  })
end

--- The words before a table's caption, by which what continues it is called.
local function label_of(tbl, own)
  local label = own.label or say("crossref-tbl-title")
  pandoc.Div(tbl.caption.long):walk({
    Span = function(span)
      label = span.classes:includes("caption-label") and stringify(span) or label
    end,
  })
  return label
end

--- Give a script its words: `table-open` is `data-open`.
local function tell(attributes, names)
  for _, name in ipairs(names) do
    table.insert(attributes, { "data-" .. name:gsub("^%a+%-", ""), say(name) })
  end
end

-- Whether the page has a table to explore: its script begins before the table is laid out.
local explores = false

local script_added = not quarto

--- Quarto's pages have the scripts that filters ask for.
local function add_script()
  if not script_added then
    script_added = true
    local path = quarto.utils.resolve_path("../html/tables.js")
    quarto.doc.add_html_dependency({ name = "reviewpress-tables", scripts = { path } })
  end
end

local EXPLORER_WORDS = {
  "explore-words", "explore-any", "explore-from", "explore-to", "explore-filters", "explore-columns",
  "explore-shown", "explore-first", "explore-more", "explore-clear", "explore-map",
}

--- A table that a script filters, sorts and counts; without it, it is a table.
local function explorer(blocks, own, name)
  local down, across = (own["map-by"] or ""):match("^(%d+) (%d+)$")
  local attributes = { { "data-name", name }, { "data-separator", say("list-separator") } }
  if down then
    table.insert(attributes, { "data-map-rows", down })
    table.insert(attributes, { "data-map-columns", across })
  end
  if own.quality then
    table.insert(attributes, { "data-quality", own.quality })
    table.insert(attributes, { "data-levels", own.levels or "" })
  end
  tell(attributes, EXPLORER_WORDS)
  explores = true
  return pandoc.Div(blocks, pandoc.Attr("", { "explore" }, attributes))
end

--- Rows as entries: what names them, and below it each cell after the name of its column.
local function entries(tbl, own)
  local names, list = {}, pandoc.Blocks({})
  columns.each_cell(tbl.head.rows[1], #tbl.colspecs, function(cell, column)
    names[column] = pandoc.utils.blocks_to_inlines(cell.contents)
  end)
  for _, body in ipairs(tbl.bodies) do
    columns.each_body_row(body, function(row)
      local heading, items = pandoc.Inlines({}), {}
      columns.each_cell(row, #tbl.colspecs, function(cell, column)
        if column <= own.named then
          heading:extend(#heading > 0 and { pandoc.Str(say("caption-separator")) } or {})
          heading:extend(pandoc.utils.blocks_to_inlines(cell.contents))
        else
          table.insert(items, { names[column], { cell.contents } })
        end
      end)
      list:insert(pandoc.Div({ pandoc.Para({ pandoc.Strong(heading) }), pandoc.DefinitionList(items) }, pandoc.Attr("", { "entry" }, { { "role", "listitem" } })))
    end)
  end
  local blocks = pandoc.Blocks({})
  if #tbl.caption.long > 0 then
    blocks:insert(pandoc.Div(tbl.caption.long, { class = "entries-caption" }))
  end
  blocks:insert(pandoc.Div(list, pandoc.Attr("", { "entry-list" }, { { "role", "list" } })))
  blocks:extend(own.data and downloads.of(tbl, own, label_of(tbl, own)) or {})
  return pandoc.Div(blocks, pandoc.Attr(tbl.identifier, { "entries" }))
end

local function read_page(meta)
  say.read(meta)
  downloads.read(meta)
end

local function page_table(tbl)
  local given = next(called) and called[stringify(tbl)]
  local own = prepare(tbl)
  tbl = own.notes and mark_notes(tbl) or tbl
  if tbl.classes:includes("entries") then
    return entries(tbl, own)
  end
  local explored, name_of = tbl.classes:includes("explorable"), tbl.identifier
  local wide = is_wide(tbl, own.named)
  set_row_headers(tbl, own.named)
  mark_cells(tbl, own.named)
  page_widths.mark_long(tbl, wide)
  page_widths.mark_shares(tbl)
  name_empty_headers(tbl)
  if tbl.classes:includes("plain") then
    return tbl
  end
  local caption = name_caption(tbl)
  local classes = { "table-scroll", wide and "wide" or nil }
  local name = caption and { "aria-labelledby", caption }
    or { "aria-label", given or say("table-without-caption", { number = unnamed }) }
  local attributes = { { "role", "region" }, name, { "tabindex", "0" } }
  if own.notes then
    table.insert(attributes, { "aria-describedby", own.notes })
  end
  if format.has_site then
    add_script()
    tell(attributes, { "table-goes-on", "table-open", "table-close" })
  end
  local blocks = pandoc.Blocks({ pandoc.Div({ tbl }, pandoc.Attr("", classes, attributes)) })
  blocks:extend(downloads.of(tbl, own, label_of(tbl, own)))
  return explored and { explorer(blocks, own, name_of) } or blocks
end

--- Heads of several columns stand over their middle, heads of groups where lines begin.
local function align_heads(tbl)
  columns.each_row(tbl, function(row, is_head)
    if is_head and #row.cells < #tbl.colspecs then
      columns.each_cell(row, #tbl.colspecs, function(cell, _, span)
        if span > 1 then
          cell.alignment = is_head == columns.GROUP and "AlignLeft" or "AlignCenter"
        end
      end)
    end
  end)
end

local function strengthen(cell)
  local block = cell and cell.contents[1]
  if block and (block.t == "Plain" or block.t == "Para") then
    block.content = { pandoc.Strong(block.content) }
    cell.contents[1] = block
  end
end

--- Cells that name rows are in strong type: in the PDF they become headers by that (pdf_tags.py).
local function strong_cells(tbl, named)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do
      strengthen(row.cells[1])
    end
    columns.each_body_row(body, function(row)
      columns.each_cell(row, #tbl.colspecs, function(cell, column)
        if column <= named then
          strengthen(cell)
        end
      end)
    end)
  end
end

-- The document's language, and whether it is written from right to left.
local language = { lang = "en" }

local function read_language(meta)
  language.lang = meta.lang and stringify(meta.lang) or "en"
  language.rightward = meta.dir ~= nil and stringify(meta.dir) == "rtl"
  say.read(meta)
end

--- What stands in a box or a list is on no page of its own.
local function keep_upright(block)
  if block.t == "Div" and (not block.classes[1] or block.classes[1]:match("^cell") or nodes and block.attributes.__quarto_custom) then
    return nil
  end
  return block:walk({
    Table = function(tbl)
      tbl.classes = tbl.classes:filter(function(class)
        return class ~= "landscape"
      end)
      tbl.classes:insert("upright")
      return tbl
    end,
  })
end

local function set_table(tbl, needs, layout)
  layout.narrow, layout.parted = fitting.give_widths(tbl, needs, layout)
  return format.print_table(tbl, columns, language, layout)
end

--- A table that fits no page, in parts that do.
local function divide(tbl, needs, own, layout)
  local blocks, line = pandoc.Blocks({}), columns.line_of(layout, #tbl.colspecs)
  local words = say("table-continued", { table = label_of(tbl, own) })
  for i, part in ipairs(parts.divide(tbl, needs, own.named, line)) do
    if i > 1 then
      part.identifier, part.caption = "", pandoc.Caption({})
      blocks:extend(format.continued(words))
    end
    local own_layout = { across = layout.across, small = layout.small, continues = i > 1 }
    blocks:extend(pandoc.Blocks(set_table(part, columns.measure(part, own.named), own_layout)))
  end
  return blocks
end

local function print_table(tbl)
  local own = prepare(tbl)
  align_heads(tbl)
  strong_cells(tbl, own.named)
  local upright = tbl.classes:includes("upright")
  local needs = columns.measure(tbl, own.named)
  local chosen = fitting.choose(tbl, needs, not upright)
  local given = chosen or { across = not upright, small = upright }
  local layout = { across = given.across, small = given.small, notes = own.notes }
  if layout.across and not tbl.classes:includes("landscape") then
    tbl.classes:insert("landscape")
  end
  return chosen and set_table(tbl, needs, layout) or divide(tbl, needs, own, layout)
end

if format.is_pages then
  return {
    { Meta = read_page },
    { FloatRefTarget = hand_attributes, Div = downloads.name_parts },
    { Table = page_table },
    {
      Meta = function(meta)
        meta.explores = explores or nil
        return meta
      end,
    },
  }
elseif format.is_printed then
  return {
    { Meta = read_language },
    { FloatRefTarget = hand_attributes },
    { Div = keep_upright, BlockQuote = keep_upright, BulletList = keep_upright, OrderedList = keep_upright },
    { Table = print_table },
  }
end
return {}
