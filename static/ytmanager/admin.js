/* Small behaviours of the admin pages; every page works without them. */
(() => {
  "use strict";

  /* A thumbnail that cannot be loaded leaves its placeholder visible. */
  const hideBroken = (image) => {
    if (image.matches?.("img.ytm-thumb-image")) image.hidden = true;
  };
  document.addEventListener("error", (event) => hideBroken(event.target), true);

  /* Somebody else changed what the form that is open here is about. */
  document.addEventListener("live:event", ({ detail }) => {
    const notice = document.querySelector("[data-live-moved]");
    const group = notice?.closest("[data-live-group]").dataset.liveGroup;
    if (notice?.dataset.liveMoved === detail.type && detail.groups.includes(group)) {
      notice.hidden = false;
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    /* The theme's search box has a placeholder but no name. */
    const search = document.getElementById("searchbar");
    search?.setAttribute("aria-label", `Search: ${search.placeholder}`);
    document.getElementById("searchbar-submit")?.setAttribute("aria-label", "Search");

    /* The theme's icons are words in a font, not to be read out beside a name. */
    document.querySelectorAll(".material-symbols-outlined").forEach((icon) => {
      const whole = icon.closest("a, button");
      const isAlone = whole?.textContent.trim() === icon.textContent.trim();
      const isNamed = !isAlone || whole.title || whole.ariaLabel;
      if (isNamed) icon.setAttribute("aria-hidden", "true");
    });

    document.querySelectorAll("img.ytm-thumb-image").forEach((image) => {
      if (image.complete && image.naturalWidth === 0) hideBroken(image);
    });
  });
})();
