--- Ids that pandoc's writer or Typst would drop, and leave links to them dead. Those of code, links
-- and pictures go to a block or a span around them. In Typst nothing has two, and what is shown
-- twice has none: of spans in one another, and in captions, the place before has the id.
--
-- Those of figures, tables and listings stay where they are: other filters look for them there.

local format = require("./format")
local floats = { fig = true, tbl = true, lst = true }
local in_typst = format.name == "typst"

local function is_free(element)
  local id = element.identifier
  return id and id ~= "" and not floats[id:match("^(%l+)%-")]
end

local function give_id(element, holder)
  if not is_free(element) then
    return nil
  end
  local id = element.identifier
  element.identifier = ""
  return holder({ element }, { id = id })
end

local function in_span(inline)
  return give_id(inline, pandoc.Span)
end

local function part_spans(span)
  local last = span.content[#span.content]
  if is_free(span) and last and last.t == "Span" and is_free(last) then
    span.content:insert(1, format.place(span.identifier))
    span.identifier = ""
    return span
  end
end

--- Lists of figures and tables show a caption again, where no id may be.
local function free_caption(element)
  local places = pandoc.Blocks({})
  element.caption.long = element.caption.long:walk({
    Span = function(span)
      if is_free(span) then
        places:insert(pandoc.RawBlock("typst", format.place(span.identifier).text))
        span.identifier = ""
        return span
      end
    end,
  })
  places:insert(element)
  return #places > 1 and places or nil
end

--- A header that is repeated on each page may have no notes, links and ids: it is set once.
local function keep_header(tbl)
  local holds = false
  local function find(inline)
    holds = holds or inline.t ~= "Span" or is_free(inline)
  end
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents:walk({ Note = find, Link = find, Cite = find, Span = find })
    end
  end
  local blocks = free_caption(tbl) or pandoc.Blocks({ tbl })
  if holds then
    -- In no block of its own: a wide table begins a page.
    blocks:insert(1, pandoc.RawBlock("typst", "#set table.header(repeat: false)"))
    blocks:insert(pandoc.RawBlock("typst", "#set table.header(repeat: true)"))
  end
  return blocks
end

if format.is_pages then
  return {}
end
return {
  {
    CodeBlock = function(code)
      return give_id(code, pandoc.Div)
    end,
    Code = in_span,
    Link = in_span,
    Image = in_span,
  },
  in_typst and { Span = part_spans, Figure = free_caption, Table = keep_header } or {},
}
