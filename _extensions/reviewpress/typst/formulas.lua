--- Formulas as Typst has them, where what pandoc writes would not compile or look otherwise.
--
-- Rows of their own are lines of the whole formula in pandoc's Typst; here they are a matrix without
-- brackets, or cases after a brace. Signs that have another name in Typst since 0.14 are themselves.

local SIGNS = {
  ["quote.angle.l.double"] = "«", ["quote.angle.r.double"] = "»", ["planck.reduce"] = "ħ",
  ["quote.angle.l.single"] = "‹", ["quote.angle.r.single"] = "›", Kai = "Ϗ", kai = "ϗ",
  sect = "∩", ["sect.sq"] = "⊓", ["sect.big"] = "⋂", ["sect.double"] = "⋒", ["sect.sq.big"] = "⨅",
  ["sect.dot"] = "⩀", ["sect.and"] = "⩄", ["sect.sq.double"] = "⩎", ["integral.sect"] = "⨙",
  ["minus.circle"] = "⊖", ["times.circle"] = "⊗", ["dot.circle"] = "⊙", ["eq.circle"] = "⊜",
  ["dash.circle"] = "⊝", ["dot.circle.big"] = "⨀", ["times.circle.big"] = "⨂",
  ["plus.circle.arrow"] = "⟴", ["bar.v.circle"] = "⦶", ["parallel.circle"] = "⦷",
  ["backslash.circle"] = "⦸", ["perp.circle"] = "⦹", ["lt.circle"] = "⧀", ["gt.circle"] = "⧁",
  ["div.circle"] = "⨸", ["bracket.l.double"] = "⟦", ["bracket.r.double"] = "⟧",
  ["shell.l.double"] = "⟬", ["shell.r.double"] = "⟭", ["brace.l.double"] = "⦃",
  ["brace.r.double"] = "⦄", ["paren.l.double"] = "⦅", ["paren.r.double"] = "⦆",
  ["angle.right.sq"] = "⦜", ["angle.spheric.top"] = "⦡", ["angle.oblique"] = "⦦",
}

local LINES = {
  aligned = true, align = true, split = true, gathered = true, gather = true, eqnarray = true,
  alignedat = true, alignat = true, multline = true, flalign = true,
}
local TABLES = { matrix = true, smallmatrix = true, array = true }
local CLOSES = { ["("] = ")", ["["] = "]", ["\\{"] = "\\}", ["|"] = "|", ["\\|"] = "\\|" }

--- What stands in a matrix for the lack of brackets, until pandoc has written it.
local NONE = { lines = "column-gap: #0.28em, align: #left, ", table = "" }

local function unfenced(body, kind)
  return "\\left[\\begin{matrix}\\text{@" .. kind .. "@}" .. body .. "\\end{matrix}\\right]"
end

--- Where an environment ends that has begun, and where what follows it begins.
local function environment_end(tex, at)
  local depth = 1
  while true do
    local start, stop, which = tex:find("\\(%a+)%s*{%a+%*?}", at)
    if not start then
      return nil
    end
    depth = depth + (which == "begin" and 1 or which == "end" and -1 or 0)
    if depth == 0 then
      return start, stop + 1
    end
    at = which == "text" and start + 1 or stop + 1
  end
end

--- What of the body of an environment is in none of its own, changed.
local function outside_environments(body, change)
  local out, at = "", 1
  while at do
    local start, stop = body:find("\\begin%s*{%a+%*?}", at)
    local _, goes_on = environment_end(body, (stop or #body) + 1)
    out = out .. change(body:sub(at, start and start - 1))
      .. (start and body:sub(start, (goes_on or #body + 1) - 1) or "")
    at = goes_on
  end
  return out
end

--- Cases with a gap before what they hold for. Of one column pandoc makes no cases.
local function cases(body, gap)
  local has_columns = false
  body = outside_environments(body, function(own)
    has_columns = has_columns or own:find("&", 1, true) ~= nil
    return (own:gsub("&", "& " .. gap))
  end)
  if not has_columns then
    body = outside_environments(body, function(own)
      return (own:gsub("\\\\", " & \\\\"))
    end) .. " &"
  end
  return "\\begin{cases}" .. body .. "\\end{cases}"
end

local write_environments

--- One environment in what stands before and after it: what is to stand in its place, and whether
--- that has the brackets around it, too.
local function write_environment(name, body, before, after)
  local open = before:match("\\left%s*(\\?[(%[{|.])%s*$")
  local close = after:match("^%s*\\right%s*(\\?[)%]}|.])")
  local is_braced = open == "\\{" and close == "."
  if name == "cases" then
    return cases(body, "\\quad "), false
  elseif is_braced and (LINES[name] or TABLES[name]) then
    return cases(body, TABLES[name] and "\\quad " or ""), true
  elseif TABLES[name] and open and CLOSES[open] == close then
    return "\\begin{matrix}" .. body .. "\\end{matrix}", false
  elseif TABLES[name] then
    return unfenced(body, "table"), false
  elseif LINES[name] and before:match("%S") then
    return unfenced(body, "lines"), false
  end
end

write_environments = function(tex, before)
  local out, at = before, 1
  while true do
    local start, stop, name = tex:find("\\begin%s*{(%a+)%*?}", at)
    local ends, goes_on
    if start then
      ends, goes_on = environment_end(tex, stop + 1)
    end
    if not ends then
      return (out .. tex:sub(at)):sub(#before + 1)
    end
    out = out .. tex:sub(at, start - 1)
    local columns = name == "array" and tex:match("^%s*%b{}()", stop + 1) or stop + 1
    local body = write_environments(tex:sub(columns, ends - 1), LINES[name] and "" or " & ")
    local written, is_whole = write_environment(name, body, out, tex:sub(goes_on))
    if is_whole then
      out = out:gsub("\\left%s*\\{%s*$", "")
      goes_on = tex:match("^%s*\\right%s*%.()", goes_on)
    end
    out = out .. (written or tex:sub(start, columns - 1) .. body .. tex:sub(ends, goes_on - 1))
    at = goes_on
  end
end

--- TeX of which pandoc writes what Typst takes: of `vmatrix` it makes what Typst refuses.
local function prepared(tex)
  tex = tex:gsub("\\begin{vmatrix}", "\\left|\\begin{matrix}")
  tex = tex:gsub("\\end{vmatrix}", "\\end{matrix}\\right|")
  return tex:find("\\begin", 1, true) and write_environments(tex, "") or tex
end

--- What is not between quotation marks of a formula in Typst, changed.
local function outside_text(written, change)
  written = written:gsub('\\"', "\1")
  local out, at = {}, 1
  for before, text, goes_on in written:gmatch('([^"]*)("[^"]*")()') do
    table.insert(out, change(before) .. text)
    at = goes_on
  end
  return (table.concat(out) .. change(written:sub(at))):gsub("\1", '\\"')
end

local function name_signs(part)
  return (part:gsub("%f[%w.]%a[%w.]*", function(name)
    local bare, dot = name:match("^(.-)(%.*)$")
    return SIGNS[bare] and SIGNS[bare] .. dot
  end))
end

--- A formula as Typst writes it. Pandoc has two signs around norms, where Typst takes one.
local function write(math)
  local formula = pandoc.Plain({ pandoc.Math(math.mathtype, prepared(math.text)) })
  local written = pandoc.write(pandoc.Pandoc({ formula }), "typst", { wrap_text = "none" })
  written = written:gsub('delim: "||"', 'delim: "‖"')
  written = written:gsub('(%a+)%(delim: "%[", upright%("@(%a+)@"%) ?', function(call, kind)
    return call .. "(delim: #none, " .. (call == "mat" and NONE[kind] or "")
  end)
  -- A box holds a formula in a line: one of its own would have a number.
  written = written:gsub("inset: 3pt, %[%$ (.-) %$%]%)", "inset: 3pt, [$display(%1)$])")
  written = outside_text(written, name_signs)
  written = written:gsub("(mat%(delim: #none, .-%))}", "lr(%1})")
  return (written:gsub("%s+$", ""))
end

return { write = write }
