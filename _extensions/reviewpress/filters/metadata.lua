--- Metadata: what the templates need and no engine says.
--
-- `date-words` ("22 November 2026") from an ISO date and `version-words` ("Version 1.0"), in the
-- document's language; `reviewpress-labels` where the engine did not give them; `dir` of a language
-- that is written from right to left, by which pages and Word are mirrored. Under Quarto, the brand as Typst: the project's own, which the pre-render script writes, else the extension's.

local format = require("./format")
local say = require("./labels")
local stringify = pandoc.utils.stringify

local files = require("./files")

local rightward = {} -- languages and scripts that are written from right to left
for tag in ("ar arc ckb dv fa he iw nqo ps sd ug ur yi"):gmatch("%S+") do
  rightward[tag] = true
end

--- Whether a language is written from right to left; a script in its tag says it for others, too.
local function is_rightward(lang)
  local language, script = lang:lower():match("^(%a+)%-?(%a*)")
  if script == "arab" or script == "hebr" then
    return true
  end
  return rightward[language] == true and script ~= "latn" and script ~= "cyrl"
end

local function month_name(say, number)
  local at = 0
  for name in say("months"):gmatch("%S+") do
    at = at + 1
    if at == number then
      return name
    end
  end
end

local function date_in_words(meta, say)
  local date = stringify(meta.date)
  local year, month, day = date:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)$")
  local name = year and month_name(say, tonumber(month))
  if not name then
    return date
  end
  local pattern = tonumber(day) == 1 and "date-first" or "date"
  return say(pattern, { day = tonumber(day), month = name, year = year })
end

--- The version stands at the top under Quarto's settings of ours.
local function add_version(meta, say)
  local version = meta.version or (meta.reviewpress and meta.reviewpress.version)
  if version then
    meta["version-words"] = say("version", { version = stringify(version) })
    meta["version-in-line"] = say("version-in-line", { version = stringify(version) })
  end
end

local function quarto_brand()
  local root = os.getenv("QUARTO_PROJECT_DIR")
    or (quarto.project and quarto.project.directory)
    or "."
  local own = files.read(pandoc.path.join({ root, ".reviewpress", "brand.typ" }))
  return own or files.read(files.beside("../typst/brand.typ"))
end

--- What a variant is called, and its pages: { title = "…", page = "{page} (…)" }.
local function variant()
  local text = quarto and require("../quarto/handover").read("variant.json")
  local names = text and pandoc.json.decode(text, false)
  return names and names.title and names
end

--- Quarto knows nothing of a variant: files have it in their title, each page in its window's title
-- and at its top.
local function name_variant(document)
  local names = variant()
  if not names then
    return nil
  end
  local meta = document.meta
  if not format.is_pages then
    meta.title = pandoc.Inlines(names.title)
    return document
  end
  local own = meta.pagetitle or meta.title
  meta.pagetitle = names.page:gsub("{page}", (stringify(own or ""):gsub("%%", "%%%%")))
  local words = pandoc.Para(pandoc.Inlines(names.title))
  document.blocks:insert(1, pandoc.Div({ words }, { class = "variant-note", role = "note" }))
  return document
end

--- What Quarto was handed of the edition.
local function handed_edition()
  local text = quarto and require("../quarto/handover").read("edition.json")
  return text and pandoc.json.decode(text, false)
end

--- The same PDF in other languages, for the title page.
local function name_translations(meta)
  local edition = format.brand and handed_edition()
  if edition and edition.translations and #edition.translations > 0 then
    meta.translations = edition.translations
  end
end

--- A draft, under embargo, superseded: said at the top of each of Quarto's pages, and by the template
-- in each foot of the PDF. Word files have it in front already.
local function mark_status(document)
  local edition = handed_edition()
  if not edition or not edition.status then
    return nil
  end
  local words = pandoc.Inlines(edition.status)
  if not format.is_pages then
    document.meta.status = words
    return document
  end
  if edition.newer and edition.newer ~= "" then
    words:extend({ pandoc.Str(". "), pandoc.Link(say("read-newer"), edition.newer) })
  end
  local mark = pandoc.Div({ pandoc.Para(words) }, { class = "edition-status", role = "note" })
  document.blocks:insert(1, mark)
  return document
end

local function resolve(meta)
  say.read(meta)
  add_version(meta, say)
  if meta.lang and not meta.dir and is_rightward(stringify(meta.lang)) then
    meta.dir = "rtl"
  end
  if quarto then
    meta["reviewpress-labels"] = say.all()
  end
  if meta.date and not meta["date-words"] then
    local words = date_in_words(meta, say)
    meta["date-words"] = words ~= "" and words or nil
    if format.words_date then
      meta.date = words
    end
  end
  if quarto and not meta["reviewpress-edition"] then
    meta["reviewpress-edition"] = (os.getenv("QUARTO_PROFILE") or ""):match("^[^,]+")
  end
  if quarto and format.brand and not meta["reviewpress-brand"] then
    local brand = quarto_brand()
    meta["reviewpress-brand"] = brand and pandoc.MetaBlocks({ pandoc.RawBlock("typst", brand) })
  end
  name_translations(meta)
  return meta
end

return { { Meta = resolve }, { Pandoc = quarto and name_variant or nil }, { Pandoc = quarto and mark_status or nil } }
