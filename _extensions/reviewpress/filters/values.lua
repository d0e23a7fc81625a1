--- Values and findings: spans that say where a number or sentence comes from.
--
-- Pages keep them (`<span class="value" data-expr="…" id="value-…">`), and say at their end where each
-- comes from (`provenance.lua`), unless an edition leaves that out.
-- Typst and Word get the plain text, and the label of a caption ("Figure 4.1") in strong type.

local format = require("./format")
local say = require("./labels")
local provenance = require("./provenance")
local traced = { value = true, finding = true, ["finding-id"] = true }

local function unwrap(span)
  -- Asked for once: each time costs as much as all the rest.
  local classes = span.classes
  if traced[classes[1]] and #classes == 1 and span.identifier == "" then
    return span.content
  end
  if classes:includes("caption-label") then
    return pandoc.Strong(span.content)
  end
end

--- finding → { row = address, told = address }, of those that the page tells or has in a table.
local places = {}

local function read_places(meta)
  provenance.read(meta)
  local known = meta["reviewpress-findings"] or {}
  local handover = quarto and require("../quarto/handover")
  if handover then
    local text = handover.read("findings.json")
    known = text and pandoc.json.decode(text, false)[handover.page()] or {}
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
return { { Span = unwrap } }
