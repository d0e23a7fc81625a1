--- Pages across: wide tables (`.landscape`) stand on them, with the little text around them.
--
-- Typst: `#landscape[…]`. Word: sections of their own. Pages of the web scroll instead.

local format = require("./format")
local stringify = pandoc.utils.stringify
local nodes = quarto and require("../quarto/nodes")

--- Quarto's floats with a table, by the number that their node has: true for one across.
local across = {}

local function number_of(node)
  return node.attributes["__quarto_custom_id"]
end

--- It is the float that goes on a page across: its table stands in a division of it.
local function collect_across(float)
  local number = number_of(float.__quarto_custom_node)
  if float.type == "Table" then
    across[number] = false
  end
  float.content = nodes.blocks(float.content):walk({
    Table = function(tbl)
      if tbl.classes:includes("landscape") then
        across[number] = true
        tbl.classes = tbl.classes:filter(function(class)
          return class ~= "landscape"
        end)
        return tbl
      end
    end,
  })
  return float
end

local function is_across(block)
  if block.t == "Div" then
    return across[number_of(block) or ""]
  end
  return block.t == "Table" and block.classes:includes("landscape")
end

--- Where a stretch across begins: with the heading of the table's own section, if only a little
-- text stands between, so that no page holds a heading alone.
local function section_begin(blocks, at, least)
  for i = at - 1, math.max(least, at - 4), -1 do
    local block = blocks[i]
    if block.t == "Header" then
      return i
    elseif block.t ~= "Para" and block.t ~= "Plain" then
      return at
    end
  end
  return at
end

local function is_part(block)
  return block ~= nil and block.t == "RawBlock" and block.text:match("^#report%-part") ~= nil
end

--- What the table is set in goes with it, and what says that it continues one before.
local function is_opening(block)
  return block.t == "RawBlock" and block.text:match("^#[%w-]+[%[%(]") ~= nil and not is_part(block)
    or block.t == "Div" and block.attributes["custom-style"] == "Table Continued"
end

--- So too a chapter that opens with little text before its first table across.
local function stretch_begin(blocks, at, least)
  while at > least and is_opening(blocks[at - 1]) do
    at = at - 1
  end
  local begin = section_begin(blocks, at, least)
  if blocks[begin].t == "Header" and blocks[begin].level > 1 then
    local chapter = section_begin(blocks, begin, least)
    begin = blocks[chapter].t == "Header" and blocks[chapter].level == 1 and chapter or begin
  end
  local chapter = blocks[begin].t == "Header" and blocks[begin].level == 1
  return chapter and is_part(blocks[begin - 1]) and begin - 1 or begin
end

local texts = { Para = true, Plain = true, BulletList = true, OrderedList = true }

--- Quarto marks in a paragraph without words where the file of the next chapter begins.
local function is_text(block)
  return block and texts[block.t] and (block.t ~= "Para" or stringify(block) ~= "")
end

--- A chapter that is across goes on so to its end, if little is left of it.
local LITTLE = 8

local function may_stand_across(block)
  local kind = block.t
  local float = kind == "Div" and block.attributes["__quarto_custom_type"] == "FloatRefTarget"
  return float or texts[kind] or kind == "Header" or kind == "Table" or kind == "RawBlock"
end

local function ends_chapter(block)
  local marks = block and block.t == "Para" and not is_text(block)
  return not block or marks or (block.t == "Header" and block.level == 1)
end

local function rest_of_chapter(blocks, last)
  local at = last
  while not ends_chapter(blocks[at + 1]) do
    at = at + 1
    if at > last + LITTLE or not may_stand_across(blocks[at]) then
      return last
    end
  end
  return at
end

--- What closes the settings of a table, and its notes.
local function is_closing(block)
  return block ~= nil
    and (block.t == "RawBlock" and block.text:match("^%]+$") ~= nil
      or block.t == "Div" and block.classes:includes("table-notes"))
end

--- Where a stretch across ends: after the little text that follows its table and would otherwise
-- stand alone before the next heading.
local function stretch_end(blocks, at)
  while is_closing(blocks[at + 1]) do
    at = at + 1
  end
  local last = at
  while last < at + 2 and is_text(blocks[last + 1]) do
    last = last + 1
  end
  local following = blocks[last + 1]
  local ends = not following or following.t == "Header"
    or (following.t == "Para" and not is_text(following))
  return rest_of_chapter(blocks, ends and last or at)
end

--- What stands between two stretches across goes with them if it is little: on a page of its own it
-- would leave most of that empty.
local LITTLE_TEXT = 600

local function is_little(blocks, first, last)
  local length = 0
  for i = first, last do
    if not is_text(blocks[i]) and blocks[i].t ~= "Header" or ends_chapter(blocks[i]) then
      return false
    end
    length = length + #stringify(blocks[i])
  end
  return length <= LITTLE_TEXT
end

--- Put wide tables on pages across, those that follow each other on the same.
local function turn_pages(blocks)
  local stretches, last = {}, 0
  for i, block in ipairs(blocks) do
    if i > last and is_across(block) then
      local begin = stretch_begin(blocks, i, last + 1)
      local before = stretches[#stretches]
      last = stretch_end(blocks, i)
      if before and is_little(blocks, before[2] + 1, begin - 1) then
        before[2] = last
      else
        table.insert(stretches, { begin, last })
      end
    end
  end
  if #stretches == 0 then
    return nil
  end
  local out, at = pandoc.Blocks({}), 1
  for _, stretch in ipairs(stretches) do
    for i = at, stretch[1] - 1 do
      out:insert(blocks[i])
    end
    local inner = pandoc.Blocks({})
    for i = stretch[1], stretch[2] do
      inner:insert(blocks[i])
    end
    out:extend(format.turn(inner, is_text))
    at = stretch[2] + 1
  end
  for i = at, #blocks do
    out:insert(blocks[i])
  end
  return out
end

--- Quarto wraps what a cell shows in divisions, which Typst would make blocks of: a page across
-- cannot stand in one.
local function unwrap_cell(div)
  if quarto and (div.classes:includes("cell") or div.classes:includes("cell-output")) then
    return div.content
  end
end

if not format.turn then
  return {}
end
--- What stands in the cells of tables need not be looked at, and is most of all lists of blocks.
local function pass_by()
  return nil, false
end

return {
  { Div = unwrap_cell },
  { FloatRefTarget = collect_across },
  { traverse = "topdown", Blocks = turn_pages, Table = pass_by },
}
