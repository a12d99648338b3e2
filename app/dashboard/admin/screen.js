// The administrators' page.

import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";

/** @type {Record<string, () => Promise<{tab: (root: HTMLElement) => void | Promise<void>}>>} */
const TABS = {
  pessoas: () => import("./people.js"),
  precos: () => import("./prices.js"),
  auditoria: () => import("./audit.js"),
  saude: () => import("./health.js"),
};

/** @type {import("../core/router.js").Screen} */
export async function show(root, { params }) {
  const present = params.tab && params.tab in TABS ? params.tab : "pessoas";
  const body = h("div", { class: "stack" });
  const links = Object.keys(TABS).map((name) => h("a", { href: `#/admin/${name}`, "aria-current": name === present ? "page" : null }, t(`tab.${name}`)));
  fill(root, h("div", { class: "page" }, h("h1", {}, t("area.admin")), h("nav", { class: "tabs", "aria-label": t("area.admin") }, links), body));
  await (await TABS[present]()).tab(body);
}
