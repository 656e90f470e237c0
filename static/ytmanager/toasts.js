// Shows `notification` events of live.js for a while.
(() => {
  "use strict";

  const SHOWN_MS = 10000;
  const make = (tag, className, text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });

  function toast({ level, title, message, url }) {
    const box = make("div", `live-toast live-toast-${level}`);
    box.setAttribute("role", level === "error" ? "alert" : "status");
    box.append(make("strong", "", title));
    if (message) box.append(make("p", "", message));
    // Only addresses of this site: a payload must not lead people elsewhere.
    if (url && /^\/(?![/\\])/.test(url)) {
      box.append(Object.assign(make("a", "", "Open"), { href: url }));
    }
    const dismiss = Object.assign(make("button", "", "\u00d7"), { type: "button" });
    dismiss.setAttribute("aria-label", "Dismiss");
    dismiss.addEventListener("click", () => box.remove());
    box.append(dismiss);
    if (level !== "error") setTimeout(() => box.remove(), SHOWN_MS);
    return box;
  }

  // How many notifications are unread, beside the link to the inbox.
  async function countUnread() {
    const found = document.querySelectorAll('a[href$="/ytmanager/notification/"]');
    const links = [...found].filter((link) => link.querySelector(".material-symbols-outlined"));
    if (!links.length) return;
    try {
      const reply = await fetch(`${links[0].getAttribute("href")}unread/`);
      if (!reply.ok || reply.redirected) return;
      const { unread } = await reply.json();
      links.forEach((link) => showUnread(link, unread));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: the network is away
    }
  }

  function showUnread(link, unread) {
    link.querySelector(".live-unread")?.remove();
    if (!unread) return;
    const text = unread < 100 ? String(unread) : "99+";
    const mark = make("span", "live-unread", text);
    mark.append(make("span", "sr-only", " unread"));
    link.append(mark);
  }

  document.addEventListener("DOMContentLoaded", () => {
    countUnread();
    const place = make("div", "live-toasts");
    place.setAttribute("aria-live", "polite");
    document.body.append(place);
    document.addEventListener("live:event", ({ detail }) => {
      if (detail.type !== "notification") return;
      place.append(toast(detail.payload));
      countUnread();
    });
  });
})();
