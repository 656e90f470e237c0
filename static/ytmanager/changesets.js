/* One box that ticks all rows of the page; without it each row has its own. */
(() => {
  "use strict";

  const boxesOf = (master) =>
    [...master.form.elements].filter((e) => e.name === master.dataset.tickAll && e !== master);

  const show = (root) =>
    root.querySelectorAll("[data-tick-all]").forEach((master) => { master.hidden = false; });

  document.addEventListener("change", ({ target }) => {
    if (!target.dataset?.tickAll) return;
    boxesOf(target).forEach((box) => { box.checked = target.checked; });
  });

  document.addEventListener("DOMContentLoaded", () => {
    show(document);
    new MutationObserver(() => show(document)).observe(document.body, { childList: true, subtree: true });
  });
})();
