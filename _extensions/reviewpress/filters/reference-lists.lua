--- Lists of references: those of a page with lists, and what a page cites at its end. No filter
-- itself: `dofile(…("reference-lists.lua"))(known, say)`, `known` being what bibliography.lua returns.
--
--   of(entries)       a list of { key, content } as blocks, in order of their codes
--   folded(entries)   what stands at the end of a page without lists
--   downloads()       links to the included papers as files, on pages
--   spoken(key)       what a screen reader says for a reference: "reference 67, Scobie 2022"

local is_html = FORMAT:match("html") ~= nil
local stringify = pandoc.utils.stringify
local typst = dofile(
  quarto and quarto.utils.resolve_path("typst.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "typst.lua" })
)

--- The number that a place is known by ("4.1" of "4.1 Access"), else all of its name.
local function short_name(label)
  return label:match("^(%d[%d%.]*) ") or label:match("^(%u%.?[%d%.]*) ") or label
end

return function(known, say)
  local lists = {}

  function lists.spoken(key)
    local reference = known.described[key] or {}
    local name = reference.short or reference.label or key
    if not reference.code then
      return name
    end
    return say("reference-code", { code = reference.code, name = name })
  end

  --- Links to the places that cite a reference; in print by their numbers, which fit on a line.
  local function citing_links(key)
    local inlines = pandoc.Inlines({})
    for i, place in ipairs(known.citing[key] or {}) do
      if i > 1 then
        inlines:extend(pandoc.Inlines(is_html and say("list-separator") or ", "))
      end
      local label = is_html and place.label or short_name(place.label)
      inlines:insert(pandoc.Link(pandoc.Inlines(label), place.href))
    end
    return inlines, #(known.citing[key] or {})
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
    local which = pandoc.Span(pandoc.Inlines(say("caption-separator") .. lists.spoken(key)), {
      class = "visually-hidden",
    })
    return pandoc.Div({
      pandoc.RawBlock("html", "<details><summary>"),
      pandoc.Plain({ pandoc.Str(words), which }),
      pandoc.RawBlock("html", "</summary>"),
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
      pandoc.RawBlock("typst", string.format(
        "#reference(%sname: %s, target: <ref-%s>)[",
        code and "code: " .. typst.string(code) .. ", " or "",
        typst.string(lists.spoken(entry.key)),
        entry.key
      )),
    })
    blocks:extend(entry.content:walk({
      Span = function(span)
        if span.classes:includes("doi") then
          return pandoc.RawInline("typst", "#reference-doi(" .. typst.string(stringify(span.content)) .. ")")
        end
      end,
    }))
    local back = cited_in(entry.key)
    if back then
      blocks:insert(pandoc.RawBlock("typst", "#cited-in["))
      blocks:insert(pandoc.Plain(back))
      blocks:insert(pandoc.RawBlock("typst", "]"))
    end
    blocks:insert(pandoc.RawBlock("typst", "]"))
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

  --- In order of their codes; those without one stay in CSL's order after them.
  local function by_code(list)
    local place = {}
    for i, entry in ipairs(list) do
      place[entry] = { tonumber(known.code_of(entry.key)) or math.huge, i }
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

  function lists.of(entries)
    local blocks = pandoc.Blocks({})
    for _, entry in ipairs(by_code(entries)) do
      local code = known.code_of(entry.key)
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

  --- Links to the included papers as files for reference managers.
  function lists.downloads()
    local links = pandoc.List({})
    for _, file in ipairs({ { "ris", "RIS" }, { "bib", "BibTeX" }, { "json", "CSL JSON" } }) do
      local words = pandoc.Inlines(say("download-included", { format = file[2] }))
      local link = pandoc.Link(words, known.files .. "." .. file[1], "", { download = "" })
      links:insert(pandoc.Blocks({ pandoc.Plain({ link }) }))
    end
    return pandoc.Div({ pandoc.BulletList(links) }, {
      class = "list-downloads",
      ["pagefind-ignore"] = "all",
    })
  end

  --- What a page cites, at its end: the pop-ups show it, and it reads without a script.
  function lists.folded(entries)
    local blocks = pandoc.Blocks({})
    for _, entry in ipairs(by_code(entries)) do
      blocks:insert(page_entry(entry, known.code_of(entry.key), false))
    end
    return pandoc.Div({
      pandoc.RawBlock(
        "html",
        "<details><summary>" .. say("page-references", { count = #entries }) .. "</summary>"
      ),
      pandoc.Div(blocks, { class = "references", role = "list" }),
      pandoc.RawBlock("html", "</details>"),
    }, { class = "page-references", ["pagefind-ignore"] = "all" })
  end

  return lists
end
