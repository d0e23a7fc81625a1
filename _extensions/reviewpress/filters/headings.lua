--- Headings: the number that the engine gave, written before the title.
--
-- The embedded engine numbers headings itself and says so with `number="3.2"`; Quarto numbers
-- them its own way and leaves no such attribute.

local function number_heading(header)
  local number = header.attributes.number
  if not number then
    return nil
  end
  header.attributes.number = nil
  local text = pandoc.Str(number)
  local before
  if FORMAT:match("html") then
    before = { pandoc.Span({ text }, { class = "header-section-number" }), pandoc.Space() }
  elseif FORMAT == "typst" then
    before = { pandoc.RawInline("typst", "#section-number[" .. number .. "]"), pandoc.Space() }
  else
    before = { text, pandoc.Space() }
  end
  for i, inline in ipairs(before) do
    header.content:insert(i, inline)
  end
  return header
end

return { { Header = number_heading } }
