--- What Quarto's one Lua filter does with a document and the filters of an extension.
--
-- Floats, callouts and conditional divisions become nodes of Quarto's own before any filter of an
-- extension runs; filters then see those in place of figures, labelled tables and divisions; last,
-- what is left of them is written for the format (`FAKE_RENDERER`). Each filter is loaded with
-- globals of its own. As far as quarto-cli's source says it:
--
--   src/resources/filters/main.lua                       the order: normalise, extension, pre, crossref, render
--   src/resources/filters/common/wrapped-filter.lua      a filter's globals, PANDOC_SCRIPT_FILE among them
--   src/resources/filters/ast/customnodes.lua            nodes are divisions with slots; how handlers see them
--   src/resources/filters/normalize/astpipeline.lua      what is made a node before extensions run
--   src/resources/filters/quarto-pre/parsefiguredivs.lua figures and tables as FloatRefTarget
--   src/resources/filters/customnodes/content-hidden.lua what is not shown is emptied first
--   src/resources/filters/customnodes/callout.lua        a callout's title, content and type
--   src/resources/filters/quarto-pre/figures.lua         fig-alt after the extension's filters

local root = os.getenv("QUARTO_PROJECT_DIR")
local profile = os.getenv("QUARTO_PROFILE") or ""
local script = nil

local function beside(name)
  return pandoc.path.normalize(pandoc.path.join({ pandoc.path.directory(script), name }))
end

quarto = {
  project = { directory = root, offset = os.getenv("FAKE_OFFSET") },
  doc = { input_file = os.getenv("FAKE_INPUT") },
  utils = { resolve_path = beside },
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

--- A node's table: slots are read from and written to its division, one block as itself.
local function table_of(kind, div, fields)
  return setmetatable(fields, {
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
      local held = node.content[at]
      held.content = as_blocks(value)
      node.content[at] = held
    end,
  })
end

local function make(kind, fields, held)
  local content = {}
  for i, name in ipairs(slots[kind]) do
    content[i] = pandoc.Div(as_blocks(held[name]), { __quarto_custom_scaffold = "true" })
  end
  local number = tostring(#data + 1)
  local div = pandoc.Div(content, {
    __quarto_custom = "true",
    __quarto_custom_type = kind,
    __quarto_custom_context = "Block",
    __quarto_custom_id = number,
  })
  fields.__quarto_custom_node = div
  data[#data + 1] = table_of(kind, div, fields)
  return div
end

local function node_of(div)
  if div.attributes.__quarto_custom == "true" then
    local node = data[tonumber(div.attributes.__quarto_custom_id)]
    rawset(node, "__quarto_custom_node", div)
    return node, div.attributes.__quarto_custom_type
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

-- Before the extension's filters ---------------------------------------------------------------

local function plain_attributes(attributes)
  local copy = {}
  for key, value in pairs(attributes) do
    copy[key] = value
  end
  return copy
end

local function float_of_figure(figure)
  if not figure.identifier:match("^fig%-") then
    return nil
  end
  local classes, attributes = pandoc.List({}), plain_attributes(figure.attributes)
  local content = figure.content[1]:walk({
    Image = function(image)
      classes:extend(image.classes)
      for key, value in pairs(image.attributes) do
        attributes[key] = value
      end
      image.caption = {}
      return image
    end,
  })
  local fields = {
    t = "FloatRefTarget", type = "Figure", identifier = figure.identifier,
    classes = classes, attributes = attributes,
  }
  return make("FloatRefTarget", fields, {
    content = content.content, caption_long = figure.caption.long,
  }), false
end

--- Its attributes stay on the table unless they stood in the caption, which older readers leave.
local function float_of_table(tbl)
  local id = tbl.identifier
  if not id:match("^tbl%-") or #tbl.caption.long == 0 then
    return nil
  end
  local caption = tbl.caption.long
  local fields = {
    t = "FloatRefTarget", type = "Table", identifier = id, classes = pandoc.List(tbl.classes),
    attributes = plain_attributes(tbl.attributes),
  }
  tbl.caption = pandoc.Caption({})
  if os.getenv("FAKE_QUARTO_OLD_TABLES") then
    tbl.attr = pandoc.Attr()
  end
  return make("FloatRefTarget", fields, { content = { tbl }, caption_long = caption }), false
end

local function is_shown(div)
  local wanted = div.attributes["when-profile"]
  local shown = true
  if wanted then
    shown = false
    for name in profile:gmatch("[^,]+") do
      shown = shown or name == wanted
    end
  end
  return shown ~= div.classes:includes("content-hidden")
end

local function node_of_division(div)
  if div.classes:includes("content-visible") or div.classes:includes("content-hidden") then
    local shown = is_shown(div)
    div.attributes["when-profile"] = nil
    div.classes = div.classes:filter(function(name)
      return not name:match("^content%-")
    end)
    if not shown then
      div.content = {}
    end
    return make("ConditionalBlock", { t = "ConditionalBlock", is_shown = shown }, { node = { div } })
  end
  local kind = table.concat(div.classes, " "):match("callout%-(%l+)")
  if not kind then
    return nil
  end
  local title = div.attributes.title and pandoc.read(div.attributes.title).blocks[1].content
  if not title and div.content[1] and div.content[1].t == "Header" then
    title = div.content[1].content
    div.content:remove(1)
  end
  div.classes = div.classes:filter(function(name)
    return not name:match("^callout")
  end)
  local fields = { t = "Callout", type = kind, attr = div.attr }
  return make("Callout", fields, { title = title, content = div.content })
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

-- After them -----------------------------------------------------------------------------------

--- Pages get alternative text on the float and the image, other formats as `alt` of the image.
local function hand_alternatives(float)
  local words = float.attributes["fig-alt"]
  if float.type ~= "Figure" or not words then
    return nil
  end
  float.attributes["fig-alt"] = nil
  if FORMAT:match("html") then
    float.attributes.alt = words
  else
    float.content = pandoc.Div(as_blocks(float.content)):walk({
      Image = function(image)
        image.attributes.alt = words
        return image
      end,
    }).content
  end
  return float
end

local function alternative_of_page(image)
  if image.attributes["fig-alt"] then
    image.attributes.alt = image.attributes["fig-alt"]
    image.attributes["fig-alt"] = nil
    return image
  end
end

function Pandoc(document)
  document = walk(document, { Div = node_of_division })
  document = walk(document, {
    traverse = "topdown", Figure = float_of_figure, Table = float_of_table,
  })
  for path in os.getenv("FAKE_FILTERS"):gmatch("[^\n]+") do
    document = run(document, path)
  end
  local after = { FloatRefTarget = hand_alternatives }
  if FORMAT:match("html") then
    after.Image = alternative_of_page
  end
  document = walk(document, after)
  for _, handlers in ipairs(assert(loadfile(os.getenv("FAKE_RENDERER")))(as_blocks)) do
    document = walk(document, handlers)
  end
  return document
end
