// Rows of an open list follow what happens: `data-live-list="video.changed"` beside a
// list. One fetch of the page for all events of a moment, at most one in two seconds.
(() => {
  "use strict";

  const PAUSE_MS = 2000;
  const SHOWN_MS = 4000;

  const rowsOf = (page) => [...page.querySelectorAll("#result_list tbody tr")];
  const keyOf = (row) => row.querySelector("input.action-select")?.value;

  let types, timer;

  // One video that is not shown here changes nothing; a batch may change any row.
  // Links and pictures of a row hold the ID, whatever its columns are.
  function concerns({ type, payload }) {
    if (!types.includes(type)) return false;
    if (!payload.video_id) return true;
    return rowsOf(document).some((row) => row.innerHTML.includes(payload.video_id));
  }

  function ask() {
    timer ||= setTimeout(fetchAgain, PAUSE_MS * (0.5 + Math.random() / 2));
  }

  async function fetchAgain() {
    timer = null;
    if (document.hidden) return document.addEventListener("visibilitychange", ask, { once: true });
    try {
      const reply = await fetch(location.href, { headers: { "X-Requested-With": "live" } });
      if (!reply.ok || reply.redirected) return;
      merge(new DOMParser().parseFromString(await reply.text(), "text/html"));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: the network is away
    }
  }

  // Rows keep their places: nothing moves under the pointer, ticks stay.
  function merge(page) {
    const fresh = new Map(rowsOf(page).map((row) => [keyOf(row), row]));
    for (const row of rowsOf(document)) {
      const key = keyOf(row);
      if (!key) continue;
      const now = fresh.get(key);
      row.classList.toggle("live-left", !now);
      if (now && textOf(now) !== textOf(row)) replace(row, now);
    }
    document.dispatchEvent(new CustomEvent("live:scan"));
  }

  const textOf = (row) => [...row.cells].map((cell) => cell.innerHTML.trim()).join("\n");

  function replace(row, now) {
    if (row.contains(document.activeElement) && row.querySelector("input:not(.action-select):focus")) return;
    const isTicked = row.querySelector("input.action-select").checked;
    [...row.cells].forEach((cell, place) => {
      const other = now.cells[place];
      if (other && !cell.querySelector("input.action-select")) cell.innerHTML = other.innerHTML;
    });
    row.querySelector("input.action-select").checked = isTicked;
    row.classList.add("live-fresh");
    setTimeout(() => row.classList.remove("live-fresh"), SHOWN_MS);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-live-list]");
    if (!place) return;
    types = place.dataset.liveList.split(/\s+/);
    document.addEventListener("live:event", ({ detail }) => concerns(detail) && ask());
  });
})();
