--- Metadata: what the templates need and no engine says.
--
-- `date-words` ("22 November 2026") from an ISO date, for documents in English. Under Quarto, the
-- brand as Typst: the project's own, which the pre-render script writes, else the extension's.

local months = {
  "January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December",
}

local function date_in_words(meta)
  local date = meta.date and pandoc.utils.stringify(meta.date) or ""
  local lang = meta.lang and pandoc.utils.stringify(meta.lang) or "en"
  local year, month, day = date:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)$")
  if not year or not lang:match("^en") then
    return date
  end
  local order = lang == "en-US" and "%s %d, %s" or nil
  local name = months[tonumber(month)]
  if order then
    return string.format(order, name, tonumber(day), year)
  end
  return string.format("%d %s %s", tonumber(day), name, year)
end

local function read_text(path)
  local handle = io.open(path, "r")
  if not handle then
    return nil
  end
  local text = handle:read("a")
  handle:close()
  return text
end

local function quarto_brand()
  local root = os.getenv("QUARTO_PROJECT_DIR")
    or (quarto.project and quarto.project.directory)
    or "."
  local own = read_text(pandoc.path.join({ root, ".reviewpress", "brand.typ" }))
  return own or read_text(quarto.utils.resolve_path("../typst/brand.typ"))
end

local function resolve(meta)
  if meta.date and not meta["date-words"] then
    local words = date_in_words(meta)
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
