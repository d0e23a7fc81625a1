--- Widths of the columns of a table on pages, as classes of its header cells. No filter itself:
-- `require("./page-widths")`.
--
--   mark_shares(tbl)      `w-3` is a column of about three tenths of the table
--   mark_long(tbl, wide)  `w-long` and `w-longest` are columns of long texts in a table that is wider
--                         than the window; long addresses may end a line at their signs
local columns = require("./columns")
local format = require("./format")
local page_widths = {}

--- So many letters a cell has for its column to be a wide one, on pages, however many there are.
local LONG_CELL, LONGEST_CELL = 90, 300

--- Words of so many letters may end a line at their signs, on pages: addresses most of all.
local LONG_WORD = ("%S"):rep(31)

--- Long words with places where a line may end, which nobody copies with them. A node may hold
-- several words: each is looked at by itself.
local function part_word(node)
  if not node.text:find(LONG_WORD) then
    return nil
  end
  local inlines = pandoc.Inlines({})
  for before, word in node.text:gmatch("(%s*)(%S+)") do
    if word:find(LONG_WORD) then
      for part in columns.after_signs(word) do
        inlines:extend({ pandoc.Str(before .. part), pandoc.RawInline("html", format.line_end) })
        before = ""
      end
      inlines:remove()
    else
      inlines:insert(pandoc.Str(before .. word))
    end
  end
  local after = node.text:match("%S(%s+)$")
  if after then
    inlines:insert(pandoc.Str(after))
  end
  return inlines
end

--- Give columns of long texts room in a table that is wider than the window, and lines their ends.
function page_widths.mark_long(tbl, wide)
  local longest = {}
  columns.each_row(tbl, function(row, is_head)
    columns.each_cell(row, #tbl.colspecs, function(cell, column, span)
      local text = columns.text_of(cell)
      longest[column] = span == 1 and math.max(longest[column] or 0, utf8.len(text) or #text) or longest[column]
      if not is_head and text:find(LONG_WORD) then
        cell.contents = cell.contents:walk({ Str = part_word })
      end
    end)
  end)
  columns.each_row(tbl, function(row, is_head)
    columns.each_cell(is_head and row or pandoc.Row(), #tbl.colspecs, function(cell, column, span)
      local length = span == 1 and wide and longest[column] or 0
      if length > LONG_CELL then
        cell.classes:insert(length > LONGEST_CELL and "w-longest" or "w-long")
      end
    end)
  end)
end

--- Widths as classes of the header cells: `w-3` is a column of about three tenths.
function page_widths.mark_shares(tbl)
  columns.each_row(tbl, function(row, is_head)
    columns.each_cell(is_head and row or pandoc.Row(), #tbl.colspecs, function(cell, column, span)
      local share = tbl.colspecs[column][2]
      if span == 1 and type(share) == "number" then
        cell.classes:insert("w-" .. math.max(1, math.floor(share * 10 + 0.5)))
      end
    end)
  end)
  local plain = {}
  for i = 1, #tbl.colspecs do
    plain[i] = { "AlignDefault", nil }
  end
  tbl.colspecs = plain
end

return page_widths
