--- Equations in Quarto's PDF: each has the alternative text that PDF/UA-1 asks for.
--
-- The author's own stands on a span around the equation, `[$x^2$]{alt="x squared"}`, or, as Quarto
-- has it, behind one with an identifier: `$$ a = b $$ {#eq-one alt="a equals b"}`. An equation
-- without is read out in plain signs where it can be written on one line, else in words, and where it
-- has none as its TeX source, which a warning says. Pages and Word need none. For the embedded engine, filters/equations.lua does
-- the same.

if not quarto then
  return {}
end

local stringify = pandoc.utils.stringify
local format = require("../filters/format")
local spoken = require("../filters/spoken")
local tex = require("../filters/tex")

local lang = "en"

--- The sources of equations without a text of their own.
local without = {}

local function opening(alt)
  return "#[#set math.equation(alt: " .. format.quoted(alt:gsub("%s+", " ")) .. ");"
end

local function source_of(math)
  local words = spoken.plain(math.text) or spoken.spoken(math.text, lang)
  if words then
    return words
  end
  local source = math.text:gsub("^%s+", ""):gsub("%s+$", "")
  table.insert(without, source)
  return source
end

--- An equation with its alternative text. No equation is left of it that Quarto would look for.
local function set_equation(math, alt)
  return pandoc.RawInline("typst", opening(alt) .. format.typst_math(math) .. "];")
end

local function holds_equation(span)
  local found = false
  span:walk({
    Math = function()
      found = true
    end,
  })
  return found
end

local function resolve_span(span)
  local alt = span.attributes.alt
  if not alt or not holds_equation(span) then
    return nil
  end
  span.attributes.alt = nil
  if format.name == "typst" then
    span = span:walk({
      Math = function(math)
        return set_equation(math, alt)
      end,
    })
  end
  local bare = span.identifier == "" and #span.classes == 0 and #span.attributes == 0
  return bare and span.content or span
end

--- Whether Quarto's own attributes begin here, `{#eq-one}`, and the alternative text they give.
local function quartos_own(inlines, at)
  while inlines[at] and inlines[at].t == "Space" do
    at = at + 1
  end
  local first = inlines[at]
  if not first or first.t ~= "Str" or not first.text:match("^{#eq%-") then
    return false, nil
  end
  local text = stringify(pandoc.Inlines({ table.unpack(inlines, at) }))
  return true, text:match("^{[^}]*%f[%w]alt%s*=") ~= nil
end

--- One that Quarto is to number stays an equation, until typst-equations.lua: what Quarto makes of
-- it takes the text that is set around it.
local function resolve_inlines(inlines)
  local out, open, changed = pandoc.Inlines({}), false, false
  for i, inline in ipairs(inlines) do
    if inline.t ~= "Math" then
      out:insert(inline)
    else
      local labelled, has_alt = quartos_own(inlines, i + 1)
      changed = changed or not has_alt
      if not labelled then
        out:insert(set_equation(inline, source_of(inline)))
      else
        if not has_alt then
          out:insert(pandoc.RawInline("typst", (open and "]" or "") .. opening(source_of(inline))))
          open = true
        end
        out:insert(inline)
      end
    end
  end
  if open then
    out:insert(pandoc.RawInline("typst", "]"))
  end
  return changed and out or nil
end

local function resolve_titles(meta)
  for _, name in ipairs({ "title", "subtitle" }) do
    if pandoc.utils.type(meta[name]) == "Inlines" then
      meta[name] = resolve_inlines(meta[name]) or meta[name]
    end
  end
  return meta
end

local SHOWN = 5

local function warn()
  if #without == 0 then
    return nil
  end
  local words = {}
  for i = 1, math.min(SHOWN, #without) do
    table.insert(words, '"' .. without[i] .. '"')
  end
  local more = #without > SHOWN and (", and " .. #without - SHOWN .. " more") or ""
  quarto.log.warning(string.format(
    "%d %s no alternative text, so the PDF reads out the TeX source: %s%s. "
      .. 'Write [$x^2$]{alt="x squared"}, or $$ a = b $$ {#eq-one alt="a equals b"}.',
    #without,
    #without == 1 and "equation has" or "equations have",
    table.concat(words, ", "),
    more
  ))
end

local function read_language(meta)
  lang = meta.lang and stringify(meta.lang) or lang
end

local function write_for_pandoc(math)
  math.text = tex.for_pandoc(math.text)
  return math
end

local function set_environment(raw)
  local math = tex.environment(raw)
  return math and (raw.t == "RawBlock" and pandoc.Para({ math }) or math) or nil
end

local written = { Math = write_for_pandoc, RawBlock = set_environment, RawInline = set_environment }

if format.name ~= "typst" then
  return { written, { Span = resolve_span } }
end
return {
  written,
  { Span = resolve_span, Meta = read_language },
  { Inlines = resolve_inlines, Meta = resolve_titles },
  { Pandoc = warn },
}
