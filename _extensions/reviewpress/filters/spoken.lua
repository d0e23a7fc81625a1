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
    local named = ({ ["2"] = "squared", ["3"] = "cubed", ["*"] = "star", ["∗"] = "star", ["′"] = "prime" })[b]
    return a .. " " .. (named or "to the power " .. b)
  end,
  between = function(sign, from, to)
    local named = ({ ["∑"] = "the sum", ["∏"] = "the product", ["∫"] = "the integral" })[sign] or sign
    return named .. (from and " from " .. from or "") .. (to and " to " .. to or "") .. " of"
  end,
  accents = {
    ["̂"] = " hat", ["^"] = " hat", ["‾"] = " bar", ["¯"] = " bar", ["̃"] = " tilde", ["~"] = " tilde",
    ["˙"] = " dot", ["→"] = " vector", ["˜"] = " tilde",
  },
  signs = { ["−"] = "minus", ["∣"] = "given", ["∼"] = "is distributed as", ["≈"] = "is about" },
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
  between = function(sign, from, to)
    return sign .. (from and "_(" .. from .. ")" or "") .. (to and "^(" .. to .. ")" or "")
  end,
  accents = { ["̂"] = "\u{302}", ["^"] = "\u{302}", ["‾"] = "\u{304}", ["¯"] = "\u{304}",
    ["̃"] = "\u{303}", ["~"] = "\u{303}", ["˜"] = "\u{303}", ["˙"] = "\u{307}", ["→"] = "\u{20D7}" },
  signs = {},
}

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
  for closing, name, itself, text in xml:gmatch("<(/?)([%w:]+)[^<>]-(/?)>([^<]*)") do
    if closing == "" then
      local node = { name = name, parts = {}, text = text_of(text) }
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

local function joined(parts, words, between)
  local said = {}
  for _, part in ipairs(parts) do
    local one = say(part, words)
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

local RULES = {
  mfrac = function(parts, words)
    return words.over(say(parts[1], words), say(parts[2], words), is_short(parts[1]) and is_short(parts[2]))
  end,
  msqrt = function(parts, words)
    return words.root(joined(parts, words), #parts == 1 and is_short(parts[1]))
  end,
  mroot = function(parts, words)
    return words.index(say(parts[1], words), say(parts[2], words))
  end,
  msub = function(parts, words)
    return with_limits(base_of(parts[1], words), parts[2], nil, words)
  end,
  msup = function(parts, words)
    return with_limits(base_of(parts[1], words), nil, parts[2], words)
  end,
  msubsup = function(parts, words)
    return with_limits(base_of(parts[1], words), parts[2], parts[3], words)
  end,
  mover = function(parts, words)
    local over = parts[2].text or ""
    local accent = words.accents[over]
    local base = say(parts[1], words)
    if accent and not is_short(parts[1]) then
      return "(" .. base .. ")" .. accent
    end
    return accent and base .. accent or with_limits(base, nil, parts[2], words)
  end,
  munder = function(parts, words)
    return with_limits(base_of(parts[1], words), parts[2], nil, words)
  end,
  mtable = function(parts, words)
    return joined(parts, words, "; ")
  end,
  semantics = function(parts, words)
    return say(parts[1], words)
  end,
  mspace = function()
    return ""
  end,
}
RULES.munderover = RULES.msubsup

local ROWS = { math = true, mrow = true, mtr = true, mtd = true, mstyle = true, mpadded = true, [""] = true }

--- What is said of a node; an error where it is of a kind that is not known.
say = function(node, words)
  local rule = RULES[node.name]
  if rule then
    return rule(node.parts, words)
  elseif ROWS[node.name] then
    return joined(node.parts, words)
  elseif #node.parts == 0 and BRACES[node.text] then
    error("a brace above or below has no words")
  elseif #node.parts == 0 and LARGE[node.text] then
    return words.between(node.text)
  elseif #node.parts == 0 then
    return words.signs[node.text] or node.text
  end
  error("an element without words: " .. node.name)
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
  return (said:gsub(",+([,;])", "%1"):gsub(", *%)", ")"):gsub(",$", ""))
end

return { spoken = spoken }
