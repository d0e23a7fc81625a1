--- The words that the framework writes, in the language of the document. No filter itself:
-- `local say = require("./labels")`, with the pass `{ Meta = say.read }` before all others.
--
-- They come from the metadata `reviewpress-labels` (embedded engine), under Quarto from what the
-- pre-render script handed over, and in a project that only uses the formats from the extension's
-- own files, `language/<lang>.json` over `language/en.json`.
--
--   say("close")                          the label
--   say("version", { version = "1.0" })   the same with its places filled
--   say.count("cited-in-places", 3)       the form for a number
--   say.all()                             every label by its name

local stringify = pandoc.utils.stringify
local files = require("./files")

local all

--- The extension's own labels for a language, English where it lacks one.
local function own(lang)
  local found = {}
  for _, tag in ipairs({ "en", lang:match("^%a+") or "en", lang }) do
    local text = files.read(files.beside("../language/" .. tag .. ".json"))
    for name, label in pairs(text and pandoc.json.decode(text, false) or {}) do
      found[name] = label
    end
  end
  return found
end

local function handed()
  local text = quarto and require("../quarto/handover").read("labels.json")
  return text and pandoc.json.decode(text, false)
end

local function find(meta)
  local given = meta["reviewpress-labels"]
  if given then
    local found = {}
    for name, text in pairs(given) do
      found[name] = type(text) == "string" and text or stringify(text)
    end
    return found
  end
  return handed() or own(meta.lang and stringify(meta.lang) or "en")
end

local function fill(name, values)
  return (all[name]:gsub("{(%w+)}", function(place)
    return values and values[place] and tostring(values[place])
  end))
end

local say = {}

--- A document has one language: filters after the first find its labels read.
function say.read(meta)
  all = all or find(meta)
end

--- A language with more forms than two has `plural-categories`: the category of each number from 0
--- to 199, after which those of the second hundred come again.
local function form_for(name, number)
  local at = number < 200 and number or 100 + number % 100
  local place = 0
  for category in (all["plural-categories"] or ""):gmatch("%a+") do
    if place == at and all[name .. "-" .. category] then
      return "-" .. category
    end
    place = place + 1
  end
  return number == 1 and "-one" or "-other"
end

function say.count(name, number)
  return fill(name .. form_for(name, number), { count = number })
end

function say.all()
  return all
end

return setmetatable(say, {
  __call = function(_, name, values)
    return fill(name, values)
  end,
})
