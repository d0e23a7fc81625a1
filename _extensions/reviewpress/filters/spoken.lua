--- Formulas in words: what is read out of one that has no place on a line of plain signs.
--
-- pandoc makes MathML of it, whose parts are said one after the other: in English in words, in other
-- languages in signs that have fractions, roots and indices on one line, `(a + b)/(c)`.

local ENGLISH = {
  over = function(a, b, is_short)
    return is_short and a .. " over " .. b or "the fraction " .. a .. ", over " .. b .. ", end of fraction,"
  end,
  root = function(a, is_short)
    return "the square root of " .. a .. (is_short and "" or ", end of root,")
  end,
  index = function(a, n)
    return "the root of degree " .. n .. " of " .. a
  end,
  below = function(a, b)
    return a .. " sub " .. b
  end,
  above = function(a, b)
    local named = ({
      ["2"] = "squared", ["3"] = "cubed", ["*"] = "star", ["∗"] = "star", ["′"] = "prime",
      ["″"] = "double prime", ["⊤"] = "transposed", ["⊺"] = "transposed", ["∘"] = "degrees",
      ["+"] = "plus", ["minus"] = "minus", ["†"] = "dagger",
    })[b]
    return a .. " " .. (named or "to the power " .. b)
  end,
  power_ends = ", end of power,",
  index_ends = ", end of index,",
  written_above = function(a, b)
    return a .. " with " .. b .. " above"
  end,
  written_below = function(a, b)
    local between = a:match("^lim%f[%A]") and " as " or a:match("^%a%a+ ?%a*$") and " over "
    return between and a .. between .. b .. ", of" or a .. " with " .. b .. " below"
  end,
  labelled = function(a, b)
    return a .. ", labelled " .. b .. ","
  end,
  choose = function(a, b)
    return a .. " choose " .. b
  end,
  at = function(a, b)
    return a .. ", evaluated at " .. b .. ","
  end,
  crossed = function(a)
    return "crossed out " .. a
  end,
  table = function(kind, _, rows)
    local named = ({
      matrix = "the matrix", vector = "the vector", determinant = "the determinant of",
      norm = "the norm of the matrix", cases = "the cases",
    })[kind]
    return named .. " " .. rows .. ", end of " .. kind .. ","
  end,
  between = function(sign, from, to)
    local named = ({
      ["∑"] = "the sum", ["∏"] = "the product", ["∫"] = "the integral", ["⋃"] = "the union",
      ["⋂"] = "the intersection", ["∬"] = "the double integral", ["∭"] = "the triple integral",
      ["∮"] = "the closed integral",
    })[sign]
    local begins = from and not to and not from:find("=") and " over " or " from "
    return named .. (from and begins .. from or "") .. (to and " to " .. to or "") .. " of"
  end,
  accents = {
    ["̂"] = " hat", ["^"] = " hat", ["‾"] = " bar", ["¯"] = " bar", ["̃"] = " tilde", ["~"] = " tilde",
    ["˙"] = " dot", ["→"] = " vector", ["˜"] = " tilde", ["¨"] = " double dot",
    ["̈"] = " double dot", ["̇"] = " dot", ["⃗"] = " vector", ["̄"] = " bar", ["⃛"] = " triple dot", ["_"] = " underlined", ["ˇ"] = " check", ["˘"] = " breve",
    ["˚"] = " ring",
  },
  signs = {
    ["−"] = "minus", ["∣"] = "given", ["∼"] = "is distributed as", ["≈"] = "is about",
    ["±"] = "plus or minus", ["≤"] = "is at most", ["≥"] = "is at least", ["∈"] = "in",
    ["≠"] = "is not equal to", ["∀"] = "for all", ["∞"] = "infinity", ["⋅"] = "times",
    ["×"] = "times", ["∂"] = "partial",
  },
}

local SIGNS = {
  over = function(a, b)
    return "(" .. a .. ")/(" .. b .. ")"
  end,
  root = function(a)
    return "√(" .. a .. ")"
  end,
  index = function(a, n)
    return "√[" .. n .. "](" .. a .. ")"
  end,
  below = function(a, b)
    return a .. "_" .. (utf8.len(b) == 1 and b or "(" .. b .. ")")
  end,
  above = function(a, b)
    return a .. "^" .. (utf8.len(b) == 1 and b or "(" .. b .. ")")
  end,
  power_ends = "",
  index_ends = "",
  labelled = function(a, b)
    return "(" .. a .. ")[" .. b .. "]"
  end,
  choose = function(a, b)
    return a .. " ¦ " .. b
  end,
  at = function(a, b)
    return a .. " |_(" .. b .. ")"
  end,
  crossed = function(a)
    return a
  end,
  table = function(kind, fences, rows)
    return fences[1] .. rows .. (kind == "cases" and fences[2] == "" and "}" or fences[2])
  end,
  between = function(sign, from, to)
    return sign .. (from and "_(" .. from .. ")" or "") .. (to and "^(" .. to .. ")" or "")
  end,
  accents = { ["̂"] = "\u{302}", ["^"] = "\u{302}", ["‾"] = "\u{304}", ["¯"] = "\u{304}",
    ["̃"] = "\u{303}", ["~"] = "\u{303}", ["˜"] = "\u{303}", ["˙"] = "\u{307}", ["→"] = "\u{20D7}", ["¨"] = "\u{308}", ["̈"] = "\u{308}",
    ["̇"] = "\u{307}", ["⃗"] = "\u{20D7}", ["̄"] = "\u{304}",
    ["⃛"] = "\u{20DB}", ["_"] = "\u{332}", ["ˇ"] = "\u{30C}", ["˘"] = "\u{306}",
    ["˚"] = "\u{30A}" },
  signs = {},
}
SIGNS.written_above, SIGNS.written_below = SIGNS.above, SIGNS.below

local ENTITIES = { lt = "<", gt = ">", amp = "&", quot = '"' }

local function text_of(xml)
  xml = xml:gsub("&(%a+);", ENTITIES):gsub("&#x(%x+);", function(code)
    return utf8.char(tonumber(code, 16))
  end)
  return (xml:gsub("&#(%d+);", function(code)
    return utf8.char(tonumber(code))
  end))
end

--- The tree of MathML as pandoc writes it: tables of a name, parts, and the text of a leaf.
local function parse(xml)
  local root = { name = "", parts = {} }
  local stack = { root }
  for closing, name, given, itself, text in xml:gmatch("<(/?)([%w:]+)([^<>]-)(/?)>([^<]*)") do
    if closing == "" then
      local node = { name = name, parts = {}, text = text_of(text), given = given }
      table.insert(stack[#stack].parts, node)
      if itself == "" then
        table.insert(stack, node)
      end
    else
      table.remove(stack)
    end
  end
  return root
end

local say

--- Signs after which a short fraction would be taken for a longer one.
local GOES_ON = { ["/"] = true, ["⋅"] = true, ["×"] = true, ["!"] = true, ["∗"] = true }

--- Whether nothing that stands beside a fraction could be taken for a part of it.
local function is_apart(node, bracket)
  if not node or node.name == "mspace" or node.name == "mtext" then
    return true
  end
  local form = node.name == "mo" and (node.given:match('form="(%a+)"') or "")
  return form and (form == "" and not GOES_ON[node.text] or form == bracket)
end

--- Parts one after the other; `is_held` says that those at the ends stand beside others.
local function joined(parts, words, between, is_held)
  local said = {}
  for i, part in ipairs(parts) do
    local is_free = is_apart(parts[i - 1], "prefix") and is_apart(parts[i + 1], "postfix")
      and not (is_held and (i == 1 or i == #parts))
    local one = say(part, words, is_free)
    if one == nil then
      return nil
    elseif one ~= "" then
      table.insert(said, one)
    end
  end
  return table.concat(said, between or " ")
end

local function is_short(node)
  if node.name == "mi" or node.name == "mn" or node.name == "mo" or node.name == "mtext" then
    return true
  end
  local is_index = node.name == "msub" or node.name == "msup" or node.name == "mover"
  return (is_index or node.name == "mrow" and #node.parts == 1)
    and #node.parts > 0 and is_short(node.parts[1])
end

--- What is said of an index: letters that stand together are a word, as those of "res" are.
local function index(node, words)
  local said = say(node, words)
  return said and said:match("^%a %a[%a ]*$") and not said:match("%a%a") and said:gsub(" ", "") or said
end

local LARGE = { ["∑"] = true, ["∏"] = true, ["∫"] = true, ["⋃"] = true, ["⋂"] = true,
  ["∬"] = true, ["∭"] = true, ["∮"] = true,
}

--- What has an index: of a sum its sign alone.
local function base_of(node, words)
  return LARGE[node.text] and node.text or say(node, words)
end

local function with_limits(sign, from, to, words)
  local low, high = from and index(from, words), to and index(to, words)
  if LARGE[sign] then
    return words.between(sign, low, high)
  end
  local said = sign
  said = low and low ~= "" and words.below(said, low) or said
  return high and high ~= "" and words.above(said, high) or said
end

local BRACES = { ["⏟"] = true, ["⏞"] = true, ["⎵"] = true, ["⎴"] = true }

--- Whether a node is what has a brace above or below, whose label stands around it.
local function is_braced(node)
  return (node.name == "munder" or node.name == "mover") and BRACES[node.parts[2].text or ""]
end

--- Whether an exponent or index has signs between its parts, so that it must be said where it ends.
local function is_compound(node)
  local parts, has_sign = node.parts, false
  for _, part in ipairs(parts) do
    has_sign = has_sign or part.name == "mo" and not part.given:find("form=") or part.name == "msup"
  end
  local is_negative = #parts == 2 and parts[1].name == "mo" and #parts[2].parts == 0
  return node.name == "mrow" and #parts > 1 and has_sign and not is_negative
end

local FENCES = {
  ["∣∣"] = "determinant", ["||"] = "determinant", ["∥∥"] = "norm", ["‖‖"] = "norm",
  ["()"] = "matrix", ["[]"] = "matrix", ["{}"] = "matrix", ["{"] = "cases", ["}"] = "cases",
}

--- A table between fences, as a matrix or the cases of a definition; nil for other rows.
local function fenced(parts, words)
  local at
  for i, part in ipairs(parts) do
    at = part.name == "mtable" and i or at
  end
  if not at or #parts > 3 then
    return nil
  end
  local function sign(node)
    return node and node.name == "mo" and node.text or ""
  end
  local first, last = sign(parts[at - 1]), sign(parts[at + 1])
  local kind = FENCES[first .. last]
  if not kind or #parts ~= 1 + (first ~= "" and 1 or 0) + (last ~= "" and 1 or 0) then
    return nil
  end
  local rows, columns = {}, 0
  for _, row in ipairs(parts[at].parts) do
    columns = math.max(columns, #row.parts)
    table.insert(rows, joined(row.parts, words, ", "))
  end
  kind = kind == "matrix" and (columns == 1 or #rows == 1) and "vector" or kind
  return words.table(kind, { first, last }, table.concat(rows, "; "))
end

--- What is said of a row, and of what stands before a bar with the place where it is taken.
local function row(parts, words)
  return fenced(parts, words) or joined(parts, words)
end

local function row_within(parts, words, is_free)
  return fenced(parts, words) or joined(parts, words, nil, not is_free)
end

--- What stands before the bar of a formula that is taken at some place; nil where there is none.
local function before_bar(node)
  local last = node.name == "mrow" and node.parts[#node.parts]
  if last and last.name == "mo" and last.given:find("postfix") and (last.text == "|" or last.text == "∣") then
    return { table.unpack(node.parts, 1, #node.parts - 1) }
  end
end

local function indexed(parts, low, high, words, is_free)
  local before = low and not high and before_bar(parts[1])
  if before then
    return words.at(joined(before, words), say(low, words))
  end
  local said = with_limits(base_of(parts[1], words), low, high, words)
  if LARGE[parts[1].text] or is_free then
    return said
  end
  return said .. (high and is_compound(high) and words.power_ends
    or not high and is_compound(low) and words.index_ends or "")
end

local NAMES = { msub = true, msup = true, mi = true, mrow = true, mn = true, mover = true }

--- What is written above or below another: an accent, the label of a brace, or a word beside it.
local function stacked(parts, words, write)
  local sign, base = parts[2].text or "", parts[1]
  if BRACES[sign] then
    return say(base, words)
  elseif is_braced(base) then
    return words.labelled(say(base, words), say(parts[2], words))
  end
  local accent = #parts[2].parts == 0 and words.accents[sign]
  if accent and NAMES[base.name] then
    local said = say(base, words)
    return is_short(base) and said .. accent or "(" .. said .. ")" .. accent
  elseif LARGE[base.text] then
    return nil
  end
  return write(say(base, words), index(parts[2], words))
end

local RULES = {
  mfrac = function(parts, words, is_free, given)
    local above, below = say(parts[1], words), say(parts[2], words)
    if given:find('linethickness="0"', 1, true) then
      return words.choose(above, below)
    end
    return words.over(above, below, is_free and is_short(parts[1]) and is_short(parts[2]))
  end,
  msqrt = function(parts, words, is_free)
    return words.root(joined(parts, words), is_free and #parts == 1 and is_short(parts[1]))
  end,
  mroot = function(parts, words)
    return words.index(say(parts[1], words), say(parts[2], words))
  end,
  msub = function(parts, words, is_free)
    return indexed(parts, parts[2], nil, words, is_free)
  end,
  msup = function(parts, words, is_free)
    return indexed(parts, nil, parts[2], words, is_free)
  end,
  msubsup = function(parts, words, is_free)
    return indexed(parts, parts[2], parts[3], words, is_free)
  end,
  mover = function(parts, words)
    return stacked(parts, words, words.written_above) or with_limits(parts[1].text, nil, parts[2], words)
  end,
  munder = function(parts, words)
    return stacked(parts, words, words.written_below) or with_limits(parts[1].text, parts[2], nil, words)
  end,
  munderover = function(parts, words)
    if LARGE[parts[1].text] then
      return with_limits(parts[1].text, parts[2], parts[3], words)
    end
    local below = words.written_below(say(parts[1], words), index(parts[2], words))
    return words.written_above(below, index(parts[3], words))
  end,
  mtable = function(parts, words)
    return joined(parts, words, "; ")
  end,
  mtr = function(parts, words)
    local first = parts[1] and parts[1].given or ""
    return joined(parts, words, first:find('columnalign="center"', 1, true) and ", " or " ")
  end,
  menclose = function(parts, words, _, given)
    local said = joined(parts, words)
    return given:find("strike") and words.crossed(said) or said
  end,
  semantics = function(parts, words)
    return say(parts[1], words, true)
  end,
  mrow = row_within, mstyle = row_within, mpadded = row_within,
  math = row, mtd = row, [""] = row,
  mspace = function()
    return ""
  end,
}
RULES.mphantom = RULES.mspace

--- What is said of a node; `is_free` says that what stands beside it is not taken for a part of it.
say = function(node, words, is_free)
  local rule = RULES[node.name]
  if rule then
    return rule(node.parts, words, is_free, node.given)
  elseif #node.parts > 0 then
    error("an element without words: " .. node.name)
  elseif LARGE[node.text] then
    return words.between(node.text)
  end
  return words.signs[node.text] or node.text
end

--- Letters of other shapes, as those of sets and distributions are, as letters: few voices know them.
local function plain_letters(text)
  return (text:gsub("\xF0\x9D[\x90-\x9F][\x80-\xBF]", function(letter)
    local code = utf8.codepoint(letter)
    if code < 0x1D6A4 then
      local place = (code - 0x1D400) % 52
      return string.char(place < 26 and 65 + place or 71 + place)
    elseif code >= 0x1D7CE then
      return string.char(48 + (code - 0x1D7CE) % 10)
    end
  end))
end

--- A formula in plain signs on one line; nil, and why, for one that pandoc cannot write so.
local function plain(tex)
  local math = pandoc.Pandoc({ pandoc.Plain({ pandoc.Math("InlineMath", tex) }) })
  local messages, text = pandoc.log.silence(pandoc.write, math, "plain", { wrap_text = "none" })
  if #messages > 0 then
    return nil, messages[1]
  end
  -- Spaces have many widths, from U+2000 to U+200A.
  text = text:gsub("\xE2\x80[\x80-\x8A]", " "):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")
  text = plain_letters(text):gsub("([_^])%((%w)%)", "%1%2")
  return text ~= "" and text or nil
end

--- Say a formula in TeX in a language; nil for one that cannot be said.
local function spoken(tex, lang)
  local math = pandoc.Pandoc({ pandoc.Plain({ pandoc.Math("DisplayMath", tex) }) })
  local options = pandoc.WriterOptions({ html_math_method = "mathml" })
  local messages, html = pandoc.log.silence(pandoc.write, math, "html", options)
  local xml = html:match("<math.*</math>")
  if #messages > 0 or not xml then
    return nil
  end
  xml = xml:gsub("<annotation.-</annotation>", "")
  local words = (lang or "en"):match("^en") and ENGLISH or SIGNS
  local ok, said = pcall(say, parse(xml), words)
  if not ok or not said or said == "" then
    return nil
  end
  -- Spaces have many widths; signs of functions and of invisible products have none.
  said = said:gsub("\xE2\x80[\x80-\x8A]", " "):gsub("\u{2061}", ""):gsub("\u{2062}", "")
  said = said:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""):gsub("([%(%[]) ", "%1"):gsub(" ([%)%],;])", "%1")
  said = said:gsub(",+( ?[,;:])", "%1"):gsub(", *([%)%]])", "%1"):gsub(",$", "")
  return (plain_letters(said):gsub(" (%.)$", "%1"):gsub(" !", "!"):gsub("^ ", ""))
end

return { spoken = spoken, plain = plain }
