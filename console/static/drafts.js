// What was typed outlives the page: a session that ended, a server that was down, a page that was renewed.
"use strict";

// Numbers of people are typed again; only words are kept, in this tab, for this person, until log-out.
const WORDS = "textarea, input:not([type], [inputmode=numeric], [name=id_number])";
const who = document.body.dataset.who, prefix = `draft ${who} `;
const place = prefix + location.pathname;

function keepWords(sentForm) {
  if (!who || !one("#main")) return;
  const kept = [];
  for (const [form, key] of keysOf(one("#main"))) {
    if (form === sentForm) continue;
    all(WORDS, form).forEach((field, at) => { if (isTyped(field)) kept.push([key, at, field.name, field.value]); });
  }
  if (kept.length) sessionStorage.setItem(place, JSON.stringify(kept));
  else sessionStorage.removeItem(place);
}

function bringWordsBack() {
  const kept = JSON.parse(sessionStorage.getItem(place) || "[]");
  const forms = new Map([...keysOf(one("#main"))].map(([form, key]) => [key, form]));
  for (const [key, at, name, value] of kept) {
    const form = forms.get(key), field = form && all(WORDS, form)[at];
    if (field?.name !== name || isTyped(field)) continue;
    field.value = value;
    openAround(field);
    if (form.matches("[popover]:not(:popover-open)")) form.showPopover();
  }
}

function forget(isOurs) {
  Object.keys(sessionStorage).filter((key) => key.startsWith("draft ") && !isOurs(key)).forEach((key) => sessionStorage.removeItem(key));
}

if (who) {
  forget((key) => key.startsWith(prefix));
  bringWordsBack();
  document.addEventListener("input", () => keepWords());
  document.addEventListener("htmx:after:swap", () => keepWords());
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement, hx } = event.detail.ctx;
    if (hx?.redirect && !hx.redirect.startsWith("/login")) keepWords(sourceElement);
  });
  document.addEventListener("submit", (event) => { if (event.target.matches(".me")) forget(() => false); });
}
