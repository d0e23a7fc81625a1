/* The preview's part of a page: reloads it where the reader is, and shows what went wrong. */
(() => {
  "use strict";
  const own = document.currentScript;
  const page = own.dataset.page;
  let version = own.dataset.version;
  const place = `reviewpress-place:${location.pathname}`;

  // Of the page itself: the list of changes keeps its own.
  const details = () => document.querySelectorAll("details:not(.reviewpress-changes *)");
  const keep = () => {
    const open = [...details()].map((each) => each.open);
    sessionStorage.setItem(place, JSON.stringify({ x: scrollX, y: scrollY, open }));
  };
  const restore = () => {
    const kept = sessionStorage.getItem(place);
    if (!kept) return;
    sessionStorage.removeItem(place);
    const { x, y, open } = JSON.parse(kept);
    details().forEach((each, at) => {
      if (at in open) each.open = open[at];
    });
    scrollTo({ left: x, top: y, behavior: "instant" });
  };

  const refresh = () => {
    const viewer = document.getElementById("reviewpress-pdf");
    if (viewer) {
      viewer.contentWindow.location.reload();
      return;
    }
    keep();
    location.reload();
  };

  const line = (tag, text) => {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  };
  let panel = null;
  const closed = `reviewpress-closed`;
  const show = (problems, kind) => {
    const said = JSON.stringify(problems);
    if (panel && panel.dataset.said === said) return;
    hide();
    if (sessionStorage.getItem(closed) === said) return;
    panel = document.createElement("section");
    panel.className = `reviewpress-problems reviewpress-${kind}s`;
    panel.dataset.said = said;
    panel.setAttribute("aria-labelledby", "reviewpress-problems-title");
    panel.tabIndex = -1;
    const count = `${problems.length} ${kind}${problems.length === 1 ? "" : "s"}`;
    const old = kind === "problem" ? ": the page below is the last good one" : "";
    const title = line("h2", `${count}${old}`);
    title.id = "reviewpress-problems-title";
    const list = document.createElement("ul");
    problems.forEach((problem) => {
      const item = document.createElement("li");
      item.append(line("pre", problem));
      list.append(item);
    });
    const button = line("button", "Hide");
    button.type = "button";
    const leave = () => {
      sessionStorage.setItem(closed, said);
      hide();
    };
    button.addEventListener("click", leave);
    panel.addEventListener("keydown", (event) => event.key === "Escape" && leave());
    panel.append(title, button, list);
    document.body.prepend(panel);
    status.textContent = `${count}. ${problems[0]}`;
  };
  const hide = () => {
    if (panel) panel.remove();
    panel = null;
  };

  let changed = null;
  const folded = "reviewpress-changes-folded";
  const showChanges = (items, since) => {
    if (changed) changed.remove();
    changed = null;
    if (!items) return;
    changed = document.createElement("aside");
    changed.className = "reviewpress-changes";
    changed.lang = "en";
    changed.setAttribute("aria-labelledby", "reviewpress-changes-title");
    const title = line("summary", `Changed on this page since version ${since}`);
    title.id = "reviewpress-changes-title";
    const list = document.createElement("ul");
    list.innerHTML = items;
    const fold = document.createElement("details");
    fold.open = !sessionStorage.getItem(folded);
    fold.addEventListener("toggle", () => sessionStorage.setItem(folded, fold.open ? "" : "yes"));
    fold.append(title, list);
    changed.append(fold);
    document.body.append(changed);
  };

  const status = document.createElement("p");
  status.className = "reviewpress-status";
  status.setAttribute("role", "status");

  const listen = () => {
    document.body.append(status);
    restore();
    const events = new EventSource(`/__reviewpress__/events?page=${encodeURIComponent(page)}`);
    events.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      document.documentElement.dataset.reviewpress = told.status;
      showChanges(told.changes, told.since);
      if (told.status === "failed") show(told.problems, "problem");
      if (told.status === "good" && told.warnings.length) show(told.warnings, "warning");
      else if (told.status === "good") {
        sessionStorage.removeItem(closed);
        hide();
        status.textContent = "";
      }
      if (told.version && told.version !== version) {
        version = told.version;
        refresh();
      }
    });
    addEventListener("pagehide", () => events.close());
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", listen);
  else listen();
})();
