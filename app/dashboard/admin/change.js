// What a change changed, field by field.

import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { table } from "../components/table.js";

/**
 * @param {Record<string, unknown>} before
 * @param {Record<string, unknown>} after
 */
export function changeTable(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const heads = [t("audit.field"), t("audit.before"), t("audit.after")];
  return table(t("audit.change"), heads, names.map((name) => [h("code", { class: "mono" }, name), value(before[name]), value(after[name])]));
}

/** @param {unknown} one */
function value(one) {
  if (one === null || one === undefined) return "–";
  if (Array.isArray(one)) return one.map((line) => h("p", {}, typeof line === "string" ? line : JSON.stringify(line)));
  return typeof one === "object" ? h("pre", {}, JSON.stringify(one, null, 2)) : String(one);
}
