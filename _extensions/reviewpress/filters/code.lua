--- Code blocks that belong to a file: its name stands above them (`filename="…"`, as in Quarto).
--
-- Quarto shows the name itself.

local format = require("./format")
local in_quarto = quarto ~= nil

local function name_block(code)
  local name = code.attributes.filename
  code.attributes.filename = nil
  if not name then
    return code
  elseif format.code then
    return format.code(name, code)
  end
  return { pandoc.Para({ pandoc.Strong({ pandoc.Code(name) }) }), code }
end

if in_quarto then
  return {}
end
return { { CodeBlock = name_block } }
