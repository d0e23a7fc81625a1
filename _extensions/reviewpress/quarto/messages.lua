--- Key messages under Quarto: fills each `::: {.key-messages from="…"}`, and `.headlines` likewise.
--
-- The embedded engine fills them while it assembles the book. Under Quarto they come from what the
-- pre-render script handed over, values included, in notebooks and `.qmd` chapters alike.

if not quarto then
  return {}
end

local handed = nil

local function messages()
  if handed == nil then
    local text = require("./handover").read("messages.json")
    handed = text and pandoc.json.decode(text, false) or {}
  end
  return handed
end

local function fill(div)
  local place = div.attributes.from
  local kind = div.classes:includes("headlines") and "headlines"
    or div.classes:includes("key-messages") and "key-messages"
  if not kind or not place then
    return nil
  end
  local document = messages()[kind .. " " .. place .. " " .. (div.attributes.see or "")]
  if not document then
    quarto.log.warning('no key messages in "' .. place .. '" to gather')
    return nil
  end
  div.content = pandoc.read(document, "json").blocks
  return div
end

return { { Div = fill } }
