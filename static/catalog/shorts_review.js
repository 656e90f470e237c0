/* Decides by S, N, space and U without a reload; without this script the buttons
   of each card are ordinary forms. */
"use strict";

(() => {
  const page = document.getElementById("shorts-review");
  if (!page) return;
  const cards = [...page.querySelectorAll(".ytm-review-card")];
  const isOne = page.dataset.way === "one";
  const said = page.querySelector(".ytm-review-said");
  const undoButton = page.querySelector("[data-undo-last]");
  const WORDS = {yes: "Short", no: "Not a Short"};
  const past = [];
  let place = 0;
  let isBusy = false;

  const say = (text, isBad = false) => {
    said.textContent = text;
    said.toggleAttribute("data-bad", isBad);
  };
  const name = (card) => card.querySelector("article").getAttribute("aria-label");
  const isOpen = (card) => !card.hasAttribute("data-decided");
  const show = (number) => {
    place = number;
    if (isOne) cards.forEach((card, n) => card.toggleAttribute("data-later", n !== number));
    cards[number].querySelector("article").focus();
    cards[number].scrollIntoView({block: "nearest"});
  };
  const goOn = () => {
    const next = cards.findIndex((card, n) => n > place && isOpen(card));
    if (next >= 0) { show(next); return; }
    if (page.dataset.next) { location.href = page.dataset.next; return; }
    const skipped = cards.some(isOpen);
    say(skipped ? "These were the last ones. Some were skipped." : "All of these are decided.");
  };
  const send = async (address, values) => {
    const body = new URLSearchParams(values);
    const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = {"Accept": "application/json", "X-CSRFToken": token};
    const reply = await fetch(address, {method: "POST", body, headers});
    const isJson = (reply.headers.get("Content-Type") || "").includes("json");
    const answer = isJson ? await reply.json() : {};
    if (!reply.ok) throw new Error(answer.error || "This could not be saved. Please reload the page.");
    return answer;
  };
  const atOnce = async (work) => {
    if (isBusy) return;
    isBusy = true;
    try { await work(); } catch (error) { say(error.message, true); } finally { isBusy = false; }
  };
  const decide = (number, verdict) => atOnce(async () => {
    const card = cards[number];
    if (!card || !isOpen(card)) return;
    const answer = await send(page.dataset.decide, {video: card.dataset.video, verdict});
    card.setAttribute("data-decided", verdict);
    const shown = card.querySelector(".ytm-review-verdict");
    shown.textContent = WORDS[verdict];
    shown.hidden = false;
    if (answer.change_set) past.push({number, changeSet: answer.change_set});
    undoButton.hidden = !past.length;
    say(`${WORDS[verdict]}: ${name(card)}`);
    place = number;
    goOn();
  });
  const undo = () => atOnce(async () => {
    const last = past.at(-1);
    if (!last) { say("Nothing was decided on this page yet."); return; }
    await send(page.dataset.undo, {change_set: last.changeSet});
    past.pop();
    undoButton.hidden = !past.length;
    const card = cards[last.number];
    card.removeAttribute("data-decided");
    card.querySelector(".ytm-review-verdict").hidden = true;
    show(last.number);
    say(`Undone: ${name(card)}`);
  });
  const step = (by) => {
    const next = place + by;
    if (next >= 0 && next < cards.length) show(next);
  };

  cards.forEach((card, number) => {
    const form = card.querySelector("form");
    if (!form) return;
    const skip = form.querySelector("[data-skip]");
    skip.hidden = false;
    skip.addEventListener("click", () => { place = number; goOn(); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      decide(number, event.submitter.value);
    });
    card.querySelector("article").addEventListener("focusin", () => { place = number; });
  });
  undoButton.addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=hidden]), select, textarea")) return;
    const isControl = event.target.closest("button, a");
    const key = event.key.toLowerCase();
    if (key === " " && isControl) return;
    const keys = {
      s: () => decide(place, "yes"),
      n: () => decide(place, "no"),
      u: undo,
      " ": goOn,
      arrowleft: () => step(-1),
      arrowright: () => step(1),
    };
    if (!keys[key] || !cards[place]?.dataset.video) return;
    event.preventDefault();
    keys[key]();
  });
  if (cards[0]?.dataset.video) show(0);
})();
