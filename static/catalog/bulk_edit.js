// Choosing a field or an operation shows its inputs at once. Without this script
// the button beside each step does the same.
"use strict";

const form = document.getElementById("bulk-edit");
for (const button of form.querySelectorAll("[data-reload-button]")) {
  button.hidden = true;
}
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-reload]")) {
    const step = event.target.closest("fieldset");
    sessionStorage.setItem("bulk-edit-focus", event.target.id);
    form.requestSubmit(step.querySelector("[data-reload-button]"));
  }
});
const focused = sessionStorage.getItem("bulk-edit-focus");
sessionStorage.removeItem("bulk-edit-focus");
document.getElementById(focused)?.focus();
document.getElementById("examples")?.scrollIntoView({ block: "nearest" });
