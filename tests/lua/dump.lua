--- Print the document as pandoc's native AST, whatever the format that filters see.
function Pandoc(document)
  io.stdout:write(pandoc.write(document, "native"))
  local keys = {}
  for key in pairs(document.meta) do
    table.insert(keys, key)
  end
  table.sort(keys)
  for _, key in ipairs(keys) do
    io.stdout:write("\n-- " .. key .. ": " .. pandoc.utils.stringify(document.meta[key]))
  end
  io.stdout:write("\n")
  return pandoc.Pandoc({})
end
