--- Languages: quotation marks as a language has them, and parts in another language in the PDF.
--
-- Pandoc curls straight quotes as English does, in every language, and Typst as the document's
-- language does: `language/quotation-marks.json` says it for both. The embedded engine has set the
-- marks before (`assemble/quotations.py`), so that titles have them, too. Pandoc's Typst writer
-- drops the language of a span, by which Typst hyphenates and a screen reader speaks.

local format = require("./format")
local files = require("./files")

local marks_of -- language → four marks
local document_marks -- those of the document

local function read_marks()
  local file <close> = assert(io.open(files.beside("../language/quotation-marks.json"), "rb"))
  return pandoc.json.decode(file:read("a"), false)
end

--- The four marks of a language: of its region, else of the language; nil in English.
local function find_marks(lang)
  marks_of = marks_of or read_marks()
  local found = marks_of[lang] or marks_of[lang:match("^%a+") or ""]
  if not found then
    return nil
  end
  local marks = {}
  for mark in (found .. " "):gmatch("(.-) ") do
    table.insert(marks, mark)
  end
  return marks
end

local function quote(marks)
  return function(quoted)
    local at = quoted.quotetype == "DoubleQuote" and 1 or 3
    local inlines = pandoc.Inlines({ pandoc.Str(marks[at]) })
    inlines:extend(quoted.content)
    inlines:insert(pandoc.Str(marks[at + 1]))
    return inlines
  end
end

local function resolve_span(span)
  local lang = span.attributes.lang
  if not lang then
    return nil
  end
  local marks = quarto and find_marks(lang)
  if marks then
    span = span:walk({ Quoted = quote(marks) })
  end
  return format.language and format.language(span) or span
end

local function resolve_div(div)
  local lang = div.attributes.lang
  local marks = lang and find_marks(lang)
  return marks and div:walk({ Quoted = quote(marks) }) or nil
end

local function resolve_quoted(quoted)
  return document_marks and quote(document_marks)(quoted) or nil
end

if not quarto then
  return format.language and { { Span = resolve_span } } or {}
end
return {
  {
    Meta = function(meta)
      document_marks = meta.lang and find_marks(pandoc.utils.stringify(meta.lang))
    end,
  },
  { Span = resolve_span, Div = resolve_div },
  { Quoted = resolve_quoted },
}
