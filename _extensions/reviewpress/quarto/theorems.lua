--- Theorems in Quarto's PDF, called as pages, Word and references call them.
--
-- Quarto would count them through the book, put a full stop behind what they are called, and set
-- all of their words in italics. Those that the pre-render script does not know are left to it.

local format = require("../filters/format")

if not quarto or format.name ~= "typst" then
  return {}
end

local nodes = require("./nodes")

local function call(theorem, label, number)
  local called = pandoc.Inlines(label .. "\u{a0}" .. number)
  local name = quarto.utils.as_inlines(theorem.name or {})
  if #name > 0 then
    called:extend({ pandoc.Space(), pandoc.Str("(") })
    called:extend(name)
    called:insert(pandoc.Str(")"))
  end
  return pandoc.Span({ pandoc.Strong(called) }, { class = "theorem-title" })
end

local function set_theorem(theorem)
  local label, number = nodes.label(theorem.identifier)
  if not label then
    return nil
  end
  local div = theorem.div
  local blocks = div.t == "Div" and div.content or nodes.blocks(div)
  local title, first = call(theorem, label, number), blocks[1]
  if first and (first.t == "Para" or first.t == "Plain") then
    blocks[1] = pandoc.Para(pandoc.Inlines({ title, pandoc.Space() }) .. first.content)
  else
    blocks:insert(1, pandoc.Para({ title }))
  end
  return pandoc.Div(blocks, pandoc.Attr(theorem.identifier, { "theorem" }))
end

return { { Theorem = set_theorem } }
