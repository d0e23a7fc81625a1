--- Equations: spans of the class `equation` with their number and the text that stands for them.
--
-- In pages and EPUB they are MathML, with the text as `alttext`; in Word they are Word's own. Quarto
-- numbers equations itself, and quarto/equations.lua gives them their text.

local format = require("./format")

if quarto then
  return {}
end

local function set_equation(span)
  if not span.classes:includes("equation") then
    return nil
  end
  local alt, number, math = span.attributes.alt, span.attributes.number, span.content[1]
  span.attributes = {}
  if format.equation then
    return format.equation(math, { id = span.identifier, number = number, alt = alt })
  end
  return span.identifier ~= "" and span or math
end

return { { Span = set_equation } }
