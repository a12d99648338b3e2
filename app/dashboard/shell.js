// The frame around all screens: navigation, the line that says when the service is not reached, the present screen.

import { connection } from "./core/api.js";
import { fill, h } from "./core/dom.js";
import { t } from "./core/i18n.js";
import { go, here, match } from "./core/router.js";
import { token, user } from "./core/session.js";
import { icon } from "./components/icons.js";
import { failed, loading } from "./components/states.js";
import { watchWaiting } from "./inbox/alerts.js";

/** @type {{name: string, path: string, icon: import("./components/icons.js").IconName, admin?: boolean}[]} */
const AREAS = [
  { name: "inbox", path: "/conversas", icon: "inbox" },
  { name: "assistants", path: "/assistentes", icon: "assistants" },
  { name: "usage", path: "/uso", icon: "usage" },
  { name: "admin", path: "/admin", icon: "admin", admin: true },
  { name: "account", path: "/conta", icon: "account" },
];

/** @type {AbortController | null} */
let visit = null;
let kept = "";

/** @param {HTMLElement} body */
export function startShell(body) {
  const skip = h("a", { class: "skip", href: "#", onclick: skipToMain }, t("skip"));
  const offline = h("p", { class: "offline", role: "status", hidden: true });
  const nav = h("nav", { class: "areas", "aria-label": t("areas") });
  const main = h("main", { id: "main", tabindex: "-1" });
  fill(body, skip, offline, nav, main);
  connection.addEventListener("offline", () => {
    offline.hidden = false;
    offline.textContent = t("offline");
  });
  connection.addEventListener("online", () => {
    offline.hidden = true;
    offline.textContent = "";
  });
  addEventListener("hashchange", () => void present(main, nav));
  void present(main, nav);
}

/** @param {MouseEvent} event */
function skipToMain(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/**
 * Shows the screen of the address.
 * @param {HTMLElement} main
 * @param {HTMLElement} nav
 */
async function present(main, nav) {
  const found = match(here());
  if (!found) return go("/", true);
  if (!found.route.open && !token()) return go("/entrar", true);
  showAreas(nav, found.route.area);
  if (token()) watchWaiting();
  document.body.classList.toggle("plain", Boolean(found.route.open));
  if (visit && found.route.keep && found.route.keep === kept) {
    main.dispatchEvent(new CustomEvent("navigate", { detail: found.params }));
    return undefined;
  }
  visit?.abort();
  const present = new AbortController();
  visit = present;
  kept = found.route.keep ?? "";
  document.title = titleOf(found.route.area);
  fill(main, loading());
  try {
    const screen = await found.route.load();
    if (present.signal.aborted) return undefined;
    fill(main);
    await screen.show(main, { params: found.params, signal: present.signal });
  } catch (error) {
    if (!present.signal.aborted) fill(main, failed(error, () => location.reload()));
  }
  return undefined;
}

/** @param {string} area */
function titleOf(area) {
  return area ? `${t(`area.${area}`)} · Orquestradora` : "Orquestradora";
}

/**
 * @param {HTMLElement} nav
 * @param {string} current
 */
function showAreas(nav, current) {
  nav.hidden = !token();
  const shown = AREAS.filter((area) => match(area.path) && (!area.admin || user()?.is_admin));
  const links = shown.map((area) =>
    h(
      "a",
      { href: `#${area.path}`, "aria-current": area.name === current ? "page" : null, "data-area": area.name },
      icon(area.icon),
      h("span", {}, t(`area.${area.name}`)),
      area.name === "inbox" && h("span", { class: "count", hidden: true }),
    ),
  );
  fill(nav, h("span", { class: "brand", "aria-hidden": "true" }, "Orquestradora"), links);
}
