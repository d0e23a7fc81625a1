--- Typst's own syntax. No filter itself: `dofile(…("typst.lua"))`.
--
--   string(text)  a text as Typst writes one

local typst = {}

function typst.string(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

return typst
