--- The words that the framework writes, in the language of the document. No filter itself:
-- `dofile(…("labels.lua")).of(meta)`.
--
-- They come from the metadata `reviewpress-labels` (embedded engine), under Quarto from what the
-- pre-render script handed over, and in a project that only uses the formats from the extension's
-- own files, `language/<lang>.json` over `language/en.json`.
--
--   local say = labels.of(meta)
--   say("close")                          the label
--   say("version", { version = "1.0" })   the same with its places filled
--   say.count("cited-in-places", 3)       the form for a number
--   say.all                               every label by its name

local labels = {}

local stringify = pandoc.utils.stringify

local files = dofile(
  quarto and quarto.utils.resolve_path("../filters/files.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "files.lua" })
)

--- The extension's own labels for a language, English where it lacks one.
local function own(lang)
  local all = {}
  for _, tag in ipairs({ "en", lang:match("^%a+") or "en", lang }) do
    local text = files.read(files.beside("../language/" .. tag .. ".json"))
    for name, label in pairs(text and pandoc.json.decode(text, false) or {}) do
      all[name] = label
    end
  end
  return all
end

local function handed()
  local text = quarto and dofile(quarto.utils.resolve_path("../quarto/handover.lua")).read("labels.json")
  return text and pandoc.json.decode(text, false)
end

local function find(meta)
  local given = meta["reviewpress-labels"]
  if given then
    local all = {}
    for name, text in pairs(given) do
      all[name] = type(text) == "string" and text or stringify(text)
    end
    return all
  end
  return handed() or own(meta.lang and stringify(meta.lang) or "en")
end

function labels.of(meta)
  local all = find(meta)

  local function fill(name, values)
    return (all[name]:gsub("{(%w+)}", function(place)
      return values and values[place] and tostring(values[place])
    end))
  end

  local function count(name, number)
    return fill(name .. (number == 1 and "-one" or "-other"), { count = number })
  end

  return setmetatable({ all = all, count = count }, {
    __call = function(_, name, values)
      return fill(name, values)
    end,
  })
end

return labels
