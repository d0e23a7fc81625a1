--- References: two systems in one document.
--
-- Cites of included papers become superscript codes, each a link to its entry. All others become
-- author-date text by CSL. Both lists, `#refs-included` and `#refs-additional`, are filled here.
--
-- What is known of each reference comes from the metadata (embedded engine) or, under Quarto, from
-- what the pre-render script handed over:
--   reviewpress-references       citekey → { code, group, label, short }
--   references                   the same references as CSL items
--   reviewpress-citing           citekey → list of { href, label }: the places that cite it
--   reviewpress-references-page  address of the page with the lists; absent in one-file formats
-- The embedded engine has CSL set an edition's citations once (a document of nothing but cites, with
-- `reviewpress-set-all`), and gives each page what it needs of that:
--   reviewpress-set              { cites = signature → inlines, entries = list of { key, content } }
-- Without any, every cite is left alone; under Quarto, in a project that only uses the formats,
-- CSL sets them all, with a list at the end of each document.
--
-- Passes: collect the cites, let CSL set those it sets, replace each cite, fill the lists.

local is_html = FORMAT:match("html") ~= nil
local stringify = pandoc.utils.stringify

--- The words of the document's language.
local say

local function read_labels(meta)
  local path = quarto and quarto.utils.resolve_path("labels.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "labels.lua" })
  say = dofile(path).of(meta)
end

--- Prefixes of Quarto's cross-references, which are no citations.
local crossrefs = {
  fig = true, tbl = true, sec = true, eq = true, lst = true, thm = true, lem = true, cor = true,
  prp = true, cnj = true, def = true, exm = true, exr = true, sol = true, rem = true, alg = true,
  nte = true, tip = true, wrn = true, imp = true, cau = true,
}

local known = {} -- citekey → { code, group, label, short }
local items = {} -- CSL items
local item_of = {} -- citekey → CSL item
local citing = {}
local page = nil
local csl = nil
local lang = nil

local rendered = {} -- what a cite says → its inlines by CSL
local entries = { included = {}, additional = {} } -- lists of { key, content } in CSL's order
local cited_here = {} -- citekeys in the order of their first cite on this page
local has_lists = false
local ordinary = false
local given = false -- whether all that CSL sets was given
local set_all_cites = false -- whether the document is the one that asks for it

-- Options --------------------------------------------------------------------------------------

local function plain(value)
  local kind = pandoc.utils.type(value)
  if kind == "Inlines" or kind == "Blocks" then
    return stringify(value)
  elseif type(value) == "table" then
    local copy = {}
    for key, inner in pairs(value) do
      copy[key] = plain(inner)
    end
    return copy
  end
  return value
end

--- Addresses are handed over from the project's root; one file has their fragments alone.
local function from_here(address)
  if is_html then
    return (quarto.project and quarto.project.offset or ".") .. "/" .. address
  end
  return address:match("#.+$") or ""
end

local function read_project(meta)
  local handover = dofile(quarto.utils.resolve_path("handover.lua"))
  local text, set = handover.read("references.json"), handover.read("items.json")
  if not text or not set then
    return false
  end
  local data = pandoc.json.decode(text, false)
  known = data.references or {}
  items = pandoc.read(set, "json").meta.references or {}
  for key, places in pairs(data.citing or {}) do
    for _, place in ipairs(places) do
      place.href = from_here(place.href)
    end
    citing[key] = places
  end
  if is_html and data.page ~= "" then
    page = from_here(data.page)
  end
  meta.bibliography = nil
  return true
end

local function read_metadata(meta)
  known = plain(meta["reviewpress-references"])
  items = meta.references or {}
  citing = plain(meta["reviewpress-citing"]) or {}
  if is_html and meta["reviewpress-references-page"] then
    page = stringify(meta["reviewpress-references-page"])
  end
end

--- The list a reference stands in.
local function list_of(key)
  local reference = known[key]
  return reference and reference.group == "included" and "included" or "additional"
end

--- Take what CSL made of the cites and references before.
local function read_set(meta)
  local set = meta["reviewpress-set"]
  meta["reviewpress-set"] = nil
  set_all_cites = meta["reviewpress-set-all"] == true
  if not set then
    return
  end
  given = true
  for name, inlines in pairs(set.cites) do
    rendered[name] = inlines
  end
  for _, entry in ipairs(set.entries) do
    local key = stringify(entry.key)
    table.insert(entries[list_of(key)], { key = key, content = entry.content })
  end
end

--- The extension's own style, for a review that names none.
local function own_style()
  local path = quarto and quarto.utils.resolve_path("../csl/reviewpress.csl")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "..", "csl", "reviewpress.csl" })
  local handle = io.open(path, "r")
  if handle then
    handle:close()
    return path
  end
end

local function read_options(meta)
  if meta["reviewpress-references"] then
    read_metadata(meta)
  elseif quarto then
    ordinary = not read_project(meta) and meta.bibliography ~= nil
  end
  read_set(meta)
  csl = meta.csl or own_style()
  lang = meta.lang
  for _, item in ipairs(items) do
    item_of[stringify(item.id)] = item
  end
  meta["reviewpress-references"] = nil
  meta["reviewpress-citing"] = nil
  meta.references = nil
  return meta
end

-- Cites ----------------------------------------------------------------------------------------

local function is_crossref(key)
  local prefix = key:match("^(%a+)%-")
  return prefix ~= nil and crossrefs[prefix] == true
end

--- How a key is cited: an included paper without a code is cited by author and date, too.
local function group_of(key)
  local reference = known[key]
  if not reference then
    return is_crossref(key) and "crossref" or "unknown"
  end
  return reference.code and list_of(key) or "additional"
end

--- Split a cite's citations by group.
local function split(cite)
  local parts = { included = {}, additional = {}, unknown = {}, crossref = {} }
  for _, citation in ipairs(cite.citations) do
    table.insert(parts[group_of(citation.id)], citation)
  end
  return parts
end

local function signature(citations)
  local words = {}
  for _, citation in ipairs(citations) do
    table.insert(words, table.concat({
      stringify(citation.prefix), citation.id, citation.mode, stringify(citation.suffix),
    }, "\1"))
  end
  return table.concat(words, "\2")
end

local wanted = {} -- signature → Cite for CSL, in order

local function want(citations)
  local name = signature(citations)
  if not rendered[name] then
    rendered[name] = true
    table.insert(wanted, { name, pandoc.Cite({ pandoc.Str("?") }, citations) })
  end
end

local seen = {}

local function collect_cite(cite)
  for _, citation in ipairs(cite.citations) do
    if known[citation.id] and not seen[citation.id] then
      seen[citation.id] = true
      table.insert(cited_here, citation.id)
    end
  end
  local parts = split(cite)
  if #parts.additional > 0 then
    want(parts.additional)
  end
end

local function collect_list(div)
  if div.identifier == "refs-included" or div.identifier == "refs-additional" then
    has_lists = true
  end
end

-- CSL ------------------------------------------------------------------------------------------

local function address(key)
  return (page or "") .. "#ref-" .. key
end

local function nocite(group)
  local citations = {}
  for key in pairs(item_of) do
    if group_of(key) == group then
      table.insert(citations, pandoc.Citation(key, "NormalCitation"))
    end
  end
  table.sort(citations, function(a, b)
    return a.id < b.id
  end)
  return citations
end

--- Links of a reference's text: the identifier is text, the title carries the link.
local function tidy_entry(div)
  local key = div.identifier:gsub("^ref%-", "")
  local content = div:walk({ Div = function(inner) return inner.content end }).content
  local item = item_of[key]
  local doi = item and item.DOI and stringify(item.DOI)
  if doi and doi ~= "" and content[#content] and content[#content].content then
    content[#content].content:extend({
      pandoc.Space(),
      pandoc.Span({ pandoc.Str("doi:" .. doi) }, { class = "doi" }),
    })
  end
  return { key = key, content = content }
end

--- Let CSL set one group: every reference of it counts, so that 2021a is 2021a on every page.
local function set_group(group, cites)
  local citations = nocite(group)
  if #citations == 0 then
    return {}
  end
  local blocks = pandoc.Blocks({})
  for _, cite in ipairs(cites) do
    blocks:insert(pandoc.Para({ cite[2] }))
  end
  blocks:insert(pandoc.Div({}, { id = "refs" }))
  local document = pandoc.Pandoc(blocks, {
    references = items,
    csl = csl,
    lang = lang,
    nocite = pandoc.MetaInlines({ pandoc.Cite({}, citations) }),
    ["link-citations"] = true,
    ["link-bibliography"] = true,
  })
  local set = pandoc.utils.citeproc(document).blocks
  for _, div in ipairs(set[#set].content) do
    local entry = tidy_entry(div)
    table.insert(entries[list_of(entry.key)], entry)
  end
  return set
end

local function redirect(link)
  local key = link.target:match("^#ref%-(.+)$")
  if key then
    link.target = address(key)
    if is_html then
      link.attributes.role = "doc-biblioref"
      link.classes:insert("reference-link")
    end
    return link
  end
end

--- A style parts citations by a semicolon; languages differ in what stands before it.
local function space_semicolon(word)
  local before = say("list-separator"):match("^(.-);")
  if before and before ~= "" then
    word.text = word.text:gsub("([%w%)])%;$", "%1" .. before .. ";"):gsub("^;$", before .. ";")
    return word
  end
end

local function keep_set(set)
  for i, want_of in ipairs(wanted) do
    local cite = set[i] and set[i].content and set[i].content[1]
    if cite and cite.content then
      rendered[want_of[1]] = cite:walk({ Link = redirect, Str = space_semicolon }).content
    end
  end
end

-- Superscript codes ----------------------------------------------------------------------------

local function code_link(citation)
  local reference = known[citation.id]
  local link = pandoc.Link({ pandoc.Str(tostring(reference.code)) }, address(citation.id))
  if is_html then
    link.classes:insert("code")
    link.attributes.role = "doc-biblioref"
    link.attributes["aria-label"] = say("reference-code", {
      code = reference.code,
      name = reference.short or reference.label or citation.id,
    })
  end
  return link
end

local function append_words(inlines, words)
  inlines:extend(pandoc.Inlines(words))
end

--- `⁶⁷,¹⁸`: the codes as written; words before or after a key stay with it.
local function codes(citations)
  local content = pandoc.Inlines({})
  for i, citation in ipairs(citations) do
    if i > 1 then
      content:insert(pandoc.Str(","))
    end
    if #citation.prefix > 0 then
      append_words(content, citation.prefix)
      content:insert(pandoc.Space())
    end
    content:insert(code_link(citation))
    if #citation.suffix > 0 then
      append_words(content, citation.suffix)
    end
  end
  return pandoc.Superscript(content)
end

local function narrative(citation)
  local reference = known[citation.id]
  local words = pandoc.Inlines(reference.label or citation.id)
  words:insert(codes({
    pandoc.Citation(citation.id, "NormalCitation", {}, citation.suffix),
  }))
  return words
end

local function unresolved(citations)
  local inlines = pandoc.Inlines({})
  for _, citation in ipairs(citations) do
    inlines:insert(pandoc.Space())
    inlines:insert(pandoc.Span(
      { pandoc.Strong({ pandoc.Str("@" .. citation.id .. "?") }) },
      { class = "unresolved", key = citation.id }
    ))
  end
  inlines:remove(1)
  return inlines
end

-- Replace --------------------------------------------------------------------------------------

--- What stands for a cite, and whether it closes up to the word before it.
local function resolve_cite(cite)
  local parts = split(cite)
  if #parts.crossref > 0 then
    return nil
  end
  local inlines = pandoc.Inlines({})
  if #parts.unknown > 0 then
    inlines:extend(unresolved(parts.unknown))
  end
  if #parts.additional > 0 then
    local text = rendered[signature(parts.additional)]
    if #inlines > 0 then
      inlines:insert(pandoc.Space())
    end
    inlines:extend(type(text) == "table" and text or unresolved(parts.additional))
  end
  local closes_up = #inlines == 0
  if #parts.included > 0 then
    local first = parts.included[1]
    if first.mode == "AuthorInText" then
      closes_up = false
      for _, citation in ipairs(parts.included) do
        if citation.mode == "AuthorInText" then
          inlines:extend(narrative(citation))
        else
          inlines:insert(codes({ citation }))
        end
      end
    else
      inlines:insert(codes(parts.included))
    end
  end
  return inlines, closes_up
end

local function ends_in_space(inlines)
  local last = inlines[#inlines]
  return last and (last.t == "Space" or last.t == "SoftBreak")
end

--- Whether a cite is among inlines. Looking is quicker by far than copying them one by one.
local function has_cite(inlines)
  for i = 1, #inlines do
    if inlines[i].tag == "Cite" then
      return true
    end
  end
  return false
end

local function resolve_cites(inlines)
  if not has_cite(inlines) then
    return nil
  end
  local out, changed = pandoc.Inlines({}), false
  for _, inline in ipairs(inlines) do
    local replacement, closes_up
    if inline.t == "Cite" then
      replacement, closes_up = resolve_cite(inline)
    end
    if replacement then
      changed = true
      while closes_up and ends_in_space(out) do
        out:remove()
      end
      out:extend(replacement)
    else
      out:insert(inline)
    end
  end
  if changed then
    return out
  end
end

local function is_blank(inline)
  return inline.t == "Space" or inline.t == "SoftBreak" or inline.t == "LineBreak"
end

local function next_word(inlines, at, step)
  repeat
    at = at + step
  until not inlines[at] or not is_blank(inlines[at])
  return inlines[at]
end

--- Whether a cite supports no statement: it stands alone, or after a label and before a mark.
local function is_level(inlines, at)
  local before, after = next_word(inlines, at, -1), next_word(inlines, at, 1)
  local begins = not before or before.t == "Cite" or (before.t == "Str" and before.text:match("[:;,]$"))
  local ends = not after or after.t == "Cite" or (after.t == "Str" and after.text:match("^[;,]"))
  return begins and ends and #split(inlines[at]).included == #inlines[at].citations
end

--- In a table, codes that stand alone or after a label ("against: 36") are a list of numbers, not
-- superscripts of nothing.
local function level_codes(inlines)
  local list = pandoc.Inlines({})
  for i, inline in ipairs(inlines) do
    if inline.t == "Cite" then
      if not is_level(inlines, i) then
        return nil
      end
      local follows = next_word(inlines, i, -1)
      for j, citation in ipairs(inline.citations) do
        if j > 1 or (follows and follows.t == "Cite") then
          list:extend({ pandoc.Str(","), pandoc.Space() })
        end
        list:insert(code_link(citation))
      end
    else
      local after = next_word(inlines, i, 1)
      local between = list[#list] and list[#list].t == "Link" and after and after.t == "Cite"
      if not (is_blank(inline) and (between or not after)) then
        list:insert(inline)
      end
    end
  end
  return list
end

local function level_block(block)
  local list = has_cite(block.content) and level_codes(block.content)
  if list then
    block.content = list
    return block
  end
end

--- Walking visits the text of cells without taking rows and cells apart, which is slow.
local function resolve_table(tbl)
  return tbl:walk({ Plain = level_block, Para = level_block })
end

-- Lists ----------------------------------------------------------------------------------------

--- The number that a place is known by ("4.1" of "4.1 Access"), else all of its name.
local function short_name(label)
  return label:match("^(%d[%d%.]*) ") or label:match("^(%u%.?[%d%.]*) ") or label
end

--- Links to the places that cite a reference; in print by their numbers, which fit on a line.
local function citing_links(key)
  local inlines = pandoc.Inlines({})
  for i, place in ipairs(citing[key] or {}) do
    if i > 1 then
      inlines:extend(pandoc.Inlines(is_html and say("list-separator") or ", "))
    end
    local label = is_html and place.label or short_name(place.label)
    inlines:insert(pandoc.Link(pandoc.Inlines(label), place.href))
  end
  return inlines, #(citing[key] or {})
end

local function cited_in(key)
  local links, count = citing_links(key)
  if count == 0 then
    return nil
  end
  local words = pandoc.Inlines(say("cited-in"))
  words:insert(pandoc.Space())
  return words .. links
end

--- On a page, the places fold away: some references are cited in thirty.
local function page_cited_in(key)
  local links, count = citing_links(key)
  if count == 0 then
    return nil
  end
  local words = say.count("cited-in-places", count)
  return pandoc.Div({
    pandoc.RawBlock("html", "<details><summary>" .. words .. "</summary>"),
    pandoc.Para(links),
    pandoc.RawBlock("html", "</details>"),
  }, { class = "cited-in", ["pagefind-ignore"] = "all" })
end

local function page_entry(entry, code, id)
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
  if id then
    local back = page_cited_in(entry.key)
    if back then
      text:insert(back)
    end
  else
    table.insert(attributes, { "ref", "ref-" .. entry.key })
  end
  blocks:insert(pandoc.Div(text, { class = "reference-text" }))
  local identifier = id and "ref-" .. entry.key or ""
  return pandoc.Div(blocks, pandoc.Attr(identifier, { "reference" }, attributes))
end

local function typst_entry(entry, code)
  local blocks = pandoc.Blocks({
    pandoc.RawBlock("typst", code and '#reference(code: "' .. code .. '")[' or "#reference()["),
  })
  blocks:extend(entry.content:walk({
    Span = function(span)
      if span.classes:includes("doi") then
        local text = stringify(span.content):gsub('[\\"]', "\\%0")
        return pandoc.RawInline("typst", '#reference-doi("' .. text .. '")')
      end
    end,
  }))
  local back = cited_in(entry.key)
  if back then
    blocks:insert(pandoc.RawBlock("typst", "#cited-in["))
    blocks:insert(pandoc.Plain(back))
    blocks:insert(pandoc.RawBlock("typst", "]"))
  end
  blocks:insert(pandoc.RawBlock("typst", "] <ref-" .. entry.key .. ">"))
  return blocks
end

local function word_entry(entry, code)
  local content = entry.content:clone()
  local first = content[1]
  if code and first and first.content then
    first.content:insert(1, pandoc.Str(code .. ".\t"))
    content[1] = first
  end
  local blocks = pandoc.Blocks({ pandoc.Div(content, {
    id = "ref-" .. entry.key,
    ["custom-style"] = code and "Reference Numbered" or "Reference",
  }) })
  local back = cited_in(entry.key)
  if back then
    blocks:insert(pandoc.Div({ pandoc.Para(back) }, { ["custom-style"] = "Cited In" }))
  end
  return blocks
end

local function code_of(entry)
  local reference = known[entry.key]
  return reference and reference.code and tostring(reference.code) or nil
end

--- In order of their codes; those without one stay in CSL's order after them.
local function by_code(list)
  local place = {}
  for i, entry in ipairs(list) do
    place[entry] = { tonumber(code_of(entry)) or math.huge, i }
  end
  table.sort(list, function(a, b)
    local left, right = place[a], place[b]
    if left[1] ~= right[1] then
      return left[1] < right[1]
    end
    return left[2] < right[2]
  end)
  return list
end

local function list_blocks(list)
  local blocks = pandoc.Blocks({})
  for _, entry in ipairs(list) do
    local code = code_of(entry)
    if is_html then
      blocks:insert(page_entry(entry, code, true))
    elseif FORMAT == "typst" then
      blocks:extend(typst_entry(entry, code))
    else
      blocks:extend(word_entry(entry, code))
    end
  end
  return blocks
end

local function fill_list(div)
  local group = div.identifier:match("^refs%-(%a+)$")
  if not group or not entries[group] then
    return nil
  end
  local list = entries[group]
  if div.classes:includes("cited-only") then
    list = pandoc.List(list):filter(function(entry)
      return citing[entry.key] ~= nil
    end)
  end
  div.content = list_blocks(by_code(list))
  div.classes:insert("references")
  if is_html then
    div.attributes.role = "list"
  end
  return div
end

--- What a page cites, at its end: the pop-ups show it, and it reads without a script.
local function page_references()
  local by_key = {}
  for _, group in pairs(entries) do
    for _, entry in ipairs(group) do
      by_key[entry.key] = entry
    end
  end
  local list = {}
  for _, key in ipairs(cited_here) do
    if by_key[key] then
      table.insert(list, by_key[key])
    end
  end
  list = by_code(list)
  local blocks = pandoc.Blocks({})
  for _, entry in ipairs(list) do
    blocks:insert(page_entry(entry, code_of(entry), false))
  end
  return pandoc.Div({
    pandoc.RawBlock(
      "html",
      "<details><summary>" .. say("page-references", { count = #list }) .. "</summary>"
    ),
    pandoc.Div(blocks, { class = "references", role = "list" }),
    pandoc.RawBlock("html", "</details>"),
  }, { class = "page-references", ["pagefind-ignore"] = "all" })
end

local function needs_page_references()
  return is_html and page ~= nil and page ~= "" and not has_lists and #cited_here > 0
end

--- Cross-references are no citations: hide them from CSL.
local function set_all(document)
  local kept = {}
  document = document:walk({
    Cite = function(cite)
      if cite.citations[1] and is_crossref(cite.citations[1].id) then
        table.insert(kept, cite)
        return pandoc.Span({}, { class = "crossref-kept", number = tostring(#kept) })
      end
    end,
  })
  document.meta.csl = csl
  -- Text, not cites: Typst would set those again.
  document = pandoc.utils.citeproc(document):walk({
    Cite = function(cite)
      return cite.content
    end,
  })
  return document:walk({
    Span = function(span)
      if span.classes:includes("crossref-kept") then
        return kept[tonumber(span.attributes.number)]
      end
    end,
  })
end

--- Let CSL set what this document cites.
local function set_own()
  local lists = has_lists or needs_page_references()
  if lists or #wanted > 0 then
    keep_set(set_group("additional", wanted))
  end
  if lists then
    set_group("included", {})
  end
end

local function redirect_given()
  for name, inlines in pairs(rendered) do
    if type(inlines) ~= "boolean" then
      rendered[name] = inlines:walk({ Link = redirect, Str = space_semicolon })
    end
  end
end

--- Set every cite of the document, a paragraph each, and every reference: what `read_set` reads.
local function set_everything(document)
  local names = {}
  for i, block in ipairs(document.blocks) do
    local additional = split(block.content[1]).additional
    if #additional > 0 then
      names[i] = signature(additional)
      want(additional)
    end
  end
  local set = set_group("additional", wanted)
  set_group("included", {})
  local said = {}
  for i, want_of in ipairs(wanted) do
    said[want_of[1]] = set[i].content[1].content
  end
  local blocks = pandoc.Blocks({})
  for i in ipairs(document.blocks) do
    local name = names[i]
    blocks:insert(pandoc.Div({ pandoc.Plain(name and said[name] or {}) }, {
      signature = name,
    }))
  end
  for _, group in ipairs({ "additional", "included" }) do
    for _, entry in ipairs(entries[group]) do
      blocks:insert(pandoc.Div(entry.content, { key = entry.key }))
    end
  end
  return pandoc.Pandoc(blocks)
end

local function resolve(document)
  if ordinary then
    return set_all(document)
  end
  if set_all_cites then
    return set_everything(document)
  end
  if next(known) == nil then
    return nil
  end
  document:walk({ Cite = collect_cite, Div = collect_list })
  if given then
    redirect_given()
  else
    set_own()
  end
  document = document:walk({ Table = resolve_table }):walk({ Inlines = resolve_cites })
  if has_lists then
    document = document:walk({ Div = fill_list })
  elseif needs_page_references() then
    document.blocks:insert(page_references())
  end
  return document
end

return { { Meta = read_labels }, { Meta = read_options }, { Pandoc = resolve } }
