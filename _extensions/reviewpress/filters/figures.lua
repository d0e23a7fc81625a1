--- Figures: alternative text that reaches every format, and the data behind a chart.
--
-- Pages: `img alt`, then "Show the data" with the table and the files to download. A chart with a
-- narrow version (`narrow=265x180`, its size in pixels) shows it on narrow screens; others scroll
-- there in a region. `size` keeps a figure's place on the page until it is loaded.
-- Typst: `image(alt: …)`, which pandoc's writer leaves out. Word: the PNG, since Word shows no SVG.
-- The data table of a figure is for pages only. A figure told in words (`.figure-text`, such as the
-- nested list of a flow diagram) stands with the data on pages, below the figure elsewhere.

local is_html = FORMAT:match("html") ~= nil
local typst = dofile(
  quarto and quarto.utils.resolve_path("typst.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "typst.lua" })
)
local in_quarto = quarto ~= nil
local files = quarto and dofile(quarto.utils.resolve_path("files.lua"))
local nodes = quarto and dofile(quarto.utils.resolve_path("../quarto/nodes.lua"))

--- The words of the document's language.
local say

local function read_labels(meta)
  local path = quarto and quarto.utils.resolve_path("labels.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "labels.lua" })
  say = dofile(path).of(meta)
end

local function with_ending(path, ending)
  return (path:gsub("%.%w+$", "." .. ending))
end

--- The alternative text of an image: its `fig-alt`, else what stands between its brackets.
local function alternative(image)
  return image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
end

local units_per_inch = { px = 96, pt = 72, pc = 6, em = 6, rem = 6, cm = 2.54, mm = 25.4, ["in"] = 1 }

--- Lengths that pages can have without inline style: pixels, and for shares of the line a class.
local function set_page_length(image, name)
  local number, unit = (image.attributes[name] or ""):match("^([%d.]+)(%a*%%?)$")
  local per_inch = units_per_inch[unit == "" and "px" or unit]
  if unit == "%" and name == "width" then
    local tenths = math.floor(tonumber(number) / 10 + 0.5)
    image.classes:insert("share-" .. math.max(1, math.min(10, tenths)))
  end
  image.attributes[name] = per_inch and tostring(math.floor(number * 96 / per_inch + 0.5)) or nil
end

local function page_image(image)
  image.caption = pandoc.Inlines({ pandoc.Str(alternative(image)) })
  local width, height = (image.attributes.size or ""):match("^(%d+)x(%d+)$")
  if width and is_html then
    if image.attributes.width then
      image.classes:insert("own-size")
    end
    image.attributes.width, image.attributes.height = width, height
  elseif is_html then
    set_page_length(image, "width")
    set_page_length(image, "height")
  end
  for _, name in ipairs({ "fig-alt", "narrow", "size" }) do
    image.attributes[name] = nil
  end
  return image
end

local function attribute_value(text)
  return (text:gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;"))
end

--- A chart on a page: text in it stays legible on a narrow screen.
local function page_chart(image, label)
  local wide, high = (image.attributes.narrow or ""):match("^(%d+)x(%d+)$")
  local is_drawing = image.src:match("%.svg$") and (image.attributes.size or not image.attributes.width)
  page_image(image)
  if wide then
    local open = '<picture><source media="screen and (max-width: 40rem)" srcset="%s" width="%s" height="%s">'
    local source = attribute_value((image.src:gsub("%.svg$", "-narrow.svg")))
    open = open:format(source, wide, high)
    return { pandoc.RawInline("html", open), image, pandoc.RawInline("html", "</picture>") }
  elseif is_drawing then
    -- Attributes as a list of pairs: those of a table would come in any order.
    local named = { { "role", "group" }, { "aria-label", label }, { "tabindex", "0" } }
    return pandoc.Span({ image }, pandoc.Attr("", { "figure-scroll" }, named))
  end
  return image
end

--- A length as Typst has it; nothing for none. Pixels are those of a page, 96 an inch.
local function typst_length(text)
  local number, unit = (text or ""):match("^([%d.]+)(%a*%%?)$")
  local per_inch = number and units_per_inch[unit == "" and "px" or unit]
  if number and (unit == "%" or unit == "em") then
    return number .. unit
  end
  return per_inch and string.format("%.4gin", number / per_inch) or nil
end

local function typst_image(image, width)
  local size = typst_length(image.attributes.width) or width
  local height = typst_length(image.attributes.height)
  -- A picture that only says how high it is keeps its shape.
  size = height and not image.attributes.width and "auto" or size
  local call = string.format(
    "image(%s, %s%salt: %s)",
    typst.string(image.src),
    size and "width: " .. size .. ", " or "",
    height and height:sub(-1) ~= "%" and "height: " .. height .. ", " or "",
    typst.string(alternative(image):gsub("%s+", " "))
  )
  -- An image in a line of text is a box; as a figure it fills the line.
  return pandoc.RawInline("typst", width and "#" .. call or "#box(" .. call .. ")")
end

local function word_image(image, width)
  page_image(image)
  image.src = image.src:gsub("%.svg$", ".png")
  image.attributes.width = image.attributes.width or width
  return image
end

local function resolve_image(image, width)
  if is_html then
    return page_image(image)
  elseif FORMAT == "typst" then
    return typst_image(image, width)
  elseif FORMAT == "docx" then
    return word_image(image, width)
  end
end

--- The words before a figure's caption ("Figure 4.1"), by the figure's identifier.
local labels = {}
local sources = {}

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

--- A figure in Typst, of the kind its list of figures looks for.
local function typst_figure(figure)
  local kinds = { tbl = "table", lst = "raw" }
  local kind = kinds[figure.identifier:match("^(%l+)%-")] or "image"
  local open = ("#chart(kind: %s)[#figure(kind: %s, ["):format(kind, kind)
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", open) })
  blocks:extend(figure.content)
  blocks:insert(pandoc.RawBlock("typst", "], caption: ["))
  blocks:extend(mark_note(figure.caption.long))
  local label = figure.identifier ~= "" and " <" .. figure.identifier .. ">" or ""
  blocks:insert(pandoc.RawBlock("typst", "])" .. label .. "]"))
  return blocks
end

--- Parts of a figure beside one another; in Word one below the other.
local function lay_out(div)
  if not div.classes:includes("sub-floats") then
    return nil
  end
  local columns = div.attributes.columns
  div.attributes.columns = nil
  if is_html then
    div.classes:insert("columns-" .. columns)
    return div
  elseif FORMAT ~= "typst" then
    return div.content
  end
  local open = "#grid(columns: (1fr,) * %s, gutter: 1em, align: top,"
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", open:format(columns)) })
  for _, part in ipairs(div.content) do
    blocks:extend({ pandoc.RawBlock("typst", "["), part, pandoc.RawBlock("typst", "],") })
  end
  blocks:insert(pandoc.RawBlock("typst", ")"))
  return blocks
end

local function resolve_figure(figure)
  figure.attributes.number = nil
  local resolved = figure:walk({
    Image = function(image)
      if is_html then
        return page_chart(image, labels[figure.identifier] or say("this-figure"))
      end
      return resolve_image(image, "100%")
    end,
  })
  resolved = resolved:walk({ Div = lay_out })
  if FORMAT == "typst" then
    return typst_figure(resolved)
  end
  return resolved
end

local function collect(figure)
  figure:walk({
    Span = function(span)
      if span.classes:includes("caption-label") then
        labels[figure.identifier] = pandoc.utils.stringify(span)
      end
    end,
    Image = function(image)
      sources[figure.identifier] = image.src
    end,
    Div = function(div)
      sources[figure.identifier] = div.attributes.source or sources[figure.identifier]
    end,
  })
end

local function download_links(id)
  local source = sources[id]
  if not source then
    return {}
  end
  local label = labels[id] or say("this-figure")
  local items = {}
  for _, kind in ipairs({ "csv", "svg", "png" }) do
    local link = pandoc.Link(
      { pandoc.Str(say("download-file", { kind = kind:upper() })) },
      with_ending(source, kind),
      "",
      { download = "" }
    )
    link.content:extend({
      pandoc.Span(
        { pandoc.Str(" " .. say("download-file-of", { figure = label })) },
        { class = "visually-hidden" }
      ),
    })
    table.insert(items, { pandoc.Plain({ link }) })
  end
  return { pandoc.Div({ pandoc.BulletList(items) }, { class = "downloads" }) }
end

local function name_data_table(data, label)
  return data:walk({
    Table = function(tbl)
      if #tbl.caption.long == 0 then
        local caption = pandoc.Span({ pandoc.Str(say("figure-data-caption", { figure = label })) }, {
          class = "visually-hidden",
        })
        tbl.caption = pandoc.Caption({ pandoc.Plain({ caption }) })
      end
      return tbl
    end,
  })
end

--- What tells a figure in words, under a line that says which; nothing for one without.
local function in_words(data)
  local found = pandoc.Blocks({})
  data:walk({
    Div = function(div)
      if div.classes:includes("figure-text") then
        local label = labels[data.attributes["for"] or ""] or say("this-figure")
        local title = pandoc.Para({ pandoc.Strong({ pandoc.Str(say("figure-in-words", { figure = label })) }) })
        if FORMAT == "typst" then
          found:extend({ pandoc.RawBlock("typst", "#figure-words["), title })
          found:extend(div.content)
          found:insert(pandoc.RawBlock("typst", "]"))
        else
          found:insert(title)
          found:extend(div.content)
        end
      end
    end,
  })
  return found
end

local function resolve_data(div)
  if not div.classes:includes("figure-data") then
    return nil
  end
  if not is_html then
    return in_words(div)
  end
  local id = div.attributes["for"] or ""
  local label = labels[id] or say("this-figure")
  local named = name_data_table(div, label)
  local blocks = pandoc.Blocks({
    pandoc.RawBlock("html", '<details class="figure-data">'),
    pandoc.RawBlock(
      "html",
      "<summary>"
        .. say("figure-data")
        .. '<span class="visually-hidden"> '
        .. say("figure-data-of", { figure = label })
        .. "</span></summary>"
    ),
  })
  blocks:extend(named.content)
  blocks:insert(pandoc.RawBlock("html", "</details>"))
  blocks:extend(download_links(id))
  return pandoc.Div(blocks, { class = "figure-tools" })
end

--- The chart of a float as the embedded engine's pages have it. Quarto would make an attribute `alt`
-- of the float's own words, which no division has.
local function quarto_chart(float)
  float.content = nodes.blocks(float.content):walk({
    Image = function(image)
      image.attributes.alt = alternative(image)
      return page_chart(image, labels[float.identifier] or say("this-figure"))
    end,
  })
  if float.attributes then
    float.attributes["fig-alt"] = nil
    float.attributes.narrow, float.attributes.size = nil, nil
  end
  return float
end

--- Quarto's floats are nodes of its own; their numbers are handed over by the pre-render script.
local function collect_float(float)
  local label, number = nodes.label(float.identifier)
  if label then
    labels[float.identifier] = label .. "\u{a0}" .. number
  end
  nodes.blocks(float.content):walk({
    Image = function(image)
      sources[float.identifier] = sources[float.identifier] or image.src
    end,
    Div = function(div)
      sources[float.identifier] = div.attributes.source or sources[float.identifier]
    end,
  })
  if is_html then
    return quarto_chart(float)
  elseif FORMAT == "typst" and float.type == "Figure" then
    float.caption_long = mark_note(nodes.blocks(float.caption_long))
    return float
  end
end

--- In a review's PDF a figure fills the line, as in the embedded engine's.
local function fill_line(image)
  image.attributes.width = image.attributes.width or "100%"
  return image
end

--- In Typst a figure is told where it may go; its panels stay in it. Quarto would number one without an
-- identifier, too.
local function place_figure(figure)
  local node = figure.__quarto_custom_node or figure
  if figure.type == "Table" then
    return node, false
  elseif nodes.has_labels() and node == figure then
    node = figure:walk({ Image = fill_line })
  elseif nodes.has_labels() then
    figure.content = nodes.blocks(figure.content):walk({ Image = fill_line })
    node = figure.__quarto_custom_node
  end
  local kind = figure.identifier:match("^(%l+)%-") or "fig"
  local counted = figure.identifier == "" and ", numbered: false" or ""
  local call = '#chart(kind: "quarto-float-' .. kind .. '"' .. counted .. ")["
  return { pandoc.RawBlock("typst", call), node, pandoc.RawBlock("typst", "]") }, false
end

--- Quarto puts each block of a layout into a cell of its own: its figures are left as they are.
local function leave_layout(div)
  for name in pairs(div.attributes) do
    if name:match("^layout") then
      return div, false
    end
  end
end

--- A project that only uses the formats may have no PNG beside its SVG.
local function has_png(image)
  local path = with_ending(image.src, "png")
  local folder = pandoc.path.directory(quarto.doc.input_file or "")
  return nodes.has_labels() or files.read(path) or files.read(pandoc.path.join({ folder, path }))
end

--- Quarto takes alternative text from `alt` on pages and in Typst, if not always from `fig-alt`; its
-- Word files lose it. In Typst it leaves a figure without an identifier without any.
local function quarto_image(image)
  local words = image.attributes["fig-alt"]
  if FORMAT == "typst" and not words and not image.attributes.alt and #image.caption > 0 then
    words = pandoc.utils.stringify(image.caption)
  end
  if FORMAT == "docx" then
    image.caption = words and pandoc.Inlines({ pandoc.Str(words) }) or image.caption
    image.attributes["fig-alt"] = nil
    image.src = image.src:match("%.svg$") and has_png(image) and with_ending(image.src, "png")
      or image.src
    return image
  elseif words then
    image.attributes.alt = words
    image.attributes["fig-alt"] = nil
    return image
  end
end

if in_quarto then
  -- Quarto makes its own floats; in Word, word-floats.lua made figures of them again.
  local passes = {
    { Meta = read_labels },
    { FloatRefTarget = collect_float, Figure = collect },
    { Image = quarto_image, Div = resolve_data },
  }
  -- A pass takes time in Quarto, though it does nothing.
  if FORMAT == "docx" then
    table.insert(passes, { Figure = resolve_figure })
  elseif FORMAT == "typst" then
    table.insert(passes, {
      traverse = "topdown", FloatRefTarget = place_figure, Figure = place_figure, Div = leave_layout,
    })
  end
  return passes
end

return {
  { Meta = read_labels },
  { Figure = collect },
  { Figure = resolve_figure, Div = resolve_data },
  {
    Image = function(image)
      -- Those of figures are done: their alternative text has become what stands in brackets.
      if FORMAT ~= "docx" or image.src:match("%.svg$") then
        return resolve_image(image, nil)
      end
    end,
  },
}
