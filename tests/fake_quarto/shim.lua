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

return dofile(path)
