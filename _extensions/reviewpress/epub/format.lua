--- EPUB: what filters ask of a format (filters/format.lua). Its chapters are pages, with nothing
-- beside them to download, and nothing on them that needs a script or a window's width.

return function(say, shared)
  local format = dofile(shared.files.beside("../html/format.lua"))(say, shared)
  format.name = "epub"
  format.has_site = false
  format.keeps_values = false
  format.line_end = "<wbr/>"

  --- A chart is as wide as the line, with its alternative text.
  function format.figure_image(image)
    return format.image(image)
  end

  return format
end
