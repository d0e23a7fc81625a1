--- Headings as Typst takes them; parts and appendices in Quarto's PDF. It is the last of the filters,
-- since others look for headings.
--
-- The embedded engine has numbered headings: each is told its number, so that bookmarks, lists and
-- what links say of it have it, too.
-- Quarto marks parts, and where the appendices begin, by divisions, and leaves what becomes of them
-- to its own book template. Headings without a number it sets by a call in a block, without the
-- label that links to them look for: Typst would refuse the links, and the new page of a chapter
-- that begins in a block (quarto-cli 13698). Ours is the call alone, with its label.

if FORMAT ~= "typst" then
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

--- A heading by a call of these arguments, which goes on with its label.
local function call_heading(header, arguments)
  local call = "#heading(" .. table.concat({ "level: " .. header.level, table.unpack(arguments) }, ", ") .. ")["
  local label = header.identifier ~= "" and " #label(" .. typst.string(header.identifier) .. ")" or ""
  local inlines = pandoc.Inlines({ pandoc.RawInline("typst", call) })
  inlines:extend(header.content)
  inlines:insert(pandoc.RawInline("typst", "]" .. label))
  return pandoc.Plain(inlines)
end

local function set_numbered(header)
  local number = header.attributes.number
  return number and call_heading(header, { "numbering: (..) => " .. typst.string(number) })
end

local function set_bare(header)
  local arguments = {}
  if header.classes:includes("unnumbered") or header.level > depth then
    table.insert(arguments, "numbering: none")
  end
  if header.classes:includes("unlisted") then
    table.insert(arguments, "outlined: false")
  end
  return #arguments > 0 and call_heading(header, arguments) or nil
end

if not quarto then
  return { { Header = set_numbered } }
end
return { { Meta = read_depth, Div = set_part }, { Header = set_bare } }
