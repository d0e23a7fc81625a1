--- What Quarto writes of a book that is one file, Typst or Word, after the extension's filters:
-- parts, numbers of chapters and floats, floats, callouts, and the cross-references that are left.
-- It is given what makes blocks of a slot.
--
--   src/resources/filters/customnodes/floatreftarget.lua  floats in Word are tables for layout
--   src/resources/filters/layout/docx.lua                 their captions have the style ImageCaption
--   src/resources/filters/layout/typst.lua                floats in Typst are figures of Quarto's kinds
--   src/resources/filters/quarto-post/typst.lua           tables are no figures of pandoc's besides,
--     headings without a number are calls in blocks, without a label, alternative text is that of `alt`
local as_blocks = ...
local nbsp = "\u{a0}"
local stringify = pandoc.utils.stringify
local typst = FORMAT == "typst"
local by_chapter, numbered = true, true
local section, appendices = { 0, 0, 0, 0, 0, 0, 0 }, nil
local floats = { fig = 0, tbl = 0 }

local function read_meta(meta)
  local crossref = meta.crossref
  by_chapter = not (crossref and crossref.chapters == false)
  numbered = meta["number-sections"] ~= false
end

local function chapter_label()
  return appendices and string.char(64 + section[1] - appendices) or tostring(section[1])
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

--- Word gets no alternative text from an attribute.
local function image(img)
  local words = img.attributes.alt
  if typst then
    local call = "#box(image(" .. quoted(img.src) .. (words and ", alt: " .. quoted(words) or "") .. "))"
    return pandoc.RawInline("typst", call)
  end
  img.attributes.alt = nil
  return img
end

local function typst_float(id, kind, caption, content)
  local name = kind == "fig" and "Figure" or "Table"
  local position = kind == "fig" and "bottom" or "top"
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#figure([") })
  blocks:extend(content)
  blocks:insert(pandoc.RawBlock("typst", "], caption: figure.caption(position: " .. position .. ", ["))
  blocks:insert(pandoc.Plain(pandoc.utils.blocks_to_inlines(caption)))
  blocks:insert(pandoc.RawBlock("typst", ']), kind: "quarto-float-' .. kind .. '", supplement: "' .. name .. '") <' .. id .. ">"))
  return blocks
end

local function word_float(id, kind, caption, content)
  floats[kind] = floats[kind] + 1
  local number = tostring(floats[kind])
  if by_chapter and section[1] > 0 then
    number = chapter_label() .. "." .. number
  end
  local words = pandoc.Inlines({ pandoc.Str((kind == "fig" and "Figure" or "Table") .. nbsp .. number .. ": ") })
  words:extend(pandoc.utils.blocks_to_inlines(caption))
  local styled = pandoc.Div({ pandoc.Para(words) }, { ["custom-style"] = "Image Caption" })
  local cell = pandoc.Div(pandoc.Blocks({}), { id = id })
  if kind == "tbl" then
    cell.content:insert(styled)
  end
  cell.content:extend(content)
  if kind == "fig" then
    cell.content:insert(styled)
  end
  local layout = pandoc.SimpleTable({}, { "AlignLeft" }, { 1 }, {}, { { { cell } } })
  return pandoc.utils.from_simple_table(layout)
end

local function as_float(id, kind, caption, content)
  return (typst and typst_float or word_float)(id, kind, caption, content)
end

local function bare_table(tbl)
  tbl.classes:insert("typst:no-figure")
  return tbl
end

local function float_target(float)
  local kind = float.type == "Figure" and "fig" or "tbl"
  local content = as_blocks(float.content)
  return as_float(float.identifier, kind, as_blocks(float.caption_long), content), false
end

--- In Typst, a heading without a number is a call in a block, and has no label.
local function bare_header(h)
  if not typst then
    return nil
  end
  local call = "#heading(level: " .. h.level .. ", numbering: none)["
  local inlines = pandoc.Inlines({ pandoc.RawInline("typst", call) })
  inlines:extend(h.content)
  inlines:insert(pandoc.RawInline("typst", "]"))
  return pandoc.Div({ pandoc.Plain(inlines) })
end

local function header(h)
  if h.classes:includes("unnumbered") or h.level > 3 then
    return bare_header(h)
  end
  section[h.level] = section[h.level] + 1
  for level = h.level + 1, 7 do
    section[level] = 0
  end
  if h.level == 1 then
    floats = { fig = 0, tbl = 0 }
  end
  if typst or not numbered then
    return nil
  end
  local words = chapter_label()
  for level = 2, h.level do
    words = words .. "." .. section[level]
  end
  if h.level == 1 then
    words = appendices and "Appendix " .. words .. " —" or words .. "."
  end
  h.content:insert(1, pandoc.Space())
  h.content:insert(1, pandoc.Str(words))
  return h
end

local function conditional(block)
  return block.is_shown and as_blocks(block.node)[1].content or {}
end

local function callout(node)
  local title = pandoc.utils.blocks_to_inlines(as_blocks(node.title))
  if #title == 0 then
    title = pandoc.Inlines((node.type:gsub("^%l", string.upper)))
  end
  local content = as_blocks(node.content)
  if typst then
    local words = stringify(title)
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#callout(title: [" .. words .. "], body: [") })
    blocks:extend(content)
    blocks:insert(pandoc.RawBlock("typst", "])"))
    return blocks
  end
  content:insert(1, pandoc.Para({ pandoc.Strong(title) }))
  return pandoc.Div(content, node.attr)
end

--- A part is left to the book's template: in Typst its heading stays, in Word nothing does.
local function div(d)
  if d.classes:includes("quarto-book-part") then
    local mark = d.content[1] and d.content[1].content and d.content[1].content[1]
    if mark and os.getenv("FAKE_APPENDICES"):find(mark.text or "?", 1, true) then
      appendices = section[1]
    end
    return typst and d.content or {}, false
  end
end

local function cite(c)
  local id = c.citations[1].id
  io.stderr:write("\27[33mWARNING (filters/main.lua:14000) Unable to resolve crossref @" .. id .. "\27[39m\n")
  return pandoc.Strong({ pandoc.Str("?@" .. id) })
end

return {
  { Meta = read_meta },
  { Callout = callout, ConditionalBlock = conditional },
  { traverse = "topdown", Div = div, Header = header, FloatRefTarget = float_target },
  { Image = image, Cite = cite, Table = bare_table },
}
