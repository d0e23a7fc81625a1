--- Tables: headers that are headers, and no inline style.
--
-- Pages: column and row headers with their scope, alignment as a class, and a region that scrolls
-- and can be focused. Typst: left-aligned columns, landscape pages. Word: landscape sections.
-- `row-headers=1` says how many first columns name their row.

local is_html = FORMAT:match("html") ~= nil
local stringify = pandoc.utils.stringify

local class_of = { AlignRight = "align-right", AlignCenter = "align-center" }

local function row_header_count(tbl)
  local count = tonumber(tbl.attributes["row-headers"]) or 0
  tbl.attributes["row-headers"] = nil
  return count
end

local function each_row(tbl, visit)
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

--- Give header cells their scope, and every cell its alignment as a class.
local function mark_cells(tbl, row_headers)
  local aligned = {}
  for i, spec in ipairs(tbl.colspecs) do
    aligned[i] = spec[1]
  end
  each_row(tbl, function(row, is_head)
    local column = 1
    for _, cell in ipairs(row.cells) do
      local alignment = cell.alignment ~= "AlignDefault" and cell.alignment or aligned[column]
      if class_of[alignment] then
        cell.classes:insert(class_of[alignment])
      end
      cell.alignment = "AlignDefault"
      if is_head then
        cell.attributes.scope = cell.col_span > 1 and "colgroup" or "col"
      elseif column <= row_headers then
        cell.attributes.scope = cell.row_span > 1 and "rowgroup" or "row"
      end
      column = column + cell.col_span
    end
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
        local words = pandoc.Span({ pandoc.Str("Item") }, { class = "visually-hidden" })
        cell.contents = { pandoc.Plain({ words }) }
      end
    end
  end
end

local unnamed = 0

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

local function page_table(tbl)
  local count = row_header_count(tbl)
  set_row_headers(tbl, count)
  mark_cells(tbl, count)
  mark_widths(tbl)
  name_empty_headers(tbl)
  if tbl.classes:includes("plain") then
    return tbl
  end
  local caption = name_caption(tbl)
  local region = { class = "table-scroll", role = "region", tabindex = "0" }
  if tbl.classes:includes("landscape") then
    region.class = region.class .. " wide"
  end
  if caption then
    region["aria-labelledby"] = caption
  else
    region["aria-label"] = "Table without a caption, " .. unnamed
  end
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

local function left_align(tbl)
  for i, spec in ipairs(tbl.colspecs) do
    if spec[1] == "AlignDefault" then
      tbl.colspecs[i] = { "AlignLeft", spec[2] }
    end
  end
end

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) or #word)
  end
  return longest
end

--- Column widths from what the cells hold, so that a table fills its line: at least the longest
-- word of a column, then room in proportion to its longest text, up to a point.
local function give_widths(tbl)
  local least, wanted = {}, {}
  for i, spec in ipairs(tbl.colspecs) do
    if type(spec[2]) == "number" and spec[2] > 0 then
      return
    end
    least[i], wanted[i] = 3, 3
  end
  each_row(tbl, function(row)
    local column = 1
    for _, cell in ipairs(row.cells) do
      if cell.col_span == 1 and least[column] then
        local text = stringify(cell.contents)
        least[column] = math.max(least[column], longest_word(text) + 2)
        wanted[column] = math.max(wanted[column], math.min(utf8.len(text) or #text, 70))
      end
      column = column + cell.col_span
    end
  end)
  local total = 0
  for i = 1, #least do
    wanted[i] = math.max(least[i], wanted[i] ^ 0.75)
    total = total + wanted[i]
  end
  for i, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[i] = { spec[1], wanted[i] / total }
  end
end

local function typst_table(tbl)
  strong_cells(tbl, row_header_count(tbl))
  left_align(tbl)
  give_widths(tbl)
  if tbl.classes:includes("landscape") then
    return {
      pandoc.RawBlock("typst", "#landscape["),
      tbl,
      pandoc.RawBlock("typst", "]"),
    }
  end
  return tbl
end

local function section_end(width, height, orientation)
  return pandoc.RawBlock(
    "openxml",
    string.format(
      '<w:p><w:pPr><w:sectPr><w:pgSz w:w="%d" w:h="%d"%s/>'
        .. '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
        .. 'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:pPr></w:p>',
      width,
      height,
      orientation and ' w:orient="' .. orientation .. '"' or ""
    )
  )
end

local function word_table(tbl)
  strong_cells(tbl, row_header_count(tbl))
  if tbl.classes:includes("landscape") then
    return { section_end(11906, 16838), tbl, section_end(16838, 11906, "landscape") }
  end
  return tbl
end

local resolve = (is_html and page_table)
  or (FORMAT == "typst" and typst_table)
  or (FORMAT == "docx" and word_table)

return { { Table = resolve or nil } }
