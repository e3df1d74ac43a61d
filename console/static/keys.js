// Security keys: what the page asks the browser for, and what goes back in its form.
"use strict";

const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (keys) => (keys || []).map((key) => ({ ...key, id: bytesOf(key.id) }));

function make(asked) {
  const user = { ...asked.user, id: bytesOf(asked.user.id) };
  return navigator.credentials.create({
    publicKey: { ...asked, user, challenge: bytesOf(asked.challenge), excludeCredentials: named(asked.excludeCredentials) },
  });
}

function sign(asked) {
  return navigator.credentials.get({
    publicKey: { ...asked, challenge: bytesOf(asked.challenge), allowCredentials: named(asked.allowCredentials) },
  });
}

function inWords(answer) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer.response[name]) response[name] = textOf(answer.response[name]);
  }
  return JSON.stringify({ id: answer.id, rawId: textOf(answer.rawId), type: answer.type, response });
}

let answered = null; // the form that has its answer and is on its way

// Before forms.js, which sends what nobody has stopped.
document.addEventListener("submit", async (event) => {
  const form = event.target, { makeKey, signByKey } = form.dataset;
  if (!(makeKey || signByKey)) return;
  if (answered === form) { answered = null; return; }
  event.preventDefault();
  const fault = one("#key-fault");
  try {
    form.elements.answer.value = inWords(await (makeKey ? make(JSON.parse(makeKey)) : sign(JSON.parse(signByKey))));
    answered = form;
  } catch {
    answered = null;
  }
  fault.hidden = answered !== null;
  if (answered) form.requestSubmit();
});
