// What models cost, and what currencies are worth.

import { get, put } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { ApiError, sentence } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { shown } from "../components/states.js";
import { section } from "../components/table.js";
import { toast } from "../components/toast.js";
import { editableRows } from "./rows.js";

/** @type {import("./rows.js").Column[]} */
const PRICE = [
  { name: "model", kind: "text", required: true },
  { name: "currency", kind: "currency", required: true },
  { name: "in_per_million", kind: "decimal", required: true },
  { name: "out_per_million", kind: "decimal", required: true },
  { name: "cached_in_per_million", kind: "decimal" },
  { name: "valid_from", kind: "moment" },
];
/** @type {import("./rows.js").Column[]} */
const RATE = [
  { name: "currency", kind: "currency", required: true },
  { name: "brl", kind: "decimal", required: true },
  { name: "valid_from", kind: "moment" },
];

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root) {
  const body = h("div", {});
  fill(root, section(t("tab.precos"), t("prices.hint"), body));
  return shown(body, async () => editor(await get("/prices")));
}

/** @param {{prices: Record<string, any>[], rates: Record<string, any>[]}} list */
function editor(list) {
  const prices = editableRows(t("tab.precos"), PRICE, list.prices, t("prices.add"));
  const rates = editableRows(t("prices.rates"), RATE, list.rates, t("prices.add_rate"));
  const outcome = h("p", { class: "form-error", role: "alert", hidden: true });
  const button = h("button", { class: "primary" }, t("save"));
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    button.disabled = true;
    outcome.hidden = true;
    try {
      const stored = await put("/prices", { prices: prices.read(), rates: rates.read() });
      prices.show(stored.prices);
      rates.show(stored.rates);
      toast(t("saved"));
    } catch (error) {
      outcome.hidden = false;
      const details = error instanceof ApiError ? Object.values(error.fields).flat() : [];
      outcome.textContent = [sentence(error), ...details].join(" ");
    } finally {
      button.disabled = false;
    }
  };
  return h(
    "form",
    { class: "prices", onsubmit: save },
    !list.prices.length && h("p", { class: "banner" }, t("prices.empty")),
    prices.element,
    h("h3", {}, t("prices.rates")),
    h("p", { class: "hint" }, t("prices.rates_hint")),
    rates.element,
    outcome,
    h("div", { class: "actions" }, button),
  );
}
