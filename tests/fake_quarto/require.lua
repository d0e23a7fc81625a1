--- Quarto's `require` (seen with 1.10.18): `./x` and `../x` are looked for from the file that asks,
-- and one file is one module.
local own, loaded = require, {}

function require(name)
  if name:sub(1, 1) ~= "." then
    return own(name)
  end
  local asking = pandoc.path.directory(debug.getinfo(2, "S").source:sub(2))
  local path = (asking .. "/" .. name .. ".lua"):gsub("/%./", "/"):gsub("/[^/]+/%.%./", "/")
  loaded[path] = loaded[path] or dofile(path)
  return loaded[path]
end
