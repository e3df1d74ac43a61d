// How forms are sent: the page stays, what was typed elsewhere on it stays, a fault stands at its field.
"use strict";

const TYPED = "input:not([type=hidden], [type=submit]), select, textarea";
const drafts = new Map(); // what was typed in forms that the page does not show just now
let sent = null; // the form on its way, which may leave the page

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

function isTyped(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.tagName === "SELECT") return [...field.options].some((each) => each.selected !== each.defaultSelected) && field.selectedIndex > 0;
  return field.value !== field.defaultValue;
}

const hasDraft = (form) => all(TYPED, form).some(isTyped);

function keepDrafts() {
  for (const [form, key] of keysOf(one("#main"))) {
    if (form === sent) drafts.delete(key);
    else if (hasDraft(form)) drafts.set(key, all(TYPED, form).map((field) => ({ typed: isTyped(field), value: field.value, checked: field.checked, files: field.files })));
  }
}

function bringDraftsBack() {
  for (const [form, key] of keysOf(one("#main"))) {
    const draft = drafts.get(key);
    if (hasDraft(form)) form.reset();
    if (!draft) continue;
    drafts.delete(key);
    all(TYPED, form).forEach((field, at) => {
      if (!draft[at]?.typed) return;
      if (field.type === "file") field.files = draft[at].files;
      else if (field.type === "checkbox" || field.type === "radio") field.checked = draft[at].checked;
      else field.value = draft[at].value;
    });
    for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    all("details", form).forEach((each) => { if (all(TYPED, each).some(isTyped)) each.open = true; });
  }
}

// --- what the server answers --------------------------------------------------------------------

function clearFault(form) {
  all(".fault", form).forEach((each) => each.remove());
  all("[aria-invalid]", form).forEach((each) => each.removeAttribute("aria-invalid"));
}

// The sentence of the note, at the field it is about, or before the fields where it is about none.
function putFault(form, said) {
  const typed = all(TYPED, form), named = typed.filter((each) => each.name === said.dataset.at);
  if (!typed.length) return;
  const field = named[Math.min(Number(said.dataset.row), named.length) - 1] || (typed.length === 1 ? typed[0] : null);
  const fault = Object.assign(document.createElement("p"), { className: "fault", textContent: said.textContent });
  fault.setAttribute("role", "alert");
  if (field) {
    field.after(fault);
    field.setAttribute("aria-invalid", "true");
    for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    field.focus();
  } else form.prepend(fault);
  said.textContent = "";
}

document.addEventListener("submit", (event) => {
  const form = event.target, to = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
  if (form.method !== "post" || !form.closest("#main") || "download" in form.dataset || event.defaultPrevented) return;
  event.preventDefault();
  sent = form;
  clearFault(form);
  htmx.ajax("POST", to, { source: form, event, target: "#main", select: "#main", swap: "outerMorph" });
});

document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx.request;
  if (request.form?.enctype === "multipart/form-data") request.timeout = 0; // scans may take their time
});

document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx.target?.id === "main") keepDrafts();
});

document.addEventListener("htmx:after:swap", (event) => {
  const { target, sourceElement, hx } = event.detail.ctx, form = sourceElement?.closest?.("form");
  if (hx?.retarget === "#said") { if (form) putFault(form, one("#said")); sent = null; return; }
  if (form?.matches(":popover-open")) form.hidePopover();
  if (target?.id === "main") { bringDraftsBack(); sent = null; }
});

addEventListener("beforeunload", (event) => {
  if (drafts.size || all("#main form").some((form) => form !== sent && hasDraft(form))) event.preventDefault();
});
