--- Lists of references: those of a page with lists, and what a page cites at its end. No filter
-- itself: `require("./reference-lists")(known, say)`, `known` being what bibliography.lua returns.
--
--   of(entries)       a list of { key, content } as blocks, in order of their codes
--   folded(entries)   what stands at the end of a page without lists
--   downloads()       links to the included papers as files, on pages
--   spoken(key)       what a screen reader says for a reference: "reference 67, Scobie 2022"

local format = require("./format")
local stringify = pandoc.utils.stringify

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
  function lists.citing_links(key)
    local inlines = pandoc.Inlines({})
    for i, place in ipairs(known.citing[key] or {}) do
      if i > 1 then
        inlines:extend(pandoc.Inlines(format.is_pages and say("list-separator") or ", "))
      end
      local label = format.is_pages and place.label or short_name(place.label)
      inlines:insert(pandoc.Link(pandoc.Inlines(label), place.href))
    end
    return inlines, #(known.citing[key] or {})
  end

  function lists.cited_in(key)
    local links, count = lists.citing_links(key)
    if count == 0 then
      return nil
    end
    local words = pandoc.Inlines(say("cited-in"))
    words:insert(pandoc.Space())
    return words .. links
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
      blocks:extend(pandoc.Blocks(format.entry and format.entry(entry, code, lists) or entry.content))
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
      blocks:insert(format.entry(entry, known.code_of(entry.key), lists, true))
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
