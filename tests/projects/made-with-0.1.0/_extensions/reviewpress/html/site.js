// What a script adds to pages that work without one: search, reference pop-ups, a copy button,
// and regions that take the focus only where they scroll. Its words stand in data attributes of the
// page, in the page's language.

const root = document.body.dataset.root ?? "";

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
  const address = new URL(`${root}pagefind/pagefind.js`, location.href);
  let engine;
  let latest = 0;

  async function load() {
    engine ??= await import(address.href);
    await engine.options({ excerptLength: 25 });
    await engine.init();
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
      const { search: find } = await load();
      const found = await find(words);
      const loaded = await Promise.all(found.results.slice(0, 12).map((result) => result.data()));
      const pages = loaded.filter((page) => says(page.excerpt, words));
      const count = found.results.length - (loaded.length - pages.length);
      if (turn === latest) show(pages, count, words);
    } catch {
      status.textContent = dialog.dataset.notAvailable;
    }
  }

  // Where nothing fits, the engine falls back on ever shorter beginnings of a word: "qwxyz" would
  // find "Q.". Four letters in common are enough for other forms of the word.
  function says(excerpt, words) {
    const parsed = new DOMParser().parseFromString(excerpt, "text/html");
    const hits = [...parsed.querySelectorAll("mark")].map((hit) => letters(hit.textContent));
    const wanted = words.split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(letters);
    return wanted.some((word) => hits.some((hit) => hit.includes(word.slice(0, 4))));
  }

  function letters(text) {
    return text.normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  }

  function show(pages, count, words) {
    const hits = pages.flatMap((page) => {
      const parts = page.sub_results.filter((part) => part.title !== page.meta.title).slice(0, 2);
      return parts.length ? parts.map((part) => ({ ...part, page: page.meta.title })) : [{ ...page, title: page.meta.title }];
    });
    list.replaceChildren(...hits.map(item));
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
    mark(text, excerpt);
    li.append(link, text);
    return li;
  }

  // The excerpt is text with <mark> around the words found; nothing else of it becomes an element.
  function mark(parent, excerpt) {
    const parsed = new DOMParser().parseFromString(excerpt, "text/html");
    for (const node of parsed.body.childNodes) {
      if (node.nodeName === "MARK") {
        const hit = document.createElement("mark");
        hit.textContent = node.textContent;
        parent.append(hit);
      } else {
        parent.append(node.textContent);
      }
    }
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
    search().then(() => list.querySelector("a")?.focus());
  });
}

// Reference pop-ups -----------------------------------------------------------------------------
// WCAG 1.4.13: Escape dismisses, the pointer may move onto the pop-up, and it stays until left.

function setUpReferences() {
  const entries = new Map();
  for (const entry of document.querySelectorAll(".page-references [data-ref]")) {
    const text = entry.querySelector(".reference-text > p");
    if (text) entries.set(entry.dataset.ref, text.textContent.replace(/\s+/g, " ").trim());
  }
  if (!entries.size) return;
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
    const text = entries.get(decodeURIComponent(link.hash.slice(1)));
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

  for (const link of document.querySelectorAll('article a[role="doc-biblioref"]')) {
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
  const regions = document.querySelectorAll(".table-scroll, .figure-scroll");
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

setUpSearch();
setUpReferences();
setUpCopy();
setUpRegions();
setUpPlace();
