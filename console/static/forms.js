// How forms are sent: the page stays, what was typed elsewhere on it stays, a fault stands at its field.
"use strict";

const TYPED = "input:not([type=hidden], [type=submit]), select, textarea";
const drafts = new Map(); // what was typed in forms that the page does not show just now
const sent = new Set(); // the forms on their way; one of them may leave the page
let refused = null; // the form and the sentence that the page is being shown anew for

// Which form this is after the page was renewed: where it goes, what it is about, and the how-manieth.
function keysOf(root) {
  const seen = new Map(), keys = new Map();
  for (const form of all("form", root)) {
    const about = all("[name=kind][type=hidden]", form).map((each) => each.value);
    const to = form.getAttribute("action") || one("button[formaction]", form)?.getAttribute("formaction");
    const key = [to, ...about].join(" ");
    seen.set(key, (seen.get(key) || 0) + 1);
    keys.set(form, `${key} ${seen.get(key)}`);
  }
  return keys;
}

const isBox = (field) => field.type === "checkbox" || field.type === "radio";

// Which field of its form this is after the page was renewed: a box by what it stands for, since rows
// come and go, any other field by the how-manieth of its name.
function fieldsOf(form) {
  const seen = new Map(), keys = new Map();
  for (const field of all(TYPED, form)) {
    const name = isBox(field) ? `${field.name} ${field.value}` : field.name;
    seen.set(name, (seen.get(name) || 0) + 1);
    keys.set(field, `${name} ${seen.get(name)}`);
  }
  return keys;
}

function isTyped(field) {
  if (isBox(field)) return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.tagName === "SELECT") return [...field.options].some((each) => each.selected !== each.defaultSelected) && field.selectedIndex > 0;
  return field.value !== field.defaultValue;
}

const hasDraft = (form) => all(TYPED, form).some(isTyped);

// What stands in every form but the one that was saved, and the sentences beside it.
function keepDrafts(saved) {
  for (const [form, key] of keysOf(one("#main"))) {
    if (form === saved) drafts.delete(key);
    else if (hasDraft(form)) {
      const fields = new Map([...fieldsOf(form)].map(([field, name]) => [name, { typed: isTyped(field), value: field.value, checked: field.checked, files: field.files }]));
      drafts.set(key, { fields, fault: one(".fault", form) });
    }
  }
}

function bringDraftsBack() {
  for (const [form, key] of keysOf(one("#main"))) {
    const draft = drafts.get(key);
    if (hasDraft(form)) form.reset();
    if (!draft) continue;
    drafts.delete(key);
    for (const [field, name] of fieldsOf(form)) {
      const was = draft.fields.get(name);
      if (!was?.typed) continue;
      if (field.type === "file") field.files = was.files;
      else if (isBox(field)) field.checked = was.checked;
      else field.value = was.value;
    }
    openAround(form);
    all("details", form).forEach((each) => { if (all(TYPED, each).some(isTyped)) each.open = true; });
    if (draft.fault) putFault(form, draft.fault);
  }
}

// --- what the server answers --------------------------------------------------------------------

function clearFault(form) {
  all(".fault", form).forEach((each) => each.remove());
  all("[aria-invalid]", form).forEach((each) => each.removeAttribute("aria-invalid"));
}

function openAround(part) {
  for (let around = part.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
}

// The sentence at the field it is about, which is returned, or before the fields where it is about none.
function putFault(form, said) {
  clearFault(form);
  const typed = all(TYPED, form), named = typed.filter((each) => each.name === said.dataset.at);
  const field = named[Math.min(Number(said.dataset.row), named.length) - 1] || (typed.length === 1 ? typed[0] : null);
  const fault = Object.assign(document.createElement("p"), { className: "fault", textContent: said.textContent });
  Object.assign(fault.dataset, { at: said.dataset.at, row: said.dataset.row });
  fault.setAttribute("role", "alert");
  if (!field) { form.prepend(fault); return null; }
  field.after(fault);
  field.setAttribute("aria-invalid", "true");
  openAround(field);
  return field;
}

function refuse(form, said, isConflict) {
  const key = keysOf(one("#main")).get(form);
  if (isConflict && key && (!said.dataset.at || said.dataset.shown)) showAnew(key, said.cloneNode(true));
  if (!one(TYPED, form)) return; // a button alone: the sentence stays on the page
  const shown = said.dataset.shown && one("[name=shown]", form);
  if (shown) shown.value = said.dataset.shown; // both values have been seen: the next save counts
  putFault(form, said)?.focus();
  said.textContent = "";
}

// Where no field is at fault somebody else may have been first: the page as it is now, what was typed
// in it, and the sentence at its form, or on the page where that is gone. What is sent meanwhile goes first.
function showAnew(key, said) {
  refused = { key, said };
  htmx.ajax("GET", location.pathname + location.search, { source: document.body, target: "#main", select: "#main", swap: "outerMorph" });
}

function sayAgain() {
  if (!refused) return;
  const { key, said } = refused, form = [...keysOf(one("#main"))].find(([, now]) => now === key)?.[0];
  refused = null;
  if (form && one(TYPED, form)) putFault(form, said);
  else one("#said").replaceWith(said);
}

document.addEventListener("submit", (event) => {
  const form = event.target, to = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
  if (form.method !== "post" || !form.closest("#main") || "download" in form.dataset || event.defaultPrevented) return;
  event.preventDefault();
  refused = null;
  sent.add(form);
  clearFault(form);
  htmx.ajax("POST", to, { source: form, event, target: "#main", select: "#main", swap: "outerMorph" });
});

document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx.request;
  if (request.form?.enctype === "multipart/form-data") request.timeout = 0; // scans may take their time
});

document.addEventListener("htmx:before:swap", (event) => {
  const { target, sourceElement, hx } = event.detail.ctx;
  if (sourceElement === document.body && !refused) { event.preventDefault(); return; }
  if (target?.id === "main" && hx?.retarget !== "#said") keepDrafts(sourceElement);
});

document.addEventListener("htmx:after:swap", (event) => {
  const { target, sourceElement, hx, response } = event.detail.ctx, form = sourceElement?.closest?.("form");
  if (hx?.retarget === "#said") { if (form) refuse(form, one("#said"), response.status === 409); return; }
  if (form?.matches(":popover-open")) form.hidePopover();
  if (target?.id === "main") { bringDraftsBack(); addUp(); sayAgain(); }
});

document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement, hx } = event.detail.ctx;
  if (!hx?.redirect) sent.delete(sourceElement);
});

// No answer at all: the server is down, or the line is.
document.addEventListener("htmx:error", (event) => {
  const form = event.detail.ctx?.sourceElement?.closest?.("form"), said = one("#said");
  if (!form || !said) return;
  said.className = "said bad";
  said.textContent = document.body.dataset.unreachable;
  if (one(TYPED, form)) putFault(form, said);
});

addEventListener("beforeunload", (event) => {
  if (drafts.size || all("#main form").some((form) => !sent.has(form) && hasDraft(form))) event.preventDefault();
});
