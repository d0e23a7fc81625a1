--- Attributes: a page's words made safe for the attributes that its template puts them in.
--
-- Pandoc escapes `<`, `>` and `&` of a template's variables, and leaves `"`, with which a word of an
-- author's name or a label would end the attribute. Pages of the embedded engine alone have such a
-- template; the filter stands last, since raw words are none to other filters.

local format = require("./format")
local function escape(text)
  if not text:find('"', 1, true) then
    return nil
  end
  local safe = text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;")
  return pandoc.Inlines({ pandoc.RawInline("html", safe) })
end

local function escape_word(word)
  return escape(word.text)
end

local function safe(value)
  if type(value) == "string" then
    return escape(value) or value
  end
  local kind = pandoc.utils.type(value)
  if kind == "Inlines" then
    return value:walk({ Str = escape_word })
  end
  if kind == "List" or kind == "table" then
    for key, item in pairs(value) do
      value[key] = safe(item)
    end
  end
  return value
end

local function resolve(meta)
  if not format.is_pages or quarto or not meta["reviewpress-page"] then
    return nil
  end
  for name, value in pairs(meta) do
    meta[name] = safe(value)
  end
  return meta
end

return { { Meta = resolve } }
