// What a script adds to tables, which are whole without it: one that goes on beyond its edge says so
// and opens to the whole window; a table to explore is filtered, sorted and counted, with a map of its
// rows. Words stand in data attributes, in the page's language. Nothing is fetched.

const put = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
const said = (element) => element.textContent.replace(/\s+/g, " ").trim();

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Wide tables -----------------------------------------------------------------------------------

function setUpWide(region) {
  const { goesOn, open, close } = region.dataset;
  if (!open) return;
  const button = make("button", { type: "button", className: "quiet", textContent: open });
  const more = make("p", { className: "table-more", hidden: true }, make("span", { textContent: goesOn }), " ", button);
  region.before(more);
  keepInSight(region, () => {
    if (!region.closest("dialog")) more.hidden = region.scrollWidth <= region.clientWidth + 1;
  });
  button.addEventListener("click", () => openRegion(region, button, close));
}

function keepInSight(region, tell = () => {}) {
  const head = region.querySelector("thead th");
  new ResizeObserver(() => {
    tell();
    const isNarrow = () => head !== null && head.offsetWidth < 0.45 * region.clientWidth;
    // A first column of long words is pinned with its words broken, if that helps.
    region.classList.remove("tight");
    region.classList.toggle("tight", region.scrollWidth > region.clientWidth + 1 && !isNarrow());
    region.classList.toggle("pinned", isNarrow());
  }).observe(region);
}

function openRegion(region, button, close) {
  const place = document.createComment("");
  const done = make("button", { type: "button", className: "quiet", textContent: close });
  const dialog = make("dialog", { className: "table-dialog" }, make("p", {}, done));
  const name = region.getAttribute("aria-labelledby");
  if (name) dialog.setAttribute("aria-labelledby", name);
  region.replaceWith(place);
  dialog.append(region);
  document.body.append(dialog);
  const shut = () => dialog.close();
  done.addEventListener("click", shut);
  // What a link leads to is on the page below.
  region.addEventListener("click", (event) => event.target.closest("a") && shut(), { once: true });
  dialog.addEventListener("close", () => {
    place.replaceWith(region);
    dialog.remove();
    button.parentElement.hidden = false;
    button.focus();
  });
  dialog.showModal();
}

// Tables to explore -----------------------------------------------------------------------------

const MOST_CHOICES = 40;
// So many rows are laid out at once: a browser stutters over hundreds. Until the script has read a
// table, the style sheet leaves out the others.
const AT_ONCE = 50;
const READ_AT_ONCE = 100;
document.documentElement.classList.add("explores");

const pause = () => new Promise((resolve) => setTimeout(resolve));

// A cell without the symbols of its notes.
function wording(cell) {
  const marks = ".note-mark, .note-mark + sup";
  if (!cell.querySelector(marks)) return said(cell);
  const copy = cell.cloneNode(true);
  copy.querySelectorAll(marks).forEach((each) => each.remove());
  return said(copy);
}

// A number as the page's language writes it, with or without signs between thousands, or with a
// decimal point; what stands around one is left aside: "p <", a currency, "%", what is in brackets.
// NaN for what is no number.
const signs = new Map(new Intl.NumberFormat(document.documentElement.lang || "en", { useGrouping: "always" }).formatToParts(1234.5).map(({ type, value }) => [type, value]));
const thousands = new RegExp(`^[1-9]\\d{0,2}([${signs.get("group") ?? ","} \u00a0\u2009\u202f]\\d{3})+(?!\\d)`);
const around = /^(?:p\s*)?[<>\u2264\u2265=~\u2248]?\s*([-\u2212\u2013]?)\p{Sc}?\s*([-\u2212\u2013]?\d.*?)\s*%?(?:\s*[([].*)?$/iu;
const raised = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
function toNumber(text) {
  const [, sign, rest] = around.exec(text) ?? [];
  if (!rest) return NaN;
  const [mantissa, power = ""] = `${sign}${rest}`.replace(/[\u2212\u2013](?=\d)/, "-").split(/\s*\u00d7\s*10(?=[\u207b\u2070\u00b9-\u2079])/);
  const digits = [...power].map((each) => (each === "\u207b" ? "-" : raised.indexOf(each))).join("");
  const plain = mantissa.replace(/^(-?)(.+)/, (_, minus, number) => minus + number.replace(thousands, (whole) => whole.replace(/\D/g, "")));
  return /^-?\d+([.,]\d+)?$/.test(plain) ? Number(`${plain.replace(",", ".")}e${digits || 0}`) : NaN;
}

// Whatever the case, and with a hyphen for a minus sign, which keyboards have.
const folded = (text) => text.toLowerCase().replaceAll("\u2212", "-");

class Column {
  constructor(head, position) {
    Object.assign(this, { head, position, name: wording(head), cells: [], items: [], numbers: [], counts: new Map() });
  }

  take(row, separator) {
    const text = wording(row.cells[this.position]);
    const items = text.split(separator).map((item) => item.trim());
    this.cells.push(text);
    this.items.push(items);
    this.numbers.push(toNumber(text));
    for (const item of new Set(items)) this.counts.set(item, (this.counts.get(item) ?? 0) + 1);
  }

  // What filters it is known when all its cells are.
  decide() {
    const known = this.cells.filter((text) => text).length;
    this.isNumeric = known > 0 && this.numbers.filter((number) => !isNaN(number)).length > 0.8 * known;
    const few = this.counts.size <= MOST_CHOICES && this.counts.size < 0.8 * this.cells.length;
    this.kind = this.isNumeric && !few ? "range" : few ? "choice" : "words";
  }

  // Levels have an order of their own. What is no number, or no level, comes after all that are,
  // whichever way they are sorted.
  compare(a, b, turn, collator) {
    if (!this.isNumeric && !this.levels) return turn * collator.compare(this.cells[a], this.cells[b]);
    const size = (at) => (this.levels ? this.levels.get(this.items[at][0]) ?? NaN : this.numbers[at]);
    const [one, other] = [size(a), size(b)];
    return isNaN(one) || isNaN(other) ? isNaN(one) - isNaN(other) : turn * (one - other);
  }

  // In the order that is given; others, and what is missing, after them by the alphabet, numbers by size.
  choices(collator, order = []) {
    const found = [...this.counts.keys()].filter((item) => item).sort(collator.compare);
    return [...new Set([...order.filter((item) => this.counts.has(item)), ...found])];
  }
}

class Explorer {
  constructor(box, first) {
    this.box = box;
    this.table = box.querySelector("table");
    this.words = box.dataset;
    this.body = this.table.tBodies[0];
    this.rows = [...this.body.rows];
    this.lower = [];
    this.collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const heads = [...this.table.tHead.rows[0].cells];
    this.columns = heads.map((head, at) => new Column(head, at));
    this.prefix = first ? "" : `${box.dataset.name}.`;
  }

  // In steps, between which the browser answers its reader.
  async begin() {
    const { separator = "; " } = this.words;
    for (const [at, row] of this.rows.entries()) {
      if (at % READ_AT_ONCE === READ_AT_ONCE - 1) await pause();
      this.lower.push(folded(said(row)));
      for (const column of this.columns) column.take(row, separator.trim());
    }
    this.columns.forEach((column) => column.decide());
    for (const name of ["mapRows", "mapColumns"]) {
      const column = this.columns[Number(this.words[name]) - 1];
      if (column) column.kind = "choice";
    }
    const order = (this.words.levels ?? "").split(separator.trim()).map((name) => name.trim());
    this.quality = this.columns[Number(this.words.quality) - 1];
    this.levels = this.quality?.choices(this.collator, order);
    if (this.words.levels && this.quality) this.quality.levels = new Map(order.map((name, at) => [name, at]));
    this.fields = new Map();
    this.order = null;
    this.places = this.rows.map((_, at) => at);
    this.limit = AT_ONCE;
    await pause();
    this.build();
    this.read();
    this.apply(false);
    this.print();
    this.reveal();
    addEventListener("hashchange", () => this.reveal());
    this.box.classList.add("explored");
  }

  // A link may lead to a row that is not shown, or into it.
  reveal() {
    const id = decodeURIComponent(location.hash.slice(1));
    const row = id && this.rows.find((each) => each.id === id || each.querySelector(`#${CSS.escape(id)}`));
    if (!row || row.isConnected) return;
    const at = this.rows.indexOf(row);
    if (!this.tests()(at)) {
      for (const field of this.fields.values()) field.value = "";
      this.apply(true);
    }
    this.limit = 1 + this.found().indexOf(at);
    this.show();
    row.scrollIntoView();
  }

  // Paper has no fields, and no button for more: what was chosen and all rows that match are printed.
  print() {
    let limit;
    const chosen = make("p", { className: "explore-chosen" });
    this.status.after(chosen);
    addEventListener("beforeprint", () => {
      const fields = [...this.fields.values()].filter((field) => field.value);
      chosen.textContent = fields.map((field) => `${said(field.labels[0])}: ${field.value}`).join("; ");
      limit = this.limit;
      this.limit = Infinity;
      this.show();
    });
    addEventListener("afterprint", () => {
      this.limit = limit;
      this.show();
    });
  }

  build() {
    const words = make("input", { type: "search", autocomplete: "off" });
    this.fields.set("q", words);
    const grid = make("div", { className: "explore-columns" });
    for (const column of this.columns) grid.append(...this.controls(column));
    const folded = make("details", {}, make("summary", { textContent: this.words.columns }), grid);
    this.folded = folded;
    this.status = make("p", { className: "explore-count" });
    this.status.setAttribute("role", "status");
    const clear = make("button", { type: "reset", className: "quiet", textContent: this.words.clear });
    const form = make("form", { className: "explore-filters" }, this.labelled(this.words.words, words), folded, make("div", { className: "explore-state" }, this.status, clear));
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", this.words.filters);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => this.apply(true)));
    let waiting;
    form.addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.apply(true), event.target.tagName === "SELECT" ? 0 : 50);
    });
    this.more = make("button", { type: "button", className: "quiet explore-more", hidden: true });
    this.more.addEventListener("click", () => this.showMore());
    this.box.querySelector(".table-scroll").after(this.more);
    this.box.prepend(make("div", { className: "explore-top" }, form));
    if (this.words.mapRows && this.words.mapColumns) this.buildMap(form);
    this.columns.forEach((column) => this.makeSortable(column));
  }

  labelled(text, field) {
    field.id = `${this.words.name}-filter-${(this.made = (this.made ?? 0) + 1)}`;
    return make("div", {}, make("label", { htmlFor: field.id, textContent: text }), field);
  }

  controls(column) {
    if (column.kind === "choice") {
      const field = make("select", {}, make("option", { value: "", textContent: this.words.any }));
      for (const item of column === this.quality ? this.levels : column.choices(this.collator)) {
        field.append(make("option", { value: item, textContent: `${item} (${column.counts.get(item)})` }));
      }
      this.fields.set(column.name, field);
      return [this.labelled(column.name, field)];
    }
    if (column.kind === "words") {
      const field = make("input", { type: "search", autocomplete: "off" });
      this.fields.set(column.name, field);
      return [this.labelled(column.name, field)];
    }
    return ["from", "to"].map((end) => {
      const field = make("input", { type: "number", step: "any" });
      this.fields.set(`${column.name}.${end}`, field);
      return this.labelled(put(this.words[end], { column: column.name }), field);
    });
  }

  // Whether a row is shown, leaving aside the filters of some columns.
  tests(without = []) {
    const words = folded(this.fields.get("q").value).split(/\s+/).filter(Boolean);
    const found = [(at) => words.every((word) => this.lower[at].includes(word))];
    for (const column of this.columns) {
      if (without.includes(column)) continue;
      const value = this.fields.get(column.name)?.value ?? "";
      const [from, to] = ["from", "to"].map((end) => this.fields.get(`${column.name}.${end}`)?.value ?? "");
      if (column.kind === "choice" && value) found.push((at) => column.items[at].includes(value));
      if (column.kind === "words" && value) {
        const wanted = folded(value);
        found.push((at) => folded(column.cells[at]).includes(wanted));
      }
      if (from) found.push((at) => column.numbers[at] >= Number(from));
      if (to) found.push((at) => column.numbers[at] <= Number(to));
    }
    return (at) => found.every((test) => test(at));
  }

  apply(note) {
    this.limit = AT_ONCE;
    this.show();
    if (this.map) this.countMap();
    if (note) this.write();
  }

  // The rows that match, in their order.
  found() {
    return this.places.filter(this.tests());
  }

  show() {
    const found = this.found();
    this.lay(found.slice(0, this.limit).map((at) => this.rows[at]));
    const rest = Math.max(0, found.length - this.limit);
    const values = { shown: found.length, count: this.rows.length, limit: this.limit };
    const told = put(this.words.shown, values) + (rest ? ` ${put(this.words.first, values)}` : "");
    if (this.status.textContent !== told) this.status.textContent = told;
    this.more.hidden = !rest;
    this.more.textContent = put(this.words.more, { number: Math.min(rest, AT_ONCE) });
  }

  // The table has the rows that are shown and no others; one that stays is left where it is.
  lay(rows) {
    const wanted = new Set(rows);
    for (const row of [...this.body.rows]) if (!wanted.has(row)) row.remove();
    let next = this.body.firstElementChild;
    for (const row of rows) {
      if (row === next) next = next.nextElementSibling;
      else this.body.insertBefore(row, next);
    }
  }

  // The first of the rows that came takes the focus.
  showMore() {
    const before = this.body.rows.length;
    this.limit += AT_ONCE;
    this.show();
    const first = this.body.rows[before];
    first.tabIndex = -1;
    first.focus();
  }

  // The address -----------------------------------------------------------------------------------

  read() {
    const asked = new URLSearchParams(location.search);
    for (const [name, field] of this.fields) {
      const value = asked.get(this.prefix + name);
      if (value === null) continue;
      field.value = value;
      if (name !== "q" && field.value) this.folded.open = true;
    }
    const column = this.columns.find((each) => each.name === asked.get(`${this.prefix}sort`));
    if (column) this.sort(column, asked.get(`${this.prefix}order`) === "descending" ? "descending" : "ascending");
  }

  write() {
    const address = new URL(location.href);
    const put = (name, value) => (value ? address.searchParams.set(this.prefix + name, value) : address.searchParams.delete(this.prefix + name));
    for (const [name, field] of this.fields) put(name, field.value);
    put("sort", this.order?.column.name);
    put("order", this.order?.way === "descending" ? "descending" : "");
    try {
      history.replaceState(null, "", address);
    } catch {
      // A page opened from disk may have no address of its own.
    }
  }

  // Order -----------------------------------------------------------------------------------------

  makeSortable(column) {
    const marks = column.head.querySelectorAll(":scope > .note-mark, :scope > .note-mark + sup");
    marks.forEach((mark) => mark.remove());
    const button = make("button", { type: "button", className: "sort" }, ...column.head.childNodes);
    column.head.append(button, ...marks);
    button.addEventListener("click", () => {
      const now = this.order?.column === column ? this.order.way : "";
      this.sort(column, now === "ascending" ? "descending" : now ? "" : "ascending");
      this.write();
    });
  }

  sort(column, way) {
    for (const each of this.columns) each.head.removeAttribute("aria-sort");
    this.order = way ? { column, way } : null;
    const places = this.rows.map((_, at) => at);
    this.places = places;
    if (way) {
      column.head.setAttribute("aria-sort", way);
      const turn = way === "descending" ? -1 : 1;
      places.sort((a, b) => column.compare(a, b, turn, this.collator) || a - b);
    }
    this.show();
  }

  // The map: rows by two columns, each cell with their number and how good they are ------------------

  buildMap(form) {
    const at = (name) => this.columns[Number(this.words[name]) - 1];
    [this.down, this.across] = ["mapRows", "mapColumns"].map(at);
    if (!this.down || !this.across) return;
    const ordered = (column) => column.choices(this.collator);
    const text = put(this.words.map, { rows: this.down.name, columns: this.across.name });
    const head = make("tr", {}, make("th", { scope: "col", textContent: this.down.name }), ...ordered(this.across).map((name) => make("th", { scope: "col", textContent: name })));
    this.map = [];
    const rows = ordered(this.down).map((row) => make("tr", {}, make("th", { scope: "row", textContent: row }), ...ordered(this.across).map((column) => this.mapCell(row, column))));
    const table = make("table", {}, make("caption", {}, make("span", { textContent: text })), make("thead", {}, head), make("tbody", {}, ...rows));
    table.setAttribute("role", "grid");
    table.addEventListener("keydown", (event) => this.move(event));
    table.addEventListener("focusin", (event) => this.rove(event.target));
    const region = make("div", { className: "table-scroll explore-map", tabIndex: 0 }, table);
    region.setAttribute("role", "region");
    region.setAttribute("aria-label", text);
    form.after(region);
    keepInSight(region);
  }

  mapCell(row, column) {
    const button = make("button", { type: "button" });
    button.addEventListener("click", () => {
      const [down, across] = [this.down, this.across].map((each) => this.fields.get(each.name));
      const same = down.value === row && across.value === column;
      down.value = same ? "" : row;
      across.value = same ? "" : column;
      this.apply(true);
    });
    this.map.push({ row, column, button });
    return make("td", {}, button);
  }

  // The tab key comes to one cell, for the table is behind the map; arrows lead from cell to cell.
  rove(button) {
    for (const each of this.map) each.button.tabIndex = each.button === button ? 0 : -1;
  }

  move(event) {
    const here = this.map.find(({ button }) => button === event.target);
    const forward = { ArrowRight: true, ArrowDown: true, ArrowLeft: false, ArrowUp: false }[event.key];
    if (!here || forward === undefined) return;
    event.preventDefault();
    const along = event.key.endsWith("t") ? "row" : "column";
    const line = this.map.filter((each) => each[along] === here[along] && (each === here || !each.button.disabled));
    const turned = along === "row" && getComputedStyle(this.table).direction === "rtl";
    line[line.indexOf(here) + (forward === turned ? -1 : 1)]?.button.focus();
  }

  countMap() {
    const test = this.tests([this.down, this.across]);
    const [down, across] = [this.down, this.across].map((each) => this.fields.get(each.name).value);
    const counted = new Map(this.map.map((cell) => [`${cell.row}\n${cell.column}`, { ...cell, here: [] }]));
    this.rows.forEach((_, at) => {
      if (!test(at)) return;
      for (const row of new Set(this.down.items[at])) {
        for (const column of new Set(this.across.items[at])) counted.get(`${row}\n${column}`)?.here.push(at);
      }
    });
    for (const { row, column, button, here } of counted.values()) {
      const pressed = (down || across) && (!down || down === row) && (!across || across === column);
      button.setAttribute("aria-pressed", String(Boolean(pressed)));
      const bars = this.bars(here);
      const told = [here.length, ...bars.map((bar) => bar.textContent)].join("\n");
      if (button.dataset.told === told) continue;
      button.dataset.told = told;
      button.disabled = here.length === 0;
      const where = make("span", { className: "visually-hidden", textContent: `${row}, ${column}: ` });
      button.replaceChildren(where, make("span", { className: "explore-number", textContent: String(here.length) }), ...bars);
    }
    const open = this.map.filter(({ button }) => !button.disabled);
    this.rove((open.find(({ button }) => button.tabIndex === 0 && button.dataset.told) ?? open[0])?.button);
  }

  // How many rows of a cell are of each quality, from the first choice to the last.
  qualities(places) {
    if (!this.quality) return [];
    const choices = this.levels;
    return choices.map((name, at) => ({ name, at, count: places.filter((place) => this.quality.items[place].includes(name)).length })).filter((each) => each.count);
  }

  bars(places) {
    return this.qualities(places).map(({ name, count, at }) => make("span", { className: `explore-quality quality-${(at % 5) + 1}`, textContent: `${name} ${count}` }));
  }
}

function start() {
  document.querySelectorAll(".table-scroll").forEach(setUpWide);
  document.querySelectorAll(".explore").forEach((box, at) => new Explorer(box, at === 0).begin());
}

// Quarto loads the script before the page is there.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
