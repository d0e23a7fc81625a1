--- Code blocks that belong to a file: its name stands above them (`filename="…"`, as in Quarto).
--
-- Quarto shows the name itself in pages, and leaves it out of other formats.

local format = require("./format")

local function named(name, code)
  if format.code then
    return format.code(name, code)
  end
  return { pandoc.Para({ pandoc.Strong({ pandoc.Code(name) }) }), code }
end

local function name_block(code)
  local name = code.attributes.filename
  code.attributes.filename = nil
  return name and named(name, code) or code
end

--- Quarto's own node of such a block.
local function name_node(node)
  local code = node.code_block
  if not node.filename or pandoc.utils.type(code) ~= "Block" then
    return nil
  end
  code.attributes.filename = nil
  return pandoc.Blocks(named(node.filename, code))
end

if quarto then
  return format.is_pages and {} or { { DecoratedCodeBlock = name_node } }
end
return { { CodeBlock = name_block } }
