--- Figures: alternative text that reaches every format, and the data behind a chart.
--
-- Pages: `img alt`, then "Show the data" with the table and the files to download. A chart with a
-- narrow version (`narrow=265x180`, its size in pixels) shows it on narrow screens; others scroll
-- there in a region. `size` keeps a figure's place on the page until it is loaded.
-- A figure whose caption goes above it (`fig-cap-location=top`, as published ones do) has the line
-- that names its source (`.figure-source`) below it, after the pictures in which it goes on
-- (`.figure-parts`).
-- Typst: `image(alt: …)`, which pandoc's writer leaves out. Word: the PNG, since Word shows no SVG.
-- The data table of a figure is for pages only. A figure told in words (`.figure-text`, such as the
-- nested list of a flow diagram) stands with the data on pages, below the figure elsewhere.

local format = require("./format")
local say = require("./labels")
local in_quarto = quarto ~= nil
local files = require("./files")
local rows = require("./rows")
local nodes = quarto and require("../quarto/nodes")

local function with_ending(path, ending)
  return (path:gsub("%.%w+$", "." .. ending))
end

--- The words before a figure's caption ("Figure 4.1"), by the figure's identifier.
local labels = {}
local sources = {}

--- What is a figure's and comes after it in the text: more of its pictures, and its source.
local further = {}

local function collect_further(div)
  local id = div.attributes["for"]
  if id and div.classes:includes("figure-parts") then
    further[id] = further[id] or {}
    further[id].parts = div.content
  elseif id and div.classes:includes("figure-source") then
    further[id] = further[id] or {}
    further[id].source = div.content
  end
end

--- Take a figure's further pictures and its source into it.
local function complete(id, content)
  local own = further[id]
  if not own then
    return content
  end
  local has_picture = false
  content:walk({
    Image = function()
      has_picture = true
    end,
  })
  content = content:clone()
  -- A map that is shown as a table has none.
  if own.parts and has_picture then
    content:extend(own.parts)
  end
  if own.source then
    local line = pandoc.Div(own.source, { class = "figure-source" })
    content:extend(format.source and format.source(line) or { line })
  end
  return content
end

--- "tbl" of a table that is a picture, "lst" of a listing, one without an id too; else "fig".
local function kind_of(figure)
  local is_code = #figure.content == 1 and figure.content[1].t == "CodeBlock"
  return figure.identifier:match("^(%l+)%-") or (is_code and "lst" or "fig")
end

--- Whether a figure's caption goes above it; its pictures have said so then. That of a listing does,
-- and that of a table which is a picture, as in Quarto.
local function caption_above(figure, kind)
  local above = kind == "tbl" or kind == "lst" or figure.attributes["fig-cap-location"] == "top"
  figure.attributes["fig-cap-location"] = nil
  figure.content = figure.content:walk({
    Image = function(image)
      above = above or image.attributes["fig-cap-location"] == "top"
      image.attributes["fig-cap-location"] = nil
      return image
    end,
  })
  return above
end

local function has_pictures_alone(block)
  return #block.content > 0 and not block.content:find_if(function(inline)
    return inline.t ~= "Image" and inline.t ~= "Space" and inline.t ~= "SoftBreak"
  end)
end

--- Whether a block of a figure, or of a layout, may stand beside others: a part, or a picture.
local function is_part(block)
  if block.t == "Div" then
    return block.classes:includes("sub-float") or block.attributes.__quarto_custom_type == "FloatRefTarget"
  elseif block.t == "Plain" or block.t == "Para" then
    return has_pictures_alone(block)
  end
  return block.t == "Figure"
end

--- Pictures beside one another that are not one figure, as `layout-ncol` has them. What else stands
-- in a layout is the business of the assembler, and of Quarto.
local function lay_out(div)
  if not rows.is_said(div.attributes) or div.content:find_if(function(block)
    return not is_part(block)
  end) then
    return nil
  end
  local content = rows.lay_out(div.content, div.attributes, is_part)
  return div.identifier ~= "" and pandoc.Div(content, { id = div.identifier }) or content
end

--- In Typst what stands in blocks alone would need a text alternative, though it is words.
local function without_blocks(figure)
  return figure:walk({
    Div = function(div)
      if div.identifier == "" then
        return div.content
      end
    end,
  })
end

--- What is said of a figure as a whole is in its caption; the words of a part are with the part.
local function label_in(element)
  local found
  element:walk({
    Span = function(span)
      if span.classes:includes("caption-label") then
        found = found or pandoc.utils.stringify(span)
      end
    end,
  })
  return found
end

local function show_image(image, label)
  if format.figure_image then
    return format.figure_image(image, label or say("this-figure"))
  end
  return format.image and format.image(image, "100%")
end

local function show_images(block, label)
  return block:walk({
    Image = function(image)
      return show_image(image, label)
    end,
  })
end

--- A part of a figure is named as a reference to it names it: "Figure 2.1 (a)".
local function part_label(whole, part)
  local letter = label_in(part)
  return letter and whole and whole .. " " .. letter or letter or whole
end

local function resolve_figure(figure)
  figure.attributes.number = nil
  local kind = kind_of(figure)
  local above = caption_above(figure, kind)
  local goes_on = further[figure.identifier] and further[figure.identifier].parts
  figure.content = complete(figure.identifier, figure.content)
  local resolved = figure:walk({
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes("sub-float") then
        return show_images(div, part_label(labels[figure.identifier], div)), false
      end
    end,
    Image = function(image)
      return show_image(image, labels[figure.identifier]), false
    end,
  })
  resolved.content = rows.lay_out(resolved.content, resolved.attributes, is_part)
  rows.forget(resolved.attributes)
  resolved = format.bare_figures and without_blocks(resolved) or resolved
  return format.figure and format.figure(resolved, above, goes_on, kind) or resolved
end

local function collect(figure)
  labels[figure.identifier] = label_in(pandoc.Div(figure.caption.long))
  figure:walk({
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
    local file = with_ending(source, kind)
    -- A picture to take away has its words around it, and the name of the figure.
    local taken = kind == "csv" and file or file:gsub("(%.%w+)$", "-titled%1")
    local link = pandoc.Link(
      { pandoc.Str(say("download-file", { kind = kind:upper() })) },
      taken,
      "",
      { download = kind == "csv" and "" or pandoc.path.filename(file) }
    )
    link.content:extend({
      pandoc.Span(
        { pandoc.Str(" " .. say("download-file-of", { figure = label })) },
        { class = "visually-hidden" }
      ),
    })
    table.insert(items, { pandoc.Plain({ link }) })
  end
  return { pandoc.Div({ pandoc.BulletList(items) }, { class = "downloads", ["pagefind-ignore"] = "all" }) }
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
      -- The figure's own links lead to its file.
      tbl.attributes.data = ""
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
        if format.in_words then
          found:extend(format.in_words(title, div.content))
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
  if div.attributes["for"] and further[div.attributes["for"]]
    and (div.classes:includes("figure-parts") or div.classes:includes("figure-source")) then
    return {}
  elseif not div.classes:includes("figure-data") then
    return nil
  end
  if not format.data then
    return in_words(div)
  end
  local id = div.attributes["for"] or ""
  local label = labels[id] or say("this-figure")
  return format.data(name_data_table(div, label).content, label, format.has_site and download_links(id) or {})
end

--- The chart of a float as the embedded engine's pages have it. Quarto would make an attribute `alt`
-- of the float's own words, which no division has.
local function quarto_chart(float)
  float.content = float.content:walk({
    Image = function(image)
      image.attributes.alt = image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
      return format.figure_image(image, labels[float.identifier] or say("this-figure"))
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
  float.content = complete(float.identifier, nodes.blocks(float.content))
  if format.figure_image then
    return quarto_chart(float)
  elseif format.caption and float.type == "Figure" then
    float.caption_long = format.caption(nodes.blocks(float.caption_long))
  end
  return float
end

--- A figure without an identifier is no float: it is a figure of pandoc's.
local function collect_figure(figure)
  collect(figure)
  return format.figure_image and quarto_chart(figure) or nil
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
  if figure.__quarto_custom_node then
    figure.content = rows.lay_out(nodes.blocks(figure.content), figure.attributes, is_part)
    rows.forget(figure.attributes)
    node = figure.__quarto_custom_node
  end
  local own = further[figure.identifier]
  return format.place_figure(figure.identifier, node, own and own.parts), false
end

--- Quarto puts each block of another layout into a cell of its own: its figures are left as they are.
local function leave_layout(div)
  if rows.is_said(div.attributes) then
    return div, false
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
  if format.known_lengths then
    format.known_lengths(image)
  end
  if format.place_figure and not words and not image.attributes.alt and #image.caption > 0 then
    words = pandoc.utils.stringify(image.caption)
  end
  if format.shows_svg == false then
    image.caption = words and pandoc.Inlines({ pandoc.Str(words) }) or image.caption
    image.attributes["fig-alt"] = nil
    image.src = image.src:match("%.svg$") and has_png(image) and with_ending(image.src, "png")
      or image.src
    return image
  elseif words then
    image.attributes.alt = words
    image.attributes["fig-alt"] = nil
  end
  return image
end

if in_quarto then
  -- Quarto makes its own floats; in Word, word-floats.lua made figures of them again.
  local passes = {
    { Meta = say.read, Div = collect_further },
    { FloatRefTarget = collect_float, Figure = collect_figure },
    { Image = quarto_image, Div = resolve_data },
  }
  -- A pass takes time in Quarto, though it does nothing.
  if format.shows_svg == false then
    table.insert(passes, { Div = lay_out })
    table.insert(passes, { Figure = resolve_figure })
  elseif format.place_figure then
    table.insert(passes, { Div = lay_out })
    table.insert(passes, {
      traverse = "topdown", FloatRefTarget = place_figure, Figure = place_figure, Div = leave_layout,
    })
  end
  return passes
end

return {
  { Meta = say.read, Div = collect_further },
  { Figure = collect, Div = lay_out },
  { Figure = resolve_figure, Div = resolve_data },
  {
    Image = function(image)
      return format.image and format.image(image)
    end,
  },
}
