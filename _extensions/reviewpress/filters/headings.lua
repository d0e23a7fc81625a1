--- Headings: the number that the engine gave, written before the title.
--
-- The embedded engine numbers headings itself and says so with `number="3.2"`, which for Typst
-- stays until typst-chapters.lua; Quarto numbers them its own way and leaves no such attribute. On a page of the embedded engine the chapter's
-- title becomes the template's `heading`, so that the page has one h1 and it stands where it should.

local format = require("./format")
local say = require("./labels")

local current_part

--- A heading with which a part begins, the appendices being one.
local function begin_part(header)
  local part = header.attributes.part or (header.attributes.appendix and say("section-title-appendices"))
  if header.level ~= 1 or not part or part == current_part then
    return header
  end
  current_part = part
  return format.part_heading(header, part)
end

--- Quarto's first page has the book's title as its h1: what stands there ranks below it.
local function is_home()
  local file = quarto and quarto.doc and quarto.doc.input_file
  return format.is_pages
    and file ~= nil
    and pandoc.path.filename(file):match("^index%.") ~= nil
    and quarto.project ~= nil
    and (quarto.project.offset or ".") == "."
end

--- Quarto numbers the sections of a chapter without a number "0.1", or as of the chapter before.
local without_number = false

local function follow_chapter(header)
  if header.level == 1 then
    without_number = header.classes:includes("unnumbered")
  elseif without_number and not header.classes:includes("unnumbered") then
    header.classes:insert("unnumbered")
  end
end

--- What stands apart from the text around it; its headings are none of the chapter's sections.
local boxes = { ["evidence-box"] = true, ["key-message"] = true, ["plain-summary"] = true }

local function free_headings(div)
  if not div.classes:find_if(function(class) return boxes[class] end) then
    return nil
  end
  return div:walk({
    Header = function(header)
      if not header.classes:includes("unnumbered") then
        header.classes:insert("unnumbered")
      end
      return header
    end,
  })
end

--- Words that readers may type for a section, beside those of its title: hidden, for search alone.
local function search_words(header)
  local words = header.attributes["search-words"]
  header.attributes["search-words"] = nil
  if not words or quarto or not format.is_pages then
    return pandoc.Blocks({})
  end
  local said = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ pandoc.Str(words) }) }), "html")
  return pandoc.Blocks({ pandoc.RawBlock("html", ('<p hidden id="also-%s">%s</p>'):format(header.identifier, said)) })
end

local function resolve_heading(header)
  if quarto then
    follow_chapter(header)
  end
  if is_home() then
    header.level = math.min(header.level + 1, 6)
  end
  if format.number_heading then
    header = format.number_heading(header)
  end
  local also = search_words(header)
  local result = format.part_heading and begin_part(header) or header
  header.attributes.part, header.attributes.appendix = nil, nil
  if #also == 0 then
    return result
  end
  also:insert(1, result)
  return also
end

--- A title's words where they stand once more: notes and ids stay behind.
local function alone(inlines)
  return inlines:walk({
    Note = function()
      return {}
    end,
    Span = function(span)
      span.identifier = ""
      return span
    end,
  })
end

--- Move a page's title from the body into the template's variables.
local function lift_title(document)
  if not format.is_pages or quarto or not document.meta["reviewpress-page"] then
    return nil
  end
  for i, block in ipairs(document.blocks) do
    if block.t == "Header" and block.level == 1 then
      document.meta.heading = pandoc.MetaInlines(block.content)
      document.meta["heading-alone"] = pandoc.MetaInlines(alone(block.content))
      document.meta["heading-id"] = block.identifier
      document.meta["heading-number"] = block.attributes.number
      document.blocks:remove(i)
      for _, words in ipairs(search_words(block)) do
        document.blocks:insert(i, words)
      end
      return document
    end
  end
end

return {
  { Meta = say.read },
  { Pandoc = lift_title, Div = quarto and free_headings or nil },
  { Header = resolve_heading },
}
