--- Headings, numbers and underlined or struck words as Typst takes them; parts and appendices in Quarto's PDF.
-- It is the last of the filters, since others look for headings.
--
-- The embedded engine has numbered headings: each is told its number, so that bookmarks, lists and
-- what links say of it have it, too.
-- Quarto marks parts, and where the appendices begin, by divisions, and leaves what becomes of them
-- to its own book template. Headings without a number it sets by a call in a block, without the
-- label that links to them look for: Typst would refuse the links, and the new page of a chapter
-- that begins in a block (quarto-cli 13698). Ours is the call alone, with its label.

local format = require("./format")
if format.name ~= "typst" then
  return {}
end

local stringify = pandoc.utils.stringify

local items = quarto and require("../quarto/bookitems")

--- Down to which level Quarto numbers headings.
local depth = 3

local function read_depth(meta)
  depth = tonumber(meta["number-depth"] and stringify(meta["number-depth"])) or depth
end

local function set_part(div)
  if not items.is_part(div) then
    return nil
  end
  local blocks = items.mark(div)
  local title = ""
  div:walk({
    Header = function(header)
      title = stringify(header)
    end,
  })
  local call = "#part(" .. format.quoted(title) .. ")"
  if items.begins_appendices(div) then
    call = "#show: appendices.with(" .. format.quoted(title) .. ", hide-parent: true)"
  end
  blocks:insert(pandoc.RawBlock("typst", call))
  return blocks
end

--- By how many levels pandoc will raise headings: Quarto has it do so in a document that has none of
-- the first level, after the filters. A call is no heading to it.
local raised = 0

local function find_raised(document)
  local least = math.huge
  document:walk({
    Header = function(header)
      least = math.min(least, header.level)
    end,
  })
  raised = least > 1 and least < math.huge and 1 or 0
end

--- A heading by a call of these arguments, which goes on with its label.
local function call_heading(header, arguments)
  local level = "level: " .. header.level - raised
  local call = "#heading(" .. table.concat({ level, table.unpack(arguments) }, ", ") .. ")["
  local label = header.identifier ~= "" and " #label(" .. format.quoted(header.identifier) .. ")" or ""
  local inlines = pandoc.Inlines({ pandoc.RawInline("typst", call) })
  inlines:extend(header.content)
  inlines:insert(pandoc.RawInline("typst", "]" .. label))
  return pandoc.Plain(inlines)
end

local function set_numbered(header)
  local number = header.attributes.number
  return number and call_heading(header, { "numbering: (..) => " .. format.quoted(number) })
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

local marks = { DoubleQuote = { "“", "”" }, SingleQuote = { "‘", "’" } }

--- A heading as bookmarks can have it: without codes of papers, "Elder (2021)" and not "Elder
--- (2021)4", and with quotation marks that are letters.
local function for_bookmark(header)
  header.content = header.content:walk({
    Quoted = function(quoted)
      local mark = marks[quoted.quotetype]
      quoted.content:insert(1, pandoc.Str(mark[1]))
      quoted.content:insert(pandoc.Str(mark[2]))
      return quoted.content
    end,
    Superscript = function(raised_words)
      if not raised_words.content:find_if(function(inline) return inline.t == "Link" end) then
        return nil
      end
      return { pandoc.RawInline("typst", "#context ["), raised_words, pandoc.RawInline("typst", "]") }
    end,
  })
  return header
end

local function has_line(inline)
  return inline.t == "Underline" or inline.t == "Strikeout" or inline.t == "Link" and not inline.target:match("^#")
end

local function holds_line(inline)
  local found = has_line(inline)
  if not found and inline.content then
    pandoc.Span(inline.content):walk({
      Inline = function(inner)
        found = found or has_line(inner)
      end,
    })
  end
  return found
end

--- A link that is not underlined, as the template tells by its label.
local function struck_link(link)
  return pandoc.Inlines({
    pandoc.RawInline("typst", "#link(" .. format.quoted(link.target) .. ")["),
    pandoc.Strikeout(link.content),
    pandoc.RawInline("typst", "]<reviewpress:struck>"),
  })
end

--- Words with one line each: Typst can tag no more, and a link has one of its own. What is struck
-- stays struck, whatever else it is.
local function draw_lines(inlines, draw, strikes)
  local drawn, plain = pandoc.Inlines({}), pandoc.Inlines({})
  local function close()
    if #plain > 0 then
      drawn:insert(draw(plain))
      plain = pandoc.Inlines({})
    end
  end
  for _, inline in ipairs(inlines) do
    if not holds_line(inline) then
      plain:insert(inline)
    else
      close()
      if not has_line(inline) then
        inline.content = draw_lines(inline.content, draw, strikes)
        drawn:insert(inline)
      elseif not strikes then
        drawn:insert(inline)
      elseif inline.t == "Link" then
        drawn:extend(struck_link(inline))
      else
        drawn:extend(draw_lines(inline.content, draw, strikes))
      end
    end
  end
  close()
  return drawn
end

local lines = {
  traverse = "topdown",
  Underline = function(underline)
    return draw_lines(underline.content, pandoc.Underline, false), false
  end,
  Strikeout = function(strikeout)
    return draw_lines(strikeout.content, pandoc.Strikeout, true), false
  end,
}

--- A number as text, where it is all that an element holds.
local function number_as_text(inline)
  if inline.t == "Str" and inline.text:match("^%d+$") then
    return pandoc.RawInline("typst", "\\" .. inline.text)
  end
  local inner = inline.t == "Span" and #inline.content == 1 and number_as_text(inline.content[1])
  if inner then
    inline.content = { inner }
    return inline
  end
end

--- What would begin a list or a heading: "- x", "+ x", "= x", "/ x". Pandoc heeds that at the start of
-- a line, and not at that of a cell, a note or an item.
local function split_sign(text)
  local sign, rest = text:match("^([-+/=])(.*)$")
  if sign and (rest == "" or rest:match("^%s") or sign == "=" and rest:match("^=+%f[%s\0]")) then
    return sign, rest
  end
end

--- A number before a full stop is text, typed or computed, and so is a sign: at the start of a line, a
-- note or a cell Typst would make a list of it. Pandoc heeds that for a word alone at that of a line.
-- The point of ".csv" is text, too: right after bold words, a link or a note it would ask for a field.
local numbers = {
  Inlines = function(inlines)
    local out, changed = pandoc.Inlines({}), false
    for i, inline in ipairs(inlines) do
      local after = inlines[i + 1]
      local word = inline.t == "Str" and inline.text or ""
      local digits, rest = word:match("^(%d+)(%..*)$")
      local sign, following = split_sign(i == 1 and word or "")
      local text = after and after.t == "Str" and after.text:match("^%.") and number_as_text(inline)
      if digits and (rest == "." or rest:match("^%.%s")) then
        out:insert(pandoc.RawInline("typst", "\\" .. digits))
        out:insert(pandoc.Str(rest))
        changed = true
      elseif word:match("^%.[%a_\128-\255]") then
        out:insert(pandoc.RawInline("typst", "\\."))
        out:insert(pandoc.Str(word:sub(2)))
        changed = true
      elseif sign then
        out:insert(pandoc.RawInline("typst", "\\" .. sign))
        out:insert(pandoc.Str(following))
        changed = true
      else
        out:insert(text or inline)
        changed = changed or text
      end
    end
    return changed and out or nil
  end,
}

if not quarto then
  return { { Header = for_bookmark }, { Header = set_numbered }, lines, numbers }
end
return {
  { Meta = read_depth, Pandoc = find_raised, Header = for_bookmark },
  lines,
  { Div = set_part },
  { Header = set_bare },
  numbers,
}
