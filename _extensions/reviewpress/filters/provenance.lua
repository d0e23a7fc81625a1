--- Where the numbers of a page come from, as a list at its end. No filter itself:
-- `require("./provenance")`.
--
-- It comes from the metadata `reviewpress-provenance` (embedded engine), under Quarto from what the
-- pre-render script handed over: entries of values, figures, findings and claims, each with its
-- facts. `html/values.js` opens an entry beside what it is about.
--
--   read(meta)        take what there is from the metadata
--   hidden()          whether the edition leaves it out
--   add(doc)          put the list at the end of a page, and a link to it at its beginning

local say = require("./labels")
local stringify = pandoc.utils.stringify
local provenance = {}
local given, is_hidden = {}, false

local script = "../html/values.js"

local function handed()
  local handover = quarto and require("../quarto/handover")
  local text = handover and handover.read("provenance.json")
  local all = text and pandoc.json.decode(text, false) or {}
  return (all.pages or {})[handover and handover.page() or ""] or {}, all.hidden == true
end

function provenance.read(meta)
  say.read(meta)
  given, is_hidden = meta["reviewpress-provenance"], meta["reviewpress-hide-values"] == true
  if not given then
    local found, hidden = handed()
    given, is_hidden = found, is_hidden or hidden
  end
  meta["reviewpress-provenance"], meta["reviewpress-hide-values"] = nil, nil
end

function provenance.hidden()
  return is_hidden
end

local function text_of(value)
  return value and stringify(value) or ""
end

--- The codes of papers, each a link to its entry, with what is said after it.
local function codes(parts)
  local inlines = pandoc.Inlines({})
  for position, part in ipairs(parts) do
    local code = text_of(part.code)
    local address = given.papers and text_of(given.papers[code]) or ""
    inlines:extend(position > 1 and { pandoc.Str(say("list-separator")) } or {})
    inlines:insert(address ~= "" and pandoc.Link({ pandoc.Str(code) }, address) or pandoc.Str(code))
    inlines:insert(pandoc.Str(text_of(part.after)))
  end
  return inlines
end

--- Code, with its lines where it has several; not a block, which would have to be scrolled.
local function shown(code)
  return pandoc.Code(code, code:find("\n") and { class = "lines" } or {})
end

local function definition(fact)
  local code, columns, text = text_of(fact.code), text_of(fact.columns), text_of(fact.text)
  local inlines = pandoc.Inlines(code ~= "" and { shown(code) } or {})
  if code ~= "" and columns .. text ~= "" then
    inlines:insert(pandoc.Str(say("caption-separator")))
  end
  inlines:extend(columns ~= "" and { pandoc.Code(columns), pandoc.Space() } or {})
  inlines:extend(text ~= "" and { pandoc.Str(text) } or {})
  if fact.parts and #fact.parts > 0 then
    local listed = codes(fact.parts)
    if text ~= "" then
      inlines:insert(pandoc.Str(say("caption-separator")))
      inlines:extend(listed)
    else
      inlines = listed
    end
  end
  return { { pandoc.Str(say(text_of(fact.label))) }, { { pandoc.Plain(inlines) } } }
end

--- An entry leads to what it is about: by `target`, what the ids of that begin with.
local function entry(each, target)
  local id = text_of(each.id)
  local head = pandoc.Str(text_of(each.shown))
  local link = target and pandoc.Link({ head }, "#" .. target .. id) or head
  local facts = pandoc.List(each.facts):map(definition)
  local blocks = { pandoc.Plain({ pandoc.Strong({ link }) }), pandoc.DefinitionList(facts) }
  return { pandoc.Div(blocks, { id = "from-" .. id, class = "provenance-entry" }) }
end

local KINDS = { { "values", "value-" }, { "figures", "" }, { "findings", "told-" }, { "claims" } }

local function lists(ids)
  local blocks = pandoc.Blocks({})
  for _, kind in ipairs(KINDS) do
    local name, target = kind[1], kind[2]
    if given[name] and #given[name] > 0 then
      local items = pandoc.List(given[name]):map(function(each)
        return entry(each, target and ids[target .. text_of(each.id)] and target)
      end)
      blocks:insert(pandoc.Para({ pandoc.Strong({ pandoc.Str(say("provenance-" .. name)) }) }))
      blocks:insert(pandoc.BulletList(items))
    end
  end
  return blocks
end

--- Every id of a page: an entry leads only to what is there.
local function ids_of(blocks)
  local found = {}
  local function note(node)
    if node.identifier and node.identifier ~= "" then
      found[node.identifier] = true
    end
  end
  blocks:walk({ Span = note, Div = note, Figure = note, Table = note, Image = note, Header = note, Link = note })
  return found
end

local function add_script()
  if quarto then
    local path = quarto.utils.resolve_path(script)
    quarto.doc.add_html_dependency({ name = "reviewpress-values", scripts = { path } })
  end
end

function provenance.add(doc)
  local blocks = lists(ids_of(doc.blocks))
  if #blocks == 0 then
    return nil
  end
  add_script()
  local words = {}
  for _, name in ipairs({ "show", "ask", "title" }) do
    table.insert(words, { "data-" .. name, say("provenance-" .. name) })
  end
  table.insert(words, { "data-close", say("close") })
  local title = pandoc.Str(say("provenance-title"))
  local link = pandoc.Link({ title }, "#where-from")
  doc.blocks:insert(1, pandoc.Div({ pandoc.Plain({ link }) },
    pandoc.Attr("", { "provenance-open" }, words)))
  doc.blocks:insert(pandoc.RawBlock("html", '<details class="provenance" id="provenance" data-pagefind-ignore><summary>'))
  doc.blocks:insert(pandoc.Plain({ title }))
  doc.blocks:insert(pandoc.RawBlock("html", "</summary>"))
  doc.blocks:insert(pandoc.Div({ pandoc.Para({ pandoc.Str(say("provenance-note")) }) }, { id = "where-from" }))
  doc.blocks:extend(blocks)
  doc.blocks:insert(pandoc.RawBlock("html", "</details>"))
  return doc
end

return provenance
