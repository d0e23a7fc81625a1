--- Files: where one is that belongs to the extension, and what one holds. No filter itself:
-- `require("./files")`. Quarto finds what is required beside the file that asks, the embedded engine
-- beside the filter; modules are in the folder of the filters, so that both find the same.
--
--   beside(name)  path of a file, from the folder of the filters
--   read(path)    text of a file, nil where there is none

local files = {}

function files.beside(name)
  return quarto and quarto.utils.resolve_path("../filters/" .. name)
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), name })
end

function files.read(path)
  local handle = io.open(path, "r")
  if not handle then
    return nil
  end
  local text = handle:read("a")
  handle:close()
  return text
end

return files
