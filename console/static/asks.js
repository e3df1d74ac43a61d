// An act that moves money or rights says what it will do, and is done at the second press.
"use strict";

let agreed = null; // the button whose question was answered with yes

document.addEventListener("submit", (event) => {
  const button = event.submitter, said = button?.dataset.ask;
  if (!said || button === agreed) { agreed = null; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  const dialog = one("#ask");
  // How much is ticked is known on the page alone.
  one("p", dialog).textContent = said.replace(/\{(count|sum)\}/g, (_, which) => one(`[data-${which}]`).textContent);
  one("[value=yes]", dialog).textContent = button.textContent;
  dialog.returnValue = "";
  dialog.onclose = () => {
    button.focus();
    if (dialog.returnValue !== "yes" || !button.isConnected) return;
    agreed = button;
    button.form.requestSubmit(button);
  };
  dialog.showModal();
}, true);
