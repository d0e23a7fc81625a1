--- Run a filter of the extension as Quarto does: with a `quarto`, and with its `require`.
dofile(pandoc.path.directory(debug.getinfo(1, "S").source:sub(2)) .. "/../fake_quarto/require.lua")

return function(filter)
  quarto = {
    log = { warning = function(words) io.stderr:write("WARN " .. words .. "\n") end },
    utils = {
      resolve_path = function(name)
        return pandoc.path.join({ pandoc.path.directory(filter), name })
      end,
    },
  }
  return dofile(filter)
end
