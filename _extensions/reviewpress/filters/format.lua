--- The format that is being made, as an object: the one place where it is asked which it is. No
-- filter itself: `require("./format")`.
--
-- Each format says in `<name>/format.lua`, beside its template and styles, what it does:
--
--   name                            "html", "typst", "docx", "epub", or what pandoc calls another
--   is_pages                        whether a chapter is a page of HTML
--   has_site                        whether files stand beside the pages, to be downloaded
--   keeps_values                    whether spans of values stay, for tools that ask
--   is_printed                      whether tables are set in columns as wide as a paper
--   line_upright, line_across       what a line of a table holds, in digits
--   hyphenates                      whether words too long for their column are sure to be hyphenated
--   line_end                        where a line may end, in HTML
--   map                             "links", "marks" or "table": how an evidence map is shown
--   sets_cites                      whether its program would set citations once more
--   brand                           whether its template takes the brand as raw text, under Quarto
--   quoted(text)                    a text as its program writes one
--   words_date                      whether the date is written in words where it stands
--   shows_svg                       false where pictures have to be PNG
--   number_heading(header)          a heading with its number (attribute `number`), and
--   part_heading(header, part)      the same where a part of the book begins
--   figure_image(image, label), image(image, width), figure(figure, above, goes_on, kind)
--   bare_figures                    whether words in a figure stand in no block of their own
--   caption(blocks)                 the caption of a figure of Quarto's
--   place_figure(identifier, node)  a figure of Quarto's where it may go
--   columns(cells, shares)          parts of a figure beside one another, of these widths; false for room
--   keeps_parts_whole               whether a part alone in its row goes there, too
--   in_words(title, content)        a figure told in words
--   data(content, label, links)     the data of a figure, with links to download them
--   block(div, kind, title)         evidence boxes, key messages and the like
--   callout(div, class, style, title)  a callout, its title as inlines
--   lead_in(block)                  a line that stays with the list after it
--   code(name, code)                code with the name of its file
--   typst_math(math)                a formula as Typst writes it
--   equation(math, said)            an equation with its id, number and alternative text (`alt`)
--   language(span)                  words in another language
--   print_table(tbl, columns, language, layout)  a table laid out (fitting.lua), as blocks
--   continued(words)                what says that a table goes on
--   turn(stretch, is_text)          blocks on pages across
--   place(id, name)                 a place of its own in a line, for a link to lead to, and what
--                                   the link says where it cannot say it of itself
--   entry(entry, code, lists)       an entry of a list of references
--
-- What a format does not have is nil, and filters leave that as it is. So a format that is none of
-- ours gets what pandoc makes of it.

local files = require("./files")
local say = require("./labels")

local function name_of(format)
  return format:match("html") and "html" or format:match("^epub") and "epub" or format
end

local path = files.beside("../" .. name_of(FORMAT) .. "/format.lua")
if not files.read(path) then
  return { name = FORMAT }
end
--- What more than one format needs.
local shared = { files = files, units_per_inch = {
  px = 96, pt = 72, pc = 6, em = 6, rem = 6, cm = 2.54, mm = 25.4, ["in"] = 1,
} }

--- The alternative text of an image: its `fig-alt`, else what stands between its brackets.
function shared.alternative(image)
  return image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
end

--- A title as inlines: those of callouts are the author's words, all others a label.
function shared.words_of(title)
  return type(title) == "string" and pandoc.Inlines({ pandoc.Str(title) }) or title
end

return dofile(path)(say, shared)
