--- Word: what filters ask of a format (filters/format.lua).

--- Paragraphs of one style: those of lists too, which pandoc would give a style of theirs.
local function styled(style, title, content)
  local blocks = pandoc.Blocks({})
  content = content:walk({
    Plain = function(plain)
      return pandoc.Para(plain.content)
    end,
  })
  if title then
    local heading = pandoc.Para(title)
    blocks:insert(pandoc.Div({ heading }, { ["custom-style"] = style .. " Title" }))
  end
  blocks:insert(pandoc.Div(content, { ["custom-style"] = style }))
  return blocks
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

--- Words and the blanks between them as one text, which Quarto's filters have apart.
local function joined(content)
  local texts = pandoc.Inlines({})
  for _, inline in ipairs(content) do
    local text = inline.t == "Str" and inline.text or inline.t == "Space" and " "
    local last = texts[#texts]
    if text and last and last.t == "Str" then
      texts[#texts] = pandoc.Str(last.text .. text)
    else
      texts:insert(text and pandoc.Str(text) or inline)
    end
  end
  return texts
end

--- A number that ends a text, or a place among several of it, is not left alone on a line that has
-- room for what it counts, too: "paragraph 1".
local function keep_numbers(text, has_room)
  return ((text .. ";"):gsub("(%S+) (%d%d?%d?);", function(word, number)
    local both = word .. "\u{A0}" .. number
    return word:find("[%a\x80-\xF4][%a\x80-\xF4][%a\x80-\xF4]$") and has_room(both) and both .. ";" or nil
  end):sub(1, -2))
end

return function(_, shared)
  local format = {
    name = "docx",
    is_printed = true,
    -- Shorter than in print: the letters of the font that stands in for ours are wider.
    line_upright = 76,
    line_across = 124,
    -- Nor is its heavier type as narrow as ours.
    heavy = 1.14,
    shows_svg = false,
    -- The title page has no template: the date stands as it is given.
    words_date = true,
  }

  --- Word has no place for a number beside an equation: it is its last part.
  function format.equation(math, said)
    if said.number then
      math.text = math.text .. "\\qquad(" .. said.number .. ")"
    end
    return said.id ~= "" and pandoc.Span({ math }, { id = said.id }) or math
  end

  function format.number_heading(header)
    local number = header.attributes.number
    header.attributes.number = nil
    if header.classes:includes("unlisted") then
      -- So is what the contents leave out, which Word makes of styles.
      header.content = pandoc.Inlines({ pandoc.Span(header.content, { ["custom-style"] = "Unlisted Heading" }) })
    end
    if number then
      header.content:insert(1, pandoc.Space())
      -- By its style the number is known again, which Word then counts itself.
      local style = { ["custom-style"] = "Section Number" }
      header.content:insert(1, pandoc.Span({ pandoc.Str(number) }, style))
    end
    return header
  end

  --- Word cannot show SVG. What is no SVG is done already where it stands in a figure: its
  -- alternative text has become what is in brackets.
  function format.image(image, width)
    if not width and not image.src:match("%.svg$") then
      return nil
    end
    image.caption = pandoc.Inlines({ pandoc.Str(shared.alternative(image)) })
    for _, name in ipairs({ "fig-alt", "fig-cap-location", "narrow", "size" }) do
      image.attributes[name] = nil
    end
    image.src = image.src:gsub("%.svg$", ".png")
    image.attributes.width = image.attributes.width or width
    return image
  end

  --- pandoc writes the caption below a single picture, and what is more into one row: a caption that
  -- goes above, and what there is more of, is written here.
  function format.figure(figure, above, _, kind)
    if not above and #figure.content == 1 and figure.content[1].t ~= "Div" then
      return figure
    end
    local function paragraphs(style, blocks)
      return pandoc.Div(blocks:walk({
        Plain = function(plain)
          return pandoc.Para(plain.content)
        end,
      }), { ["custom-style"] = style })
    end
    local styles = { tbl = "Table Caption", lst = "Listing Caption" }
    local style = styles[kind] or "Image Caption"
    local blocks = pandoc.Blocks({})
    for _, block in ipairs(figure.content) do
      local is_source = block.t == "Div" and block.classes:includes("figure-source")
      blocks:insert(paragraphs(is_source and "Figure Source" or "Captioned Figure", pandoc.Blocks({ block })))
    end
    if #figure.caption.long > 0 then
      blocks:insert(above and 1 or #blocks + 1, paragraphs(style, figure.caption.long))
    end
    return pandoc.Div(blocks, { id = figure.identifier })
  end

  --- A row of pictures is a table that serves layout alone, as pandoc's own of parts of a figure:
  -- pandoc would have one row of all. Tables stand one below the other.
  function format.columns(cells, shares)
    local sum, made, tables = 0, pandoc.Blocks({}), false
    for _, share in ipairs(shares) do
      sum = sum + share
    end
    local function raw(...)
      made:insert(pandoc.RawBlock("openxml", string.format(...)))
    end
    local grid = ""
    for _, share in ipairs(shares) do
      grid = grid .. string.format('<w:gridCol w:w="%.0f"/>', 9070 * share / sum)
    end
    raw('<w:tbl><w:tblPr><w:tblStyle w:val="FigureTable"/><w:tblW w:w="5000" w:type="pct"/>'
      .. '<w:jc w:val="center"/><w:tblLook w:firstRow="0" w:lastRow="0" w:firstColumn="0" '
      .. 'w:lastColumn="0"/></w:tblPr><w:tblGrid>%s</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>', grid)
    for at, part in ipairs(cells) do
      raw('<w:tc><w:tcPr><w:tcW w:w="%.0f" w:type="dxa"/></w:tcPr>', 9070 * shares[at] / sum)
      if part then
        made:insert(part:walk({
          Image = function(image)
            local given = image.attributes.width or "100%"
            local percent = tonumber(given:match("^([%d.]+)%%$"))
            image.attributes.width = percent and string.format("%.4g%%", percent * shares[at] / sum) or given
            return image
          end,
          Table = function()
            tables = true
          end,
        }))
      end
      raw("%s</w:tc>", part and "" or "<w:p/>")
    end
    raw("</w:tr></w:tbl>")
    return not tables and made or pandoc.List(cells):filter(function(part)
      return part
    end)
  end

  function format.print_table(tbl, columns, _, layout)
    if layout.parted then
      columns.replace_words(tbl, layout, columns.part_words)
    end
    columns.each_row(tbl, function(row)
      columns.each_cell(row, #tbl.colspecs, function(cell, column)
        if columns.text_of(cell):find("[%a\x80-\xF4] %d") then
          local room = columns.room_in(layout, #tbl.colspecs, tbl.colspecs[column][2])
          local function has_room(words)
            return columns.extent(words) <= room
          end
          local function keep(element)
            element.content = joined(element.content)
            return element
          end
          cell.contents = cell.contents:walk({ Plain = keep, Para = keep, Strong = keep }):walk({
            Str = function(str)
              return pandoc.Str(keep_numbers(str.text, has_room))
            end,
          })
        end
      end)
    end)
    return { tbl }
  end

  function format.block(div, kind, title)
    return styled(kind.style, title and shared.words_of(title), div.content)
  end

  function format.callout(div, _, style, title)
    local blocks = styled(style, title, div.content)
    return div.identifier ~= "" and pandoc.Div(blocks, { id = div.identifier }) or blocks
  end

  function format.continued(words)
    return { pandoc.Div({ pandoc.Para({ pandoc.Str(words) }) }, { ["custom-style"] = "Table Continued" }) }
  end

  function format.turn(stretch)
    stretch:insert(1, section_end(11906, 16838, 1418))
    stretch:insert(section_end(16838, 11906, 1134, "landscape"))
    return stretch
  end

  function format.entry(entry, code, lists)
    local content = entry.content:clone()
    local first = content[1]
    if code and first and first.content then
      first.content:insert(1, pandoc.Str(code .. ".\t"))
      content[1] = first
    end
    local blocks = pandoc.Blocks({ pandoc.Div(content, {
      id = "ref-" .. entry.key,
      ["custom-style"] = code and "Reference Numbered" or "Reference",
    }) })
    local back = lists.cited_in(entry.key)
    if back then
      blocks:insert(pandoc.Div({ pandoc.Para(back) }, { ["custom-style"] = "Cited In" }))
    end
    return blocks
  end

  function format.place(id)
    return pandoc.Span({}, { id = id })
  end

  return format
end
