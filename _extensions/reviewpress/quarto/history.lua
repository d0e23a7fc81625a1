--- History under Quarto: the first page, or the first chapter of a file, ends with the corrections and
-- earlier versions of the edition, which the pre-render script hands over for each format.

if not quarto then
  return {}
end

local format = require("../filters/format")
local handover = require("./handover")
local items = require("./bookitems")

local function add_history(document)
  if format.is_pages and handover.page() ~= "index.html" then
    return nil
  end
  local text = handover.read("history.json")
  local told = text and pandoc.read(text, "json").blocks or {}
  local at = format.is_pages and #document.blocks + 1 or items.second(document.blocks)
  for i, block in ipairs(told) do
    if format.is_pages and block.t == "Header" then
      block.level = block.level - 1 -- headings.lua ranks what stands on the first page one below
    end
    document.blocks:insert(at + i - 1, block)
  end
  return #told > 0 and document or nil
end

return { { Pandoc = add_history } }
