--- Evidence maps: marks that lead to their references.
--
-- A map of papers is published as a picture, and as a table whose cells cite the papers of each
-- mark: `[@key]{.mark-1 code=7}`, its class the kind of paper that the list before the table names.
-- Pages and the PDF show the table in place of the picture, which remains to download; Word keeps
-- the picture alone: columns as narrow as a map's would break the words of their heads.
-- Runs after references.lua, which has made the cites links, and before figures.lua.

local format = require("./format")
local say = require("./labels")
local nodes = quarto and require("../quarto/nodes")
local shows_table = format.map == "links" or format.map == "marks"
local stringify = pandoc.utils.stringify

--- A map that is higher in print, in millimetres, may go over several pages: two thirds of one.
local LARGEST = 150

local maps = {} -- identifier of the figure → its Div

local function collect(div)
  if div.classes:includes("evidence-map") and div.attributes["for"] then
    maps[div.attributes["for"]] = div
  end
end

-- Marks ----------------------------------------------------------------------------------------

--- The kinds of mark, in order, as the list before the table names them.
local function kinds_of(div)
  local kinds = {}
  for _, block in ipairs(div.content) do
    if block.t == "BulletList" then
      for _, item in ipairs(block.content) do
        table.insert(kinds, stringify(item))
      end
    end
  end
  return kinds
end

local function table_of(div)
  for _, block in ipairs(div.content) do
    if block.t == "Table" then
      return block
    end
  end
end

--- As many looks can be told apart; marks of more kinds have letters, too. As in charts/maps.py.
local LOOKS = 4

local function look_of(kind)
  return "mark-" .. (kind - 1) % LOOKS + 1
end

local function letter_of(kind, kinds)
  return #kinds > LOOKS and string.char(string.byte("a") + kind - 1) or nil
end

local found_in = setmetatable({}, { __mode = "k" })

--- Call a mark by the paper's code, as the picture does: where papers are cited by author and date,
-- that is said to who cannot see the mark.
local function by_code(link, code)
  local words = stringify(link.content)
  if not code or words == code then
    return link
  end
  link.attributes["aria-label"] = link.attributes["aria-label"] or code .. ", " .. words
  link.content = pandoc.Inlines({ pandoc.Str(code) })
  return link
end

--- The marks of a cell: { kind = 1, link = Link }.
local function marks_of(cell)
  if found_in[cell] then
    return found_in[cell]
  end
  local marks = {}
  found_in[cell] = marks
  pandoc.Div(cell.contents):walk({
    Span = function(span)
      local kind
      for _, class in ipairs(span.classes) do
        kind = kind or tonumber(class:match("^mark%-(%d+)$"))
      end
      if kind then
        span:walk({
          Link = function(link)
            table.insert(marks, { kind = kind, link = by_code(link, span.attributes.code) })
          end,
        })
      end
    end,
  })
  return marks
end

--- Visit each cell that is no row's name, with its column.
local function each_cell(tbl, visit)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      for column = 2, #row.cells do
        visit(row.cells[column], column)
      end
    end
  end
end

--- Put the links of marks into a cell, a dash where there are none.
local function fill_cell(cell, marks, between)
  local inlines = pandoc.Inlines({})
  for i, mark in ipairs(marks) do
    if i > 1 then
      inlines:extend(between)
    end
    inlines:insert(mark.link)
  end
  cell.contents = { pandoc.Plain(#marks > 0 and inlines or { pandoc.Str("–") }) }
end

-- Pages ----------------------------------------------------------------------------------------

--- Show the kind of a mark by a class, and say it in the link's name.
local function dress(mark, kinds)
  mark.link.classes:extend({ "map-mark", look_of(mark.kind) })
  local letter = letter_of(mark.kind, kinds)
  if letter then
    mark.link.content:extend({ pandoc.Space(), pandoc.Str(letter) })
  end
  local name = mark.link.attributes["aria-label"]
  if name and kinds[mark.kind] then
    local kind = kinds[mark.kind] .. (letter and " (" .. letter .. ")" or "")
    mark.link.attributes["aria-label"] = name .. ", " .. kind
  end
end

local function page_table(tbl, kinds)
  local heads = tbl.head.rows[1].cells
  each_cell(tbl, function(cell, column)
    local marks = marks_of(cell)
    for _, mark in ipairs(marks) do
      dress(mark, kinds)
    end
    fill_cell(cell, marks, { pandoc.Space() })
    -- On a small screen the columns stand below each other, each cell under its name.
    cell.attributes.label = stringify(heads[column].contents)
  end)
  for i in ipairs(tbl.colspecs) do
    tbl.colspecs[i] = { "AlignDefault", nil }
  end
  local caption = pandoc.Span({ pandoc.Str(say("map-caption")) }, { class = "visually-hidden" })
  tbl.caption = pandoc.Caption({ pandoc.Plain({ caption }) })
  tbl.classes:insert("plain")
  return tbl
end

local function key_of(kinds)
  local items = {}
  for i, kind in ipairs(kinds) do
    local letter = letter_of(i, kinds)
    local shown = letter and { pandoc.Str(letter) } or {}
    local sample = pandoc.Span(shown, { class = "map-mark " .. look_of(i) })
    table.insert(items, { pandoc.Plain({ sample, pandoc.Space(), pandoc.Str(kind) }) })
  end
  return pandoc.Div({ pandoc.BulletList(items) }, { class = "map-key" })
end

--- What the picture says, a way past the links, the key, and the table of marks.
local function page_map(id, div, image)
  local kinds = kinds_of(div)
  local content = pandoc.Blocks({})
  local words = image and (image.attributes["fig-alt"] or stringify(image.caption)) or ""
  if words ~= "" then
    content:insert(pandoc.Div({ pandoc.Para({ pandoc.Str(words) }) }, { class = "visually-hidden" }))
  end
  local past = "#" .. id .. "-end"
  content:insert(pandoc.Plain({ pandoc.Link(say("map-skip"), past, "", { class = "map-skip" }) }))
  if #kinds > 0 then
    content:insert(key_of(kinds))
  end
  content:insert(page_table(table_of(div), kinds))
  content:insert(pandoc.Plain({ pandoc.Span({}, { id = id .. "-end" }) }))
  -- figures.lua offers the picture to download.
  local source = { "source", image and image.src or "" }
  return pandoc.Div(content, pandoc.Attr("", { "evidence-map" }, { source }))
end

-- Typst ----------------------------------------------------------------------------------------

--- What a mark says: its code, and the letter of its kind.
local function said(mark, kinds)
  local code = stringify(mark.link.content)
  local letter = letter_of(mark.kind, kinds)
  return letter and code .. " " .. letter or code
end

local function typst_marks(cell, kinds)
  local out = {}
  for _, mark in ipairs(marks_of(cell)) do
    local target = format.quoted(mark.link.target:gsub("^#", ""))
    local code = format.quoted(said(mark, kinds))
    table.insert(out, string.format("map-mark(%d, label(%s), %s)", mark.kind, target, code))
  end
  return "(" .. table.concat(out, ", ") .. (#out > 0 and ",)" or ")")
end

--- A line of print, in millimetres, the blank beside a column's marks and between two, and how much
-- wider than a column of marks that of the names is: as typst-template.typ draws them.
local LINE, BESIDE, BETWEEN, NAMES = 154, 2.3, 0.7, 1.2

--- How wide a column of marks is in print where all are alike.
local function even_width(tbl)
  return LINE / (#tbl.colspecs - 1 + NAMES) - BESIDE
end

--- How wide a mark is with the blank after it.
local function mark_width(tbl, kinds)
  local widest = 3
  each_cell(tbl, function(cell)
    for _, mark in ipairs(marks_of(cell)) do
      widest = math.max(widest, #said(mark, kinds))
    end
  end)
  return 5 + 1.7 * (widest - 3) + BETWEEN
end

--- How wide a head's longest word is.
local function word_width(head)
  local longest = 0
  for word in stringify(head.contents):gmatch("[^%s]+") do
    longest = math.max(longest, (utf8.len(word) or #word) * 2)
  end
  return longest
end

--- Whether a word of a head is wider than its column: heads are turned then.
local function is_crowded(tbl)
  for column, head in ipairs(tbl.head.rows[1].cells) do
    if column > 1 and word_width(head) > even_width(tbl) then
      return true
    end
  end
  return false
end

--- The most marks that a cell of each column has, by column.
local function most_marks(tbl)
  local most = {}
  each_cell(tbl, function(cell, column)
    most[column] = math.max(most[column] or 1, #marks_of(cell))
  end)
  return most
end

--- How wide columns are that hold their fullest cells in as many lines.
local function widths_for(tbl, lines, mark)
  local crowded, heads, widths, sum = is_crowded(tbl), tbl.head.rows[1].cells, {}, 0
  for column, most in pairs(most_marks(tbl)) do
    local head = crowded and 5 or word_width(heads[column])
    widths[column] = math.max(math.ceil(most / lines) * mark - BETWEEN, head) + BESIDE
    sum = sum + widths[column]
  end
  return widths, sum
end

--- Columns of a map in print: how wide each is to the others, the names first, and how many marks a
-- line of it holds. All are alike, unless columns with more marks can make it lower by being wider.
local function print_columns(tbl, kinds)
  local count, mark = #tbl.colspecs - 1, mark_width(tbl, kinds)
  local shares, held, room = { NAMES }, {}, LINE - LINE * NAMES / (count + NAMES)
  local even = math.max(1, math.floor((even_width(tbl) + BETWEEN) / mark))
  local lines = math.ceil(math.max(1, table.unpack(most_marks(tbl), 2, count + 1)) / even)
  for column = 2, count + 1 do
    shares[column], held[column] = 1, even
  end
  for fewer = 1, lines - 1 do
    local widths, sum = widths_for(tbl, fewer, mark)
    if sum <= room then
      shares[1] = LINE - room
      for column, width in pairs(widths) do
        shares[column] = width * room / sum
        held[column] = math.floor((width - BESIDE + BETWEEN) / mark)
      end
      break
    end
  end
  return shares, held
end

--- About how high a map is in print, in millimetres.
local function printed_height(tbl, kinds)
  local _, held = print_columns(tbl, kinds)
  local height = 20
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local most = 1
      for column = 2, #row.cells do
        most = math.max(most, math.ceil(#marks_of(row.cells[column]) / held[column]))
      end
      height = height + most * 4.6 + 2
    end
  end
  return height
end

local function typst_map(div)
  local kinds, tbl = kinds_of(div), table_of(div)
  local heads, names, rows, widths = {}, {}, {}, {}
  for _, share in ipairs((print_columns(tbl, kinds))) do
    table.insert(widths, ("%.4gfr"):format(share))
  end
  for _, cell in ipairs(tbl.head.rows[1].cells) do
    table.insert(heads, format.quoted(stringify(cell.contents)))
  end
  for _, kind in ipairs(#kinds > 1 and kinds or {}) do
    table.insert(names, format.quoted(kind))
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local cells = { format.quoted(stringify(row.cells[1].contents)) }
      for column = 2, #row.cells do
        table.insert(cells, typst_marks(row.cells[column], kinds))
      end
      table.insert(rows, "  (" .. table.concat(cells, ", ") .. "),")
    end
  end
  return pandoc.RawBlock("typst", string.format(
    "#evidence-map(\n  kinds: (%s),\n  columns: (%s),%s\n  (%s),\n%s\n)",
    table.concat(names, ", ") .. (#names == 1 and "," or ""),
    table.concat(widths, ", "),
    (#names > LOOKS and " letters: true," or "") .. (is_crowded(tbl) and " turned: true," or ""),
    table.concat(heads, ", ") .. (#heads == 1 and "," or ""),
    table.concat(rows, "\n")
  ))
end

-- Replace --------------------------------------------------------------------------------------

local function picture_of(content)
  local found
  content:walk({
    Image = function(image)
      found = found or image
    end,
  })
  return found
end

local function show(id, content)
  if format.map == "links" then
    return page_map(id, maps[id], picture_of(content))
  end
  return typst_map(maps[id])
end

--- A high map begins where its first rows have room, and goes over pages.
local function let_break(id, block)
  if format.map == "marks" and printed_height(table_of(maps[id]), kinds_of(maps[id])) > LARGEST then
    return {
      pandoc.RawBlock("typst", "#long-figure["),
      block,
      pandoc.RawBlock("typst", "]"),
    }
  end
  return block
end

local function resolve_figure(figure)
  if not (shows_table and maps[figure.identifier]) then
    return nil
  end
  local picture = picture_of(figure.content)
  figure.attributes["fig-cap-location"] = picture and picture.attributes["fig-cap-location"]
  figure.content = { show(figure.identifier, figure.content) }
  return let_break(figure.identifier, figure)
end

--- Quarto's floats are nodes of its own, which stand in lists of blocks as divisions.
local function resolve_float(float)
  if not (shows_table and maps[float.identifier]) then
    return nil
  end
  float.content = show(float.identifier, nodes.blocks(float.content))
  return let_break(float.identifier, float.__quarto_custom_node)
end

--- What is left at the map's own place.
local function resolve_map(div)
  if div.classes:includes("evidence-map") and div.attributes["for"] then
    return {}
  end
end

return {
  { Meta = say.read, Div = collect },
  { Figure = resolve_figure, FloatRefTarget = resolve_float },
  { Div = resolve_map },
}
