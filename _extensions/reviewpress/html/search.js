// Search: which sections of which pages say most about some words. Pagefind finds the pages and
// where the words stand on them; what is best is decided here, section by section.

import { SYNONYMS } from "./synonyms.js";

// What a page is says how much its sections count: findings answer, appendices document.
const RANKS = { findings: 1.6, text: 1, appendix: 0.3, references: 0.08 };
const PAGES = 40;
const SHOWN = 12;
const OF_ONE_PAGE = 3;
const AROUND = 13;
// A word that many sections have says little of any; in a title words say most.
const MANY = 0.4;
const OF_MANY = 0.5;
// A word that hardly any section has says no more than one that few have: it may be there by chance.
const RAREST = 3;
const IN_TITLE = 3;
const OF_ALSO = 0.9;
// How far a synonym is the word that was typed: less where the report itself writes that word, least
// where a title has it. Of words that are typed for others ("in charge"), their own count for less,
// and what they mean for more.
const OF_SYNONYM = { titled: 0.2, written: 0.6, typed: 0.9 };
const OF_TYPED = 0.5;
const AS_TYPED = 1.5;
const OF_LEVEL = { 1: 1.8, 2: 1.2 };
// What documents the review counts for little, but for more where its title has all the words.
const OF_RANK = 0.5;
const IN_TITLE_ABOVE = 0.8;
const BESIDE = 1.2;
const PHRASE = 1;
const OFTEN = 2;
// Words that join or ask ("how many papers") say nothing of a section, but in its title a little; a
// title that asks the same is what was meant.
const OF_JOINING = 0.1;
const OF_ASKED = 2;
const JOINING = {
  cy: "a ac am ar beth ble dod faint i mae o oes pa pam pryd pwy sut sy sydd y yn yr",
  da: "af at de den der det en er et for har hvad hvem hvilke hvilken hvor hvordan hvorfor hvornår i med og om på som til var ved",
  de: "am an auf aus bei das dem den der des die ein eine einen einer es für gibt hat im in ist mit sind über um und vom von wann war warum was welche welcher welches wer werden wie wo wurde wurden zu zum zur",
  en: "a about also am an and any anybody anyone are as at be been being between by can could did do does doing done enough example examples find for from get gets had has have he her his how i if in into is it its just me more much my no not of off on or our out please really shall she should so some someone than that the their them there these they this those to up us versus vs was we were what when where which who whom whose why will with would you your",
  es: "a al como cómo con cuál cuáles cuándo cuántos cuántas de del dónde e el en es fue fueron ha hay la las lo los o para por que qué quién quiénes se son su sus un una y",
  fr: "a à au aux avec ce ces combien comment d dans de des du elle en est et il ils l la le les leur ont ou où par pour pourquoi qu quand que quel quelle quelles quels qui quoi sa se ses son sont sur un une",
  it: "a al alla che chi come con cosa da dei del della delle di dove e gli ha i il in io la le lo nel nella o per perché qual quale quali quando quanti quante quanto se si sono su un una è",
  nb: "av at de den der det en er et for har hva hvem hvilke hvilken hvor hvordan hvorfor i med når og om på som til var ved",
  nl: "aan als bij de dat die dit door een en er gaat had heb heeft het hoe hoeveel in is met naar of om op over te tot uit van voor waar waarom wanneer was wat welk welke werd wie zijn",
  pl: "a co czy czym dla do gdzie i ile jak jaka jaki jakie jest kiedy kto która które który ma na o od po są się w z ze że dlaczego",
  pt: "a ao aos as com como da das de do dos e em é foi foram há na nas no nos o onde os ou para por porque qual quais quando quanto quantos quantas que quem são se um uma",
  sv: "av att de den det en ett för har hur i med när och om på som till vad var varför vem vilka vilken vilket är",
};
// How far a word with an ending more is that word. Where the word itself is written, what shares a
// beginning with it is most often another: "policy" for "police". Titles in a list of references
// and words of an appendix are not the report's own: there a word may be written otherwise.
const FORM = 0.9;
const OTHER = 0.1;
const WITHOUT = 0.8;
// What differs between British and American spellings: organise, behaviour, paediatric, centre, fulfil.
const SPELLINGS = new Set(["s/z", "/u", "/a", "/o", "er/re", "/l"]);
// Letters of a word that says most of what longer ones say.
const STEM = 6;
// How much likelier a slip is within a word than at its beginning.
const LIKELY = 10;
// The number of a heading, a figure or a table: 7, 7.1, F or F.2.
const NUMBER = /^(\p{N}{1,3}|\p{L})(\.\p{N}{1,3})*$/u;
// What is written without spaces between words.
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;

let engine;

// Load the index that stands at an address.
export async function load(address) {
  engine ??= await import(new URL("pagefind.js", address).href);
  await engine.init();
  return engine;
}

// Return the sections that fit best, `{url, title, page, excerpt}`, and how many fit. An excerpt is
// a list of `{text, found}`.
export async function findSections(text) {
  const { wanted, pages } = await findPages(split(text).map(letters).filter(Boolean), text);
  const terms = termsOf(wanted, pages);
  const sections = pages.flatMap((page) => sectionsOf(page, terms));
  const rarity = terms.map(({ joins, isTyped }, at) => rarityOf(sections, at) * (joins ? OF_JOINING : isTyped ? AS_TYPED : 1));
  const hits = sections.filter(({ places, inTitle }) => terms.some(({ joins }, at) => !joins && (places[at].length || inTitle[at])));
  for (const hit of hits) hit.score = score(hit, rarity, terms);
  hits.sort((one, other) => other.score - one.score);
  const named = await findNumbered(split(text).map(letters));
  const others = hits.filter(({ url }) => named.every((each) => each.url !== url));
  return { sections: best([...named, ...others]).map(({ url, title, page, words, places, said }) => ({ url, title, page, excerpt: excerpt(words, places, said) })), count: named.length + others.length };
}

// What is asked for by its number, "Table 7.1", "Appendix F" or "10.5": a figure or table has it in
// its caption, a section in its heading. Other things ("paper 12", "type 2") have no such number.
async function findNumbered(asked) {
  const [number, kind] = [...asked].reverse();
  if (asked.length > 2 || !NUMBER.test(number ?? "") || !(kind || number.includes("."))) return [];
  const pages = await readAll(Infinity);
  const captions = pages.flatMap((page) => {
    const words = page.content.split(/\s+/);
    const at = words.findIndex((word, at) => word.endsWith(":") && letters(word) === number && letters(words[at - 1] ?? "") === kind);
    return at < 0 ? [] : [captioned(page, words, at - 1)];
  });
  if (captions.length) return captions;
  const kinds = split(document.body.dataset.kinds ?? "").map(letters);
  if (kind && !kinds.includes(kind)) return [];
  return pages.flatMap((page) => sectionsOf(page, [])).filter((each) => each.number === number);
}

// The figure or table whose caption begins at a word of a page.
function captioned(page, words, start) {
  const before = (places) => places.filter(({ location }) => location <= start).at(-1);
  const section = before(sectionsOf(page, []));
  const thing = before(page.anchors.filter(({ id }) => /^(fig|tbl)-(?!.*-caption$)/.test(id)));
  return { ...section, url: thing ? `${page.url}#${thing.id}` : section.url, words: words.slice(start), places: [], said: 0 };
}

// Which words only join others or ask; of nothing but such, none.
function joiningOf(words) {
  const known = new Set((JOINING[document.documentElement.lang.split("-")[0]] ?? "").split(" ").map(letters));
  const joins = words.map((word) => known.has(word));
  return joins.every(Boolean) ? words.map(() => false) : joins;
}

// What is known of each of some words: whether it only joins others or asks, whether the report's own
// text writes it, and what else says the same, with how far that is the word itself.
function termsOf(words, pages) {
  const own = pages.filter(({ meta }) => rankOf(meta) >= 1);
  const written = new Set(own.flatMap(vocabulary));
  const titles = own.flatMap(({ anchors }) => anchors).filter(isTitle).map(({ text }) => split(text));
  const titled = new Set(titles.flat().flatMap(forms));
  const spoken = titles.map((words) => ` ${words.map(letters).join(" ")}`);
  const isIn = (texts, word) => [...texts].some((each) => alike(each, word) >= FORM);
  return meaningsOf(words).map((term) => {
    const isWritten = isIn(written, term.word);
    const isTyped = term.phrases.some((phrase) => spoken.every((title) => !title.includes(` ${phrase.join(" ")}`)));
    const place = isTyped || !isWritten ? "typed" : isIn(titled, term.word) ? "titled" : "written";
    return { ...term, isWritten, isTyped, ofSynonym: OF_SYNONYM[place], ofOwn: isTyped ? OF_TYPED : 1 };
  });
}

// Each of some words with its synonyms, and with those of phrases that it is part of: of the words in
// these that say something, or of all where none does ("how many").
function meaningsOf(words) {
  const joins = joiningOf(words);
  const terms = words.map((word, at) => ({ word, joins: joins[at], phrases: [], synonyms: [] }));
  // What a phrase means, its words do not mean alone: "about a problem" is no barrier.
  const longest = [...synonyms()].sort((one, other) => other.typed.length - one.typed.length);
  for (const { typed, meant } of longest) {
    for (let at = 0; at + typed.length <= words.length; at += 1) {
      if (!typed.every((word, next) => isListed(words[at + next], word))) continue;
      const phrase = terms.slice(at, at + typed.length);
      const saying = phrase.filter((_, next) => !joins[at + next]);
      for (const term of saying.length ? saying : phrase) {
        if (typed.length === 1 && term.phrases.length) continue;
        term.joins = false;
        if (typed.length > 1 && !meant.includes(typed)) term.phrases.push(typed);
        term.synonyms.push(...meant.filter((each) => each !== typed));
      }
    }
  }
  return terms;
}

// Whether a word is one of a list of synonyms, or that with an ending more: "listening" for "listen",
// and not "screen" for "screening".
function isListed(word, listed) {
  return isSame(word, listed) || (word.length > listed.length && alike(word, listed) >= FORM);
}

function isSame(word, other) {
  return word === other || isPlural(word, other) || isPlural(other, word);
}

// The synonyms of the page's language: what is typed, and what it means.
let listed;

function synonyms() {
  const read = (side) => side.split(",").map((phrase) => split(phrase).map(letters));
  const lines = (SYNONYMS[document.documentElement.lang.split("-")[0]] ?? "").split("\n").filter(Boolean);
  listed ??= lines.flatMap((line) => {
    const [typed, meant] = line.split(":").map(read);
    return typed.map((phrase) => ({ typed: phrase, meant: meant ?? typed }));
  });
  return listed;
}

// The pages for some words. One that the report does not write is taken for the nearest that it does:
// a slip of the pen, or the spelling of another country, in which references may have it.
async function findPages(wanted, text) {
  const pages = await read(await find(text, wanted));
  const isIn = (texts, wanted) => texts.some((words) => words.some((word) => alike(word, wanted) >= FORM));
  const texts = pages.map(vocabulary);
  const own = texts.filter((_, at) => rankOf(pages[at].meta) >= 1);
  const meanings = meaningsOf(wanted);
  const lost = wanted.filter((word, at) => !meanings[at].synonyms.length && !isIn(own, word));
  if (!lost.length) return { wanted, pages };
  const counts = new Map();
  const all = await readAll();
  for (const page of all) {
    for (const word of wordsOf(page)) counts.set(word, (counts.get(word) ?? 0) + rankOf(page.meta));
  }
  const other = (word) => spelledOut(word, all) ?? [nearest(word, counts, isIn(texts, word)) ?? word];
  const meant = wanted.flatMap((word) => (lost.includes(word) ? other(word) : [word]));
  if (meant.join(" ") === wanted.join(" ")) return { wanted, pages };
  return { wanted: meant, pages: await read(await find(meant.join(" "), meant)) };
}

function read(results) {
  return Promise.all(results.map((result) => result.data()));
}

async function readAll(most = PAGES) {
  return read((await engine.search(null)).results.slice(0, most));
}

// The words of a page, each once.
const vocabularies = new Map();

function vocabulary(page) {
  if (!vocabularies.has(page.url)) vocabularies.set(page.url, [...new Set(wordsOf(page))]);
  return vocabularies.get(page.url);
}

function wordsOf({ content }) {
  return split(content).flatMap(forms);
}

// The words that an abbreviation is made of: "Mixed Methods Appraisal Tool" for "mmat". Short ones
// between them ("of the") have no letter in it.
function spelledOut(word, pages) {
  if (word.length < 3 || word.length > 6) return null;
  for (const { content, meta } of pages) {
    if (rankOf(meta) < 1) continue;
    const words = split(content);
    for (let at = 0; at < words.length; at += 1) {
      const found = [];
      for (let next = at; found.length < word.length && next < at + 2 * word.length; next += 1) {
        if (words[next]?.[0] === word[found.length].toUpperCase() && words[next].length > 1) found.push(letters(words[next]));
        else if (!found.length || !/^\p{Ll}{1,3}$/u.test(words[next] ?? "")) break;
      }
      if (found.length === word.length) return found;
    }
  }
  return null;
}

// The word one slip away that begins alike and is written most often; of a word that stands in a list
// of references, only another spelling.
function nearest(word, counts, isElsewhere) {
  const slips = [...counts.keys()].filter((each) => slipOf(word, each) && (!isElsewhere || SPELLINGS.has(slipOf(word, each))));
  const weight = (each) => counts.get(each) * (each[0] === word[0] ? LIKELY : 1);
  const likeliest = (words) => words.sort((one, other) => weight(other) - weight(one))[0];
  return likeliest(slips) ?? (isElsewhere ? undefined : likeliest([...counts.keys()].filter((each) => isStemOf(each, word))));
}

// Whether one word is most of the other: "stigma" for "stigmatised".
function isStemOf(one, other) {
  const short = Math.min(one.length, other.length);
  return short >= STEM && Math.max(one.length, other.length) <= 2 * short && common(one, other) === short;
}

// What differs between two words that are the same but for a letter more, less or other, or two that
// changed places; nothing for other words.
function slipOf(one, other) {
  if (one === other || Math.min(one.length, other.length) < 4 || Math.abs(one.length - other.length) > 1) return null;
  const start = common(one, other);
  const shorter = Math.min(one.length, other.length) - start;
  let end = 0;
  while (end < shorter && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [left, right] = [one, other].map((word) => word.slice(start, word.length - end)).sort();
  const isSwapped = left.length === 2 && right.length === 2 && left === right[1] + right[0];
  return isSwapped || Math.max(left.length, right.length) <= 1 ? `${left}/${right}` : null;
}

// Return the pages that have all the words, then those that have some or a synonym; of a report of
// few pages, all.
async function find(text, wanted) {
  const { results: all } = await engine.search(null);
  if (all.length <= PAGES) return all;
  const terms = meaningsOf(wanted).filter(({ joins }) => !joins);
  const synonyms = terms.flatMap((term) => term.synonyms.map((words) => words.join(" ")));
  const asked = new Set([text, ...terms.map(({ word }) => word), ...synonyms]);
  const found = await Promise.all([...asked].map((words) => engine.search(words)));
  const pages = new Map(found.flatMap(({ results }) => results.map((result) => [result.id, result])));
  return [...pages.values()].slice(0, PAGES);
}

// A page's words, and those that its author gave a section for readers who ask in other words.
function alsoOf({ content, anchors }) {
  const words = content.split(/\s+/);
  const also = anchors.filter(({ id }) => id.startsWith("also-"));
  for (const { text, location } of also) words.fill("", location, location + text.trim().split(/\s+/).length);
  return { words, also };
}

function isTitle({ element, id, text }) {
  return (/^h[1-6]$/.test(element) || id.startsWith("also-")) && text.trim();
}

// A page's sections, each with where each of the wanted words stands in it.
function sectionsOf(page, terms) {
  const { words, also } = alsoOf(page);
  const heads = page.anchors.filter((anchor) => /^h/.test(anchor.element) && isTitle(anchor));
  const title = page.meta.title ?? "";
  const top = { level: 1, title, said: 0, number: letters(page.meta.number ?? ""), url: page.url, location: 0, above: [] };
  const sections = [top];
  for (const { element, id, text, location } of heads) {
    const level = Number(element[1]);
    if (level === 1) continue;
    // The first page is titled by its first heading, below the book's title.
    if (sections.length === 1 && text.trim() === title && !words.slice(0, location).join("")) {
      Object.assign(top, { location, said: title.split(/\s+/).length });
      continue;
    }
    const above = [...sections].reverse().reduce((path, each) => (each.level < (path.at(-1)?.level ?? level) ? [...path, each] : path), []);
    sections.push({ level, title: text.trim(), said: text.trim().split(/\s+/).length, number: letters(split(text)[0] ?? ""), url: `${page.url}#${id}`, location, above: above.map((each) => each.title) });
  }
  const rank = rankOf(page.meta);
  return sections.map((section, at) => {
    const end = sections[at + 1]?.location ?? words.length;
    const own = words.slice(section.location, end).filter(Boolean);
    const plain = own.map(forms);
    const others = also.filter(({ location }) => location >= section.location && location < end).map(({ text }) => text).join(" ");
    const places = terms.map((term) => placesOf(plain, term));
    return {
      ...section,
      page: [section === top ? "" : title, page.meta.edition].filter(Boolean).join(", "),
      rank,
      words: own,
      places: places.map((found) => [...found.keys()]),
      often: terms.map((term, at) => degrees([...places[at].values()], term).reduce((all, each) => all + each, 0)),
      inTitle: terms.map((term) => Math.max(has(section.title, term), OF_ALSO * has(others, { ...term, isWritten: false }))),
      inTitleAbove: terms.map((term) => section.above.some((each) => has(each, term))),
      holds: terms.map(({ word, isWritten }) => !isWritten || [...plain, ...split(section.title).map(forms)].some((each) => like(each, word) >= FORM)),
      titleLength: split(section.title).length,
    };
  });
}

function rankOf({ kind }) {
  return RANKS[kind] ?? 1;
}

function rarityOf(sections, at) {
  const holding = sections.filter(({ places }) => places[at].length).length;
  return (holding > MANY * sections.length ? OF_MANY : 1) * Math.min(RAREST, Math.log(1 + sections.length / (1 + holding)));
}

function score({ rank, level, words, places, often, inTitle, inTitleAbove, titleLength, holds }, rarity, terms) {
  let sum = 0;
  let known = 0;
  let all = 0;
  const long = 0.5 + words.length / 400;
  // A title that has all the words is what was meant, a chapter's before a section's.
  const asked = terms.some(({ joins }) => joins) && inTitle.every(Boolean) ? OF_ASKED : 1;
  const isWhole = inTitle.every((found, at) => found || terms[at].joins);
  const whole = isWhole ? asked * (OF_LEVEL[level] ?? 1) : 1;
  rarity.forEach((rare, at) => {
    const told = often[at] / long;
    const titled = (IN_TITLE * whole) / Math.sqrt(Math.max(1, titleLength / 4));
    sum += rare * (told / (told + OFTEN) + inTitle[at] * titled);
    sum += rare * inTitleAbove[at] * IN_TITLE_ABOVE;
    if (at && places[at].some((place) => places[at - 1].includes(place - 1))) sum += BESIDE * rare;
    if (at && inTitle[at] && inTitle[at - 1]) sum += BESIDE * rare;
    all += rare;
    if (places[at].length || inTitle[at] || inTitleAbove[at]) known += rare * (holds[at] ? 1 : WITHOUT);
  });
  const last = places.length - 1;
  const phrase = (place) => places.every((each, at) => each.includes(place - last + at));
  if (last > 0 && places[last].some(phrase)) sum += PHRASE * all;
  return (isWhole ? Math.max(rank, rank ** OF_RANK) : rank) * sum * (known / all) ** 2;
}

// No page fills the list alone.
function best(hits) {
  const counts = new Map();
  const shown = [];
  for (const hit of hits) {
    const page = hit.url.split("#")[0];
    const count = counts.get(page) ?? 0;
    if (count < OF_ONE_PAGE) shown.push(hit);
    counts.set(page, count + 1);
    if (shown.length === SHOWN) break;
  }
  return shown;
}

// The words around the place where most of the wanted ones stand together; the first of a section
// are said in its title.
function excerpt(words, places, said) {
  const found = new Set(places.flat().filter((place) => place >= said));
  const starts = [...found].map((place) => Math.max(said, place - AROUND + 5));
  const inside = (start) => places.filter((each) => each.some((p) => p >= start && p < start + 2 * AROUND)).length;
  const start = starts.length ? starts.reduce((a, b) => (inside(b) > inside(a) ? b : a)) : said;
  const parts = [];
  words.slice(start, start + 2 * AROUND).forEach((word, at) => parts.push({ text: word, found: found.has(start + at) }));
  return parts;
}

// Where a word stands among others, and where its synonyms do, with how far each is that word.
function placesOf(words, { word, synonyms, ofSynonym }) {
  const found = new Map();
  words.forEach((each, place) => {
    const goesOn = (synonym) => synonym.every((part, next) => !next || words[place + next]?.some((each) => alike(each, part) >= FORM));
    const own = like(each, word);
    const other = begins(each, synonyms).some(goesOn) ? ofSynonym : 0;
    if (own || other) found.set(place, { own, other });
  });
  return found;
}

// Which synonyms a word begins.
function begins(word, synonyms) {
  let known = begun.get(synonyms);
  if (!known) begun.set(synonyms, (known = new Map()));
  let found = known.get(word);
  const isFirst = ([first]) => word.some((each) => each[0] === first[0] && alike(each, first) >= FORM);
  if (!found) known.set(word, (found = synonyms.filter(isFirst)));
  return found;
}

// How far words are the one that was asked for, each by itself.
function degrees(found, { isWritten, ofOwn }) {
  const isOther = isWritten && found.every(({ own }) => own < FORM);
  return found.map(({ own, other }) => Math.max(own * ofOwn * (isOther ? OTHER : 1), other));
}

function has(title, term) {
  return Math.max(0, ...degrees([...placesOf(split(title).map(forms), term).values()], term));
}

// How far a word is a form of another: the same, with an ending more, or with another ending.
function alike(word, wanted) {
  if (!word || !wanted) return 0;
  if (word === wanted) return 1;
  if (UNSPACED.test(wanted)) return word.includes(wanted) ? 1 : 0;
  if (isSame(word, wanted)) return FORM;
  const short = Math.min(word.length, wanted.length);
  if (Math.max(word.length, wanted.length) - short > 3) return 0;
  const same = common(word, wanted);
  if (same < Math.max(4, short - (short < 8 ? 1 : 3))) return 0;
  return same === short ? FORM : 0.4;
}

// "laws" of "law", "policies" of "policy": the words too short, or whose ends differ too much, for that.
function isPlural(word, one) {
  return one.length > 2 && (word === `${one}s` || (one.endsWith("y") && word === `${one.slice(0, -1)}ies`));
}

// The same of a word, or of the words that it is made of.
function like(words, wanted) {
  let likeness = liked.get(wanted);
  if (!likeness) liked.set(wanted, (likeness = new Map()));
  let most = likeness.get(words);
  if (most === undefined) likeness.set(words, (most = Math.max(...words.map((word) => alike(word, wanted)))));
  return most;
}

function common(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

function split(text) {
  return text.match(/[\p{L}\p{N}'’-]+(?:(?:\.(?=\p{N})|&)[\p{L}\p{N}'’-]+)*/gu) ?? [];
}

// The pages are read anew for each letter that is typed, and have few words that differ.
const bare = new Map();

// The synonyms that a word begins, of those of one that was asked for.
const begun = new WeakMap();

// How far words are forms of one that was asked for.
const liked = new Map();

// A word, and each of those that hyphens join in it: "one-stop" is found by "one stop".
const formed = new Map();

function forms(text) {
  let found = formed.get(text);
  if (found === undefined) formed.set(text, (found = [text, ...(/\w-\w/.test(text) ? text.split("-") : [])].map(letters)));
  return found;
}

function letters(text) {
  let found = bare.get(text);
  if (found === undefined) bare.set(text, (found = text.normalize("NFD").replace(/\.(?!\p{N})|[^\p{L}\p{N}.]/gu, "").toLowerCase()));
  return found;
}
