--- Cross-references under Quarto: what they say, as the embedded engine says it.
--
-- The pre-render script hands over the number and title of each figure, table and section. A
-- reference becomes a link with them, in every format; one that is not known is left to Quarto,
-- which warns of it. The embedded engine has replaced all references before its filters run.
-- A section without a number is called by its title, as Quarto calls it on pages: its PDF and Word
-- files would say that there is no such section.

if not quarto then
  return {}
end

local stringify = pandoc.utils.stringify
local format = require("../filters/format")
local handover = nil
local targets = nil

local function load()
  if targets == nil then
    handover = require("./handover")
    local text = handover.read("crossrefs.json")
    targets = text and pandoc.json.decode(text, false) or {}
  end
end

--- Sections without a number in a one-file format: id → title.
local bare = {}
local in_bare_chapter = false

local function collect_bare(header)
  local is_bare = header.classes:includes("unnumbered")
  if header.level == 1 then
    in_bare_chapter = is_bare
  end
  if (is_bare or in_bare_chapter) and header.identifier:match("^sec%-") then
    bare[header.identifier] = { number = "", title = stringify(header), page = "" }
  end
end

local function words(citation, target)
  local prefix = stringify(citation.prefix)
  if target.number == "" then
    return target.title
  elseif citation.mode == "SuppressAuthor" then
    return target.number
  end
  return (prefix ~= "" and prefix or target.label) .. "\u{a0}" .. target.number
end

--- `@fig-x [@known2020]` is one citation to pandoc: two, where one half refers and the other cites.
local function part(cite)
  local first, rest = cite.citations[1], pandoc.List({ table.unpack(cite.citations, 2) })
  local refers = (targets[first.id] or bare[first.id]) ~= nil
  local others = rest:filter(function(citation)
    return (targets[citation.id] or bare[citation.id]) == nil
  end)
  if first.mode ~= "AuthorInText" or #rest == 0 or #others ~= (refers and #rest or 0) then
    return nil
  end
  return pandoc.Cite(cite.content, { first }), pandoc.Cite({}, rest)
end

local function resolve(cite)
  load()
  local first, second = part(cite)
  if first then
    local halves = pandoc.Inlines({})
    for _, half in ipairs({ first, pandoc.Space(), second }) do
      halves:extend(half.t == "Cite" and resolve(half) or { half })
    end
    return halves
  end
  local inlines = pandoc.Inlines({})
  for i, citation in ipairs(cite.citations) do
    local target = targets[citation.id] or bare[citation.id]
    if not target then
      return nil
    end
    if i > 1 then
      inlines:extend({ pandoc.Str(","), pandoc.Space() })
    end
    local address = handover.address(target.page, citation.id)
    local title = target.number ~= "" and target.title or ""
    local link = pandoc.Link(pandoc.Inlines(words(citation, target)), address, title)
    link.classes = { "quarto-xref", "xref" }
    inlines:insert(link)
    inlines:extend(citation.suffix)
  end
  return inlines
end

--- A chapter's path as links and pages both have it: from the project's root, without its ending.
local function plain(path)
  local decoded = path:gsub("%%(%x%x)", function(code)
    return string.char(tonumber(code, 16))
  end)
  local rest = decoded:gsub("^/", "")
  while rest:match("^%.%.?/") do
    rest = rest:gsub("^%.%.?/", "")
  end
  return (rest:gsub("%.%w+$", ""))
end

--- How well a page answers to a path: as a whole, as its end, or by the name of its file.
local function likeness(page, path)
  if page == path then
    return 3
  elseif page:sub(-#path - 1) == "/" .. path then
    return 2
  end
  return page:match("[^/]+$") == path:match("[^/]+$") and 1 or 0
end

--- The id of the title of the chapter that a path names; of several, of the one most like it.
local function title_of(path)
  local best, id = { 0, "" }, nil
  for name, target in pairs(targets) do
    local page = target.chapter and plain(target.page)
    local found = page and likeness(page, path) or 0
    if found > best[1] or (found > 0 and found == best[1] and page < best[2]) then
      best, id = { found, page }, name
    end
  end
  return id
end

--- In one file, a link to a chapter's file leads to its title: Quarto would leave it dead.
local function lead_to_chapter(link)
  local path, fragment = link.target:match("^([^#:]+)#?(.*)$")
  if format.is_pages or not path or not path:match("%.qmd$") and not path:match("%.ipynb$") then
    return nil
  end
  load()
  local id = title_of(plain(path))
  if id then
    link.target = "#" .. (fragment ~= "" and fragment or id)
    return link
  end
end

--- In gathered key messages, references are links to an id already: lead them to its page.
local function redirect(link)
  if link.classes:includes("xref") and not link.classes:includes("quarto-xref") then
    load()
    local target = targets[link.target:match("^#(.+)$") or ""]
    if target then
      link.target = handover.address(target.page, link.target:sub(2))
      link.classes:insert("quarto-xref")
      return link
    end
  end
  return lead_to_chapter(link)
end

return {
  { Header = not format.is_pages and collect_bare or nil },
  { Cite = resolve, Link = redirect },
}
