--- Tables: headers that are headers, and no inline style.
--
-- Pages: column and row headers with their scope, alignment as a class, and a region that scrolls
-- and can be focused. Typst: left-aligned columns, landscape pages. Word: landscape sections.
-- `row-headers=1` says how many first columns name their row.

local is_html = FORMAT:match("html") ~= nil
local stringify = pandoc.utils.stringify
local nodes = quarto and dofile(quarto.utils.resolve_path("nodes.lua"))

--- The words of the document's language.
local say

local function read_labels(meta)
  local path = quarto and quarto.utils.resolve_path("labels.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "labels.lua" })
  say = dofile(path).of(meta)
end

local class_of = { AlignRight = "align-right", AlignCenter = "align-center" }

local function row_header_count(tbl)
  tbl.attributes.number = nil
  local count = tonumber(tbl.attributes["row-headers"]) or 0
  tbl.attributes["row-headers"] = nil
  return count
end

--- Whether a column's width is what somebody asked for. A table of `review.table` says so; the
-- dashes below the heads of another are its author's.
local function takes_widths(tbl)
  local asked = tbl.attributes.widths ~= nil or not tbl.classes:includes("rp-table")
  tbl.attributes.widths = nil
  return asked
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
      local own = cell.alignment
      local alignment = own ~= "AlignDefault" and own or aligned[column]
      if class_of[alignment] then
        cell.classes:insert(class_of[alignment])
      end
      if own ~= "AlignDefault" then
        cell.alignment = "AlignDefault"
      end
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
  float.content = nodes.blocks(float.content):walk({
    Table = function(tbl)
      tbl.identifier = ""
      for _, class in ipairs(float.classes or {}) do
        if not tbl.classes:includes(class) then
          tbl.classes:insert(class)
        end
      end
      local count = tbl.attributes["row-headers"] or (float.attributes or {})["row-headers"]
      tbl.attributes["row-headers"] = count
      called[stringify(tbl)] = caption
      return tbl
    end,
  })
  if float.attributes then
    float.attributes["row-headers"] = nil
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

local function page_table(tbl)
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

--- In Typst "1." at the beginning of a cell would begin a list.
local function keep_number(content)
  local first = content[1]
  if first and first.t == "Strong" then
    first.content = keep_number(first.content)
    content[1] = first
  elseif first and first.t == "Str" and first.text:match("^%d+%.$") then
    content[1] = pandoc.RawInline("typst", first.text:sub(1, -2) .. "\\.")
  end
  return content
end

local function keep_numbers(tbl)
  each_row(tbl, function(row)
    for _, cell in ipairs(row.cells) do
      local block = cell.contents[1]
      if block and block.t == "Plain" then
        block.content = keep_number(block.content)
        cell.contents[1] = block
      end
    end
  end)
end

local function left_align(tbl)
  for i, spec in ipairs(tbl.colspecs) do
    if spec[1] == "AlignDefault" then
      tbl.colspecs[i] = { "AlignLeft", spec[2] }
    end
  end
end

--- About how long a text is in print, in the width of a digit.
local function extent(text)
  local length = utf8.len(text) or #text
  local _, narrow = text:gsub("[iljtfrI%.,;:'%s%-()]", "")
  local _, wide = text:gsub("[mwA-HJ-Z@%%]", "")
  return length - 0.45 * narrow + 0.25 * wide
end

--- A word of so many letters may break at its hyphens.
local LONG_WORD = 22

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do
    local long = #word > LONG_WORD and word:find("%-")
    for part in word:gmatch(long and "[^%-]+%-*" or ".+") do
      longest = math.max(longest, extent(part))
    end
  end
  return longest
end

--- What a line of a table holds, upright and across, in digits.
local line_length = { upright = 81, across = 145 }

--- What stands left and right of a cell's text, in digits.
local PADDING = 2.6

--- Header cells are set in heavier type.
local HEAVY = 1.05

--- Rows looked at to fit the columns of a table: enough to know it by.
local SAMPLE = 90

--- By how many digits a column may grow at once.
local STEPS = { 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 34, 40, 50 }

--- What the columns hold, in digits: their longest words, and the lengths of each row's cells.
local function measure(tbl)
  local longest, rows, count = {}, {}, 0
  for i = 1, #tbl.colspecs do
    longest[i] = 2
  end
  local all = 0
  each_row(tbl, function()
    all = all + 1
  end)
  local step = math.max(1, all // SAMPLE)
  each_row(tbl, function(row, is_head)
    count = count + 1
    local lengths, column = {}, 1
    local sampled = is_head or count % step == 0
    for _, cell in ipairs(row.cells) do
      if cell.col_span == 1 and longest[column] then
        local text = stringify(cell.contents)
        local first = cell.contents[1] and cell.contents[1].content
        local strong = is_head or (first and first[1] and first[1].t == "Strong")
        local weight = strong and HEAVY or 1
        longest[column] = math.max(longest[column], longest_word(text) * weight)
        lengths[column] = sampled and extent(text) * weight
      end
      column = column + cell.col_span
    end
    if sampled then
      table.insert(rows, lengths)
    end
  end)
  return longest, rows
end

--- How many lines a text takes in a column: words seldom fill a line to its end.
local function lines_of(length, width)
  local room = math.max(width - PADDING, 1)
  return length <= room and 1 or math.ceil(length / (room * 0.95))
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

--- The lines that a column would save if it were wider, in rows that no other column keeps high.
local function saving(counted, width, column)
  local saved = 0
  for _, row in ipairs(counted) do
    local own = row.lines[column]
    if own and own > 1 then
      local new = lines_of(row.lengths[column], width)
      if own == row.most then
        saved = saved + own - math.max(row.second, new)
      end
      -- A little for what saves nothing yet, so that columns that wrap together can grow.
      saved = saved + 0.1 * (own - new)
    end
  end
  return saved
end

--- Give what room is left to the columns that save most lines by it.
local function share_room(rows, widths, room)
  while room >= 1 do
    local counted = {}
    for i, lengths in ipairs(rows) do
      counted[i] = count_lines(lengths, widths)
    end
    local best, chosen, amount = 0, nil, nil
    for column, width in ipairs(widths) do
      for _, more in ipairs(STEPS) do
        local worth = more <= room and saving(counted, width + more, column) / more or 0
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
  end
  return room
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
local function give_widths(tbl)
  local longest, rows = measure(tbl)
  local line = tbl.classes:includes("landscape") and line_length.across or line_length.upright
  local widths, sum = least_widths(tbl, longest)
  if has_widths(tbl) then
    widths, sum = given_widths(tbl, widths, line), 1
  else
    local left = share_room(rows, widths, line - sum)
    sum = math.max(line - left, sum)
  end
  for i, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[i] = { spec[1], widths[i] / sum }
  end
end

--- Rows of more lines could be higher than a page, and may be divided.
local LONG_ROW = 28

local function lines_in(cell, width)
  local lines = lines_of(extent(stringify(cell.contents)), width)
  if #cell.contents > 1 or (cell.contents[1] and cell.contents[1].t ~= "Plain") then
    pandoc.Div(cell.contents):walk({
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

local function divide_long_rows(tbl)
  local line = tbl.classes:includes("landscape") and line_length.across or line_length.upright
  each_row(tbl, function(row)
    local long, column = false, 1
    for _, cell in ipairs(row.cells) do
      local spec = tbl.colspecs[column]
      long = long or not spec or lines_in(cell, spec[2] * line) > LONG_ROW
      column = column + cell.col_span
    end
    for _, cell in ipairs(long and row.cells or {}) do
      cell.attributes["typst:breakable"] = "true"
    end
  end)
end

--- Whether a table is short enough to stand on one page with its caption.
local function is_short(tbl)
  local rows, characters = 0, 0
  each_row(tbl, function(row)
    rows = rows + 1
    -- The text of a long table need not be looked at.
    if rows > 14 then
      return
    end
    for _, cell in ipairs(row.cells) do
      characters = characters + #stringify(cell.contents)
    end
  end)
  return rows <= 14 and characters <= 1600
end

local function print_table(tbl)
  strong_cells(tbl, row_header_count(tbl))
  give_widths(tbl)
  if FORMAT ~= "typst" then
    return tbl
  end
  left_align(tbl)
  keep_numbers(tbl)
  divide_long_rows(tbl)
  if not tbl.classes:includes("landscape") and is_short(tbl) then
    return {
      pandoc.RawBlock("typst", "#short-table["),
      tbl,
      pandoc.RawBlock("typst", "]"),
    }
  end
  return tbl
end

-- Pages across ---------------------------------------------------------------------------------

--- Quarto's floats with a table across, by the number that their node has.
local across = {}

local function number_of(node)
  return node.attributes["__quarto_custom_id"]
end

--- It is the float that goes on a page across: its table stands in a division of it.
local function collect_across(float)
  float.content = nodes.blocks(float.content):walk({
    Table = function(tbl)
      if tbl.classes:includes("landscape") then
        across[number_of(float.__quarto_custom_node)] = true
        tbl.classes = tbl.classes:filter(function(class)
          return class ~= "landscape"
        end)
        return tbl
      end
    end,
  })
  return float
end

local function is_across(block)
  if block.t == "Div" then
    return across[number_of(block) or ""]
  end
  return block.t == "Table" and block.classes:includes("landscape")
end

--- Where a stretch across begins: with the heading of the table's own section, if only a little
-- text stands between, so that no page holds a heading alone.
local function section_begin(blocks, at, least)
  for i = at - 1, math.max(least, at - 4), -1 do
    local block = blocks[i]
    if block.t == "Header" then
      return i
    elseif block.t ~= "Para" and block.t ~= "Plain" then
      return at
    end
  end
  return at
end

local function is_part(block)
  return block ~= nil and block.t == "RawBlock" and block.text:match("^#report%-part") ~= nil
end

--- So too a chapter that opens with little text before its first table across.
local function stretch_begin(blocks, at, least)
  local begin = section_begin(blocks, at, least)
  if blocks[begin].t == "Header" and blocks[begin].level > 1 then
    local chapter = section_begin(blocks, begin, least)
    begin = blocks[chapter].t == "Header" and blocks[chapter].level == 1 and chapter or begin
  end
  local chapter = blocks[begin].t == "Header" and blocks[begin].level == 1
  return chapter and is_part(blocks[begin - 1]) and begin - 1 or begin
end

local texts = { Para = true, Plain = true, BulletList = true, OrderedList = true }

--- Quarto marks in a paragraph without words where the file of the next chapter begins.
local function is_text(block)
  return block and texts[block.t] and (block.t ~= "Para" or stringify(block) ~= "")
end

--- A chapter that is across goes on so to its end, if little is left of it.
local LITTLE = 8

local function rest_of_chapter(blocks, last)
  local at = last
  while blocks[at + 1] and not (blocks[at + 1].t == "Header" and blocks[at + 1].level == 1) do
    at = at + 1
    local kind = blocks[at].t
    local fits = texts[kind] or kind == "Header" or kind == "Table" or kind == "RawBlock"
    if at > last + LITTLE or not (fits or is_across(blocks[at])) then
      return last
    end
  end
  return at
end

--- Where a stretch across ends: after the little text that follows its table and would otherwise
-- stand alone before the next heading.
local function stretch_end(blocks, at)
  local last = at
  while last < at + 2 and is_text(blocks[last + 1]) do
    last = last + 1
  end
  local following = blocks[last + 1]
  local ends = not following or following.t == "Header"
    or (following.t == "Para" and not is_text(following))
  return rest_of_chapter(blocks, ends and last or at)
end

--- Keep the lines of text on a page across as short as on others.
local function narrow_texts(blocks)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if is_text(block) then
      out:extend({
        pandoc.RawBlock("typst", "#text-across["),
        block,
        pandoc.RawBlock("typst", "]"),
      })
    else
      out:insert(block)
    end
  end
  return out
end

--- Twentieths of a point: margins of upright pages are those of the reference document.
local function section_end(width, height, margin, orientation)
  return pandoc.RawBlock(
    "openxml",
    string.format(
      '<w:p><w:pPr><w:sectPr><w:pgSz w:w="%d" w:h="%d"%s/>'
        .. '<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" '
        .. 'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:pPr></w:p>',
      width,
      height,
      orientation and ' w:orient="' .. orientation .. '"' or "",
      margin,
      margin,
      margin,
      margin
    )
  )
end

local function turn(stretch)
  if FORMAT == "typst" then
    stretch = narrow_texts(stretch)
    stretch:insert(1, pandoc.RawBlock("typst", "#landscape["))
    stretch:insert(pandoc.RawBlock("typst", "]"))
  else
    stretch:insert(1, section_end(11906, 16838, 1418))
    stretch:insert(section_end(16838, 11906, 1134, "landscape"))
  end
  return stretch
end

--- Put wide tables on pages across, those that follow each other on the same.
local function turn_pages(blocks)
  local stretches, last = {}, 0
  for i, block in ipairs(blocks) do
    if i > last and is_across(block) then
      local begin = stretch_begin(blocks, i, last + 1)
      local before = stretches[#stretches]
      last = stretch_end(blocks, i)
      if before and begin == before[2] + 1 then
        before[2] = last
      else
        table.insert(stretches, { begin, last })
      end
    end
  end
  if #stretches == 0 then
    return nil
  end
  local out, at = pandoc.Blocks({}), 1
  for _, stretch in ipairs(stretches) do
    for i = at, stretch[1] - 1 do
      out:insert(blocks[i])
    end
    local inner = pandoc.Blocks({})
    for i = stretch[1], stretch[2] do
      inner:insert(blocks[i])
    end
    out:extend(turn(inner))
    at = stretch[2] + 1
  end
  for i = at, #blocks do
    out:insert(blocks[i])
  end
  return out
end

--- Quarto wraps what a cell shows in divisions, which Typst would make blocks of: a page across
-- cannot stand in one.
local function unwrap_cell(div)
  if quarto and (div.classes:includes("cell") or div.classes:includes("cell-output")) then
    return div.content
  end
end

if is_html then
  return { { Meta = read_labels }, { FloatRefTarget = hand_attributes }, { Table = page_table } }
elseif FORMAT == "typst" or FORMAT == "docx" then
  return {
    { Div = unwrap_cell },
    { FloatRefTarget = hand_attributes },
    { Table = print_table },
    { FloatRefTarget = collect_across },
    { Blocks = turn_pages },
  }
end
return {}
