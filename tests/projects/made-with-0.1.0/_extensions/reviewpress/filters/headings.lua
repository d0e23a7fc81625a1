--- Headings: the number that the engine gave, written before the title.
--
-- The embedded engine numbers headings itself and says so with `number="3.2"`, which for Typst
-- stays until typst-chapters.lua; Quarto numbers them its own way and leaves no such attribute. On a page of the embedded engine the chapter's
-- title becomes the template's `heading`, so that the page has one h1 and it stands where it should.

local is_html = FORMAT:match("html") ~= nil
local stringify = pandoc.utils.stringify
local typst = dofile(
  quarto and quarto.utils.resolve_path("typst.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "typst.lua" })
)

--- The words of the document's language.
local say

local function read_labels(meta)
  local path = quarto and quarto.utils.resolve_path("labels.lua")
    or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "labels.lua" })
  say = dofile(path).of(meta)
end

local function number_before(header, number)
  local before
  if is_html then
    before = pandoc.Span({ pandoc.Str(number) }, { class = "header-section-number" })
  else
    before = pandoc.Str(number)
  end
  header.content:insert(1, pandoc.Space())
  header.content:insert(1, before)
end

local current_part

--- Tell the Typst template where a part begins, the appendices being one.
local function typst_chapter(header)
  local part = header.attributes.part or (header.attributes.appendix and say("section-title-appendices"))
  if header.level ~= 1 or not part or part == current_part then
    return header
  end
  current_part = part
  return { pandoc.RawBlock("typst", "#report-part(" .. typst.string(part) .. ")"), header }
end

--- Quarto's first page has the book's title as its h1: what stands there ranks below it.
local function is_home()
  local file = quarto and quarto.doc and quarto.doc.input_file
  return is_html
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

--- Pandoc writes an apostrophe straight and lets Typst curl it, which a PDF's bookmarks do not.
local function keep_apostrophes(header)
  return header:walk({
    Str = function(word)
      local parts, at = pandoc.Inlines({}), 1
      for first, last in word.text:gmatch("()’()") do
        parts:insert(pandoc.Str(word.text:sub(at, first - 1)))
        parts:insert(pandoc.RawInline("typst", "’"))
        at = last
      end
      parts:insert(pandoc.Str(word.text:sub(at)))
      return parts
    end,
  })
end

local function resolve_heading(header)
  if quarto then
    follow_chapter(header)
  end
  if is_home() then
    header.level = math.min(header.level + 1, 6)
  end
  local number = header.attributes.number
  if FORMAT == "typst" then
    header = keep_apostrophes(header)
  elseif number then
    number_before(header, number)
    header.attributes.number = nil
  end
  local result = FORMAT == "typst" and typst_chapter(header) or header
  header.attributes.part, header.attributes.appendix = nil, nil
  return result
end

--- Move a page's title from the body into the template's variables.
local function lift_title(document)
  if not is_html or quarto or not document.meta["reviewpress-page"] then
    return nil
  end
  for i, block in ipairs(document.blocks) do
    if block.t == "Header" and block.level == 1 then
      document.meta.heading = pandoc.MetaInlines(block.content)
      document.meta["heading-id"] = block.identifier
      document.meta["heading-plain"] = stringify(block.content)
      document.meta["heading-number"] = block.attributes.number
      document.blocks:remove(i)
      return document
    end
  end
end

return { { Meta = read_labels }, { Pandoc = lift_title }, { Header = resolve_heading } }
