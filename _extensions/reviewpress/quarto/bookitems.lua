--- What Quarto says of the chapters and parts of a book that is one file. No filter itself:
-- `require("./bookitems")`.
--
-- Two comments stand before each part's heading and each chapter, JSON in base 64: one in a line,
-- which has a folder alone, and a block, which has the type.
--
--   is_part(div)             whether a division holds the heading of a part
--   begins_appendices(div)   whether the part is that of the appendices
--   mark(div)                the comments, which Quarto reads where it numbers what follows
--   second(blocks)           where the chapter or part after the first begins; behind all without one

local items = {}

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

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

function items.is_part(div)
  return div.t == "Div" and div.classes:includes("quarto-book-part")
end

function items.begins_appendices(div)
  local found = false
  local function look(raw)
    local data = raw.text:match("quarto%-file%-metadata: (%S+)")
    local item = data and pandoc.json.decode(decode(data), false)
    found = found or (type(item) == "table" and item.bookItemType == "appendix")
  end
  div:walk({ RawBlock = look, RawInline = look })
  return found
end

function items.mark(div)
  local blocks = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == "RawBlock" and block.text:match("quarto%-file%-metadata") then
      blocks:insert(block)
    end
  end
  return blocks
end

function items.second(blocks)
  local begun = 0
  for at, block in ipairs(blocks) do
    local first = block.t == "Para" and block.content[1]
    local begins = first and first.t == "RawInline" and first.text:match("quarto%-file%-metadata")
    begun = begun + ((begins or items.is_part(block)) and 1 or 0)
    if begun > 1 then
      return at
    end
  end
  return #blocks + 1
end

return items
