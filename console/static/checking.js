// Checking by the keyboard: one doubt at a time. Its input shows what was read and is not typed in
// before E, so that every other key is free for an act.
"use strict";

let stepAt = 0;
const steps = () => all(".doubts > li");
const stepNow = () => one(".doubts > li.now");
const valueOf = (step) => step && one("form.key [name=value], form.key [name=reason], form.key select", step);

function goTo(at) {
  const list = steps();
  stepAt = at >= 0 && at < list.length ? at : 0;
  list.forEach((step, n) => step.classList.toggle("now", n === stepAt));
  const step = list[stepAt];
  if (!step) { one(".facts button[autofocus]")?.focus(); return; }
  if (step.dataset.name) showPlace(step.dataset.name, step.dataset.sheet || 1);
  else if (step.dataset.sheet) showSheet(step.dataset.sheet);
  const field = valueOf(step);
  if (field && !field.matches("[name=reason]")) field.focus();
  else one("h2", step).focus();
}

// --- one value --------------------------------------------------------------------------------

function edit() {
  const field = valueOf(stepNow());
  if (!field) return;
  field.readOnly = false;
  field.focus();
  field.select?.();
}

function leave(field) {
  if (field.form.matches(".key") && field.name === "value" && one(".confirm", field.form)) {
    field.value = field.defaultValue;
    field.readOnly = true;
    one(".check", field.form)?.replaceChildren();
  } else {
    one("h2", stepNow()).focus();
  }
}

// A number is shown first, which is noted, and confirmed when it was seen.
function confirmNow() {
  const step = stepNow(), form = step && one("form.key", step), field = valueOf(step);
  if (!form) return goTo(stepAt + 1);
  if (!field.readOnly) return field.focus();
  const reveal = one("[data-reveal]", step);
  if (reveal && !field.value) reveal.requestSubmit();
  else form.requestSubmit(one(".confirm", form));
}

function showWhole(step) {
  const whole = one("[data-whole] .number", step), field = valueOf(step);
  if (!whole || !field) return;
  field.value = field.defaultValue = grouped(whole.textContent);
  whole.closest("[data-whole]").replaceChildren();
  one("[data-reveal]", step).remove();
  field.focus();
}

// --- keys ---------------------------------------------------------------------------------------

const acts = {
  Enter: confirmNow,
  e: edit,
  F2: edit,
  j: () => goTo(stepAt + 1),
  k: () => goTo(Math.max(0, stepAt - 1)),
  ArrowDown: () => one(".viewport")?.scrollBy({ top: 120 }),
  ArrowUp: () => one(".viewport")?.scrollBy({ top: -120 }),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event) || !stepNow()) return;
  const field = event.target.closest?.("input:not([readonly]), textarea, select");
  if (field || event.target.closest?.("[popover], dialog")) {
    if (event.key === "Escape" && field?.closest(".doubts")) { leave(field); event.preventDefault(); event.stopImmediatePropagation(); }
    return;
  }
  if (event.key === "Enter" && event.target.matches?.("button, a, summary")) return;
  const choice = one(`[data-choice="${CSS.escape(event.key)}"]`, stepNow());
  if (choice) choice.click();
  else if (acts[event.key]) acts[event.key]();
  else if (!/^[1-9]$/.test(event.key)) return; // a page would be turned by a number meant for a value
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("focusin", (event) => {
  const { mark: place, at } = event.target.dataset;
  if (event.target.matches("[data-choice]") && place) showPlace(place, at);
});

document.addEventListener("htmx:after:swap", (event) => {
  const { target, hx } = event.detail.ctx;
  if (hx?.retarget === "#said") return;
  if (target?.id === "main") goTo(stepAt);
  else if (target?.matches?.("[data-whole]")) showWhole(target.closest("li"));
});

addEventListener("load", () => goTo(0));
