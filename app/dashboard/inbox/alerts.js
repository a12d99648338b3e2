// A customer who waits for a person cannot be missed: number in title, icon and navigation, sound, notification.

import { get } from "../core/api.js";
import { t, tn } from "../core/i18n.js";
import { preference } from "../core/preferences.js";
import { token } from "../core/session.js";
import { news, onDeleted, onNews, watchNews } from "./news.js";
import { nameOf } from "./names.js";

/** @typedef {import("./types.js").Conversation} Conversation */

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e66"/>' +
  '<circle cx="16" cy="16" r="13" fill="#d92d20"/><text x="16" y="22" font-size="17" font-weight="700" text-anchor="middle" ' +
  'font-family="sans-serif" fill="#fff">COUNT</text></svg>';

/** @type {Map<string, string>} by the number in each */
const icons = new Map();
/** @type {Map<string, string>} since when each waits */
const waiting = new Map();
let begun = false;
let title = "";

/** Begins to watch, once for the life of the page. */
export function watchWaiting() {
  if (!begun) {
    begun = true;
    watchNews();
    onNews(onChanges);
    onDeleted((ids) => {
      for (const id of ids) waiting.delete(id);
      show();
    });
    news.addEventListener("reset", () => void read());
    void read();
  }
  showLater();
}

async function read() {
  if (!token()) return;
  try {
    const all = await get("/conversations/list", { answering: "waiting_for_person", limit: 500 });
    waiting.clear();
    for (const one of all) waiting.set(one._id, one.waiting_since ?? "");
    show();
  } catch {
    setTimeout(() => void read(), 10_000);
  }
}

/** @param {Conversation[]} changed */
function onChanges(changed) {
  for (const one of changed) {
    const waits = one.answering === "waiting_for_person";
    const since = one.waiting_since ?? "";
    if (waits && waiting.get(one._id) !== since) alarm(one);
    if (waits) waiting.set(one._id, since);
    else waiting.delete(one._id);
  }
  show();
}

/** The screen sets its title after it is shown. */
function showLater() {
  setTimeout(() => {
    title = "";
    show();
  });
}

function show() {
  const count = waiting.size;
  title ||= document.title.replace(/^\(\d+\) /, "");
  document.title = count ? `(${count}) ${title}` : title;
  const badge = document.querySelector("nav.areas .count");
  if (badge instanceof HTMLElement) {
    badge.hidden = !count;
    badge.classList.add("urgent");
    badge.textContent = count > 99 ? "99+" : String(count);
    badge.setAttribute("aria-label", tn("waiting.count", count));
  }
  document.querySelector("link[rel=icon]")?.setAttribute("href", count ? iconWith(count > 9 ? "9+" : String(count)) : "icon.svg");
}

/**
 * The tab's icon with a number, as an address of this page.
 * @param {string} count
 */
function iconWith(count) {
  const known = icons.get(count) ?? URL.createObjectURL(new Blob([ICON.replace("COUNT", count)], { type: "image/svg+xml" }));
  icons.set(count, known);
  return known;
}

/** @param {Conversation} conversation */
function alarm(conversation) {
  if (preference("sound") !== "off") void chime().catch(() => {});
  if (document.hidden && preference("notifications") === "on" && Notification.permission === "granted") {
    const shown = new Notification(t("waiting.notification", { name: nameOf(conversation) }), {
      body: conversation.last_message?.text ?? conversation.handover_reason ?? "",
      tag: conversation._id,
    });
    shown.onclick = () => {
      window.focus();
      location.hash = `/conversas/${conversation._id}`;
    };
  }
}

/** Two soft notes; browsers allow them once the reader has clicked or typed something. */
async function chime() {
  const context = new AudioContext();
  [660, 880].forEach((frequency, i) => {
    const note = new OscillatorNode(context, { frequency });
    const start = context.currentTime + i * 0.18;
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.35);
    note.connect(volume).connect(context.destination);
    note.start(start);
    note.stop(start + 0.4);
  });
  setTimeout(() => void context.close(), 1500);
}
