--- Written: what of a page under Quarto needs none of its work is written as HTML at once.
--
-- Quarto walks a page some seventy times after an extension's filters; each link and word of
-- reference lists, data tables and codes is visited each time. As HTML they are passed by, which
-- takes a third off the time of a page. The last of the filters: none of ours sees them after it.

local format = require("../filters/format")

if not quarto or not format.is_pages then
  return {}
end

local whole = {
  references = true, ["page-references"] = true, ["figure-tools"] = true, ["table-scroll"] = true,
}

local options = pandoc.WriterOptions({
  html_math_method = "mathml", section_divs = true, wrap_text = "none",
})

local function html(blocks)
  return pandoc.write(pandoc.Pandoc(blocks), "html", options)
end

--- Nodes of Quarto's own stand in divisions with its attributes: they are for Quarto to write.
local function holds_nodes(div)
  local found = false
  div:walk({
    Div = function(inner)
      found = found or inner.attributes.__quarto_custom ~= nil
    end,
  })
  return found
end

local function write_division(div)
  for _, class in ipairs(div.classes) do
    if whole[class] and not holds_nodes(div) then
      return pandoc.RawBlock("html", html({ div })), false
    end
  end
end

--- `⁶⁷`: a link of the citation filter, whose text is a number.
local function write_code(link)
  if link.classes[1] == "code" then
    local text = html({ pandoc.Plain({ link }) }):gsub("%s+$", "")
    return pandoc.RawInline("html", text)
  end
end

return { { traverse = "topdown", Div = write_division, Link = write_code } }
