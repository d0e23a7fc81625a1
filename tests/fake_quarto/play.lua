--- Player: runs the extension's filters on what the real Quarto was seen to hand over.
--
-- `tests/quarto_recordings/…/<document>.<format>.handed.json` has the fields of Quarto's own nodes and
-- what `quarto` said in its first line (`PLAY_ABOUT`); the tree is the input. Which slot of a node holds
-- what is as Quarto's customnodes.lua has it. A kind of node that no recording has ends the run.

dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "require.lua" }))

local about = pandoc.json.decode(os.getenv("PLAY_ABOUT"), false)
local script = nil

quarto = {
  project = about.quarto.project,
  doc = setmetatable({
    -- The page gets the files; the tree, which is what is played, stays as it was.
    add_html_dependency = function(dependency)
      assert(dependency.name, "a dependency has a name")
      for _, path in ipairs(dependency.scripts or {}) do
        assert(io.open(path), "there is no script " .. path):close()
      end
    end,
  }, { __index = about.quarto.doc }),
  utils = {
    resolve_path = function(name)
      return pandoc.path.normalize(pandoc.path.join({ pandoc.path.directory(script), name }))
    end,
  },
  log = {
    warning = function(words)
      io.stderr:write("WARNING: " .. words .. "\n")
    end,
  },
}

-- Nodes ----------------------------------------------------------------------------------------

local slots = {
  FloatRefTarget = { "content", "caption_long", "caption_short" },
  Callout = { "title", "content" },
  ConditionalBlock = { "node" },
}
local data = {} -- number of a node → its table

local function as_blocks(value)
  local kind = pandoc.utils.type(value)
  if value == nil then
    return pandoc.Blocks({})
  elseif kind == "Inlines" then
    return #value > 0 and pandoc.Blocks({ pandoc.Plain(value) }) or pandoc.Blocks({})
  elseif kind == "Inline" then
    return pandoc.Blocks({ pandoc.Plain({ value }) })
  end
  return pandoc.Blocks(value)
end

local function place_of(kind, key)
  for i, name in ipairs(slots[kind]) do
    if name == key then
      return i
    end
  end
end

local function attr_of(fields)
  if type(fields.attr) == "table" then
    local attr = fields.attr
    fields.attr = pandoc.Attr(attr.identifier, attr.classes, attr.attributes)
  end
  fields.classes = fields.classes and pandoc.List(fields.classes)
  return fields
end

--- A node's table: slots are read from and written to its division, one block as itself.
local function table_of(kind, fields)
  return setmetatable(attr_of(fields), {
    __index = function(self, key)
      local at = place_of(kind, key)
      local held = at and rawget(self, "__quarto_custom_node").content[at]
      if held and #held.content > 0 then
        return #held.content == 1 and held.content[1] or held.content
      end
    end,
    __newindex = function(self, key, value)
      local at = place_of(kind, key)
      if not at then
        return rawset(self, key, value)
      end
      local node = rawget(self, "__quarto_custom_node")
      while #node.content < at do
        node.content:insert(pandoc.Div({}, { __quarto_custom_scaffold = "true" }))
      end
      local held = node.content[at]
      held.content = as_blocks(value)
      node.content[at] = held
    end,
  })
end

local function node_of(div)
  if div.attributes.__quarto_custom == "true" then
    local id = div.attributes.__quarto_custom_id
    local kind = div.attributes.__quarto_custom_type
    assert(slots[kind], "no recording has a node " .. tostring(kind))
    data[id] = data[id] or table_of(kind, assert(about.nodes[id], "node " .. id .. " was not recorded"))
    rawset(data[id], "__quarto_custom_node", div)
    return data[id], kind
  end
end

--- Walk with handlers that may be for nodes; those for divisions do not see the nodes.
local function walk(element, handlers)
  local own = {}
  for name, handler in pairs(handlers) do
    own[name] = not slots[name] and handler or nil
  end
  own.Div = function(div)
    local node, kind = node_of(div)
    if node then
      local result, deeper
      if handlers[kind] then
        result, deeper = handlers[kind](node)
      end
      if type(result) == "table" and rawget(result, "__quarto_custom_node") then
        return rawget(result, "__quarto_custom_node"), deeper
      end
      return result, deeper
    elseif div.attributes.__quarto_custom_scaffold ~= "true" and handlers.Div then
      return handlers.Div(div)
    end
  end
  return element:walk(own)
end

-- The extension's filters ----------------------------------------------------------------------

local given = {
  "assert", "collectgarbage", "dofile", "error", "getmetatable", "ipairs", "load", "loadfile",
  "next", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "select",
  "setmetatable", "tonumber", "tostring", "type", "_VERSION", "xpcall", "coroutine", "require",
  "package", "string", "utf8", "table", "math", "io", "os", "debug", "FORMAT",
  "PANDOC_READER_OPTIONS", "PANDOC_WRITER_OPTIONS", "PANDOC_VERSION", "PANDOC_API_VERSION",
  "PANDOC_STATE", "pandoc", "lpeg", "re", "quarto", "_G",
}

local function load_filter(path)
  local globals = { PANDOC_SCRIPT_FILE = path }
  for _, name in ipairs(given) do
    globals[name] = _G[name]
  end
  script = path
  local environment = setmetatable({}, { __index = globals })
  return assert(loadfile(path, "bt", environment))() or {}
end

local function run(document, path)
  for _, handlers in ipairs(load_filter(path)) do
    script = path
    document = walk(document, handlers)
  end
  return document
end

--- The attributes that the nodes have in the end: they stand beside the tree.
local function attributes_of_nodes()
  local found = {}
  for id, node in pairs(data) do
    found[id] = { type = node.t }
    for key, value in pairs(node.attributes or {}) do
      found[id][key] = tostring(value)
    end
  end
  return found
end

function Pandoc(document)
  for path in os.getenv("PLAY_FILTERS"):gmatch("[^\n]+") do
    document = run(document, path)
  end
  document.meta["played-nodes"] = pandoc.MetaString(pandoc.json.encode(attributes_of_nodes()))
  return document
end
