--- Captions of tables without an identifier in Quarto's PDF.
--
-- Quarto has pandoc write tables bare, since those with an identifier stand in figures of its own;
-- the caption of any other is lost by that. It runs after across.lua, which looks for tables.

local format = require("../filters/format")

if not quarto or format.name ~= "typst" then
  return {}
end

local function set_caption(tbl)
  local caption = tbl.caption.long
  if #caption == 0 then
    return nil
  end
  tbl.caption = pandoc.Caption({})
  local opening = '#figure(kind: "quarto-float-tbl", supplement: none, numbering: none, '
    .. "caption: figure.caption(position: top, ["
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", opening) })
  blocks:extend(caption)
  blocks:extend({ pandoc.RawBlock("typst", "]), ["), tbl, pandoc.RawBlock("typst", "])") })
  return blocks
end

return { { Table = set_caption } }
