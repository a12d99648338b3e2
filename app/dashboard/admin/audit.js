// Who changed what, with filters.

import { get, send } from "../core/api.js";
import { assistants } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { has, t } from "../core/i18n.js";
import { field } from "../components/form.js";
import { pagedList } from "../components/pages.js";
import { empty } from "../components/states.js";
import { section } from "../components/table.js";
import { toastError } from "../components/toast.js";
import { ACTIONS } from "./actions.js";
import { changeTable } from "./change.js";

/**
 * @typedef {{_id: string, at: string, action: string, outcome: string, code: string | null,
 *   actor: {kind: string, name: string | null, email: string | null}, address: string | null, request_id: string | null,
 *   target: {kind: string, name: string | null, id: string | null} | null, before: Record<string, unknown> | null,
 *   after: Record<string, unknown> | null, count: number}} Entry
 */

/** @type {import("./screen.js").Tab["tab"]} */
export async function tab(root) {
  const list = h("div", {});
  /** @type {[string, string][]} */
  const actions = ACTIONS.map((one) => /** @type {[string, string]} */ ([one, actionText(one)]));
  actions.sort((a, b) => a[1].localeCompare(b[1]));
  const person = choice("user_id", "audit.person");
  const assistant = choice("assistant_id", "filter.assistant");
  const controls = h("form", { class: "controls", onsubmit: (event) => event.preventDefault() }, person, assistant, choice("action", "audit.action", actions));
  const load = () => fill(list, entries(Object.fromEntries([...controls.querySelectorAll("select")].map((one) => [one.name, one.value]))));
  controls.addEventListener("change", load);
  fill(root, section(t("tab.auditoria"), t("audit.hint"), controls, list));
  load();
  try {
    const [people, all] = await Promise.all([get("/users/list", { limit: 500 }), assistants()]);
    offer(person, people.map((/** @type {any} */ one) => [one._id, `${one.name} (${one.email})`]));
    offer(assistant, all.map((one) => [one._id, one.name]));
  } catch (error) {
    toastError(error);
  }
}

/** @param {string} action */
function actionText(action) {
  return has(`audit.action.${action}`) ? t(`audit.action.${action}`) : action;
}

/**
 * @param {string} name
 * @param {string} key
 * @param {[string, string][]} [options]
 */
function choice(name, key, options = []) {
  return field({ name, label: t(key), options: [["", t("filter.all")], ...options] });
}

/**
 * @param {HTMLElement} field
 * @param {[string, string][]} options
 */
function offer(field, options) {
  field.querySelector("select")?.append(...options.map(([value, text]) => h("option", { value }, text)));
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
  const { actor, target, outcome } = one;
  const who = actor.name ?? actor.email ?? t(`audit.actor.${actor.kind}`);
  const facts = [who, target && (target.name ?? target.id), one.address];
  return h(
    "li",
    { class: "document" },
    h(
      "div",
      { class: "between" },
      h("h3", {}, actionText(one.action), outcome !== "done" && h("span", { class: "chip warn" }, t(`audit.outcome.${outcome}`)), one.code && h("span", { class: "muted mono" }, one.code)),
      h("time", { class: "muted", datetime: one.at }, fullMoment(one.at)),
    ),
    h("p", {}, facts.filter(Boolean).join(" · "), one.count > 1 && h("span", { class: "muted" }, " · ", t("audit.count", { n: one.count }))),
    (one.before || one.after) && h("details", {}, h("summary", {}, t("audit.change")), changeTable(one.before ?? {}, one.after ?? {})),
  );
}
