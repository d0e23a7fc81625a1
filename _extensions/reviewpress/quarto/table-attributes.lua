--- Attributes at the end of a table's caption, under Quarto.
--
-- Quarto has its reader leave them as text (`: Papers {row-headers=1}`) where the table has no
-- `#tbl-` identifier. Here they become the table's attributes, as pandoc's own reader makes them.

if not quarto then
  return {}
end

--- The text of inlines as an author typed it; nil where there is more than words and quotes.
local function typed(inlines, from)
  local parts = {}
  for i = from, #inlines do
    local inline = inlines[i]
    if inline.t == "Str" then
      table.insert(parts, inline.text)
    elseif inline.t == "Space" or inline.t == "SoftBreak" then
      table.insert(parts, " ")
    elseif inline.t == "Quoted" then
      table.insert(parts, '"' .. pandoc.utils.stringify(inline.content) .. '"')
    else
      return nil
    end
  end
  return table.concat(parts)
end

local function straight(text)
  return (text:gsub("“", '"'):gsub("”", '"'):gsub("‘", "'"):gsub("’", "'"))
end

--- Attributes as pandoc reads them; nil for braces that hold none.
local function parse(text)
  local block = pandoc.read("[]" .. straight(text), "markdown-smart").blocks[1]
  local span = block and #block.content == 1 and block.content[1]
  return span and span.t == "Span" and span.attr or nil
end

--- Where the last brace of a caption opens: the inline, and what it has before the brace.
local function opening(inlines)
  for i = #inlines, 1, -1 do
    local before, braced = (inlines[i].text or ""):match("^(.*)({[^{]*)$")
    if braced then
      return i, before, braced
    end
  end
end

local function split(inlines)
  local at, before, braced = opening(inlines)
  local rest = at and typed(inlines, at + 1)
  local text = rest and (braced .. rest):gsub("%s+$", "")
  local attr = text and text:match("}$") and parse(text)
  if not attr then
    return nil
  end
  local kept = pandoc.Inlines({ table.unpack(inlines, 1, at - 1) })
  if before ~= "" then
    kept:insert(pandoc.Str(before))
  end
  while #kept > 0 and (kept[#kept].t == "Space" or kept[#kept].t == "SoftBreak") do
    kept:remove()
  end
  return kept, attr
end

local function take_attributes(tbl)
  local last = tbl.caption.long[#tbl.caption.long]
  if not last or last.t ~= "Plain" and last.t ~= "Para" then
    return nil
  end
  local kept, attr = split(last.content)
  if not attr then
    return nil
  end
  if attr.identifier ~= "" then
    tbl.identifier = attr.identifier
  end
  tbl.classes:extend(attr.classes)
  for name, value in pairs(attr.attributes) do
    tbl.attributes[name] = value
  end
  local caption = tbl.caption.long
  caption:remove()
  if #kept > 0 then
    caption:insert(pandoc.Plain(kept))
  end
  tbl.caption = pandoc.Caption(caption)
  return tbl
end

return { { Table = take_attributes } }
