--- Headings without a number in Quarto's PDF.
--
-- Quarto sets them by a call in a block, without the label that links to them look for: Typst would
-- refuse the links, and the new page of a chapter that begins in a block (quarto-cli 13698). Ours is
-- the call alone, with its label. It is the last of the filters, since others look for headings.

if not quarto or FORMAT ~= "typst" then
  return {}
end

local stringify = pandoc.utils.stringify

--- Down to which level Quarto numbers headings.
local depth = 3

local function read_depth(meta)
  depth = tonumber(meta["number-depth"] and stringify(meta["number-depth"])) or depth
end

local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

local function set_bare(header)
  local is_unlisted = header.classes:includes("unlisted")
  local is_bare = header.classes:includes("unnumbered") or header.level > depth
  if not is_bare and not is_unlisted then
    return nil
  end
  local call = "#heading(level: "
    .. header.level
    .. (is_bare and ", numbering: none" or "")
    .. (is_unlisted and ", outlined: false" or "")
    .. ")["
  local label = header.identifier ~= "" and " #label(" .. typst_string(header.identifier) .. ")" or ""
  local inlines = pandoc.Inlines({ pandoc.RawInline("typst", call) })
  inlines:extend(header.content)
  inlines:insert(pandoc.RawInline("typst", "]" .. label))
  return pandoc.Plain(inlines)
end

return { { Meta = read_depth }, { Header = set_bare } }
