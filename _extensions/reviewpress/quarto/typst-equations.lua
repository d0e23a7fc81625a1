--- Equations that Quarto has numbered, as Typst has them. Runs behind Quarto's own filters.

if not quarto then
  return {}
end

local format = require("../filters/format")

if not format.typst_math then
  return {}
end

local function write_equation(math)
  return pandoc.RawInline("typst", format.typst_math(math))
end

return { { Math = write_equation } }
