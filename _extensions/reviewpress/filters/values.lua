--- Values and findings: spans that say where a number or sentence comes from.
--
-- Pages keep them (`<span class="value" data-expr="…">`), so that a reader's tool can ask.
-- Typst and Word get the plain text, and the label of a caption ("Figure 4.1") in strong type.

local traced = { value = true, finding = true }

local function is_traced(span)
  return span.identifier == "" and #span.classes == 1 and traced[span.classes[1]]
end

local function unwrap(span)
  if span.classes:includes("caption-label") then
    return pandoc.Strong(span.content)
  end
  if is_traced(span) then
    return span.content
  end
end

if FORMAT:match("html") then
  return {}
end
return { { Span = unwrap } }
