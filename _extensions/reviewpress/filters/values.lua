--- Values and findings: spans that say where a number or sentence comes from.
--
-- Pages keep them (`<span class="value" data-expr="…">`), so that a reader's tool can ask.
-- Typst and Word get the plain text, and the label of a caption ("Figure 4.1") in strong type.

local format = require("./format")
local traced = { value = true, finding = true }

local function unwrap(span)
  -- Asked for once: each time costs as much as all the rest.
  local classes = span.classes
  if traced[classes[1]] and #classes == 1 and span.identifier == "" then
    return span.content
  end
  if classes:includes("caption-label") then
    return pandoc.Strong(span.content)
  end
end

if format.keeps_values then
  return {}
end
return { { Span = unwrap } }
