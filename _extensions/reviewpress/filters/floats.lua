--- Quarto's floats: figures and tables that can be referred to, as nodes of Quarto's own. No filter
-- itself: `dofile(quarto.utils.resolve_path("floats.lua"))`.
--
--   content(float)     what it holds, as blocks: the node gives a single block as itself
--   label(identifier)  "Figure", "4.1" as the pre-render script handed them over, nil without
--   has_labels()       whether it handed any over

local floats = {}

local targets = nil

function floats.content(float)
  local content = float.content
  local kind = pandoc.utils.type(content)
  if kind == "Blocks" or content == nil then
    return content or pandoc.Blocks({})
  elseif kind == "Block" then
    return pandoc.Blocks({ content })
  end
  return pandoc.Blocks({ pandoc.Plain(content) })
end

local function handed()
  if targets == nil then
    local text = dofile(quarto.utils.resolve_path("handover.lua")).read("crossrefs.json")
    targets = text and pandoc.json.decode(text, false) or {}
  end
  return targets
end

function floats.has_labels()
  return next(handed()) ~= nil
end

function floats.label(identifier)
  local target = handed()[identifier]
  if target and target.number ~= "" then
    return target.label, target.number
  end
end

return floats
