// The administrators' page.

import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";

/** @typedef {{tab: (root: HTMLElement, visit: {signal: AbortSignal}) => void | Promise<void>}} Tab */

/** @type {Record<string, () => Promise<Tab>>} */
const TABS = {
  pessoas: () => import("./people.js"),
  precos: () => import("./prices.js"),
  limites: () => import("./limits.js"),
  auditoria: () => import("./audit.js"),
  saude: () => import("./health.js"),
  exportacao: () => import("./export.js"),
};

/** @type {import("../core/router.js").Screen} */
export async function show(root, { params, signal }) {
  const present = params.tab && params.tab in TABS ? params.tab : "pessoas";
  const body = h("div", { class: "stack" });
  const links = Object.keys(TABS).map((name) =>
    h("a", { href: `#/admin/${name}`, "aria-current": name === present ? "page" : null }, t(`tab.${name}`)),
  );
  const tabs = h("nav", { class: "tabs", "aria-label": t("area.admin") }, links);
  fill(root, h("div", { class: "page" }, h("h1", {}, t("area.admin")), tabs, body));
  tabs.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  await (await TABS[present]()).tab(body, { signal });
}
