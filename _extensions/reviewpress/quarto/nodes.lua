--- Nodes of Quarto's own: floats (figures and tables that can be referred to) and callouts. No
-- filter itself: `require("./nodes")`.
--
--   blocks(held)       what a node holds, as blocks: a single block is given as itself
--   label(identifier)  "Figure", "4.1" as the pre-render script handed them over, nil without
--   has_labels()       whether it handed any over

local nodes = {}

local targets = nil

function nodes.blocks(held)
  local kind = pandoc.utils.type(held)
  if kind == "Blocks" or held == nil then
    return held or pandoc.Blocks({})
  elseif kind == "Block" then
    return pandoc.Blocks({ held })
  end
  return pandoc.Blocks({ pandoc.Plain(held) })
end

local function handed()
  if targets == nil then
    local text = require("./handover").read("crossrefs.json")
    targets = text and pandoc.json.decode(text, false) or {}
  end
  return targets
end

function nodes.has_labels()
  return next(handed()) ~= nil
end

function nodes.label(identifier)
  local target = handed()[identifier]
  if target and target.number ~= "" then
    return target.label, target.number
  end
end

return nodes
