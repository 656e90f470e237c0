/* Counters and checks while somebody types. The server stays the judge: its
   limits and sentences come in `data-check`, `data-limit` and `data-texts`. */
(() => {
  "use strict";

  const clean = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
  const bytes = (text) => new TextEncoder().encode(text).length;
  const points = (text) => [...text].length;
  const identifier = (text) => clean(text).replace(/[\s-]/g, "").toUpperCase();
  const brackets = (text) => (/[<>]/.test(text) ? ["brackets"] : []);
  const fill = (template, ...values) => values.reduce((text, v) => text.replace("{}", v), template);

  const items = (text) => text.split(/[\n|]/).map(clean).filter(Boolean);

  function tagsOf(text) {
    const seen = new Map();
    items(text).forEach((tag) => seen.has(tag.toLowerCase()) || seen.set(tag.toLowerCase(), tag));
    return [...seen.values()];
  }

  function checkDigit(code) {
    const digits = code.padStart(13, "0").slice(0, 12);
    const sum = [...digits].reduce((total, d, place) => total + Number(d) * (place % 2 ? 3 : 1), 0);
    return (10 - (sum % 10)) % 10;
  }

  // Each gives the count to show (or null) and what is wrong: name and values.
  const checks = {
    title(text) {
      const count = clean(text).length; // JavaScript counts UTF-16 units, as we do
      return { count, wrong: [...brackets(text), ...(count ? [] : ["missing"])] };
    },
    description(text) {
      return { count: bytes(clean(text)), wrong: brackets(text) };
    },
    tags(text) {
      const tags = tagsOf(text);
      const quoted = tags.reduce((sum, tag) => sum + points(tag) + (tag.includes(" ") ? 2 : 0), 0);
      const wrong = [...brackets(text), ...(tags.some((tag) => tag.includes(",")) ? ["comma"] : [])];
      return { count: quoted + Math.max(tags.length - 1, 0), wrong };
    },
    bytes(text) {
      return { count: Math.max(0, ...items(text).map(bytes)), wrong: [], isQuiet: true };
    },
    isrc(text) {
      const code = identifier(text);
      const isRight = !code || /^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$/.test(code);
      return { count: null, wrong: isRight ? [] : ["pattern"] };
    },
    upc(text) {
      const code = identifier(text);
      if (!code) return { count: null, wrong: [] };
      if (/^[0-9]{11}$/.test(code)) return { count: null, wrong: ["short"] };
      if (!/^[0-9]{12,13}$/.test(code)) return { count: null, wrong: ["pattern"] };
      const digit = checkDigit(code);
      const isRight = Number(code.at(-1)) === digit;
      return { count: null, wrong: isRight ? [] : ["digit"], values: [digit, code.at(-1)] };
    },
    custom_id(text) {
      const code = clean(text);
      const isRight = /^[A-Za-z0-9_.@/-]*$/.test(code);
      return isRight ? { count: points(code), wrong: [] } : { count: null, wrong: ["pattern"] };
    },
    language(text) {
      const code = clean(text).replaceAll("_", "-");
      const isRight = !code || /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(code);
      return { count: null, wrong: isRight ? [] : ["pattern"] };
    },
  };

  // The sentences that the server would say, in its order.
  function judge({ check, limit, texts }, value) {
    const found = checks[check](value);
    const sentences = found.wrong.map((name) => fill(texts[name], ...(found.values || [])));
    if (limit && found.count > limit) sentences.push(fill(texts.long, found.count));
    return { ...found, sentences };
  }

  function rulesOf({ dataset }) {
    return {
      check: dataset.check,
      limit: Number(dataset.limit) || null,
      unit: dataset.unit,
      texts: JSON.parse(dataset.texts),
    };
  }

  function watch(input) {
    const rules = rulesOf(input);
    const line = document.createElement("span");
    const count = line.appendChild(document.createElement("span"));
    const wrong = line.appendChild(document.createElement("span"));
    line.className = "ytm-counter";
    line.id = `${input.id}_counter`;
    wrong.setAttribute("role", "status");
    input.insertAdjacentElement("afterend", line);
    const described = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", [described, line.id].filter(Boolean).join(" "));
    const update = () => {
      const { count: found, sentences, isQuiet } = judge(rules, input.value);
      const isShown = found !== null && !(isQuiet && found <= rules.limit);
      count.textContent = isShown ? `${found} of ${rules.limit} ${rules.unit}. ` : "";
      const text = sentences.join(" ");
      if (wrong.textContent !== text) wrong.textContent = text; // said once
      line.classList.toggle("ytm-counter--wrong", sentences.length > 0);
    };
    input.addEventListener("input", update);
    update();
  }

  globalThis.ytmJudge = judge;
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-check]").forEach(watch);
    // Browsers forget the attribute while the theme still hides the page.
    document.querySelector("#merge [autofocus]")?.focus({ preventScroll: true });
    document.querySelector("#merge, #refused-title")?.scrollIntoView({ block: "start" });
  });
})();
