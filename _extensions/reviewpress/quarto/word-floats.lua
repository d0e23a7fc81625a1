--- Figures and tables in Word under Quarto: as pandoc has them, and as the embedded engine.
--
-- Quarto puts each with its caption into a table that serves layout alone, gives captions of
-- tables the style of figures' captions, and loses alternative texts. Where the pre-render script
-- handed their numbers over, they become pandoc's own figures and tables again, which the filters
-- after this one set as they set those of the embedded engine. Without numbers they stay Quarto's.

local format = require("../filters/format")

if not quarto or format.name ~= "docx" then
  return {}
end

local say = require("../filters/labels")
local nodes = require("./nodes")

local function caption_of(float, label, number)
  local words = pandoc.Inlines({
    pandoc.Span({ pandoc.Str(label .. "\u{a0}" .. number) }, { class = "caption-label" }),
  })
  local own = pandoc.utils.blocks_to_inlines(nodes.blocks(float.caption_long))
  if #own > 0 then
    words:insert(pandoc.Str((say("caption-separator"):gsub("%s+$", ""))))
    words:insert(pandoc.Space())
    words:extend(own)
  end
  return pandoc.Caption({ pandoc.Plain(words) })
end

--- A part of a figure has its letter alone, as below a picture of the embedded engine's.
local function part_of(float, letter)
  local words = pandoc.Inlines({ pandoc.Span({ pandoc.Str(letter) }, { class = "caption-label" }) })
  local own = pandoc.utils.blocks_to_inlines(nodes.blocks(float.caption_long))
  if #own > 0 then
    words:insert(pandoc.Space())
    words:extend(own)
  end
  local blocks = nodes.blocks(float.content)
  blocks:insert(pandoc.Para(words))
  return pandoc.Div(blocks, { id = float.identifier, class = "sub-float" })
end

--- The table with its caption; nil where what counts as one is a picture or words.
local function table_of(float, caption)
  local done = false
  local blocks = nodes.blocks(float.content):walk({
    Table = function(tbl)
      if done then
        return nil
      end
      done = true
      tbl.identifier = float.identifier
      tbl.caption = caption
      for _, class in ipairs(float.classes or {}) do
        if not tbl.classes:includes(class) then
          tbl.classes:insert(class)
        end
      end
      for name, value in pairs(float.attributes or {}) do
        tbl.attributes[name] = tbl.attributes[name] or value
      end
      return tbl
    end,
  })
  return done and blocks or nil
end

local function release(float)
  local label, number = nodes.label(float.identifier)
  if not label then
    return nil
  end
  local letter = number:match("\u{a0}(%(.+%))$")
  if letter then
    return part_of(float, letter)
  end
  local caption = caption_of(float, label, number)
  local found = float.type == "Table" and table_of(float, caption)
  local attributes = { id = float.identifier }
  for name, value in pairs(float.attributes or {}) do
    attributes[name] = name:match("^layout") and value or nil
  end
  return found or pandoc.Figure(nodes.blocks(float.content), caption, attributes)
end

return { { Meta = say.read }, { FloatRefTarget = release } }
