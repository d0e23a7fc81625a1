--- Recorder: the first of the extension's filters while `scripts/record_quarto.py` records. What
-- Quarto hands over goes, unchanged, into `REVIEWPRESS_RECORD`: the tree, the fields of Quarto's own
-- nodes, which stand beside it, and what `quarto` says of project and document.

local function file(name)
  local whole = FORMAT:match("html") and quarto.doc.input_file:match("([^/\\]+)%.%w+$") or "book"
  local path = { os.getenv("REVIEWPRESS_RECORD"), whole .. "." .. FORMAT .. "." .. name .. ".json" }
  return assert(io.open(pandoc.path.join(path), "w"))
end

local function plain(value, depth)
  local kind = pandoc.utils.type(value)
  if kind == "string" or kind == "number" or kind == "boolean" then
    return value
  elseif kind == "Attr" then
    return plain({ identifier = value.identifier, classes = value.classes,
      attributes = value.attributes }, depth)
  elseif (kind == "List" or kind == "table" or kind == "AttributeList") and depth < 4 then
    local copy = {}
    for key, item in pairs(value) do
      if tostring(key):sub(1, 2) ~= "__" then
        copy[key] = plain(item, depth + 1)
      end
    end
    return copy
  end
end

--- The nodes' fields that are no slots of the tree: those stand in it.
local found = {}

local function collect(node)
  local fields = {}
  for key, value in pairs(node) do
    if tostring(key):sub(1, 2) ~= "__" and pandoc.utils.type(value) ~= "function" then
      fields[key] = plain(value, 0)
    end
  end
  found[node.__quarto_custom_node.attributes.__quarto_custom_id] = fields
end

local kinds = {}
for _, kind in ipairs({ "FloatRefTarget", "Callout", "ConditionalBlock", "Theorem", "Proof", "Tabset",
  "Shortcode", "DecoratedCodeBlock", "PanelLayout", "LatexEnvironment" }) do
  kinds[kind] = collect
end

local function write(document, name, about)
  local handle = file(name)
  handle:write(pandoc.json.encode(about), "\n", pandoc.write(document, "json"), "\n")
  handle:close()
end

return { kinds, { Pandoc = function(document)
  write(document, "handed", {
    format = FORMAT, nodes = found,
    quarto = {
      project = { directory = quarto.project.directory, offset = quarto.project.offset,
        output_directory = quarto.project.output_directory },
      doc = { input_file = quarto.doc.input_file, output_file = quarto.doc.output_file },
    },
    state = { input_files = PANDOC_STATE.input_files, output_file = PANDOC_STATE.output_file },
  })
end } }
