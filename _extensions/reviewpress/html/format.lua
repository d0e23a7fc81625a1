--- Pages: what filters ask of a format (filters/format.lua).

local function attribute_value(text)
  return (text:gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;"))
end

--- Lengths that pages can have without inline style: pixels, and for shares of the line a class.
local function set_length(image, name, units_per_inch)
  local number, unit = (image.attributes[name] or ""):match("^([%d.]+)(%a*%%?)$")
  local per_inch = units_per_inch[unit == "" and "px" or unit]
  if unit == "%" and name == "width" then
    local tenths = math.floor(tonumber(number) / 10 + 0.5)
    image.classes:insert("share-" .. math.max(1, math.min(10, tenths)))
  end
  image.attributes[name] = per_inch and tostring(math.floor(number * 96 / per_inch + 0.5)) or nil
end

--- The blocks that stand apart from the text around them: where one begins and ends is to be heard.
local notes = { ["evidence-box"] = true, ["key-message"] = true, ["plain-summary"] = true }

return function(say, shared)
  local format = {
    name = "html",
    is_pages = true,
    line_end = "<wbr>",
    has_site = true,
    keeps_values = true,
    map = "links",
  }

  function format.number_heading(header)
    local number = header.attributes.number
    header.attributes.number = nil
    if not number then
      return header
    end
    local before = pandoc.Span({ pandoc.Str(number) }, { class = "header-section-number" })
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, before)
    return header
  end

  --- A formula as MathML with its text, for readers that cannot say MathML itself.
  local function with_text(math, alt)
    local written = pandoc.Pandoc({ pandoc.Plain({ math }) })
    local options = { html_math_method = "mathml", wrap_text = "none" }
    local messages, html = pandoc.log.silence(pandoc.write, written, "html", options)
    local rest = html:match("^<math( .*</math>)%s*$")
    if not alt or #messages > 0 or not rest then
      return math
    end
    return pandoc.RawInline("html", '<math alttext="' .. attribute_value(alt) .. '"' .. rest)
  end

  --- An equation on a line of its own has its number at the end, and scrolls where it is too long.
  function format.equation(math, said)
    local is_inline = math.mathtype ~= "DisplayMath"
    math = with_text(math, said.alt)
    if is_inline then
      return said.id ~= "" and pandoc.Span({ math }, { id = said.id }) or math
    end
    local content = pandoc.Inlines({ pandoc.Span({ math }, { class = "equation-body" }) })
    if said.number then
      local number = pandoc.Str("(" .. said.number .. ")")
      content:insert(pandoc.Span({ number }, { class = "equation-number" }))
    end
    return pandoc.Span(content, { id = said.id, class = "equation" })
  end

  -- Figures --------------------------------------------------------------------------------------

  function format.image(image)
    image.caption = pandoc.Inlines({ pandoc.Str(shared.alternative(image)) })
    local width, height = (image.attributes.size or ""):match("^(%d+)x(%d+)$")
    if width then
      if image.attributes.width then
        image.classes:insert("own-size")
      end
      image.attributes.width, image.attributes.height = width, height
    else
      set_length(image, "width", shared.units_per_inch)
      set_length(image, "height", shared.units_per_inch)
    end
    for _, name in ipairs({ "fig-alt", "fig-cap-location", "narrow", "size" }) do
      image.attributes[name] = nil
    end
    return image
  end

  --- A chart on a page: text in it stays legible on a narrow screen.
  function format.figure_image(image, label)
    local wide, high = (image.attributes.narrow or ""):match("^(%d+)x(%d+)$")
    local is_drawing = image.src:match("%.svg$") and (image.attributes.size or not image.attributes.width)
    format.image(image)
    if wide then
      -- The link is for programs that copy a site: few of them look at sources.
      local open = '<link rel="preload" as="image" media="%s" href="%s">'
        .. '<picture><source media="%s" srcset="%s" width="%s" height="%s">'
      local source = attribute_value((image.src:gsub("%.svg$", "-narrow.svg")))
      local media = "screen and (max-width: 40rem)"
      open = open:format(media, source, media, source, wide, high)
      return { pandoc.RawInline("html", open), image, pandoc.RawInline("html", "</picture>") }
    elseif is_drawing then
      -- Attributes as a list of pairs: those of a table would come in any order.
      local named = { { "role", "group" }, { "aria-label", label }, { "tabindex", "0" } }
      return pandoc.Span({ image }, pandoc.Attr("", { "figure-scroll" }, named))
    end
    return image
  end

  --- pandoc writes captions below: one that goes above is written here.
  function format.figure(figure, above)
    if not above then
      return figure
    end
    local name = figure.identifier ~= "" and (' id="%s"'):format(attribute_value(figure.identifier)) or ""
    local blocks = pandoc.Blocks({ pandoc.RawBlock("html", "<figure" .. name .. ' class="told-above">\n<figcaption>') })
    blocks:extend(figure.caption.long)
    blocks:insert(pandoc.RawBlock("html", "</figcaption>"))
    blocks:extend(figure.content)
    blocks:insert(pandoc.RawBlock("html", "</figure>"))
    return blocks
  end

  --- The page's styles know columns alike, up to six, and else widths in tenths.
  function format.columns(cells, shares)
    local sum, alike = 0, #shares <= 6
    for _, share in ipairs(shares) do
      sum, alike = sum + share, alike and share == shares[1]
    end
    local row = pandoc.Blocks({})
    for at, part in ipairs(cells) do
      local tenths = math.max(1, math.floor(10 * shares[at] / sum + 0.5))
      if not alike then
        row:insert(pandoc.Div(part or {}, { class = "tenths-" .. tenths }))
      elseif part then
        row:insert(part)
      end
    end
    return { pandoc.Div(row, { class = "sub-floats " .. (alike and "columns-" .. #shares or "in-tenths") }) }
  end

  --- What folds away under the words that say of which figure it is.
  function format.data(content, label, downloads)
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
    blocks:extend(content)
    blocks:insert(pandoc.RawBlock("html", "</details>"))
    blocks:extend(downloads)
    return pandoc.Div(blocks, { class = "figure-tools" })
  end

  -- Blocks ---------------------------------------------------------------------------------------

  local function entitled(div, title)
    if title then
      local label = pandoc.Div({ pandoc.Para(shared.words_of(title)) }, { class = "block-title" })
      div.content:insert(1, label)
    end
    div.attributes.title = nil
    return div
  end

  function format.block(div, kind, title)
    if notes[kind.name] then
      div.attributes.role = "note"
    end
    return entitled(div, title)
  end

  function format.callout(div, _, _, title)
    div.attributes.role = "note"
    div.attributes.appearance = nil
    div.attributes.collapse = nil
    div.attributes.icon = nil
    return entitled(div, title)
  end

  function format.code(name, code)
    local label = pandoc.Div({ pandoc.Plain({ pandoc.Str(name) }) }, { class = "code-filename" })
    return pandoc.Div({ label, code }, { class = "code-with-filename" })
  end

  -- References -----------------------------------------------------------------------------------

  --- The places that cite a reference fold away: some are cited in thirty.
  local function cited_in(key, lists)
    local links, count = lists.citing_links(key)
    if count == 0 then
      return nil
    end
    local words = say.count("cited-in-places", count)
    local which = pandoc.Span(pandoc.Inlines(say("caption-separator") .. lists.spoken(key)), {
      class = "visually-hidden",
    })
    return pandoc.Div({
      pandoc.RawBlock("html", "<details><summary>"),
      pandoc.Plain({ pandoc.Str(words), which }),
      pandoc.RawBlock("html", "</summary>"),
      pandoc.Para(links),
      pandoc.RawBlock("html", "</details>"),
    }, { class = "cited-in", ["pagefind-ignore"] = "all" })
  end

  --- An entry of a list, or of what a page cites (`is_copy`).
  function format.entry(entry, code, lists, is_copy)
    -- Attributes as a list of pairs: those of a table would come in any order.
    local attributes = { { "role", "listitem" } }
    local blocks = pandoc.Blocks({})
    if code then
      blocks:insert(pandoc.Div({
        pandoc.Plain({ pandoc.Span({ pandoc.Str(code) }, { class = "reference-code" }) }),
      }, { class = "reference-number" }))
    end
    local text = pandoc.Blocks({})
    text:extend(entry.content)
    if is_copy then
      table.insert(attributes, { "ref", "ref-" .. entry.key })
    else
      text:extend({ cited_in(entry.key, lists) })
    end
    blocks:insert(pandoc.Div(text, { class = "reference-text" }))
    local identifier = is_copy and "" or "ref-" .. entry.key
    return pandoc.Div(blocks, pandoc.Attr(identifier, { "reference" }, attributes))
  end

  return format
end
