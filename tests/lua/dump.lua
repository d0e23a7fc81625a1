--- Print the document as pandoc's native AST, whatever the format that filters see.
local function words(value)
  local inlines = pandoc.utils.type(value) == "Inlines"
  local shown = inlines and value:walk({
    RawInline = function(raw)
      return pandoc.Str("{" .. raw.format .. " " .. raw.text .. "}")
    end,
  })
  if pandoc.utils.type(value) == "List" then
    return table.concat(value:map(words), "; ")
  end
  return pandoc.utils.stringify(shown or value)
end

function Pandoc(document)
  io.stdout:write(pandoc.write(document, "native"))
  local keys = {}
  for key in pairs(document.meta) do
    table.insert(keys, key)
  end
  table.sort(keys)
  for _, key in ipairs(keys) do
    io.stdout:write("\n-- " .. key .. ": " .. words(document.meta[key]))
  end
  io.stdout:write("\n")
  return pandoc.Pandoc({})
end
