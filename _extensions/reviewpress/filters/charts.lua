--- Charts of the PDF: what the template needs to know of the text around them.
--
-- A chart that lacks room goes to the head of the next page, and the text after it fills this one
-- (typst-template.typ). Of one that ends its section, the call says so, and has the paragraphs that it
-- may come before: none before the one that speaks of it, and never the first of a section. Runs after
-- figures.lua, which has written the calls.

local format = require("./format")
if format.name ~= "typst" then
  return {}
end

--- More of them would take a chart too far from where it is spoken of.
local MOST = 2

local function is_raw(block, pattern)
  return block ~= nil and block.t == "RawBlock" and block.format == "typst" and block.text:match(pattern) ~= nil
end

local function opens_chart(block)
  return is_raw(block, "^#chart%(kind: ")
end

--- Where the call of the chart that opens there ends. Quarto has a node of its own between two calls.
local function end_of(blocks, at)
  if blocks[at].text:find("quarto-float", 1, true) then
    return at + 2
  end
  while at < #blocks and not is_raw(blocks[at], "supplement: .*%]$") do
    at = at + 1
  end
  return at
end

local function is_table(block)
  return block.t == "Table" or block.t == "Div" and block.attributes.__quarto_custom_type == "FloatRefTarget"
end

--- What Quarto says of the file that a chapter is made of, before the chapter: nobody sees it.
local function is_of_file(block)
  local said = block and block.t == "Para" and #block.content == 1 and block.content[1] or block
  return said ~= nil and said.format == "html" and said.text:find("quarto-file-metadata", 1, true) ~= nil
end

--- Whether nothing comes after a chart that could fill a page before it.
local function ends_section(blocks, after)
  while opens_chart(blocks[after]) do
    after = end_of(blocks, after) + 1
  end
  while is_of_file(blocks[after]) do
    after = after + 1
  end
  local block = blocks[after]
  return not block or block.t == "Header" or is_table(block) or is_raw(block, "^#figure%-words%[")
end

local function speaks_of_figure(paragraph)
  local found = false
  paragraph:walk({
    Link = function(link)
      found = found or link.target:match("^#fig%-") ~= nil
    end,
    Cite = function(cite)
      found = found or cite.citations[1].id:match("^fig%-") ~= nil
    end,
  })
  return found
end

--- Take from the end of `out` the paragraphs that a chart may come before.
local function take_texts(out)
  local texts = pandoc.Blocks({})
  while #texts < MOST and #out > 1 and out[#out].t == "Para" and out[#out - 1].t ~= "Header" do
    texts:insert(1, out:remove())
    if speaks_of_figure(texts[1]) then
      break
    end
  end
  return texts
end

--- The call of a chart that ends its section, with the paragraphs it may come before.
local function call_with(texts, call)
  local arguments = call:gsub("^#chart%(", "ends: true, ", 1)
  local blocks = pandoc.Blocks({})
  for i, text in ipairs(texts) do
    blocks:extend({ pandoc.RawBlock("typst", i == 1 and "#chart(texts: ([" or "], ["), text })
  end
  blocks:insert(pandoc.RawBlock("typst", (#texts > 0 and "],), " or "#chart(") .. arguments))
  return blocks
end

--- Blocks without the divisions in which Quarto has what a cell shows: a chart stands in the text.
local function out_of_cells(blocks)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == "Div" and block.classes[1] and block.classes[1]:match("^cell") then
      out:extend(out_of_cells(block.content))
    else
      out:insert(block)
    end
  end
  return out
end

local function place_charts(document)
  local blocks, out = out_of_cells(document.blocks), pandoc.Blocks({})
  for at, block in ipairs(blocks) do
    if opens_chart(block) and ends_section(blocks, end_of(blocks, at) + 1) then
      out:extend(call_with(take_texts(out), block.text))
    else
      out:insert(block)
    end
  end
  document.blocks = out
  return document
end

return { { Pandoc = place_charts } }
