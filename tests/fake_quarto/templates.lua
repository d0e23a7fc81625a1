--- What Quarto writes of a page after the extension's filters: conditions, callouts, floats,
-- numbers, and the cross-references that are left. It is given what makes blocks of a slot.
local as_blocks = ...
local nbsp = "\u{a0}"
local stringify = pandoc.utils.stringify
local chapter = ""
local floats = { fig = 0, tbl = 0 }
local counts = {}

local by_chapter, numbered = true, true

local function read_meta(meta)
  chapter = meta["fake-number"] and stringify(meta["fake-number"]) or ""
  by_chapter = not (meta.crossref and meta.crossref.chapters == false)
  numbered = meta["number-sections"] ~= false
end

local function number_of(kind)
  floats[kind] = floats[kind] + 1
  local prefix = by_chapter and chapter ~= "" and chapter .. "." or ""
  return prefix .. floats[kind]
end

local function as_float(id, kind, caption, content, position, attributes)
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
  blocks:extend(pandoc.Blocks(content):walk({
    Image = function(image)
      image.caption = {}
      return image
    end,
  }))
  if position == "bottom" then
    blocks:extend(caption_blocks)
  end
  blocks:insert(pandoc.RawBlock("html", "</figure>"))
  return pandoc.Div(blocks, pandoc.Attr(id, { "quarto-float", "quarto-figure" }, attributes))
end

local function float_target(float)
  local kind = float.type == "Figure" and "fig" or "tbl"
  local position = kind == "fig" and "bottom" or "top"
  local caption, content = as_blocks(float.caption_long), as_blocks(float.content)
  return as_float(float.identifier, kind, caption, content, position, float.attributes)
end

local function header(h)
  counts[h.level] = (counts[h.level] or 0) + 1
  for level = h.level + 1, 6 do
    counts[level] = 0
  end
  if chapter == "" or not numbered or h.classes:includes("unnumbered") then
    return nil
  end
  local number = chapter
  for level = 2, h.level do
    number = number .. "." .. (counts[level] or 0)
  end
  h.content:insert(1, pandoc.Space())
  h.content:insert(1, pandoc.Span({ pandoc.Str(number) }, { class = "header-section-number" }))
  return h
end

local function cite(c)
  local id = c.citations[1].id
  if id:match("^fig%-") or id:match("^tbl%-") or id:match("^sec%-") then
    io.stderr:write("\27[33mWARNING (filters/main.lua:14000) Unable to resolve crossref @" .. id .. "\27[39m\n")
    return pandoc.Span({ pandoc.Str("?@" .. id) }, { class = "quarto-unresolved-ref" })
  end
  -- One that CSL has set already is a link, and no more looked for.
  local links = c:walk({ Link = function() return {} end })
  if #links.content == #c.content then
    io.stderr:write("[WARNING] Citeproc: citation " .. id .. " not found\n")
  end
end

local function conditional(block)
  return block.is_shown and as_blocks(block.node)[1].content or {}
end

local function callout(node)
  local title = pandoc.utils.blocks_to_inlines(as_blocks(node.title))
  local blocks = pandoc.Blocks({})
  if #title > 0 then
    blocks:insert(pandoc.Div({ pandoc.Plain(title) }, { class = "callout-title-container" }))
  end
  blocks:extend(as_blocks(node.content))
  local attr = node.attr:clone()
  attr.classes:insert("callout-" .. node.type)
  return pandoc.Div(blocks, attr)
end

return {
  { Meta = read_meta },
  { Callout = callout, ConditionalBlock = conditional },
  { Cite = cite, Header = header },
  { FloatRefTarget = float_target },
}
