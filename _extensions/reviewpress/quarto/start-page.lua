--- Start page under Quarto: publisher, version, licence and downloads stand below the title, as on the
-- first page of the embedded engine. The pre-render script hands over which there are.

local format = require("../filters/format")

if not quarto or not format.is_pages then
  return {}
end

local handover = require("./handover")
local say = require("../filters/labels")

local function facts(edition)
  local inlines = pandoc.Inlines({})
  local function add(inline)
    if #inlines > 0 then
      inlines:extend({ pandoc.Space(), pandoc.Str("·"), pandoc.Space() })
    end
    inlines:insert(inline)
  end
  if edition.publisher then
    add(pandoc.Span(pandoc.Inlines(edition.publisher)))
  end
  if edition.version then
    add(pandoc.Span(pandoc.Inlines(say("version", { version = edition.version }))))
  end
  local licence = edition.licence and pandoc.Inlines(edition.licence)
  if licence and edition["licence-url"] then
    add(pandoc.Link(licence, edition["licence-url"], "", { rel = "license" }))
  elseif licence then
    add(pandoc.Span(licence))
  end
  return inlines
end

local function begin(document)
  local text = handover.page() == "index.html" and handover.read("edition.json")
  local edition = text and pandoc.json.decode(text, false)
  if not edition then
    return nil
  end
  say.read(document.meta)
  local blocks = pandoc.Blocks({})
  local words = facts(edition)
  if #words > 0 then
    blocks:insert(pandoc.Div({ pandoc.Para(words) }, { class = "hero-facts" }))
  end
  local list = pandoc.List({})
  for _, file in ipairs(edition.downloads or {}) do
    list:insert({ pandoc.Plain({ pandoc.Link(say(file.label), file.href) }) })
  end
  if #list > 0 then
    blocks:insert(pandoc.Div({ pandoc.BulletList(list) }, { class = "hero-downloads" }))
  end
  if #blocks > 0 then
    document.blocks:insert(1, pandoc.Div(blocks, { class = "hero start-page" }))
    return document
  end
end

return { { Pandoc = begin } }
