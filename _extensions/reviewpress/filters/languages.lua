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
local is_unspaced -- whether its language sets words apart by no spaces

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

--- Languages that set words apart by no spaces: pandoc takes each straight quote for a closing one.
local unspaced = { ja = true, km = true, lo = true, my = true, th = true, yue = true, zh = true }

--- Whether one of the letters beside the bytes from `first` to before `last` is none of ASCII.
local function is_high(text, first, last)
  return (text:sub(first - 1, first - 1) .. text:sub(last, last)):find("[\x80-\xff]") ~= nil
end

--- What straight quotes enclose between letters without a space, with the marks of the language;
--- pairs that are right already are set aside as "\1…\2".
local function pair_kind(text, opening, closing, marks, is_pair)
  text = text:gsub(opening .. "(.-)" .. closing, "\1%1\2")
  text = text:gsub("()" .. closing .. "(.-)()" .. closing .. "()", function(first, words, last, past)
    if not words:find("[\1\2]") and is_pair(text, first, first + #closing, last, past) then
      return marks[1] .. words .. marks[2]
    end
  end)
  return (text:gsub("\1", opening):gsub("\2", closing))
end

local function is_inner(text, first, _, _, past)
  return not (text:sub(first - 1, first - 1) .. text:sub(past, past)):find("[\3-\x7f]")
end

local function is_outer(text, first, inside, last, past)
  return is_high(text, first, inside) and is_high(text, last, past)
end

local function pair(text, marks)
  text = pair_kind(text, "‘", "’", { marks[3], marks[4] }, is_inner)
  return pair_kind(text, "“", "”", marks, is_outer)
end

local function pair_quotes(inlines)
  local words, texts = {}, {}
  for _, inline in ipairs(inlines) do
    if inline.t == "Str" then
      table.insert(words, inline)
      table.insert(texts, inline.text)
    end
  end
  local text = table.concat(texts, "\0")
  if not text:find("”", 1, true) and not text:find("’", 1, true) then
    return nil
  end
  local at = 0
  for part in (pair(text, document_marks) .. "\0"):gmatch("(.-)\0") do
    at = at + 1
    words[at].text = part
  end
  return inlines
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
      local lang = meta.lang and pandoc.utils.stringify(meta.lang)
      document_marks = lang and find_marks(lang)
      is_unspaced = lang and unspaced[lang:match("^%a+")] and document_marks
    end,
  },
  {
    Inlines = function(inlines)
      return is_unspaced and pair_quotes(inlines) or nil
    end,
  },
  { Span = resolve_span, Div = resolve_div },
  { Quoted = resolve_quoted },
}
