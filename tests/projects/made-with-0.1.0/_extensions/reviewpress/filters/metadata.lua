--- Metadata: what the templates need and no engine says.
--
-- `date-words` ("22 November 2026") from an ISO date and `version-words` ("Version 1.0"), in the
-- document's language; `reviewpress-labels` where the engine did not give them. Under Quarto, the
-- brand as Typst: the project's own, which the pre-render script writes, else the extension's.

local stringify = pandoc.utils.stringify

local files = dofile(
  quarto and quarto.utils.resolve_path("files.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "files.lua" })
)

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

local function resolve(meta)
  local say = dofile(files.beside("labels.lua")).of(meta)
  add_version(meta, say)
  if quarto then
    meta["reviewpress-labels"] = say.all
  end
  if meta.date and not meta["date-words"] then
    local words = date_in_words(meta, say)
    meta["date-words"] = words ~= "" and words or nil
    if FORMAT == "docx" then
      -- Word's title page has no template: the date stands as it is given.
      meta.date = words
    end
  end
  if quarto and not meta["reviewpress-edition"] then
    meta["reviewpress-edition"] = (os.getenv("QUARTO_PROFILE") or ""):match("^[^,]+")
  end
  if quarto and FORMAT == "typst" and not meta["reviewpress-brand"] then
    local brand = quarto_brand()
    meta["reviewpress-brand"] = brand and pandoc.MetaBlocks({ pandoc.RawBlock("typst", brand) })
  end
  return meta
end

return { { Meta = resolve } }
