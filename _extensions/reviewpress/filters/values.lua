--- Values and findings: spans that say where a number or sentence comes from.
--
-- Pages keep them (`<span class="value" data-expr="…" id="value-…">`), and say at their end where each
-- comes from (`provenance.lua`), unless an edition leaves that out.
-- Typst and Word get the plain text, and the label of a caption ("Figure 4.1") in strong type; in
-- both, too, a finding leads to its row in the table of findings, and the row back.

local format = require("./format")
local say = require("./labels")
local provenance = require("./provenance")
local items = quarto and require("../quarto/bookitems")
local traced = { value = true, finding = true, ["finding-id"] = true }

--- finding → { row = address, told = address }, of those that the page tells or has in a table; in
-- one file, { row = "here" or "there", told = … }.
local places = {}

-- Of a whole book that Quarto hands over, its first page gathers what is told elsewhere.
local gathers = false
local placed = {}

--- What in a file of one document leads to a row or a sentence, and is led to.
local function lead(span)
  local inlines = pandoc.Inlines(span.content)
  local links = pandoc.Inlines({})
  local function put(id, where, words)
    if where == "here" and not gathers and not placed[id] then
      placed[id] = true
      inlines:insert(1, format.place(id, words))
    end
  end
  for name in (span.attributes.of or ""):gmatch("%S+") do
    local place = places[name] or {}
    if span.classes:includes("finding-id") then
      if place.told then
        inlines = pandoc.Inlines({ pandoc.Link(inlines, "#told-" .. name) })
      end
      put("row-" .. name, place.row, say("finding-row", { finding = name }))
    else
      if place.row then
        links:insert(pandoc.Link({ pandoc.Str("▸") }, "#row-" .. name))
      end
      put("told-" .. name, place.told, name)
    end
  end
  inlines:extend(links)
  return inlines
end

local function unwrap(span)
  -- Asked for once: each time costs as much as all the rest.
  local classes = span.classes
  if traced[classes[1]] and #classes == 1 and span.identifier == "" then
    return format.place and classes[1] ~= "value" and lead(span) or span.content
  end
  if format.place and (classes:includes("finding") or classes:includes("finding-id")) then
    span.content = lead(span)
    return span
  end
  if classes:includes("caption-label") then
    return pandoc.Strong(span.content)
  end
end

local function read_places(meta)
  provenance.read(meta)
  if not (format.keeps_values or format.place) then
    meta["reviewpress-findings"] = nil
    return meta
  end
  local known = meta["reviewpress-findings"] or {}
  local handover = quarto and require("../quarto/handover")
  if handover then
    local text = handover.read("findings.json")
    known = text and pandoc.json.decode(text, false) or {}
    known = format.is_pages and known[handover.page()] or not format.is_pages and known or {}
  end
  for name, place in pairs(known) do
    places[name] = {
      row = place.row and pandoc.utils.stringify(place.row),
      told = place.told and pandoc.utils.stringify(place.told),
    }
  end
  meta["reviewpress-findings"] = nil
  return meta
end

-- The findings that a sentence before has told.
local told = {}

--- A finding leads to its row in the table of findings, and the row back.
local function link_finding(span)
  local names = span.attributes.of
  local is_row = span.classes:includes("finding-id")
  if not names or not (is_row or span.classes:includes("finding")) then
    return nil
  end
  if is_row then
    local place = places[names]
    if place and place.told then
      return pandoc.Link(span.content, place.told, "", { id = "row-" .. names })
    end
    return pandoc.Span(span.content, { id = "row-" .. names })
  end
  local links = pandoc.Inlines({})
  local first
  for name in names:gmatch("%S+") do
    if not told[name] then
      told[name] = true
      first = first or name
    end
    local place = places[name]
    if place and place.row then
      local words = { ["aria-label"] = say("finding-row", { finding = name }), class = "finding-row" }
      links:insert(pandoc.Link({ pandoc.Str("▸") }, place.row, "", words))
    end
  end
  if first and #links > 0 and span.identifier == "" then
    span.identifier = "told-" .. first
  end
  span.content:extend(links)
  return span
end

local marked = {}

--- A value can be led to by its own id, where it has one; `of` says which it is.
local function mark_value(span)
  if not span.classes:includes("value") then
    return link_finding(span)
  elseif provenance.hidden() then
    return span.content
  end
  local name = span.attributes.of
  if name and not marked[name] and span.identifier == "" then
    marked[name] = true
    span.identifier = "value-" .. name
  end
  return span
end

if format.keeps_values then
  return { { Meta = read_places }, { Span = mark_value }, { Pandoc = provenance.add } }
end

--- The first chapter of a book that Quarto hands over whole: it gathers what others tell.
local function unwrap_first(document)
  gathers = true
  for i = 1, items.second(document.blocks) - 1 do
    document.blocks[i] = document.blocks[i]:walk({ Span = unwrap })
  end
  gathers = false
  return document
end

return { { Meta = read_places }, { Pandoc = quarto and unwrap_first or nil }, { Span = unwrap } }
