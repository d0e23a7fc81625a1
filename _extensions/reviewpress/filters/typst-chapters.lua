--- Parts, appendices and headings without a number in Quarto's PDF.
--
-- Quarto marks parts, and where the appendices begin, by divisions, and leaves what becomes of them
-- to its own book template. Headings without a number it sets by a call in a block, without the
-- label that links to them look for: Typst would refuse the links, and the new page of a chapter
-- that begins in a block (quarto-cli 13698). Ours is the call alone, with its label. It is the last
-- of the filters, since others look for headings.

if not quarto or FORMAT ~= "typst" then
  return {}
end

local stringify = pandoc.utils.stringify
local typst = dofile(
  quarto and quarto.utils.resolve_path("typst.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "typst.lua" })
)

--- Down to which level Quarto numbers headings.
local depth = 3

local function read_depth(meta)
  depth = tonumber(meta["number-depth"] and stringify(meta["number-depth"])) or depth
end

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

--- What Quarto says of a chapter or part in a comment before it: JSON in base 64.
local function decode(text)
  local bits, held, out = 0, 0, {}
  for digit in text:gmatch("[%w%+/]") do
    held = (held << 6 | (digits:find(digit, 1, true) - 1)) & 0xffff
    bits = bits + 6
    if bits >= 8 then
      bits = bits - 8
      table.insert(out, string.char(held >> bits & 255))
    end
  end
  return table.concat(out)
end

local function begins_appendices(div)
  local found = false
  div:walk({
    RawInline = function(raw)
      local data = raw.text:match("quarto%-file%-metadata: (%S+)")
      found = found or (data and decode(data):match('"bookItemType":%s*"appendix"')) ~= nil
    end,
  })
  return found
end

local function set_part(div)
  if not div.classes:includes("quarto-book-part") then
    return nil
  end
  local title = ""
  div:walk({
    Header = function(header)
      title = stringify(header)
    end,
  })
  if begins_appendices(div) then
    local call = "#show: appendices.with(" .. typst.string(title) .. ", hide-parent: true)"
    return pandoc.RawBlock("typst", call)
  end
  return pandoc.RawBlock("typst", "#part(" .. typst.string(title) .. ")")
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
  local label = header.identifier ~= "" and " #label(" .. typst.string(header.identifier) .. ")" or ""
  local inlines = pandoc.Inlines({ pandoc.RawInline("typst", call) })
  inlines:extend(header.content)
  inlines:insert(pandoc.RawInline("typst", "]" .. label))
  return pandoc.Plain(inlines)
end

return { { Meta = read_depth, Div = set_part }, { Header = set_bare } }
