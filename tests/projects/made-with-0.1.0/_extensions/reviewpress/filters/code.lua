--- Code blocks that belong to a file: its name stands above them (`filename="…"`, as in Quarto).
--
-- Quarto shows the name itself.

local in_quarto = quarto ~= nil

local function typst_label(name)
  local text = name:gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawBlock("typst", '#block(sticky: true, below: 0.6em)[#strong(raw("' .. text .. '"))]')
end

local function name_block(code)
  local name = code.attributes.filename
  code.attributes.filename = nil
  if not name then
    return code
  elseif FORMAT:match("html") then
    local label = pandoc.Div({ pandoc.Plain({ pandoc.Str(name) }) }, { class = "code-filename" })
    return pandoc.Div({ label, code }, { class = "code-with-filename" })
  elseif FORMAT == "typst" then
    return { typst_label(name), code }
  end
  return { pandoc.Para({ pandoc.Strong({ pandoc.Code(name) }) }), code }
end

if in_quarto then
  return {}
end
return { { CodeBlock = name_block } }
