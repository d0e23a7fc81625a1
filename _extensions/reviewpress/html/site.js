// What a script adds to pages that work without one: search, reference pop-ups, a copy button,
// and regions that take the focus only where they scroll. Its words stand in data attributes of the
// page, in the page's language.

// Replace each {name} in a text of the page.
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

// Search ----------------------------------------------------------------------------------------

function setUpSearch() {
  const open = document.querySelector(".search-open");
  const dialog = document.querySelector(".search-dialog");
  // A browser lets no script read an index from disk: the contents list is the way there.
  if (!open || !dialog || location.protocol === "file:") return;
  const input = dialog.querySelector("input");
  const status = dialog.querySelector(".search-status");
  const list = dialog.querySelector(".search-results");
  // Both names change with what they hold.
  const [address, index] = ["search", "index"].map((name) => new URL(document.body.dataset[name], location.href).href);
  let latest = 0;

  async function load() {
    const engine = await import(address);
    await engine.load(index);
    return engine;
  }

  async function search() {
    const words = input.value.trim();
    const turn = ++latest;
    if (!words) {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      const { findSections } = await load();
      const { sections, count } = await findSections(words);
      if (turn === latest) show(sections, count, words);
    } catch {
      status.textContent = dialog.dataset.notAvailable;
    }
  }

  function show(sections, count, words) {
    list.replaceChildren(...sections.map(item));
    const { foundOne, foundOther, nothingFound } = dialog.dataset;
    const text = count ? (count === 1 ? foundOne : foundOther) : nothingFound;
    status.textContent = fill(text, { count, words });
  }

  function item({ url, title, page, excerpt }) {
    const li = document.createElement("li");
    const link = document.createElement("a");
    link.href = url;
    link.textContent = page ? page + dialog.dataset.separator + title : title;
    const text = document.createElement("p");
    text.append(...excerpt.flatMap(({ text: word, found }) => [found ? marked(word) : word, " "]));
    li.append(link, text);
    return li;
  }

  function marked(word) {
    const hit = document.createElement("mark");
    hit.textContent = word;
    return hit;
  }

  function move(event) {
    const links = [...list.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !links.length) return;
    const at = links.indexOf(document.activeElement);
    const next = at + step;
    event.preventDefault();
    (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
  }

  let waiting;
  open.hidden = false;
  open.addEventListener("click", () => {
    dialog.showModal();
    input.select();
    load().catch(() => {});
  });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  dialog.addEventListener("keydown", move);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".search-results a")) dialog.close();
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    if (event.submitter?.classList.contains("search-close")) return;
    event.preventDefault();
    list.querySelector("a")?.focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    // The search that waits would put other links in place of the one that has the focus.
    clearTimeout(waiting);
    search().then(() => list.querySelector("a")?.focus());
  });
}

// Reference pop-ups -----------------------------------------------------------------------------
// WCAG 1.4.13: Escape dismisses, the pointer may move onto the pop-up, and it stays until left. A
// finger shows what a citation is at the first tap, and follows it at the second; a tap elsewhere
// dismisses. "Chapter 7" says its title in the same way to who points or comes by keyboard.

function setUpReferences() {
  const entries = new Map();
  for (const entry of document.querySelectorAll(".page-references [data-ref]")) {
    const text = entry.querySelector(".reference-text > p");
    if (text) entries.set(entry.dataset.ref, text.textContent.replace(/\s+/g, " ").trim());
  }
  const titles = new Map();
  for (const link of document.querySelectorAll("article a.xref[title]")) {
    titles.set(link, link.title);
    link.removeAttribute("title");
  }
  if (!entries.size && !titles.size) return;
  const popup = document.createElement("div");
  popup.className = "reference-popup";
  popup.id = "reference-popup";
  popup.setAttribute("role", "tooltip");
  popup.hidden = true;
  document.body.append(popup);
  let current = null;
  let leaving;

  function show(link) {
    clearTimeout(leaving);
    const text = titles.get(link) ?? entries.get(decodeURIComponent(link.hash.slice(1)));
    if (!text) return;
    current?.removeAttribute("aria-describedby");
    current = link;
    popup.textContent = text;
    popup.hidden = false;
    link.setAttribute("aria-describedby", popup.id);
    place(link.getBoundingClientRect());
  }

  function place(box) {
    const { width, height } = popup.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const left = Math.max(16, Math.min(box.left, room - width - 16));
    const below = box.bottom + height + 8 < window.innerHeight || box.top < height + 8;
    const top = below ? box.bottom + 4 : box.top - height - 4;
    popup.style.left = `${left + window.scrollX}px`;
    popup.style.top = `${top + window.scrollY}px`;
  }

  function hide() {
    clearTimeout(leaving);
    popup.hidden = true;
    current?.removeAttribute("aria-describedby");
    current = null;
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      if (document.activeElement !== current) hide();
    }, 250);
  }

  let shownBefore = false;
  const cites = [...document.querySelectorAll('article a[role="doc-biblioref"]')];
  for (const link of cites) {
    link.addEventListener("pointerdown", () => { shownBefore = current === link; });
    link.addEventListener("click", (event) => {
      if (event.pointerType !== "touch" || shownBefore) return;
      show(link);
      if (current === link) event.preventDefault();
    });
  }
  for (const link of [...cites, ...titles.keys()]) {
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("mouseleave", leave);
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
  }
  popup.addEventListener("mouseenter", () => clearTimeout(leaving));
  popup.addEventListener("mouseleave", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !popup.hidden) hide();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (current && !current.contains(target) && !popup.contains(target)) hide();
  });
}

// Headings --------------------------------------------------------------------------------------
// A heading is a link to itself, to be copied; one that holds a link has a link behind its words.

function setUpHeadings() {
  for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")) {
    // The first page is titled by the book, which has no id.
    const place = heading.id || (heading.tagName === "H1" && "main");
    if (!place) continue;
    const link = document.createElement("a");
    link.className = "heading-link";
    link.href = `#${place}`;
    if (heading.querySelector("a, button")) {
      link.classList.add("behind");
      link.setAttribute("aria-label", heading.textContent.trim());
    } else {
      link.append(...heading.childNodes);
    }
    heading.append(link);
  }
}

// Small things ----------------------------------------------------------------------------------

function setUpCopy() {
  const button = document.querySelector(".copy-citation");
  const text = document.querySelector(".cite-text");
  const status = document.querySelector(".copy-status");
  const said = document.querySelector(".cite-this")?.dataset;
  if (!button || !text || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.replace(/\s+/g, " ").trim());
      status.textContent = said.copied;
    } catch {
      status.textContent = said.copyFailed;
    }
  });
}

function setUpRegions() {
  const regions = document.querySelectorAll(".table-scroll, .figure-scroll, .equation-body");
  const check = (region) => {
    const scrolls = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
    if (scrolls) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  };
  const observer = new ResizeObserver((changes) => changes.forEach(({ target }) => check(target)));
  regions.forEach((region) => observer.observe(region));
}

function setUpPlace() {
  const current = document.querySelector(".contents [aria-current]");
  const nav = document.querySelector(".contents");
  // Only where the reader's place would be out of sight.
  if (current && nav && current.offsetTop + current.offsetHeight > nav.clientHeight) {
    nav.scrollTop = current.offsetTop - nav.clientHeight / 3;
  }
}

// Beside a wide table the list of a page's sections lies over the page: who chose one is done with it.
function setUpSections() {
  const nav = document.querySelector(".page-toc");
  nav?.addEventListener("click", ({ target }) => {
    if (target.closest("a") && nav.matches(":popover-open")) nav.hidePopover();
  });
}

setUpSearch();
setUpReferences();
setUpHeadings();
setUpCopy();
setUpRegions();
setUpPlace();
setUpSections();
