--- What is known of a document's references. No filter itself:
-- `require("./bibliography")(files, meta)`.
--
-- It comes from the metadata (embedded engine) or, under Quarto, from what the pre-render script
-- handed over, and is taken off the metadata:
--   reviewpress-references       citekey → { code, group, label, short }
--   references                   the same references as CSL items
--   reviewpress-citing           citekey → list of { href, label }: the places that cite it
--   reviewpress-references-page  address of the page with the lists; absent in one-file formats
--   reviewpress-included-files   address of the included papers' files, without their endings
-- The embedded engine has CSL set an edition's citations once (a document of nothing but cites, with
-- `reviewpress-set-all`), and gives each page what it needs of that:
--   reviewpress-set              { cites = signature → inlines, entries = list of { key, content } }
--
--   described, items, citing, page, files   the five above
--   here                             the groups that `#refs` lists, under Quarto
--   after                            the groups that are listed at the end of this document, likewise
--   dropped                          the ids of headings of lists that are empty, likewise
--   aliases                          another key → the key of what it cites, under Quarto
--   csl, lang                        style and language
--   set                              what CSL made before, nil where it has to be asked
--   sets_all                         whether the document is the one that asks for it
--   is_ordinary                      whether this is a project that only uses Quarto's formats
--   group_of(key), list_of(key), code_of(key), address(key)

local format = require("./format")
local stringify = pandoc.utils.stringify

--- Prefixes of Quarto's cross-references, which are no citations.
local crossrefs = {
  fig = true, tbl = true, sec = true, eq = true, lst = true, thm = true, lem = true, cor = true,
  prp = true, cnj = true, def = true, exm = true, exr = true, sol = true, rem = true, alg = true,
  nte = true, tip = true, wrn = true, imp = true, cau = true,
}

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
  if format.is_pages then
    return (quarto.project and quarto.project.offset or ".") .. "/" .. address
  end
  return address:match("#.+$") or ""
end

local function read_project(found, files, meta)
  local handover = require("../quarto/handover")
  local text, set = handover.read("references.json"), handover.read("items.json")
  if not text or not set then
    return false
  end
  local data = pandoc.json.decode(text, false)
  found.described = data.references or {}
  found.aliases = data.aliases or {}
  found.items = pandoc.read(set, "json").meta.references or {}
  for key, places in pairs(data.citing or {}) do
    for _, place in ipairs(places) do
      place.href = from_here(place.href)
    end
    found.citing[key] = places
  end
  if format.is_pages and data.page ~= "" then
    found.page = from_here(data.page)
  end
  if format.is_pages and data.files and data.files ~= "" then
    found.files = from_here(data.files)
  end
  if data.here and data.here ~= "" then
    found.here = data.here
  end
  for _, id in ipairs(data.dropped or {}) do
    found.dropped[id] = true
  end
  local after = data.after or {}
  if not format.is_pages or after.page == handover.page() then
    found.after = after.groups
  end
  meta.bibliography = nil
  return true
end

local function read_metadata(found, meta)
  found.described = plain(meta["reviewpress-references"])
  found.items = meta.references or {}
  found.citing = plain(meta["reviewpress-citing"]) or {}
  if format.is_pages and meta["reviewpress-references-page"] then
    found.page = stringify(meta["reviewpress-references-page"])
  end
  if format.is_pages and meta["reviewpress-included-files"] then
    found.files = stringify(meta["reviewpress-included-files"])
  end
end

return function(files, meta)
  local found = {
    described = {}, items = {}, citing = {}, aliases = {}, dropped = {}, lang = meta.lang, is_ordinary = false,
  }
  if meta["reviewpress-references"] then
    read_metadata(found, meta)
  elseif quarto then
    found.is_ordinary = not read_project(found, files, meta)
      and (meta.bibliography or meta.references) ~= nil
  end
  found.set = meta["reviewpress-set"]
  found.sets_all = meta["reviewpress-set-all"] == true
  -- The extension's own style is for a review that names none.
  found.csl = meta.csl or files.beside("../csl/reviewpress.csl")
  meta["reviewpress-references"] = nil
  meta["reviewpress-citing"] = nil
  meta["reviewpress-included-files"] = nil
  meta["reviewpress-set"] = nil
  if format.sets_cites then
    -- Quarto's template hands it to Typst, whose path may hold no backslash (quarto-cli 11552).
    meta.csl = nil
  end
  if not found.is_ordinary then
    meta.references = nil
  end

  --- The list a reference stands in.
  function found.list_of(key)
    local reference = found.described[key]
    return reference and reference.group == "included" and "included" or "additional"
  end

  function found.is_crossref(key)
    local prefix = key:match("^(%a+)%-")
    return prefix ~= nil and crossrefs[prefix] == true
  end

  --- How a key is cited: an included paper without a code is cited by author and date, too.
  function found.group_of(key)
    local reference = found.described[key]
    if not reference then
      return found.is_crossref(key) and "crossref" or "unknown"
    end
    return reference.code and found.list_of(key) or "additional"
  end

  function found.code_of(key)
    local reference = found.described[key]
    return reference and reference.code and tostring(reference.code) or nil
  end

  function found.address(key)
    return (found.page or "") .. "#ref-" .. key
  end

  return found
end
