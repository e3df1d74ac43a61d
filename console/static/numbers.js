// Cards and ID numbers: in groups of four, and checked as they are typed.
"use strict";

const plain = (text) => text.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
const grouped = (text) => text.replace(/(.{4})(?=.)/g, "$1 ");
const CARD = /^\d{16,19}$/, ID = /^\d{17}[\dX]$/;

function isRightCard(text) {
  const sum = [...text].reverse().reduce((all, sign, at) => {
    const digit = Number(sign) * (at % 2 ? 2 : 1);
    return all + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return sum % 10 === 0;
}

// GB 11643: the last place follows from the seventeen before it.
function isRightId(text) {
  const sum = [...text.slice(0, 17)].reduce((all, sign, at) => all + Number(sign) * (2 ** (17 - at) % 11), 0);
  return "10X98765432"[sum % 11] === text[17];
}

function checked(field) {
  const text = plain(field.value), isId = field.dataset.kind.includes("id_number");
  if (!(isId ? ID : CARD).test(text)) return text ? "short" : "";
  return (isId ? isRightId(text) : isRightCard(text)) ? "right" : "wrong";
}

function group(field) {
  const before = plain(field.value.slice(0, field.selectionStart)).length;
  field.value = grouped(plain(field.value));
  const place = before + Math.floor(Math.max(before - 1, 0) / 4);
  field.setSelectionRange(place, place);
}

function sayChecked(field) {
  const said = one(".check", field.form), how = checked(field);
  said.textContent = how ? said.dataset[how] : "";
  said.dataset.how = how;
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (event.isComposing || !field.form?.matches("[data-number]")) return;
  group(field);
  if (field.dataset.kind) sayChecked(field);
});
