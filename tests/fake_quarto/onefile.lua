--- What Quarto does after the extension's filters where the book is one file, Typst or Word: parts,
-- numbers of chapters and floats, floats, callouts, and the cross-references that are left.
local nbsp = "\u{a0}"
local stringify = pandoc.utils.stringify
local profile = (os.getenv("QUARTO_PROFILE") or ""):match("^[^,]+")
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

local function image(img)
  local alternative = img.attributes["fig-alt"]
  if typst then
    local call = "#box(image(" .. quoted(img.src) .. (alternative and ", alt: " .. quoted(alternative) or "") .. "))"
    return pandoc.RawInline("typst", call)
  end
  if alternative then
    img.caption = { pandoc.Str(alternative) }
    img.attributes["fig-alt"] = nil
  end
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

local function figure(fig)
  if fig.identifier:match("^fig%-") then
    return as_float(fig.identifier, "fig", fig.caption.long, fig.content)
  end
end

local function table_float(tbl)
  local long = tbl.caption.long
  local id = stringify(long):match("{#(tbl%-[%w-]+)") or (tbl.identifier:match("^tbl%-") and tbl.identifier)
  if not id then
    return nil
  end
  tbl.identifier = ""
  tbl.caption = pandoc.Caption({})
  return as_float(id, "tbl", long, pandoc.Blocks({ tbl })), false
end

local function header(h)
  if h.classes:includes("unnumbered") then
    return nil
  end
  section[h.level] = section[h.level] + 1
  for level = h.level + 1, 7 do
    section[level] = 0
  end
  if h.level == 1 then
    floats = { fig = 0, tbl = 0 }
  end
  if typst or not numbered or h.level > 3 then
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

local function visible(d)
  local wanted = d.attributes["when-profile"]
  if wanted then
    local holds = (wanted == profile) ~= d.classes:includes("content-hidden")
    return holds and d.content or {}
  end
end

local function div(d)
  if d.classes:includes("quarto-book-part") then
    return typst and pandoc.RawBlock("typst", "#part[" .. stringify(d.content) .. "]") or {}, false
  elseif d.classes:includes("fake-appendices") then
    appendices = section[1]
    local call = '#show: appendices.with("Appendices", hide-parent: true)'
    return typst and pandoc.RawBlock("typst", call) or {}
  end
  for _, class in ipairs(d.classes) do
    local first = d.content[1]
    if class:match("^callout%-") then
      local title = class:match("^callout%-(.+)$"):gsub("^%l", string.upper)
      if first and first.t == "Header" then
        title = stringify(first.content)
        d.content:remove(1)
      end
      if typst then
        local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#callout(title: [" .. title .. "], body: [") })
        blocks:extend(d.content)
        blocks:insert(pandoc.RawBlock("typst", "])"))
        return blocks
      end
      d.content:insert(1, pandoc.Para({ pandoc.Strong({ pandoc.Str(title) }) }))
      return d
    end
  end
end

local function cite(c)
  local id = c.citations[1].id
  io.stderr:write("\27[33mWARNING (filters/main.lua:14000) Unable to resolve crossref @" .. id .. "\27[39m\n")
  return pandoc.Strong({ pandoc.Str("?@" .. id) })
end

return {
  { Meta = read_meta },
  { Div = visible },
  { traverse = "topdown", Div = div, Header = header, Figure = figure, Table = table_float },
  { Image = image, Cite = cite },
}
