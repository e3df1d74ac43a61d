// What a page does beyond forms and links: keys, the marked place on a page, sums of ticked rows.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);

// --- one claim: pages, zoom, the marked field -----------------------------------------------

function showSheet(place) {
  if (!one(`#sheet-${place}`)) return;
  all(".sheet").forEach((sheet) => { sheet.hidden = sheet.dataset.sheet !== String(place); });
  all("[role=tab]").forEach((tab) => {
    if (tab.dataset.sheet === String(place)) tab.setAttribute("aria-selected", "true");
    else tab.removeAttribute("aria-selected");
  });
}

function nextSheet(step) {
  const places = all(".sheet").map((sheet) => sheet.dataset.sheet);
  const now = places.indexOf(one(".sheet:not([hidden])")?.dataset.sheet);
  if (places[now + step]) showSheet(places[now + step]);
}

function mark(name) {
  all(".lit").forEach((each) => each.classList.remove("lit"));
  const row = one(`#field-${name}`);
  if (!row) return;
  row.classList.add("lit");
  if (row.dataset.sheet) showSheet(row.dataset.sheet);
  const place = one(`.sheet:not([hidden]) rect[data-field="${name}"]`);
  if (!place) return;
  place.classList.add("lit");
  centre(place);
}

function showPlace(name, sheet) {
  all("rect.lit").forEach((each) => each.classList.remove("lit"));
  showSheet(sheet);
  const place = one(`.sheet:not([hidden]) rect[data-field="${name}"]`);
  if (place) { place.classList.add("lit"); centre(place); }
}

function centre(place) {
  const view = one(".viewport");
  const box = place.getBoundingClientRect(), frame = view.getBoundingClientRect();
  view.scrollBy({
    top: box.top + box.height / 2 - frame.top - frame.height / 2,
    left: box.left + box.width / 2 - frame.left - frame.width / 2,
  });
}

// The other pages come one after the other, so that turning to them waits for nothing.
function fetchNext() {
  const next = one(".sheet img[loading=lazy]");
  if (!next) return;
  ["load", "error"].forEach((end) => next.addEventListener(end, fetchNext, { once: true }));
  next.loading = "eager";
}

let zoom = 1;
function setZoom(step) {
  const view = one(".viewport");
  if (!view) return;
  zoom = step === 0 ? 1 : Math.min(4, Math.max(1, zoom + step));
  view.className = `viewport zoom${zoom}`;
  const lit = one(".sheet:not([hidden]) rect.lit");
  if (lit) centre(lit);
}

function turn() {
  const sheet = one(".sheet:not([hidden])");
  if (sheet) sheet.dataset.turned = (Number(sheet.dataset.turned || 0) + 1) % 4;
}

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-turn], [data-show], [data-sheet][href], [data-zoom], [data-tick], [data-back], [data-print], #said");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (target.id === "said") target.textContent = "";
  else if ("print" in target.dataset) window.print();
  else if ("turn" in target.dataset) turn();
  else if (target.dataset.zoom) setZoom(Number(target.dataset.zoom));
  else if (target.dataset.tick) tick(target.dataset.tick);
  else if (target.dataset.show) { event.preventDefault(); mark(target.dataset.show); }
  else if (target.dataset.place) { event.preventDefault(); showPlace(target.dataset.place, target.dataset.sheet); }
  else if (target.dataset.sheet) { event.preventDefault(); showSheet(target.dataset.sheet); }
  else if (history.length > 1) { event.preventDefault(); history.back(); }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-fields] > li");
  if (row && !row.classList.contains("lit") && !event.target.dataset.place) mark(row.dataset.field);
});

// What opens takes the focus, and a pop-up that closes gives it back.
const FIRST = "input:not([type=hidden]), select, textarea, button";

document.addEventListener("toggle", (event) => {
  const part = event.target;
  if (part.popover && event.newState === "open") one(FIRST, part)?.focus();
  else if (part.popover && document.activeElement === document.body) one(`[popovertarget="${CSS.escape(part.id)}"]`)?.focus();
  else if (part.matches("details[open]") && one("summary", part) === document.activeElement) one(FIRST, part)?.focus();
}, true);

// --- the approval queue ---------------------------------------------------------------------

const BOX = "[name=item], [name=named]"; // an exception is sent under another name

function tick(which) {
  all(BOX, one("[data-sums]") || document).filter((box) => !box.disabled).forEach((box) => {
    if (which === "none") box.checked = false;
    else if ("clean" in box.dataset) box.checked = true;
  });
  addUp();
}

function addUp() {
  const form = one("[data-sums]");
  if (!form) return;
  const ticked = all(BOX, form).filter((box) => box.checked);
  const fen = ticked.reduce((sum, box) => sum + Number(box.dataset.fen), 0);
  one("[data-count]", form).textContent = ticked.length;
  one("[data-sum]", form).textContent = (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
}

document.addEventListener("change", (event) => {
  if (event.target.matches(BOX)) addUp();
  if (event.target.type === "file") {
    const names = [...event.target.files].map((file) => file.name);
    one("span", event.target.parentElement).textContent = names.slice(0, 3).join(", ") + (names.length > 3 ? ` … ${names.length}` : "");
  }
});

// --- keys -----------------------------------------------------------------------------------

// A key that goes to an input method is not ours; the last one of a word comes without isComposing.
const isComposing = (event) => event.isComposing || event.keyCode === 229;

function move(step) {
  const links = all("[data-list] tbody tr td:nth-child(-n+2) a, [data-fields] > li > .label");
  if (!links.length) return;
  const now = links.findIndex((link) => (link.closest("tr, li") || link).contains(document.activeElement));
  const lit = links.findIndex((link) => link.closest(".lit"));
  const from = now >= 0 ? now : lit;
  links[Math.min(links.length - 1, Math.max(0, from + step))].focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  "+": () => setZoom(1),
  "=": () => setZoom(1),
  "-": () => setZoom(-1),
  0: () => setZoom(0),
  r: turn,
  "[": () => nextSheet(-1),
  "]": () => nextSheet(1),
  x: () => {
    const box = one("[name=item]", document.activeElement.closest("tr") || document);
    if (box) box.click();
  },
  e: () => {
    const details = one(".fields li.lit details");
    if (details) { details.open = true; one("input", details).focus(); }
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event)) return;
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio], [readonly]), textarea, select, [popover]");
  if (typing) {
    if (event.key === "Escape") { typing.closest("details")?.removeAttribute("open"); typing.blur(); }
    return;
  }
  const ways = all(`[data-key="${CSS.escape(event.key)}"]`);
  const page = /^[1-9]$/.test(event.key) && one(`[role=tab][data-sheet="${event.key}"]`);
  if (keys[event.key]) keys[event.key]();
  else if (page) page.click();
  else if (ways[0]?.matches("input")) ways[0].focus();
  else if (ways[0]) ways[0].click();
  else return;
  event.preventDefault();
});

// --- after a part of the page was renewed -----------------------------------------------------

document.addEventListener("htmx:after:swap", () => {
  const lit = one(".fields li.lit");
  if (lit) mark(lit.dataset.field);
});

addEventListener("pageshow", addUp); // after Back the browser has ticked what was ticked

addEventListener("load", () => {
  fetchNext();
  const lit = one(".fields li.lit");
  if (lit) mark(lit.dataset.field);
});
