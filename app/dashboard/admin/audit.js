// Who changed what, with filters.

import { get, send } from "../core/api.js";
import { assistants } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { pagedList } from "../components/pages.js";
import { empty } from "../components/states.js";
import { section } from "../components/table.js";
import { ACTIONS } from "./actions.js";

/**
 * @typedef {{_id: string, at: string, action: string, outcome: string, code: string | null,
 *   actor: {kind: string, name: string | null, email: string | null}, address: string | null,
 *   target: {kind: string, name: string | null, id: string | null} | null, before: object | null, after: object | null,
 *   count: number}} Entry
 */

/** @param {HTMLElement} root */
export async function tab(root) {
  const list = h("div", {});
  const person = choice("audit.person");
  const assistant = choice("filter.assistant");
  const action = choice("audit.action", ACTIONS.map((one) => [one, one]));
  const load = () => fill(list, entries({ user_id: person.value, assistant_id: assistant.value, action: action.value }));
  for (const select of [person, assistant, action]) select.addEventListener("change", load);
  fill(root, section(t("tab.auditoria"), t("audit.hint"), h("div", { class: "row controls" }, person, assistant, action), list));
  load();
  const [people, all] = await Promise.all([get("/users/list", { limit: 500 }), assistants()]);
  person.append(...people.map((/** @type {any} */ one) => h("option", { value: one._id }, one.name)));
  assistant.append(...all.map((one) => h("option", { value: one._id }, one.name)));
}

/**
 * @param {string} key
 * @param {[string, string][]} [options]
 */
function choice(key, options = []) {
  return h("select", { "aria-label": t(key) }, h("option", { value: "" }, t(key)), options.map(([value, text]) => h("option", { value }, text)));
}

/** @param {import("../core/api.js").Query} filters */
function entries(filters) {
  return pagedList({
    label: t("tab.auditoria"),
    load: async (cursor) => {
      const { data, next } = await send("GET", "/audit/list", { query: { ...filters, cursor, limit: 50 } });
      return { items: /** @type {Entry[]} */ (data), next };
    },
    row: entry,
    empty: () => empty(t("audit.empty")),
  });
}

/** @param {Entry} one */
function entry(one) {
  const who = one.actor.name ?? one.actor.email ?? t(`audit.actor.${one.actor.kind}`);
  const change = one.before || one.after;
  return h(
    "li",
    { class: "document" },
    h("div", { class: "between" }, h("strong", {}, one.action), h("time", { class: "muted", datetime: one.at }, fullMoment(one.at))),
    h("p", {}, [who, one.target && (one.target.name ?? one.target.id ?? one.target.kind), one.address].filter(Boolean).join(" · ")),
    one.outcome !== "done" && h("p", {}, h("span", { class: "chip warn" }, t(`audit.outcome.${one.outcome}`)), " ", one.code),
    one.count > 1 && h("p", { class: "muted" }, t("audit.count", { n: one.count })),
    change && h("details", {}, h("summary", {}, t("audit.change")), h("pre", {}, JSON.stringify({ before: one.before, after: one.after }, null, 2))),
  );
}
