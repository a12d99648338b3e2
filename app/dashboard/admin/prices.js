// What models cost, and what currencies are worth.

import { get, put } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { shown } from "../components/states.js";
import { actionButton, section } from "../components/table.js";
import { toast } from "../components/toast.js";

/** @type {[string, string][]} names of fields, and what is typed in them */
const PRICE = [["model", "text"], ["currency", "text"], ["in_per_million", "decimal"], ["out_per_million", "decimal"], ["cached_in_per_million", "decimal"]];
/** @type {[string, string][]} */
const RATE = [["currency", "text"], ["brl", "decimal"]];

/** @param {HTMLElement} root */
export function tab(root) {
  const body = h("div", { class: "stack" });
  fill(root, section(t("tab.precos"), t("prices.hint"), body));
  return shown(body, async () => {
    const list = await get("/prices");
    const prices = editable(PRICE, list.prices);
    const rates = editable(RATE, list.rates);
    const save = async () => {
      await put("/prices", { prices: prices.read(), rates: rates.read() });
      toast(t("saved"));
    };
    return [prices.element, h("h3", {}, t("prices.rates")), h("p", { class: "hint" }, t("prices.rates_hint")), rates.element, h("div", { class: "actions" }, actionButton(t("save"), save, { class: "primary" }))];
  });
}

/**
 * A table whose rows can be changed, added and taken away.
 * @param {[string, string][]} fields
 * @param {Record<string, any>[]} rows
 */
function editable(fields, rows) {
  const body = h("tbody", {});
  const add = (/** @type {Record<string, any>} */ values) => body.append(line(fields, values));
  rows.forEach(add);
  const head = h("tr", {}, fields.map(([name]) => h("th", { scope: "col" }, t(`prices.${name}`))), h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, t("delete"))));
  const element = h(
    "div",
    { class: "stack" },
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("tab.precos") }, h("table", {}, h("thead", {}, head), body)),
    h("div", { class: "row" }, h("button", { type: "button", onclick: () => add({}) }, t("prices.add"))),
  );
  return { element, read: () => [...body.rows].map((row) => valuesOf(row)) };
}

/**
 * @param {[string, string][]} fields
 * @param {Record<string, any>} values
 */
function line(fields, values) {
  const row = h("tr", {}, fields.map(([name, kind]) => h("td", {}, h("input", { name, value: values[name], inputmode: kind, "aria-label": t(`prices.${name}`) }))));
  row.append(h("td", {}, h("button", { type: "button", onclick: () => row.remove() }, t("delete"))));
  if (values.valid_from) row.dataset.from = values.valid_from;
  return row;
}

/** @param {HTMLTableRowElement} row */
function valuesOf(row) {
  const inputs = [...row.querySelectorAll("input")].filter((input) => input.value.trim() !== "");
  const values = inputs.map((input) => [input.name, input.value.trim().replace(input.inputMode === "decimal" ? "," : "\n", ".")]);
  return { ...Object.fromEntries(values), ...(row.dataset.from ? { valid_from: row.dataset.from } : {}) };
}
