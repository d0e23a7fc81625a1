// Where a number comes from, beside the number. The page lists it at its end, without any script;
// here a switch marks what can be asked, and an entry of the list opens beside it. Words stand in
// data attributes of the page, in the page's language.

function setUpValues() {
  const open = document.querySelector(".provenance-open");
  if (!open || !HTMLElement.prototype.showPopover) return;
  const words = open.dataset;
  const KEPT = "reviewpress-values-shown";
  const popup = document.createElement("div");
  popup.className = "provenance-popup";
  popup.popover = "auto";
  popup.tabIndex = -1;
  popup.setAttribute("role", "dialog");
  popup.setAttribute("aria-label", words.title);
  document.body.append(popup);
  let asked = null;

  function show(marked, entry) {
    asked = marked;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "quiet";
    close.textContent = words.close;
    close.addEventListener("click", () => popup.hidePopover());
    const said = [...entry.cloneNode(true).childNodes];
    // Not a link to where the reader is.
    said.find((node) => node.matches?.("strong"))?.querySelectorAll("a").forEach((link) => link.replaceWith(...link.childNodes));
    popup.replaceChildren(close, ...said);
    popup.showPopover();
    const box = marked.getBoundingClientRect();
    const { width, height } = popup.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const below = box.bottom + height + 8 < window.innerHeight || box.top < height + 8;
    popup.style.left = `${Math.max(16, Math.min(box.left, room - width - 16)) + window.scrollX}px`;
    popup.style.top = `${(below ? box.bottom + 4 : box.top - height - 4) + window.scrollY}px`;
    popup.focus({ preventScroll: true });
  }

  // Who closes it by a key or the button is where they asked; who clicked elsewhere is there.
  popup.addEventListener("toggle", ({ newState }) => {
    asked?.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "closed" && (popup.contains(document.activeElement) || document.activeElement === document.body)) {
      asked?.focus({ preventScroll: true });
    }
  });

  const things = [];
  for (const entry of document.querySelectorAll(".provenance-entry")) {
    const id = entry.id.replace(/^from-/, "");
    const values = document.querySelectorAll(`article .value[data-of="${CSS.escape(id)}"]`);
    for (const value of values) {
      if (!value.closest("a, button, summary, .provenance")) things.push({ entry, value });
    }
    const thing = document.getElementById(id) ?? document.getElementById(`told-${id}`);
    if (!values.length && thing && !thing.closest(".provenance")) things.push({ entry, thing });
  }

  // Listened to once; what is not marked does not answer.
  for (const each of things) {
    each.marked = each.value ?? asker(each.entry);
    each.marked.addEventListener("click", () => answer(each));
    if (each.value) {
      each.value.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        answer(each);
      });
    }
  }

  function asker(entry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ask quiet";
    button.textContent = "?";
    button.setAttribute("aria-label", `${words.ask}: ${entry.querySelector("strong").textContent}`);
    return button;
  }

  function answer({ marked, entry }) {
    if (document.body.classList.contains("values-shown")) show(marked, entry);
  }

  const MARKS = { "aria-expanded": "false", "aria-haspopup": "dialog" };

  function mark({ marked, value, thing }) {
    const marks = value ? { ...MARKS, role: "button", tabindex: "0" } : MARKS;
    for (const [name, said] of Object.entries(marks)) marked.setAttribute(name, said);
    value?.classList.add("asked");
    if (thing) (thing.querySelector("figcaption, caption") ?? thing).append(marked);
  }

  function unmark({ marked, value }) {
    value?.classList.remove("asked");
    if (!value) marked.remove();
    else for (const name of [...Object.keys(MARKS), "role", "tabindex"]) value.removeAttribute(name);
  }

  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = words.show;
  open.replaceChildren(button);

  function turn(on) {
    button.setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("values-shown", on);
    things.forEach(on ? mark : unmark);
  }

  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    turn(on);
    try {
      sessionStorage.setItem(KEPT, on ? "yes" : "");
    } catch { /* A browser that keeps nothing asks on each page. */ }
  });
  let kept = "";
  try {
    kept = sessionStorage.getItem(KEPT);
  } catch { /* Not shown, then. */ }
  turn(kept === "yes");
}

// Quarto loads the script before the page is there.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", setUpValues);
else setUpValues();
