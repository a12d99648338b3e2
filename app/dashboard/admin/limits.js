// What the service is limited to; the settings say it.

import { get } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { duration, number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { shown } from "../components/states.js";
import { numeric, section, table } from "../components/table.js";

/** @typedef {{setting: string, amount: number | null, unit: string, per_seconds: number | null}} Limit */

/** @param {HTMLElement} root */
export function tab(root) {
  const body = h("div", {});
  fill(root, section(t("tab.limites"), t("limits.hint"), body));
  return shown(body, async () => {
    /** @type {Limit[]} */
    const limits = await get("/service/limits");
    return table(t("tab.limites"), [t("limits.what"), numeric(t("limits.bound")), t("limits.setting")], limits.map(row));
  });
}

/** @param {Limit} limit */
function row(limit) {
  return [t(`limit.${limit.setting.toLowerCase()}`), bound(limit), h("code", { class: "mono" }, limit.setting)];
}

/** @param {Limit} limit */
function bound({ amount, unit, per_seconds: seconds }) {
  if (amount === null) return t("limits.none");
  const value = `${number(amount)} ${t(`limits.unit.${unit}`)}`;
  return seconds ? t("limits.per", { value, window: duration(seconds * 1000) }) : value;
}
