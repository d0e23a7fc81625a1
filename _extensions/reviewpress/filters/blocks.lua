--- Blocks: evidence boxes, key messages, plain summaries and callouts.
--
-- Pages: a `div` with a visible label, never colour alone. Typst: a call of the function of the
-- template (`#key-message[…]`). Word: the paragraph styles of the reference document.
-- On its pages Quarto makes its own callouts; the rest is the same there.

local format = require("./format")
local say = require("./labels")
local in_quarto = quarto ~= nil
local nodes = quarto and require("../quarto/nodes")

--- class → the template's function, Word's style, the name of the label that is written out
local kinds = {
  ["evidence-box"] = { "evidence-box", "Evidence Box", nil },
  ["key-message"] = { "key-message", "Key Message", "key-message" },
  ["key-messages"] = { "key-messages", "Key Message", nil },
  ["headlines"] = { "headlines", "Key Message", nil },
  ["plain-summary"] = { "plain-summary", "Plain Summary", nil },
  ["lead"] = { "lead", "Lead", nil },
  ["table-notes"] = { "table-notes", "Table Note", nil },
}

--- class → Word's style, the name of the label
local callouts = {
  ["callout-note"] = { "Callout Note", "callout-note-title" },
  ["callout-tip"] = { "Callout Tip", "callout-tip-title" },
  ["callout-important"] = { "Callout Important", "callout-important-title" },
  ["callout-caution"] = { "Callout Caution", "callout-caution-title" },
  ["callout-warning"] = { "Callout Warning", "callout-warning-title" },
}

--- In a gathered list every block is a key message: the label would only repeat itself.
local function unlabel(div)
  return div:walk({
    Div = function(inner)
      if inner.classes:includes("key-message") then
        inner.attributes.label = "no"
        return inner
      end
    end,
  })
end

--- A first paragraph that is all in strong type is the block's title.
local function strong_title(div)
  local first = div.content[1]
  local only = first and first.t == "Para" and #first.content == 1 and first.content[1]
  if only and only.t == "Strong" then
    div.content:remove(1)
    return pandoc.utils.stringify(only)
  end
end

local function label_of(div, default)
  local title = div.attributes.title
  if title and title ~= "" then
    return title
  end
  title = strong_title(div)
  if title then
    return title
  end
  if div.attributes.label == "no" then
    div.attributes.label = nil
    return nil
  end
  return default and say(default)
end

local function resolve_kind(div, kind)
  local name, style, default = kind[1], kind[2], kind[3]
  -- A headline alone is no title of what follows.
  local title = name ~= "headlines" and label_of(div, default) or nil
  return format.block and format.block(div, { name = name, style = style }, title)
end

--- A callout's title: its kind in words, never colour alone, and what the author wrote. One that can
-- be referred to has a number.
local function callout_title(callout, given, number)
  local label = say(callout[2])
  local named = label .. (number and "\u{a0}" .. number or "")
  local said = pandoc.utils.stringify(given)
  if said == "" or said == label then
    return pandoc.Inlines(named)
  end
  return pandoc.Inlines(named .. say("caption-separator")) .. given
end

--- Take a callout's title out of what it holds, where the assembler has put it.
local function take_title(div)
  local first = div.content[1]
  if first and first.t == "Div" and first.classes:includes("callout-title") then
    div.content:remove(1)
    return first.content[1].content
  end
  return pandoc.Inlines(label_of(div, nil) or {})
end

local function resolve_callout(div, class)
  local number = div.attributes.number
  div.attributes.number = nil
  local title = callout_title(callouts[class], take_title(div), number)
  return format.callout and format.callout(div, class, callouts[class][1], title)
end

--- The last words before a block's end are a paragraph like those before them.
local function paragraphs(content)
  for i, block in ipairs(content) do
    if block.t == "Plain" then
      content[i] = pandoc.Para(block.content)
    end
  end
  return content
end

local function resolve(div)
  for _, class in ipairs(div.classes) do
    if kinds[class] then
      div.content = paragraphs(div.content)
      return resolve_kind(div, kinds[class])
    end
    if callouts[class] and not in_quarto then
      div.content = paragraphs(div.content)
      return resolve_callout(div, class)
    end
  end
end

--- Quarto shows a callout's kind by colour and icon: in words besides on its pages, where it adds
-- them with the number to one that has an id, and by our own callouts in print, where icons would
-- break PDF/A. One whose number was not handed over stays Quarto's.
local function quarto_callout(callout)
  local class = "callout-" .. tostring(callout.type)
  if not callouts[class] then
    return nil
  end
  local id = callout.attr and callout.attr.identifier or ""
  local _, number = nodes.label(id)
  local given = pandoc.utils.blocks_to_inlines(nodes.blocks(callout.title))
  local words = callout_title(callouts[class], given, number)
  if (id == "" or number) and format.callout and not format.is_pages then
    local content = paragraphs(nodes.blocks(callout.content))
    return format.callout(pandoc.Div(content, { id = id }), class, callouts[class][1], words)
  elseif #given > 0 and not number and words ~= given then
    callout.title = words
    return callout
  end
end

--- What authors write to each other is not published.
local function without_notes(node)
  if node.classes:includes("comment") or node.classes:includes("todo") then
    return {}
  end
end

local function prepare(div)
  if div.classes:includes("key-messages") then
    return unlabel(div)
  end
end

--- A line that ends in a colon stays on the page where the list that it introduces begins.
local function keep_lead_in(blocks)
  local out, changed = pandoc.Blocks({}), false
  for i, block in ipairs(blocks) do
    local list = blocks[i + 1] and (blocks[i + 1].t == "BulletList" or blocks[i + 1].t == "OrderedList")
    local last = list and block.t == "Para" and block.content[#block.content]
    if last and last.t == "Str" and last.text:match(":$") then
      out:extend(format.lead_in(block))
      changed = true
    else
      out:insert(block)
    end
  end
  return changed and out or nil
end

--- No line before a list is looked for in tables, whose cells are most of all lists of blocks.
local function pass_by()
  return nil, false
end

local passes = { { Meta = say.read }, { Div = without_notes, Span = without_notes }, { Div = prepare }, { Div = resolve } }
if format.lead_in then
  table.insert(passes, { traverse = "topdown", Blocks = keep_lead_in, Table = pass_by })
end
if in_quarto then
  table.insert(passes, { Callout = quarto_callout })
end
return passes
