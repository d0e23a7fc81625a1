--- What CSL makes of cites and references. No filter itself: `require("./csl")(known, say)`,
-- `known` being what bibliography.lua returns.
--
--   want(citations)           ask for what these say
--   set(has_lists)            let CSL set what was asked for, and the lists if there are any
--   take()                    take what CSL made before in place of that
--   said(citations)           what they say, nil where that is not known
--   entries                   list → its entries { key, content } in CSL's order
--   set_document(document)    let CSL set every cite of a document where it stands
--   answer_all(document)      every cite and entry of a document of cites, a Div each

local format = require("./format")
local stringify = pandoc.utils.stringify
local items = quarto and require("../quarto/bookitems")

local function signature(citations)
  local words = {}
  for _, citation in ipairs(citations) do
    table.insert(words, table.concat({
      stringify(citation.prefix), citation.id, citation.mode, stringify(citation.suffix),
    }, "\1"))
  end
  return table.concat(words, "\2")
end

return function(known, say)
  local csl = { entries = { included = {}, additional = {} } }
  local rendered = {} -- signature → its inlines by CSL, true where they are asked for
  local wanted = {} -- list of { signature, Cite for CSL }
  local item_of = {} -- citekey → CSL item
  for _, item in ipairs(known.items) do
    item_of[stringify(item.id)] = item
  end

  local function keep_entry(key, content)
    table.insert(csl.entries[known.list_of(key)], { key = key, content = content })
  end

  -- What is kept of CSL's answer ---------------------------------------------------------------

  local function redirect(link)
    local key = link.target:match("^#ref%-(.+)$")
    if key then
      link.target = known.address(key)
      if format.is_pages then
        link.attributes.role = "doc-biblioref"
        link.classes:insert("reference-link")
      end
      if known.rightward then
        -- Else the end of one citation and the beginning of the next are one stretch from the left.
        link.content:insert(1, pandoc.Str("\u{2068}"))
        link.content:insert(pandoc.Str("\u{2069}"))
      end
      return link
    end
  end

  --- A style parts citations by a semicolon; languages differ in what stands before it.
  local function space_semicolon(word)
    local before = say("list-separator"):match("^(.-);")
    if before and before ~= "" then
      word.text = word.text:gsub("([%w%)]);%f[%s\0]", "%1" .. before .. ";"):gsub("^;$", before .. ";")
      return word
    end
  end

  local function keep_cite(name, inlines)
    rendered[name] = inlines:walk({ Link = redirect, Str = space_semicolon })
  end

  --- An entry may have a DOI or an address that is empty: no PDF can hold a link to nothing.
  local function leads_somewhere(target)
    local bare = target:gsub("^https?://[%w.]*doi%.org/", "")
    return bare:find("%S") ~= nil
  end

  --- Links of a reference's text: the identifier is text, the title carries the link.
  local function keep_set_entry(div)
    local key = div.identifier:gsub("^ref%-", "")
    local content = div:walk({
      Div = function(inner) return inner.content end,
      Link = function(link) return not leads_somewhere(link.target) and link.content or nil end,
    }).content
    local item = item_of[key]
    local doi = item and item.DOI and stringify(item.DOI)
    if doi and leads_somewhere(doi) and content[#content] and content[#content].content then
      content[#content].content:extend({
        pandoc.Space(),
        pandoc.Span({ pandoc.Str("doi:" .. doi) }, { class = "doi" }),
      })
    end
    keep_entry(key, content)
  end

  -- Asking CSL ---------------------------------------------------------------------------------

  local function nocite(group)
    local citations = {}
    for key in pairs(item_of) do
      if known.group_of(key) == group then
        table.insert(citations, pandoc.Citation(key, "NormalCitation"))
      end
    end
    table.sort(citations, function(a, b)
      return a.id < b.id
    end)
    return citations
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
      references = known.items,
      csl = known.csl,
      lang = known.lang,
      nocite = pandoc.MetaInlines({ pandoc.Cite({}, citations) }),
      ["link-citations"] = true,
      ["link-bibliography"] = true,
    })
    local set = pandoc.utils.citeproc(document).blocks
    for _, div in ipairs(set[#set].content) do
      keep_set_entry(div)
    end
    return set
  end

  function csl.want(citations)
    local name = signature(citations)
    if not rendered[name] then
      rendered[name] = true
      table.insert(wanted, { name, pandoc.Cite({ pandoc.Str("?") }, citations) })
    end
  end

  function csl.set(has_lists)
    if has_lists or #wanted > 0 then
      local set = set_group("additional", wanted)
      for i, want in ipairs(wanted) do
        local cite = set[i] and set[i].content and set[i].content[1]
        if cite and cite.content then
          keep_cite(want[1], cite.content)
        end
      end
    end
    if has_lists then
      set_group("included", {})
    end
  end

  function csl.take()
    for name, inlines in pairs(known.set.cites) do
      keep_cite(name, inlines)
    end
    for _, entry in ipairs(known.set.entries) do
      keep_entry(stringify(entry.key), entry.content)
    end
  end

  function csl.said(citations)
    local inlines = rendered[signature(citations)]
    return inlines ~= true and inlines or nil
  end

  -- Whole documents ----------------------------------------------------------------------------

  --- Cross-references are no citations: they are hidden from CSL.
  local function hide_crossrefs(document, kept)
    return document:walk({
      Cite = function(cite)
        if cite.citations[1] and known.is_crossref(cite.citations[1].id) then
          table.insert(kept, cite)
          return pandoc.Span({}, { class = "crossref-kept", number = tostring(#kept) })
        end
      end,
    })
  end

  local function show_crossrefs(document, kept)
    return document:walk({
      Span = function(span)
        if span.classes:includes("crossref-kept") then
          return kept[tonumber(span.attributes.number)]
        end
      end,
    })
  end

  --- Quarto would let Typst set cites and bibliography once more: it is given text and no file.
  local function settle_typst(document)
    document.meta.csl, document.meta.bibliography = nil, nil
    return document:walk({
      Cite = function(cite)
        return cite.content
      end,
    })
  end

  --- The level of a section of the document. On pages the title has the first.
  local function section_level(document)
    local level = 7
    document:walk({
      Header = function(header)
        level = math.min(level, header.level)
      end,
    })
    return format.is_pages and 2 or level < 7 and level or 1
  end

  --- Give the list that CSL put at the end its heading. In a book that is one file it stands before
  -- the appendices, since it is none of them.
  local function place_list(document, title)
    local list = document.blocks[#document.blocks]
    if not list or list.t ~= "Div" or list.identifier ~= "refs" then
      return
    end
    local words = title and stringify(title) or say("section-title-references")
    -- A page whose book has a chapter of references hides the list: its heading is not listed.
    local classes = format.is_pages and "unnumbered unlisted" or "unnumbered"
    document.blocks:remove()
    local at = #document.blocks + 1
    for i, block in ipairs(document.blocks) do
      if items.is_part(block) and items.begins_appendices(block) then
        at = i
      end
    end
    document.blocks:insert(at, list)
    local attr = { id = "references", class = classes }
    document.blocks:insert(at, pandoc.Header(section_level(document), words, attr))
  end

  local function has_list_of_its_own(document)
    local found = false
    document:walk({
      Div = function(div)
        found = found or div.identifier == "refs"
      end,
    })
    return found
  end

  function csl.set_document(document)
    local kept = {}
    document = hide_crossrefs(document, kept)
    local own = has_list_of_its_own(document)
    document.meta.csl = known.csl
    if document.meta["link-citations"] == nil then
      document.meta["link-citations"] = true
    end
    local title = document.meta["reference-section-title"]
    document.meta["reference-section-title"] = nil
    document = pandoc.utils.citeproc(document)
    if not own then
      place_list(document, title)
    end
    return show_crossrefs(format.sets_cites and settle_typst(document) or document, kept)
  end

  --- Set every cite of the document, a paragraph each, and every reference: a later `set`.
  function csl.answer_all(document)
    local names = {}
    for i, block in ipairs(document.blocks) do
      local citations = block.content[1].citations:filter(function(citation)
        return known.group_of(citation.id) == "additional"
      end)
      if #citations > 0 then
        names[i] = signature(citations)
        csl.want(citations)
      end
    end
    local set = set_group("additional", wanted)
    set_group("included", {})
    local said = {}
    for i, want in ipairs(wanted) do
      said[want[1]] = set[i].content[1].content
    end
    local blocks = pandoc.Blocks({})
    for i in ipairs(document.blocks) do
      local name = names[i]
      blocks:insert(pandoc.Div({ pandoc.Plain(name and said[name] or {}) }, {
        signature = name,
      }))
    end
    for _, list in ipairs({ "additional", "included" }) do
      for _, entry in ipairs(csl.entries[list]) do
        blocks:insert(pandoc.Div(entry.content, { key = entry.key }))
      end
    end
    return pandoc.Pandoc(blocks)
  end

  return csl
end
