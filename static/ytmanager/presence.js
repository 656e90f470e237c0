// Who else is on this page, and which fields they edit: `data-live-presence="video.X"`.
(() => {
  "use strict";

  const GONE_MS = 75000; // a page speaks every 25 s
  const PAUSE_MS = 300;
  const MAX_FIELDS = 40;
  const NAME = /^[a-z][a-z0-9_]{0,39}$/;

  const others = new Map(); // page -> { person, fields, seen }
  const make = (tag, className, text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });
  const all = (selector) => [...document.querySelectorAll(selector)];

  let place, group, timer;
  let said = null;

  // --- What this page tells ---

  function isEdited(control) {
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.options) return [...control.options].some((o) => o.selected !== o.defaultSelected);
    return control.value !== control.defaultValue;
  }

  function editedFields() {
    const controls = all("form[id$=_form] :is(input:not([type=hidden]), select, textarea)[name]");
    const names = controls.filter(isEdited).map((c) => c.name).filter((name) => NAME.test(name));
    return [...new Set(names)].slice(0, MAX_FIELDS);
  }

  function speak(isAnew) {
    const fields = editedFields();
    if (!isAnew && fields.join() === said) return;
    said = fields.join();
    const detail = { presence: { group, fields } };
    document.dispatchEvent(new CustomEvent("live:say", { detail }));
  }

  function speakSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => speak(false), PAUSE_MS);
  }

  // --- What it shows of the others ---

  const labelOf = (name) => {
    const label = document.querySelector(`label[for="id_${name}"], label[for="id_${name}_0"]`);
    return label ? label.textContent.replace("*", "").trim() : name.replaceAll("_", " ");
  };

  function sentence({ person, fields }) {
    if (!fields.length) return `${person} is on this page.`;
    return `${person} is editing ${fields.map(labelOf).join(", ")}.`;
  }

  function show() {
    const lines = [...new Set([...others.values()].map(sentence))];
    place.replaceChildren(...lines.map((text) => make("span", "live-person", text)));
    place.hidden = !lines.length;
    markFields();
  }

  function markFields() {
    all(".live-field-note").forEach((note) => note.remove());
    const names = new Map();
    for (const { person, fields } of others.values()) {
      fields.forEach((name) => names.set(name, [...(names.get(name) || []), person]));
    }
    for (const [name, people] of names) {
      const label = document.querySelector(`label[for="id_${name}"]`);
      if (label) label.append(make("span", "live-field-note", `${[...new Set(people)].join(", ")} is editing`));
    }
  }

  function hear({ detail }) {
    if (detail.group !== group) return;
    const { page, person, fields } = detail;
    if (detail.is_here) others.set(page, { person, fields, seen: Date.now() });
    else others.delete(page);
    show();
  }

  function forget() {
    const count = others.size;
    for (const [page, { seen }] of others) {
      if (Date.now() - seen > GONE_MS) others.delete(page);
    }
    if (others.size !== count) show();
  }

  document.addEventListener("DOMContentLoaded", () => {
    place = document.querySelector("[data-live-presence]");
    if (!place) return;
    group = place.dataset.livePresence;
    document.addEventListener("live:presence", hear);
    document.addEventListener("live:connected", () => {
      others.clear(); // they answer
      show();
      speak(true);
    });
    document.addEventListener("input", speakSoon);
    document.addEventListener("change", speakSoon);
    setInterval(forget, 15000);
  });
})();
