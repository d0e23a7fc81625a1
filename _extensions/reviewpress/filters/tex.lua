--- TeX that MathJax and LaTeX read, in the commands that pandoc knows. No filter itself:
-- `require("./tex")`.
--
-- What makes no difference to what a formula says goes: sizes, colours, struts, what keeps a number
-- off. Chemical formulas, `\ce{CO2}`, fonts of old, `{\rm Var}`, and `{a \over b}` are written anew.
-- What is left that pandoc does not know is for the author to change.

--- Signs that stand for `\\`, `\{` and `\}`, so that braces can be counted.
local NEW_LINE, OPEN, CLOSE = "\1", "\2", "\3"

local GONE = {
  "nonumber", "notag", "allowbreak", "strut", "mathstrut", "leavevmode", "tiny", "scriptsize",
  "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge", "bfseries",
  "symnormal", "symliteral",
}

local GONE_WITH = { "require", "label", "vspace%*?", "vphantom" }

local RENAMED = {
  mathbbm = "\\mathbb ", cfrac = "\\frac ", dbinom = "\\binom ", tbinom = "\\binom ",
  hphantom = "\\phantom ", thinspace = "\\,", negthinspace = "\\!", enskip = "\\enspace ",
  hfill = "\\quad ", hfil = "\\quad ", newline = NEW_LINE, ohm = "\\Omega ", micro = "\\mu ",
  degree = "{}^{\\circ}", textdegree = "{}^{\\circ}", celsius = "{}^{\\circ}\\mathrm{C}",
  perthousand = "\\text{‰}", shortintertext = "\\intertext ",
  -- Letters of unicode-math, in the names of LaTeX.
  symup = "\\mathrm ", symrm = "\\mathrm ", symit = "\\mathit ", symtt = "\\mathtt ",
  symcal = "\\mathcal ", symscr = "\\mathscr ", symfrak = "\\mathfrak ", symbb = "\\mathbb ",
  symbbit = "\\mathbb ", mathbbit = "\\mathbb ", symsf = "\\mathsf ", symsfup = "\\mathsf ",
  symsfit = "\\mathsfit ", symbfup = "\\mathbf ", symbfit = "\\mathbfit ",
  symbfcal = "\\mathbfcal ", symbfscr = "\\mathbfscr ", symbffrak = "\\mathbffrak ",
  symbfsf = "\\mathbfsfup ", symbfsfup = "\\mathbfsfup ", symbfsfit = "\\mathbfsfit ",
  mathbfsf = "\\mathbfsfup ",
}

local FONTS = {
  rm = "mathrm", bf = "mathbf", it = "mathit", sf = "mathsf", tt = "mathtt", cal = "mathcal",
}

local DIMENSION = "%s*[-+]?%d*%.?%d*%s*[a-z][a-z]%s?"

local function inside(group)
  return group:sub(2, -2)
end

-- Chemical formulas --------------------------------------------------------------------------------

local ARROWS = {
  { "^<=>>?", "\\rightleftharpoons " }, { "^<%->", "\\leftrightarrow " },
  { "^<%-", "\\leftarrow " }, { "^%->", "\\rightarrow " },
}

local chemical

--- An arrow of a reaction at a place, and where it ends; what is written above and below it is kept.
local function arrow(text, at)
  for _, each in ipairs(ARROWS) do
    local _, stop = text:find(each[1], at)
    if stop then
      local above, behind = text:match("^(%b[])()", stop + 1)
      if each[1] ~= "^%->" or not above then
        return " " .. each[2], stop + 1
      end
      local below, last = text:match("^(%b[])()", behind)
      local under = below and "[" .. chemical(inside(below)) .. "]" or ""
      return "\\xrightarrow" .. under .. chemical(inside(above)), below and last or behind
    end
  end
end

--- Each with what is made of it; `follows` is whether an atom or a bracket stands just before.
local CHEMICAL = {
  { "^%$([^$]*)%$()", function(math) return math, true end },
  { "^%^%f[%s\0]()", function() return "\\uparrow ", false end },
  { "^%^(%b{})()", function(group) return "^" .. group, true end },
  { "^%^([%d.]*[-+]?)()", function(charge) return "^{" .. charge .. "}", true end },
  { "^_(%b{})()", function(group) return "_" .. group, true end },
  { "^_(%w)()", function(sign) return "_{" .. sign .. "}", true end },
  { "^(%d+)()", function(count, follows)
    return follows and "_{" .. count .. "}" or count .. "\\,", follows
  end },
  { "^(\\%a+%s*)()", function(command) return command, true end },
  { "^(%b{})()", function(group) return "\\mathrm" .. group, true end },
  { "^(%a+)()", function(atoms) return "\\mathrm{" .. atoms .. "}", true end },
  { "^([%)%]" .. CLOSE .. "])()", function(sign) return sign, true end },
  { "^([-+])%f[%s%)%]\0]()", function(charge, follows)
    return follows and "^{" .. charge .. "}" or charge, follows
  end },
  { "^%s+()", function() return " ", false end },
  { "^[*.]()", function() return "\\cdot ", false end },
  { "^#()", function() return "\\equiv ", false end },
  { "^(.[\x80-\xBF]*)()", function(sign) return sign, false end },
}

chemical = function(text)
  local out, at, follows = {}, 1, false
  while at <= #text do
    local written, stop = arrow(text, at)
    if written then
      follows = false
    else
      for _, each in ipairs(CHEMICAL) do
        local first, second = text:match(each[1], at)
        if first then
          written, follows = each[2](first, follows)
          stop = second or first
          break
        end
      end
    end
    table.insert(out, written)
    at = stop
  end
  return "{" .. table.concat(out) .. "}"
end

-- Groups -------------------------------------------------------------------------------------------

--- Where the group ends that holds a place: before its brace, a new cell, or what closes a pair.
local function group_end(tex, at)
  local depth = 0
  while at <= #tex do
    local sign = tex:sub(at, at)
    if sign == "{" then
      depth = depth + 1
    elseif sign == "}" then
      depth = depth - 1
      if depth < 0 then
        return at - 1
      end
    elseif depth == 0 and (sign == "&" or sign == NEW_LINE or tex:match("^\\right%f[%A]", at)
      or tex:match("^\\end%s*{", at)) then
      return at - 1
    end
    at = at + 1
  end
  return #tex
end

--- Where the group begins that holds a place.
local function group_start(tex, at)
  local depth = 0
  while at >= 1 do
    local sign = tex:sub(at, at)
    if sign == "}" then
      depth = depth + 1
    elseif sign == "{" then
      depth = depth - 1
      if depth < 0 then
        return at + 1
      end
    elseif depth == 0 and (sign == "&" or sign == NEW_LINE) then
      return at + 1
    elseif depth == 0 and tex:match("^\\left%f[%A]", at) then
      return tex:match("^\\left%s*\\%a+()", at) or tex:match("^\\left%s*.()", at)
    end
    at = at - 1
  end
  return 1
end

--- Fonts that hold to the end of their group, `{\rm Var}`, around what they hold for.
local function set_fonts(tex)
  for name, font in pairs(FONTS) do
    while true do
      local start, stop = tex:find("\\" .. name .. "%f[%A]%s*")
      if not start then
        break
      end
      local last = group_end(tex, stop + 1)
      tex = tex:sub(1, start - 1) .. "\\" .. font .. "{" .. tex:sub(stop + 1, last) .. "}" .. tex:sub(last + 1)
    end
  end
  return tex
end

--- Fractions of old, `{a \over b}`.
local function set_fractions(tex)
  for name, made in pairs({ over = "\\frac{%s}{%s}", atop = "\\substack{%s" .. NEW_LINE .. "%s}" }) do
    while true do
      local at, stop = tex:find("\\" .. name .. "%f[%A]%s*")
      if not at then
        break
      end
      local first, last = group_start(tex, at - 1), group_end(tex, stop + 1)
      local fraction = made:format(tex:sub(first, at - 1), tex:sub(stop + 1, last))
      tex = tex:sub(1, first - 1) .. fraction .. tex:sub(last + 1)
    end
  end
  return tex
end

-- Environments -------------------------------------------------------------------------------------

local function set_environments(tex)
  tex = tex:gsub("\\(%a+)%s*{dcases%*?}", "\\%1{cases}"):gsub("\\(%a+)%s*{subequations}", "")
  tex = tex:gsub("\\begin%s*{rcases}", "\\left.\\begin{array}{ll}")
  tex = tex:gsub("\\end%s*{rcases}", "\\end{array}\\right" .. CLOSE)
  tex = tex:gsub("(\\%a+%s*{%a?matrix)%*}", "%1}")
  tex = tex:gsub("(\\begin%s*{%a*matrix})%s*%[[lcr]%]", "%1")
  return (tex:gsub("(\\begin%s*{%a+ed})%s*%[[tcb]%]", "%1"):gsub("(\\begin%s*{array})%s*%[[tcb]%]", "%1"))
end

--- Whether a formula has a sign outside environments and braces.
local function has_outside(tex, wanted)
  tex = tex:gsub("%b{}", function(group)
    return #group > 20 and "{}" or group:match("[" .. NEW_LINE .. "&]") and "{}" or nil
  end)
  local depth = 0
  for command, sign in tex:gmatch("()([\\" .. NEW_LINE .. "&])") do
    local name = sign == "\\" and tex:match("^\\(%a+)", command)
    depth = depth + (name == "begin" and 1 or name == "end" and -1 or 0)
    if depth == 0 and sign == wanted then
      return true
    end
  end
  return false
end

--- Lines of a formula outside an environment are lines in MathJax.
local function set_lines(tex)
  local space = "%s*" .. NEW_LINE .. "%s*"
  tex = tex:gsub("^" .. space .. "(%b[])", ""):gsub("^" .. space, ""):gsub(space .. "$", "")
  if has_outside(tex, NEW_LINE) and not has_outside(tex, "&") then
    return "\\begin{gathered}" .. tex .. "\\end{gathered}"
  end
  return tex
end

--- A mark of the author's own is text: pandoc leaves `\tag` out.
local function keep_tags(tex)
  tex = tex:gsub("\\tag%*%s*(%b{})", "\\qquad\\text%1")
  return (tex:gsub("\\tag%s*(%b{})", function(mark)
    return "\\qquad\\text{(" .. inside(mark) .. ")}"
  end))
end

local function take_off(tex)
  for _, name in ipairs(GONE) do
    tex = tex:gsub("\\" .. name .. "%f[%A]%s*", "")
  end
  for _, name in ipairs(GONE_WITH) do
    tex = tex:gsub("\\" .. name .. "%s*%b{}", "")
  end
  tex = tex:gsub("\\textcolor%s*%b[]%s*%b{}%s*(%b{})", "%1"):gsub("\\textcolor%s*%b{}%s*(%b{})", "%1")
  tex = tex:gsub("\\colorbox%s*%b{}%s*(%b{})", "\\text%1"):gsub("\\smash%s*(%b{})", "%1")
  tex = tex:gsub("\\mspace%s*{%s*%-[^{}]*}", "\\!")
  return (tex:gsub("\\m?kern%f[^%a]" .. DIMENSION, ""):gsub("\\[hm]skip%f[^%a]" .. DIMENSION, "\\,"))
end

local PAIRS = {
  abs = "\\left|%s\\right|", norm = "\\left\\|%s\\right\\|", bra = "\\langle %s|",
  ket = "|%s\\rangle ", braket = "\\langle %s\\rangle ", Bra = "\\left\\langle %s\\right|",
  Ket = "\\left|%s\\right\\rangle ",
}

local function rename(tex)
  tex = tex:gsub("%^%s*{?%s*\\degree%f[%A]%s*}?", "^{\\circ}")
  tex = tex:gsub("\\(%a+)%s*(%b{})", function(name, group)
    return PAIRS[name] and PAIRS[name]:gsub("%%s", function() return inside(group) end) or nil
  end)
  tex = tex:gsub("\\(%a+)(%s*)", function(name, space)
    return RENAMED[name] and RENAMED[name] .. space or nil
  end)
  tex = tex:gsub("\\prescript%s*(%b{})%s*(%b{})", "{}^%1_%2"):gsub("\\fbox%s*(%b{})", "\\boxed{\\text%1}")
  return (tex:gsub("\\intertext%s*(%b{})", "\\text%1" .. NEW_LINE))
end

--- A formula in the commands that pandoc knows.
local function for_pandoc(tex)
  if not tex:find("\\", 1, true) then
    return tex
  end
  local given = tex
  tex = tex:gsub("\\\\", NEW_LINE):gsub("\\{", OPEN):gsub("\\}", CLOSE)
  tex = tex:gsub("\\ce%s*(%b{})", function(group)
    return chemical(inside(group))
  end)
  tex = keep_tags(set_environments(rename(take_off(tex))))
  tex = set_lines(set_fractions(set_fonts(tex)))
  tex = tex:gsub(NEW_LINE, "\\\\"):gsub(OPEN, "\\{"):gsub(CLOSE, "\\}")
  return tex == given and given or tex
end

local OWN = {
  equation = true, align = true, gather = true, multline = true, eqnarray = true, flalign = true,
  alignat = true, displaymath = true,
}

--- The equation that raw TeX is, as an environment of LaTeX without dollar signs; nil for other TeX.
local function environment(raw)
  local tex = raw.format:match("tex$") and raw.text:match("^%s*(.-)%s*$") or ""
  local name = tex:match("^\\begin{(%a+)%*?}.*\\end{%1%*?}$")
  return OWN[name] and pandoc.Math("DisplayMath", for_pandoc(tex)) or nil
end

return { for_pandoc = for_pandoc, environment = environment }
