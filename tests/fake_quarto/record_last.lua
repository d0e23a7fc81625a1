--- Recorder: the last of the extension's filters while `scripts/record_quarto.py` records: the tree
-- that ours leave, beside what record_first.lua wrote.

return { { Pandoc = function(document)
  local whole = FORMAT:match("html") and quarto.doc.input_file:match("([^/\\]+)%.%w+$") or "book"
  local name = whole .. "." .. FORMAT .. ".answered.json"
  local handle = assert(io.open(pandoc.path.join({ os.getenv("REVIEWPRESS_RECORD"), name }), "w"))
  handle:write(pandoc.write(document, "json"), "\n")
  handle:close()
end } }
