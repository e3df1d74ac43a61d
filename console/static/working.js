// Who types on the page of a claim has it on his desk; and whether the line is there is said at once.
"use strict";

const MINUTE = 60_000;
let toldAt = 0;

function tellThatIWork() {
  const work = one("[data-work]")?.dataset.work, now = Date.now();
  if (!work || now - toldAt < MINUTE) return;
  toldAt = now;
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  fetch(`${work}/take/still`, { method: "POST", headers }).catch(() => { toldAt = 0; });
}

function sayOfTheLine(words, kind) {
  const said = one("#said");
  if (said) Object.assign(said, { className: `said ${kind}`, textContent: words });
}

document.addEventListener("input", tellThatIWork);
addEventListener("offline", () => sayOfTheLine(document.body.dataset.offline, "bad"));
addEventListener("online", () => sayOfTheLine(document.body.dataset.online, "good"));
