--- Write many documents with one pandoc: `pandoc lua write.lua --to FORMAT`, the task as JSON on
-- standard input:
--   { "filters": [path], "template": path or "", "variables": {name: text}, "as": FORMAT or "json",
--     "documents": [{ "source": path of pandoc's JSON, "goal": path to write }] }
-- Documents are filtered for FORMAT, and written in it or, as parts of one, as pandoc's JSON.
--
-- Filters find the globals that they find where pandoc runs them. Each is loaded anew for each
-- document, so that none knows of another.

local to = arg[2]
local task = pandoc.json.decode(io.read("a"), false)

local function read(path)
  local handle = assert(io.open(path, "rb"))
  local text = handle:read("a")
  handle:close()
  return text
end

local options = { wrap_text = "preserve", variables = task.variables }
if task.template ~= "" then
  options.template = pandoc.template.compile(read(task.template), task.template)
end

FORMAT = to
for _, document in ipairs(task.documents) do
  local tree = pandoc.read(read(document.source), "json")
  for _, filter in ipairs(task.filters) do
    PANDOC_SCRIPT_FILE = filter
    tree = pandoc.utils.run_lua_filter(tree, filter)
  end
  local handle = assert(io.open(document.goal, "wb"))
  handle:write(pandoc.write(tree, task.as, options))
  handle:close()
end
