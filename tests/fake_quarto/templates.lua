--- What Quarto does after the extension's filters: conditions, shortcodes, floats, numbers, and the
-- cross-references that are left.
local nbsp = "\u{a0}"
local stringify = pandoc.utils.stringify
local chapter = ""
local profile = (os.getenv("QUARTO_PROFILE") or ""):match("^[^,]+")
local floats = { fig = 0, tbl = 0 }
local counts = {}

local by_chapter, numbered, appendix = true, true, false

local function read_meta(meta)
  chapter = meta["fake-number"] and stringify(meta["fake-number"]) or ""
  by_chapter = not (meta.crossref and meta.crossref.chapters == false)
  numbered = meta["number-sections"] ~= false
  appendix = stringify(meta["fake-appendix"] or "") == "yes"
end

local function number_of(kind)
  floats[kind] = floats[kind] + 1
  local prefix = by_chapter and chapter ~= "" and chapter .. "." or ""
  return prefix .. floats[kind]
end

local function as_float(id, kind, caption, content, position)
  local name = kind == "fig" and "Figure" or "Table"
  local words = pandoc.Inlines({ pandoc.Str(name .. nbsp .. number_of(kind) .. ": ") })
  words:extend(pandoc.utils.blocks_to_inlines(caption))
  local class = "quarto-float-caption-" .. position .. " quarto-float-caption quarto-float-" .. kind
  local caption_blocks = {
    pandoc.RawBlock("html", '<figcaption class="' .. class .. '" id="' .. id .. '-caption-0ceaefa1">'),
    pandoc.Plain(words),
    pandoc.RawBlock("html", "</figcaption>"),
  }
  local blocks = pandoc.Blocks({
    pandoc.RawBlock("html", '<figure class="quarto-float quarto-float-' .. kind .. ' figure">'),
  })
  if position == "top" then
    blocks:extend(caption_blocks)
  end
  blocks:extend(content)
  if position == "bottom" then
    blocks:extend(caption_blocks)
  end
  blocks:insert(pandoc.RawBlock("html", "</figure>"))
  return pandoc.Div(blocks, { id = id, class = "quarto-float quarto-figure" })
end

local function image(img)
  if img.attributes["fig-alt"] then
    img.caption = { pandoc.Str(img.attributes["fig-alt"]) }
    img.attributes["fig-alt"] = nil
  end
  return img
end

local function figure(fig)
  if fig.identifier:match("^fig%-") then
    return as_float(fig.identifier, "fig", fig.caption.long, fig.content, "bottom")
  end
end

local function table_float(tbl)
  local caption = stringify(tbl.caption.long)
  local id = caption:match("{#(tbl%-[%w-]+)") or (tbl.identifier:match("^tbl%-") and tbl.identifier)
  if not id then
    return nil
  end
  local long = tbl.caption.long
  tbl.identifier = ""
  tbl.caption = pandoc.Caption({})
  return as_float(id, "tbl", long, { tbl }, "top")
end

local function header(h)
  counts[h.level] = (counts[h.level] or 0) + 1
  for level = h.level + 1, 6 do
    counts[level] = 0
  end
  if chapter == "" or not numbered or h.classes:includes("unnumbered") then
    return nil
  end
  if appendix and h.level == 1 then
    h.content:insert(1, pandoc.Str("Appendix " .. chapter .. " — "))
    return h
  end
  local number = chapter
  for level = 2, h.level do
    number = number .. "." .. (counts[level] or 0)
  end
  local class = h.level == 1 and "chapter-number" or "header-section-number"
  h.content:insert(1, pandoc.Space())
  h.content:insert(1, pandoc.Span({ pandoc.Str(number) }, { class = class }))
  return h
end

local function cite(c)
  local id = c.citations[1].id
  if id:match("^fig%-") or id:match("^tbl%-") or id:match("^sec%-") then
    io.stderr:write("\27[33mWARNING (filters/main.lua:14000) Unable to resolve crossref @" .. id .. "\27[39m\n")
    return pandoc.Span({ pandoc.Str("?@" .. id) }, { class = "quarto-unresolved-ref" })
  end
  io.stderr:write("[WARNING] Citeproc: citation " .. id .. " not found\n")
end

local function visible(div)
  local wanted = div.attributes["when-profile"]
  if not wanted then
    return nil
  end
  local holds = wanted == profile
  if div.classes:includes("content-hidden") then
    holds = not holds
  end
  return holds and div.content or {}
end

local function callout(div)
  for _, class in ipairs(div.classes) do
    local first = div.content[1]
    if class:match("^callout%-") and first and first.t == "Header" then
      div.content[1] = pandoc.Div({ pandoc.Plain(first.content) }, { class = "callout-title-container" })
      return div
    end
  end
end

local function title_block(document)
  if stringify(document.meta["fake-home"] or "") == "yes" then
    document.blocks:insert(1, pandoc.RawBlock("html", '<header id="title-block-header">\n<h1 class="title">'
      .. stringify(document.meta.book.title) .. "</h1>\n</header>"))
    return document
  end
end

return {
  { Meta = read_meta },
  { Div = callout },
  { Div = visible },
  { Image = image, Cite = cite, Header = header },
  { Figure = figure, Table = table_float },
  { Pandoc = title_block },
}
