--- What the pre-render script handed over, for the filters under Quarto. No filter itself:
-- `require("./handover")`.
--
--   read(name)     text of `.reviewpress/quarto/<profile>/<name>`, or of its own for the format
--                  that is being made; nil where there is none
--   address(page, id)  address of an id from the document that is being rendered

local format = require("../filters/format")
local handover = {}

local files = require("../filters/files")

local function root()
  return os.getenv("QUARTO_PROJECT_DIR")
    or (quarto and quarto.project and quarto.project.directory)
    or "."
end

--- The profiles of this render, then the one that was handed over last.
local function profiles()
  local names = {}
  for name in (os.getenv("QUARTO_PROFILE") or ""):gmatch("[^,]+") do
    table.insert(names, name)
  end
  local last = files.read(pandoc.path.join({ root(), ".reviewpress", "quarto", "current" }))
  if last then
    table.insert(names, (last:gsub("%s+$", "")))
  end
  return names
end

function handover.read(name)
  for _, profile in ipairs(profiles()) do
    local folder = pandoc.path.join({ root(), ".reviewpress", "quarto", profile })
    local own = name:gsub("%.json$", "." .. format.name .. ".json")
    local text = files.read(pandoc.path.join({ folder, own }))
      or files.read(pandoc.path.join({ folder, name }))
    if text then
      return text
    end
  end
end

--- The page of the document that is being rendered: "chapters/process.html".
function handover.page()
  local file = quarto.doc and quarto.doc.input_file
  if not file then
    return nil
  end
  local here = pandoc.path.make_relative(file, root())
  return (here:gsub("\\", "/"):gsub("%.%w+$", ".html"))
end

--- `page` is relative to the project; one-file formats have only the id.
function handover.address(page, id)
  if not format.is_pages or page == handover.page() then
    return "#" .. id
  end
  local offset = quarto.project and quarto.project.offset or "."
  return offset .. "/" .. page .. "#" .. id
end

return handover
