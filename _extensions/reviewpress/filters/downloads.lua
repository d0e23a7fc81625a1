--- Downloads: links to the files of tables, below them on their pages. No filter itself:
-- `require("./downloads")`.
--
--   read(meta)           learn which page is made
--   name_parts(div)      give the first table of a part of a figure that part's id
--   of(tbl, own, label)  what leads to a table's file, as a list of blocks: none where it has none.
--                        A table of `review.table` says where its file is (`own.data`), and one of
--                        a figure that it has none. That of any other with an id or a caption is made
--                        of what its page says, once that is there (formats/shown_tables.py finds it
--                        by the class `as-shown`)

local format = require("./format")
local say = require("./labels")
local downloads = {}

--- The page that is made, as "chapters/methods.html"; nil where nobody makes files beside it.
local page = nil

local captioned = 0

local function page_under_quarto()
  local handover = require("../quarto/handover")
  return handover.read("references.json") and handover.page()
end

function downloads.read(meta)
  if format.has_site then
    page = quarto and page_under_quarto() or meta["reviewpress-page"] and pandoc.utils.stringify(meta["reviewpress-page"])
  end
end

function downloads.name_parts(div)
  if not div.classes:includes("sub-float") or not div.identifier:match("^tbl%-") then
    return nil
  end
  local named = false
  return div:walk({
    Table = function(tbl)
      if not named and tbl.identifier == "" then
        named = true
        tbl.attributes["table-id"] = div.identifier
        return tbl
      end
    end,
  })
end

--- What the file of a table is called that no program made. One without id and caption is a part of
-- the text around it, and has none; of one without an id it changes with the tables before it.
local function name_of(tbl, own)
  local id = tbl.identifier ~= "" and tbl.identifier or own["table-id"]
  if id then
    return id
  elseif #tbl.caption.long > 0 then
    captioned = captioned + 1
    return page:gsub("%.html$", ""):gsub("[^%w]+", "-") .. "-table-" .. captioned
  end
end

local function link(address, label, classes)
  local words = pandoc.Span({ pandoc.Str(" " .. say("download-file-of", { figure = label })) }, {
    class = "visually-hidden",
  })
  local shown = { pandoc.Str(say("download-file", { kind = "CSV" })), words }
  return pandoc.Div({ pandoc.Plain({ pandoc.Link(shown, address, "", { download = "" }) }) }, {
    class = classes,
    ["pagefind-ignore"] = "all",
  })
end

function downloads.of(tbl, own, label)
  if own.data then
    return format.has_site and own.data ~= "" and { link(own.data, label, "table-download") } or {}
  end
  local name = page and name_of(tbl, own)
  if not name then
    return {}
  end
  local address = page:gsub("[^/]+/", "../"):gsub("[^/]*$", "") .. "figures/" .. name .. ".csv"
  return { link(address, label, "table-download as-shown") }
end

return downloads
