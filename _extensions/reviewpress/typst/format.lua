--- PDF by Typst: what filters ask of a format (filters/format.lua).

local stringify = pandoc.utils.stringify

--- A text as Typst writes one.
local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

--- A label of Typst: one with signs that end its short form, as in a key `a&b`, is a text.
local function label(name)
  return name:find('[ \t\n<>&+=/|!?$%%*\'"]') and "label(" .. quoted(name) .. ")" or "<" .. name .. ">"
end

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

--- A length as Typst has it; nothing for none. Pixels are those of a page, 96 an inch.
local function length_of(text, units_per_inch)
  local number, unit = (text or ""):match("^([%d.]+)(%a*%%?)$")
  local per_inch = number and units_per_inch[unit == "" and "px" or unit]
  if number and (unit == "%" or unit == "em") then
    return number .. unit
  end
  return per_inch and string.format("%.4gin", number / per_inch) or nil
end

--- Pandoc writes an apostrophe straight and lets Typst curl it, which a PDF's bookmarks do not.
local function keep_apostrophes(header)
  return header:walk({
    Str = function(word)
      local parts, at = pandoc.Inlines({}), 1
      for first, last in word.text:gmatch("()’()") do
        parts:insert(pandoc.Str(word.text:sub(at, first - 1)))
        parts:insert(pandoc.RawInline("typst", "’"))
        at = last
      end
      parts:insert(pandoc.Str(word.text:sub(at)))
      return parts
    end,
  })
end

--- A call of a function of the template, with what it holds.
local function call_block(name, title, kind, content)
  local call = "#" .. name .. "("
  if kind then
    call = call .. "kind: " .. quoted(kind) .. (title and ", " or "")
  end
  local blocks
  if title and type(title) ~= "string" then
    -- Words of the author's, with links and emphasis.
    local opening = pandoc.Inlines({ pandoc.RawInline("typst", call .. "title: [") })
    opening:extend(title)
    opening:insert(pandoc.RawInline("typst", "])["))
    blocks = pandoc.Blocks({ pandoc.Plain(opening) })
  else
    blocks = pandoc.Blocks({ raw(call .. (title and "title: " .. quoted(title) or "") .. ")[") })
  end
  blocks:extend(content)
  blocks:insert(raw("]"))
  return blocks
end

local function labelled(blocks, identifier)
  if identifier ~= "" then
    blocks[#blocks] = raw("] <" .. identifier .. ">")
  end
  return blocks
end

return function(_, shared)
  local formulas = dofile(shared.files.beside("../typst/formulas.lua"))
  local format = {
    name = "typst",
    bare_figures = true,
    keeps_parts_whole = true,
    typst_math = formulas.write,
    is_printed = true,
    line_across = 145,
    hyphenates = true,
    map = "marks",
    sets_cites = true,
    brand = true,
    quoted = quoted,
  }

  -- Headings -------------------------------------------------------------------------------------

  --- The number stays until typst-chapters.lua.
  function format.number_heading(header)
    return keep_apostrophes(header)
  end

  --- Tell the template where a part begins.
  function format.part_heading(header, part)
    return { raw("#report-part(" .. quoted(part) .. ")"), header }
  end

  -- Equations ------------------------------------------------------------------------------------

  --- An equation with the text that PDF/UA-1 asks for. Its settings hold for it alone.
  function format.equation(math, said)
    local settings = "alt: " .. quoted(said.alt or math.text)
    if said.number then
      settings = settings .. ", numbering: (..n) => " .. quoted("(" .. said.number .. ")")
    end
    local label = said.id ~= "" and " <" .. said.id .. ">" or ""
    local written = formulas.write(math) .. label
    -- Without the last sign, what follows would be read on: `.y` as a field, `(x)` as a call.
    return pandoc.RawInline("typst", "#[#set math.equation(" .. settings .. ");" .. written .. "];")
  end

  -- Figures --------------------------------------------------------------------------------------

  function format.image(image, width)
    local size = length_of(image.attributes.width, shared.units_per_inch) or width
    local height = length_of(image.attributes.height, shared.units_per_inch)
    -- A picture that only says how high it is keeps its shape.
    size = height and not image.attributes.width and "auto" or size
    local call = string.format(
      "image(%s, %s%salt: %s)",
      quoted(image.src),
      size and "width: " .. size .. ", " or "",
      height and height:sub(-1) ~= "%" and "height: " .. height .. ", " or "",
      quoted(shared.alternative(image):gsub("%s+", " "))
    )
    -- An image in a line of text is a box; as a figure it fills the line.
    return pandoc.RawInline("typst", width and "#" .. call or "#box(" .. call .. ")")
  end

  --- Quarto gives Typst a length in pixels as it is, and Typst knows none (1.10.18).
  function format.known_lengths(image)
    for _, name in ipairs({ "width", "height" }) do
      local given = image.attributes[name]
      image.attributes[name] = given and length_of(given, shared.units_per_inch) or given
    end
  end

  --- Mark what follows the title in a caption, which the list of figures leaves out.
  local function mark_note(caption)
    local first = caption[1]
    if not first or not first.content then
      return caption
    end
    for i, inline in ipairs(first.content) do
      if inline.t == "Strong" and first.content[i + 1] then
        first.content:insert(i + 1, pandoc.RawInline("typst", "#caption-note["))
        first.content:insert(pandoc.RawInline("typst", "]"))
        break
      end
    end
    caption[1] = first
    return caption
  end

  format.caption = mark_note

  --- What links to it say of a figure or table: its number and title, not what follows for who sees it.
  local function spoken(caption)
    local words = pandoc.Inlines({})
    for _, inline in ipairs(caption[1] and caption[1].content or {}) do
      if inline.t == "RawInline" then
        break
      end
      words:insert(inline)
    end
    return quoted((stringify(words):gsub("%s+", " ")))
  end

  --- A figure of the kind that its list of figures looks for.
  function format.figure(figure, above, goes_on, named)
    local kinds = { tbl = "table", lst = "raw" }
    local kind = kinds[named] or "image"
    local is_listing = kind == "raw"
    -- What another format shows alone is its caption here, which is read out for it.
    local is_empty = #figure.content == 0
    local alt = is_empty and ", alt: " .. quoted(stringify(figure.caption.long)) or ""
    local opening = is_listing and "#figure(kind: raw, placement: none, align(start)["
      or ("#chart(kind: %s)[#figure(kind: %s%s, ["):format(kind, kind, alt)
    local blocks = pandoc.Blocks({ raw(opening) })
    blocks:extend(figure.content)
    blocks:insert(raw(above and "], caption: figure.caption(position: top, [" or "], caption: ["))
    local caption = mark_note(figure.caption.long)
    blocks:extend(caption)
    local label = figure.identifier ~= "" and " <" .. figure.identifier .. ">" or ""
    local close = above and "])" or "]"
    local supplement = ", supplement: " .. spoken(caption) .. ")"
    blocks:insert(raw(close .. supplement .. label .. (is_listing and "" or "]")))
    if goes_on then
      blocks:insert(1, raw("#long-figure["))
      blocks:insert(raw("]"))
    end
    return blocks
  end

  function format.source(div)
    local blocks = pandoc.Blocks({ raw("#figure-source[") })
    blocks:extend(div.content)
    blocks:insert(raw("]"))
    return blocks
  end

  --- In Quarto a figure is told where it may go; one without an identifier would be numbered, too.
  function format.place_figure(identifier, node, goes_on)
    local kind = identifier:match("^(%l+)%-") or "fig"
    if kind == "lst" then
      return { raw("#listing["), node, raw("]") }
    end
    local counted = identifier == "" and ", numbered: false" or ""
    local call = '#chart(kind: "quarto-float-' .. kind .. '"' .. counted .. ")["
    local open, close = goes_on and "#long-figure[" or "", goes_on and "]]" or "]"
    return { raw(open .. call), node, raw(close) }
  end

  function format.columns(cells, shares)
    -- What stands in a cell goes nowhere else.
    local open = "#[#set figure(placement: none)\n#grid(columns: (%sfr,), gutter: 1em, align: top,"
    local blocks = pandoc.Blocks({ raw(open:format(table.concat(shares, "fr, "))) })
    for _, part in ipairs(cells) do
      blocks:extend(part and { raw("grid.cell(breakable: false)["), part, raw("],") } or { raw("[],") })
    end
    blocks:insert(raw(")]"))
    return blocks
  end

  function format.in_words(title, content)
    local blocks = pandoc.Blocks({ raw("#figure-words["), title })
    blocks:extend(content)
    blocks:insert(raw("]"))
    return blocks
  end

  -- Blocks ---------------------------------------------------------------------------------------

  function format.block(div, kind, title)
    return labelled(call_block(kind.name, title, nil, div.content), div.identifier)
  end

  function format.callout(div, class, _, title)
    local kind = class:gsub("^callout%-", "")
    return labelled(call_block("report-callout", title, kind, div.content), div.identifier)
  end

  function format.lead_in(block)
    return { raw("#lead-in["), block, raw("]") }
  end

  function format.code(name, code)
    local text = name:gsub("\\", "\\\\"):gsub('"', '\\"')
    return { raw('#block(sticky: true, below: 0.6em)[#strong(raw("' .. text .. '"))]'), code }
  end

  --- Pandoc's writer drops the language of a span.
  function format.language(span)
    local language, region = span.attributes.lang:match("^(%a%a%a?)%-?(%a?%a?)")
    if not language then
      return span
    end
    local direction = span.attributes.dir == "rtl" and ", dir: rtl" or ""
    local place = #region == 2 and (', region: "%s"'):format(region) or ""
    local set = ('lang: "%s"%s%s'):format(language, place, direction)
    span.content:insert(1, pandoc.RawInline("typst", ("#text(%s)["):format(set)))
    span.content:insert(pandoc.RawInline("typst", "]"))
    return span
  end

  -- Tables ---------------------------------------------------------------------------------------

  local function pad_number(word)
    local number, pad = word.text:match("^(.-)([\u{2007}\u{2008}]+)$")
    local mark = pad and pad:find("\u{2008}", 1, true) and "." or ""
    local _, digits = (pad or ""):gsub("\u{2007}", "")
    if pad and digits > 0 then
      return { pandoc.Str(number), pandoc.RawInline("typst", ('#number-pad("%s%s")'):format(mark, ("0"):rep(digits))) }
    end
  end

  --- Room for the decimals and symbols that a number lacks, as wide as they would be: Typst drops
  -- blanks at the end of a line.
  local function pad_numbers(tbl, columns)
    columns.each_row(tbl, function(row)
      for _, cell in ipairs(row.cells) do
        if columns.text_of(cell):find("[\u{2007}\u{2008}]") then
          cell.contents = cell.contents:walk({ Str = pad_number })
        end
      end
    end)
  end

  --- Typst knows left and right alone: what is not aligned begins where lines do, numbers where
  -- they end.
  local function align_columns(tbl, rightward)
    local first, last = "AlignLeft", "AlignRight"
    if rightward then
      first, last = last, first
    end
    local sides = { AlignDefault = first, AlignLeft = first, AlignRight = last }
    for i, spec in ipairs(tbl.colspecs) do
      tbl.colspecs[i] = { sides[spec[1]] or spec[1], spec[2] }
    end
  end

  --- Have the template break the words of a cell where the rules of the language leave too long parts.
  local function fit_words(contents)
    if #contents == 1 and contents[1].content and contents[1].t ~= "Div" then
      local words = contents[1].content
      words:insert(1, pandoc.RawInline("typst", "#fitted["))
      words:insert(pandoc.RawInline("typst", "]"))
      contents[1].content = words
      return contents
    end
    contents:insert(1, raw("#fitted["))
    contents:insert(raw("]"))
    return contents
  end

  --- Rows of more lines could be higher than a page below heads of a few, and may be divided.
  local LONG_ROW, HIGH_HEAD = 28, 3

  --- The rows of a table with how many lines each has, and how many its heads have.
  local function measure_rows(tbl, columns, layout)
    local shares, found, head = {}, {}, 0
    for i, spec in ipairs(tbl.colspecs) do
      shares[i] = spec[2]
    end
    columns.each_row(tbl, function(row, is_head)
      local lines = 1
      columns.each_cell(row, #shares, function(cell, column)
        if cell.row_span == 1 then
          lines = math.max(lines, columns.lines_in(layout, #shares, cell, shares[column]))
        end
      end)
      table.insert(found, { cells = row.cells, lines = lines, is_group = is_head == columns.GROUP })
      head = head + (is_head == true and lines or 0)
    end)
    return found, head
  end

  local function divide_long_rows(found, head)
    local most = LONG_ROW - math.max(0, head - HIGH_HEAD)
    for at, row in ipairs(found) do
      for _, cell in ipairs(row.cells) do
        -- What goes over several rows would keep them all on one page.
        local lines = 0
        for below = at, math.min(at + cell.row_span - 1, #found) do
          lines = lines + found[below].lines
        end
        if lines > most then
          cell.attributes["typst:breakable"] = "true"
          row.is_long = true
        end
      end
    end
  end

  --- The name of a group of rows stays with the first of them. Its cell may be divided, and never is:
  -- others are laid out without regard to the room that is left.
  local function keep_groups(found)
    for at, row in ipairs(found) do
      local cell, below = row.cells[1], found[at + 1]
      if row.is_group and below and #row.cells == 1 then
        local lines = row.lines + (below.is_long and 1 or below.lines)
        cell.attributes["typst:breakable"] = "true"
        cell.contents:insert(1, raw(("#with-next(%d)["):format(lines)))
        cell.contents:insert(raw("]"))
      end
    end
  end

  --- As many last rows stand together, where they are of a few lines.
  local TAIL = 3
  local TAIL_LINES = 18

  --- Say whether the last rows of a table can be kept together, and some come before them.
  local function has_tail(tbl, columns, layout)
    local whole, heights = #tbl.foot.rows == 0, pandoc.List({})
    columns.each_row(tbl, function(row, is_head)
      local highest = 0
      columns.each_cell(row, #tbl.colspecs, function(cell, column)
        whole = whole and (is_head == true or cell.row_span == 1)
        local share = tbl.colspecs[column][2]
        -- A row that goes over pages is none of them.
        local lines = not is_head and cell.attributes["typst:breakable"] and TAIL_LINES + 1
        highest = math.max(highest, lines or columns.lines_in(layout, #tbl.colspecs, cell, share))
      end)
      if is_head ~= true then
        heights:insert(highest)
      end
    end)
    local lines = 0
    for at = math.max(1, #heights - TAIL + 1), #heights do
      lines = lines + heights[at]
    end
    return whole and #heights >= 2 * TAIL and lines <= TAIL_LINES
  end

  --- What a table is set in: functions of the template that are no blocks, since a page across has to
  -- stand in none.
  local function settings_of(tbl, layout)
    local open = layout.narrow and { "#hyphenated[" } or {}
    if layout.small then
      table.insert(open, "#small-table[")
    end
    if #tbl.head.rows > 1 then
      table.insert(open, "#many-heads(" .. #tbl.head.rows .. ")[")
    end
    if layout.notes then
      table.insert(open, "#noted-table[")
    end
    if layout.continues then
      table.insert(open, "#continuing[")
    end
    if #tbl.caption.long > 0 then
      table.insert(open, "#spoken(" .. spoken(tbl.caption.long) .. ")[")
    end
    return open
  end

  --- `layout` is that of fitting.lua; its `parted` says that a word is longer than its column, `narrow`
  -- that a part of one is.
  function format.print_table(tbl, columns, language, layout)
    if layout.parted then
      -- It would print over the next column.
      columns.replace_words(tbl, layout, function(text, room)
        return columns.break_words(text, room, language.lang)
      end, fit_words)
    end
    align_columns(tbl, language.rightward)
    pad_numbers(tbl, columns)
    local rows, head = measure_rows(tbl, columns, layout)
    divide_long_rows(rows, head)
    keep_groups(rows)
    local open = settings_of(tbl, layout)
    if has_tail(tbl, columns, layout) then
      table.insert(open, "#tailed(rows: " .. TAIL .. ")[")
    end
    if #open == 0 then
      return { tbl }
    end
    return { raw(table.concat(open)), tbl, raw(("]"):rep(#open)) }
  end

  function format.place(id, name)
    local place = name and "#box(reference-anchor(%s, %s))" or "#metadata(none)%s%s"
    return pandoc.RawInline("typst", place:format(name and quoted(name) or "", label(id)))
  end

  --- What says that a table goes on, above a part of it.
  function format.continued(words)
    return { raw("#continued[" .. words .. "]") }
  end

  --- Blocks on pages across, lines of text as short as on others.
  function format.turn(stretch, is_text)
    local out = pandoc.Blocks({ raw("#landscape[") })
    for _, block in ipairs(stretch) do
      if is_text(block) then
        out:extend({ raw("#text-across["), block, raw("]") })
      else
        out:insert(block)
      end
    end
    out:insert(raw("]"))
    return out
  end

  -- References -----------------------------------------------------------------------------------

  function format.entry(entry, code, lists)
    local blocks = pandoc.Blocks({
      raw(string.format(
        "#reference(%sname: %s, target: %s)[",
        code and "code: " .. quoted(code) .. ", " or "",
        quoted(lists.spoken(entry.key)),
        label("ref-" .. entry.key)
      )),
    })
    blocks:extend(entry.content:walk({
      Span = function(span)
        if span.classes:includes("doi") then
          return pandoc.RawInline("typst", "#reference-doi(" .. quoted(stringify(span.content)) .. ")")
        end
      end,
    }))
    local back = lists.cited_in(entry.key)
    if back then
      blocks:extend({ raw("#cited-in["), pandoc.Plain(back), raw("]") })
    end
    blocks:insert(raw("]"))
    return blocks
  end

  return format
end
