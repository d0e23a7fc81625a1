--- Gives a filter of the extension the `quarto` table that it has under Quarto.
local path = "FILTER"
local root = os.getenv("QUARTO_PROJECT_DIR")

quarto = {
  project = { directory = root, offset = os.getenv("FAKE_OFFSET") },
  doc = { input_file = os.getenv("FAKE_INPUT") },
  utils = {
    resolve_path = function(name)
      return pandoc.path.normalize(pandoc.path.join({ pandoc.path.directory(path), name }))
    end,
  },
  log = {
    warning = function(words)
      io.stderr:write("WARNING: " .. words .. "\n")
    end,
  },
}

local passes = dofile(path)

--- Quarto hands filters its callouts and floats as nodes of their own: so here, callouts with a
-- title, and figures.
for _, pass in ipairs(passes or {}) do
  local look = pass.FloatRefTarget
  if look then
    pass.Figure = function(figure)
      local float = look({ identifier = figure.identifier, content = figure.content })
      if float then
        figure.content = pandoc.Blocks(float.content)
        return figure
      end
    end
  end
  local name = pass.Callout
  if name then
    pass.Div = function(div)
      local kind = table.concat(div.classes, " "):match("callout%-(%l+)")
      local first = div.content[1]
      if kind and first and first.t == "Header" then
        local callout = name({ type = kind, title = first.content, content = div.content })
        if callout then
          first.content = callout.title
          div.content[1] = first
          return div
        end
      end
    end
  end
end

return passes
