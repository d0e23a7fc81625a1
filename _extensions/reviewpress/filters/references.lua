--- References: two systems in one document.
--
-- Cites of included papers become superscript codes, each a link to its entry. All others become
-- author-date text by CSL. Both lists, `#refs-included` and `#refs-additional`, are filled here.
-- What is known of each reference, and from where, is told in bibliography.lua. Without any, every
-- cite is left alone; under Quarto, in a project that only uses the formats, CSL sets them all,
-- with a list at the end of each document.
--
-- Passes: collect the cites, let CSL set those it sets, replace each cite, fill the lists.

local format = require("./format")
local say = require("./labels")
local stringify = pandoc.utils.stringify

local files = require("./files")

local known -- what bibliography.lua returns
local csl -- what csl.lua returns
local lists -- what reference-lists.lua returns

local cited_here = {} -- citekeys in the order of their first cite on this page
local has_lists = false
local is_welsh = false

local VOWELS = "aeiouwyàâáäèêéëìîíïòôóöùûúüŵẁẃẅŷỳýÿ"

local function read_options(meta)
  is_welsh = meta.lang ~= nil and stringify(meta.lang):match("^cy") ~= nil
  say.read(meta)
  known = require("./bibliography")(files, meta)
  known.rightward = meta.dir ~= nil and stringify(meta.dir) == "rtl"
  csl = require("./csl")(known, say)
  lists = require("./reference-lists")(known, say)
  return meta
end

-- Collect --------------------------------------------------------------------------------------

--- Split a cite's citations by group.
local function split(cite)
  local parts = { included = {}, additional = {}, unknown = {}, crossref = {} }
  for _, citation in ipairs(cite.citations) do
    table.insert(parts[known.group_of(citation.id)], citation)
  end
  return parts
end

--- A work may be cited by a key that it had before: biblatex's `ids`.
local function rename_cite(cite)
  local changed = false
  for _, citation in ipairs(cite.citations) do
    local key = known.aliases[citation.id]
    if key then
      citation.id, changed = key, true
    end
  end
  return changed and cite or nil
end

local seen = {}

local function collect_cite(cite)
  for _, citation in ipairs(cite.citations) do
    if known.described[citation.id] and not seen[citation.id] then
      seen[citation.id] = true
      table.insert(cited_here, citation.id)
    end
  end
  local parts = split(cite)
  if #parts.additional > 0 then
    csl.want(parts.additional)
  end
end

local function collect_list(div)
  local is_ours = div.identifier == "refs" and known.here
  if div.identifier:match("^refs%-%a+$") or div.attributes.groups or is_ours then
    has_lists = true
  end
end

--- Under Quarto a heading goes with the list below it that is empty; the embedded engine has done so
-- before it numbered headings.
local function drop_empty_lists(blocks)
  local dropping = false
  return blocks:filter(function(block)
    if block.t == "Header" then
      dropping = known.dropped[block.identifier]
      return not dropping
    end
    return not (dropping and block.t == "Div" and block.identifier:match("^refs"))
  end)
end

-- Superscript codes ----------------------------------------------------------------------------

local function code_link(citation)
  local reference = known.described[citation.id]
  local link = pandoc.Link({ pandoc.Str(tostring(reference.code)) }, known.address(citation.id))
  if format.is_pages then
    link.classes:insert("code")
    link.attributes.role = "doc-biblioref"
    link.attributes["aria-label"] = lists.spoken(citation.id)
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
  local reference = known.described[citation.id]
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
    if #inlines > 0 then
      inlines:insert(pandoc.Space())
    end
    inlines:extend(csl.said(parts.additional) or unresolved(parts.additional))
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

local function holds_cites(element)
  local found = false
  element:walk({
    Cite = function()
      found = true
    end,
  })
  return found
end

--- Walking visits the text of cells without taking rows and cells apart, which is slow. So is looking
-- at every text: of a table without cites, and of one whose cites are all lists, none is.
local function resolve_table(tbl)
  if not holds_cites(tbl) then
    return nil, false
  end
  local levelled = tbl:walk({ Plain = level_block, Para = level_block })
  return holds_cites(levelled) and levelled:walk({ Inlines = resolve_cites }) or levelled, false
end

-- Lists ----------------------------------------------------------------------------------------

--- The entries of the groups that a place lists: `#refs` says which in an attribute; under Quarto it
-- is known from what was handed over.
local function entries_of(div)
  local ours = div.identifier == "refs" and (div.attributes.groups or known.here)
  local named = div.identifier:match("^refs%-(%a+)$") or ours
  local list = pandoc.List({})
  for group in (named or ""):gmatch("%a+") do
    list:extend(csl.entries[group] or {})
  end
  div.attributes.groups = nil
  return named and list, named
end

--- What an author wrote into a place stays, before its list.
local function fill_list(div)
  local list, group = entries_of(div)
  if not list then
    return nil
  end
  if div.classes:includes("cited-only") then
    list = pandoc.List(list):filter(function(entry)
      return known.citing[entry.key] ~= nil
    end)
  end
  local before = div.content
  div.content = lists.of(list)
  div.classes:insert("references")
  -- Pandoc says it of Quarto's place itself.
  if format.is_pages and div.identifier ~= "refs" then
    div.attributes.role = "list"
  end
  if group:match("included") and known.files and #list > 0 then
    before:insert(lists.downloads())
  end
  before:insert(div)
  return before
end

--- Quarto keeps a hidden division of its own at the end of a document, and looks for it among all
-- blocks, after each of its passes, once it is not the last: that doubled the time of a page.
local function append(blocks, block)
  local last = blocks[#blocks]
  local is_quartos = quarto and last and last.t == "Div" and last.classes:includes("hidden")
  blocks:insert(is_quartos and #blocks or #blocks + 1, block)
end

--- Without any place of their own, references stand at the end. The embedded engine has put the
-- places there before its filters run.
local function add_lists(document)
  append(document.blocks, pandoc.Header(
    2,
    pandoc.Inlines(say("section-title-references")),
    { id = "references-cited", class = "unnumbered" }
  ))
  for _, group in ipairs(known.after) do
    append(document.blocks, pandoc.Div({}, { id = "refs-" .. group }))
  end
end

local function needs_page_references()
  return format.has_site and known.page ~= nil and known.page ~= "" and not has_lists and #cited_here > 0
end

--- The entries of what this page cites.
local function entries_here()
  local by_key = {}
  for _, entries in pairs(csl.entries) do
    for _, entry in ipairs(entries) do
      by_key[entry.key] = entry
    end
  end
  local found = {}
  for _, key in ipairs(cited_here) do
    if by_key[key] then
      table.insert(found, by_key[key])
    end
  end
  return found
end

--- The form of the Welsh "and", which CSL writes as "a/ac", before a word: "ac" before vowels.
local function welsh_and(word)
  local first = pandoc.text.sub(pandoc.text.lower(word), 1, 1)
  return first ~= "" and VOWELS:find(first, 1, true) and "ac" or "a"
end

--- Names may be joined in one text, or be inlines of their own.
local function join_names(inlines)
  for at, inline in ipairs(inlines) do
    if inline.t == "Str" and inline.text:match("a/ac$") then
      local after = inlines[at + 2]
      inline.text = inline.text:gsub("a/ac$", welsh_and(after and stringify(after) or ""))
    end
    if inline.t == "Str" then
      inline.text = inline.text:gsub("%f[%w]a/ac (" .. utf8.charpattern .. ")", function(first)
        return welsh_and(first) .. " " .. first
      end)
    end
  end
  return inlines
end

local function resolve(document)
  if known.is_ordinary then
    return csl.set_document(document)
  end
  if known.sets_all then
    return csl.answer_all(document)
  end
  if next(known.described) == nil then
    return nil
  end
  if next(known.aliases) then
    document = document:walk({ Cite = rename_cite })
  end
  if known.after and #known.after > 0 then
    add_lists(document)
  end
  if next(known.dropped) then
    document = document:walk({ Blocks = drop_empty_lists })
  end
  document:walk({ Div = collect_list })
  -- In one file whose cites are set already, nothing depends on which there are.
  if format.is_pages or not known.set then
    document:walk({ Cite = collect_cite })
  end
  if known.set then
    csl.take()
  else
    csl.set(has_lists or needs_page_references())
  end
  document = document:walk({
    traverse = "topdown",
    Table = resolve_table,
    Inlines = resolve_cites,
  })
  if has_lists then
    document = document:walk({ Div = fill_list })
  elseif needs_page_references() then
    append(document.blocks, lists.folded(entries_here()))
  end
  return is_welsh and document:walk({ Inlines = join_names }) or document
end

return { { Meta = read_options }, { Pandoc = resolve } }
