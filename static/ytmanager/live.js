// Live events on a page. The attributes it obeys: docs/live-events.md
(() => {
  "use strict";

  const SILENCE_MS = 75000; // the server speaks every 25 s
  const LONGEST_WAIT_MS = 30000;
  const SOON_MS = 200;
  const CALM_MS = 3000; // overviews follow a burst of events at leisure
  const MAX_GROUPS = 190;
  const MAX_SEEN = 2000;
  const LISTENING = "[data-live-field], [data-live-show-when], [data-live-reload-on]";
  const TEXTS = {
    connecting: "Connecting", live: "Live", reconnecting: "Reconnecting",
    offline: "Offline", "signed-out": "Signed out",
  };

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = (text) => (text || "").split(/\s+/).filter(Boolean);
  const language = document.documentElement.lang || undefined;
  const percent = new Intl.NumberFormat(language, { style: "percent" });
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const make = (tag, className) => Object.assign(document.createElement(tag), { className });

  let socket, light, watchdog, retry;
  let attempt = 0;
  let position = null; // null until the first hello of this page
  const seen = new Set();

  // --- The connection ---

  function start() {
    clearTimeout(retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const opened = (socket = new WebSocket(`${scheme}://${location.host}/ws/events/`));
    opened.onmessage = (frame) => opened === socket && hear(JSON.parse(frame.data));
    opened.onclose = (event) => opened === socket && lose(event.code);
    listenFor(SILENCE_MS);
  }

  function stop() {
    clearTimeout(retry);
    clearTimeout(watchdog);
    const closing = socket;
    socket = null;
    if (closing) closing.close();
  }

  function listenFor(milliseconds) {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => { stop(); lose(0); }, milliseconds);
  }

  function lose(code) {
    clearTimeout(watchdog);
    if (code === 4401) return show("signed-out");
    if (code === 4400) return show("offline");
    attempt += 1;
    show(navigator.onLine && attempt < 4 ? "reconnecting" : "offline");
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(attempt, 10));
    retry = setTimeout(start, wait * (0.5 + Math.random() / 2));
  }

  function say(frame) {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  function subscribe(since) {
    const groups = new Set(all("[data-live-group]").flatMap((e) => words(e.dataset.liveGroup)));
    const frame = { subscribe: [...groups].slice(0, MAX_GROUPS) };
    say(since === null ? frame : { ...frame, since });
  }

  function hear(message) {
    listenFor(SILENCE_MS);
    if (message.type === "hello") return greet(message);
    if (message.type === "gap") refresh(all("[data-live-group][id]"));
    if ("position" in message) position = message.position;
    if (message.type === "presence") tell("live:presence", message);
    if ("payload" in message && isNew(message.sequence)) apply(message);
  }

  function greet(hello) {
    attempt = 0;
    show("live");
    if (position !== null) {
      subscribe(position);
      return tell("live:connected");
    }
    // The page was rendered a moment ago: ask for what happened since.
    const rendered = all("[data-live-position]").map((e) => Number(e.dataset.livePosition));
    position = rendered.length ? Math.min(...rendered) : hello.position;
    subscribe(position);
    tell("live:connected");
    if (!rendered.length) refresh(all("[data-live-group][id]"));
  }

  function isNew(sequence) {
    if (sequence === null) return true;
    if (seen.has(sequence)) return false;
    seen.add(sequence);
    if (seen.size > MAX_SEEN) seen.delete(seen.values().next().value);
    return true;
  }

  // --- What an event does to the page ---

  function apply(message) {
    for (const root of all("[data-live-group]")) {
      const concerned = words(root.dataset.liveGroup).some((g) => message.groups.includes(g));
      if (concerned) applyTo(root, message);
    }
    tell("live:event", message);
  }

  function applyTo(root, { type, payload }) {
    for (const element of [root, ...all(LISTENING, root)]) {
      const only = element.closest("[data-live-type]");
      if (element.closest("[data-live-group]") !== root) continue;
      if (only && !words(only.dataset.liveType).includes(type)) continue;
      const { liveField, liveShowWhen, liveReloadOn } = element.dataset;
      if (liveField && liveField in payload) fill(element, payload[liveField]);
      if (liveShowWhen) element.hidden = !holds(liveShowWhen, payload, element.hidden);
      if (liveReloadOn && holds(liveReloadOn, payload, true)) refresh([element]);
    }
  }

  // "state=completed,failed" or "*"; a payload without the field changes nothing.
  function holds(condition, payload, isHidden) {
    if (condition === "*") return true;
    const [field, values] = condition.split("=");
    if (!(field in payload)) return !isHidden;
    return values.split(",").includes(String(payload[field]));
  }

  function fill(element, value) {
    const isBar = element instanceof HTMLProgressElement;
    if (!isBar) element.textContent = format(value, element.dataset.liveFormat);
    else if (value === null) element.removeAttribute("value");
    else element.value = value;
  }

  function format(value, kind) {
    if (value === null || value === "") return "\u2013";
    if (kind === "number") return Math.round(value).toLocaleString(language);
    if (kind === "percent") return percent.format(Math.floor(value) / 100);
    if (kind === "duration") return duration(Math.round(value));
    if (kind === "time") return new Date(value).toLocaleString(language);
    return String(value);
  }

  function duration(seconds) {
    const minutes = Math.floor(seconds / 60);
    if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
  }

  // --- Fetching parts of the page again: one request for all that ask at once ---

  const waiting = new Set(); // ids of elements
  let refreshing = null;

  function refresh(elements) {
    elements.map((e) => e.id).filter(Boolean).forEach((name) => waiting.add(name));
    const rest = elements.every((e) => "liveCalm" in e.dataset) ? CALM_MS : SOON_MS;
    if (waiting.size) refreshing ||= setTimeout(fetchAgain, rest * (1 + Math.random()));
  }

  async function fetchAgain() {
    const names = [...waiting];
    waiting.clear();
    try {
      const reply = await fetch(location.href, { headers: { "X-Requested-With": "live" } });
      if (!reply.ok || reply.redirected) return;
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      names.forEach((name) => replace(name, fresh.getElementById(name)));
      subscribe(null);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: the network is away
    } finally {
      refreshing = null;
      refresh([...waiting].map((name) => document.getElementById(name)).filter(Boolean));
    }
  }

  function replace(name, replacement) {
    const old = document.getElementById(name);
    if (!old || !replacement) return;
    const isEdited = old.querySelector("input:focus, select:focus, textarea:focus");
    if (isEdited) old.dataset.liveOutdated = ""; // never take away what somebody types
    else old.replaceWith(document.adoptNode(replacement));
  }

  // --- What people see of it ---

  function show(state) {
    if (light.dataset.liveState === state) return;
    light.dataset.liveState = state;
    light.lastChild.textContent = TEXTS[state];
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (document.body.classList.contains("login")) return; // nobody is signed in
    light = make("div", "live-light");
    light.setAttribute("role", "status");
    light.setAttribute("aria-live", "polite");
    light.append(make("span", "live-dot"), make("span", "live-text"));
    document.body.append(light);
    show("connecting");
    start();
    addEventListener("online", () => { stop(); start(); });
    addEventListener("offline", () => show("offline"));
    addEventListener("pagehide", stop);
    addEventListener("pageshow", (event) => event.persisted && start());
    document.addEventListener("live:scan", () => subscribe(null));
    document.addEventListener("live:say", ({ detail }) => say(detail));
  });
})();
