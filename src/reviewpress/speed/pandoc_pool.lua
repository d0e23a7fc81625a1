--- A pandoc that lives on: `pandoc lua pandoc_pool.lua`, started by pandoc_pool.py. Each line on standard input
-- is a task as JSON:
--   { "read": { "text": Markdown, "format": its name with extensions, "abbreviations": [text] } }
--   { "formulas": { "texts": [text in TeX], "lang": tag,
--                 "filters": folder of tex.lua and spoken.lua } }
--   { "write": { "to": FORMAT, "as": FORMAT or "json", "filters": [path],
--                "own": {path: true} for each that is a review's own, "template": path or "",
--                "variables": {name: text}, "folder": where paths begin,
--                "documents": [{ "source": path of pandoc's JSON, "goal": path to write }] } }
-- Documents are filtered for `to` and written in it or, as parts of one, as pandoc's JSON.
--
-- Each is answered, after an empty line, by a line, { "warnings": [text] } or { "error": text }, and what was read by
-- another, pandoc's JSON; of formulas a list of { "tex": as pandoc reads it, "plain": text where it has plain
-- signs, "words": text where it can be said in them, "wrong": text }.

local function read_file(path)
  local handle = assert(io.open(path, "rb"))
  local text = handle:read("a")
  handle:close()
  return text
end

local function write_file(path, text)
  local handle = assert(io.open(path, "wb"))
  handle:write(text)
  handle:close()
end

local function read_markdown(task)
  local abbreviations = {}
  for _, word in ipairs(task.abbreviations) do
    abbreviations[word] = true
  end
  local tree = pandoc.read(task.text, task.format, { abbreviations = abbreviations })
  return pandoc.write(tree, "json")
end

--- Return a formula as pandoc reads it, how it is written in plain signs on one line, where that can
-- be done, else its words, if it can be said, and else what is wrong with it.
local function read_formula(given, lang, tex, spoken)
  local found = { tex = tex.for_pandoc(given) }
  local why
  found.plain, why = spoken.plain(found.tex)
  found.words = not found.plain and spoken.spoken(found.tex, lang) or nil
  if why and not found.words then
    local said = pandoc.json.decode(pandoc.json.encode(why), false)
    found.wrong = said.message and said.message:match("%S") and said.message or nil
  end
  return found
end

local function read_formulas(task)
  local found = pandoc.List({})
  local tex, spoken = dofile(task.filters .. "/tex.lua"), dofile(task.filters .. "/spoken.lua")
  for _, given in ipairs(task.texts) do
    found:insert(read_formula(given, task.lang, tex, spoken))
  end
  return pandoc.json.encode(found)
end

--- Return the words of a text that are kept as one, each by itself with spaces between, as pandoc
-- has them and as filters of other hands expect them.
local function split_words(str)
  if not str.text:find(" ", 1, true) then
    return nil
  end
  local words = pandoc.Inlines({})
  for space, word in str.text:gmatch("( *)([^ ]*)") do
    if space ~= "" then
      words:insert(pandoc.Space())
    end
    if word ~= "" then
      words:insert(pandoc.Str(word))
    end
  end
  return words
end

local path, known = package.path, {}
for name in pairs(package.loaded) do
  known[name] = true
end

--- What filters require is read anew for each document: it may have changed, or have been of another
-- format. A filter that failed has left what it required, so this comes first.
local function forget_modules()
  for name in pairs(package.loaded) do
    if not known[name] then
      package.loaded[name] = nil
    end
  end
end

--- Filters find the globals that they find where pandoc runs them. Each is loaded anew for each
-- document, with globals of its own, so that none knows of another.
local function filter_tree(tree, task)
  forget_modules()
  for _, filter in ipairs(task.filters) do
    FORMAT, PANDOC_SCRIPT_FILE = task.to, filter
    package.path = pandoc.path.join({ pandoc.path.directory(filter), "?.lua" }) .. ";" .. path
    if task.own and task.own[filter] then
      tree = tree:walk({ Str = split_words })
    end
    tree = pandoc.utils.run_lua_filter(tree, filter)
  end
  package.path = path
  return tree
end

local function write_documents(task)
  local options = { wrap_text = "preserve", variables = task.variables, html_math_method = "mathml" }
  if task.template ~= "" then
    options.template = pandoc.template.compile(read_file(task.template), task.template)
  end
  pandoc.system.with_working_directory(task.folder, function()
    for _, document in ipairs(task.documents) do
      local tree = filter_tree(pandoc.read(read_file(document.source), "json"), task)
      write_file(document.goal, pandoc.write(tree, task.as, options))
      -- Lua sees nothing of how large a tree is, and would keep many.
      tree = nil
      collectgarbage()
    end
  end)
end

--- Pandoc lacks the words of many languages for what we name ourselves: "Contents", "Abstract".
-- A note that nothing refers to is looked for by us, who know where it stands.
local harmless = {
  CouldNotLoadTranslations = true, NoTranslation = true, NoteDefinedButNotUsed = true,
  -- Two formats may each have a heading with the same id.
  DuplicateIdentifier = true,
}

--- Do a task. Return what to answer, and what was read.
local function answer(line)
  local task = pandoc.json.decode(line, false)
  local messages, done, made = pandoc.log.silence(function()
    return pcall(function()
      if task.write then
        return write_documents(task.write)
      end
      return task.read and read_markdown(task.read) or read_formulas(task.formulas)
    end)
  end)
  if not done then
    return { error = tostring(made) }
  end
  local warnings = pandoc.List({})
  for i = #messages, 1, -1 do
    local message = pandoc.json.decode(pandoc.json.encode(messages[i]), false)
    local is_wrong = message.verbosity == "WARNING" or message.verbosity == "ERROR"
    if is_wrong and not harmless[message.type] then
      warnings:insert(message.pretty)
    end
  end
  return { warnings = warnings }, made
end

for line in io.lines() do
  local said, made = answer(line)
  -- What a filter said on standard error may lack an end of line.
  io.write("\n", pandoc.json.encode(said), "\n", made and made .. "\n" or "")
  io.flush()
end
