// A table whose rows can be changed, added and taken away.

import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { icon } from "../components/icons.js";

/**
 * @typedef {{name: string, kind: "text" | "decimal" | "currency" | "moment", required?: boolean}} Column
 * @typedef {Record<string, any>} Values
 */

/**
 * @param {string} label
 * @param {Column[]} columns
 * @param {Values[]} rows
 * @param {string} verb what the button says that adds a row
 */
export function editableRows(label, columns, rows, verb) {
  const body = h("tbody", {});
  const show = (/** @type {Values[]} */ values) => fill(body, values.map((one) => line(columns, one)));
  const add = () => {
    const row = line(columns, {});
    body.append(row);
    row.querySelector("input")?.focus();
  };
  const heads = columns.map(({ name }) => h("th", { scope: "col" }, t(`prices.${name}`)));
  const head = h("tr", {}, heads, h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, t("delete"))));
  const region = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, h("table", {}, h("thead", {}, head), body));
  show(rows);
  const element = h("div", { class: "stack" }, region, h("div", {}, h("button", { type: "button", onclick: add }, icon("add"), verb)));
  return { element, show, read: () => [...body.rows].map((row) => read(columns, row)) };
}

/**
 * @param {Column[]} columns
 * @param {Values} values
 */
function line(columns, values) {
  const row = h("tr", {});
  const cells = columns.map(({ name, kind, required }) => {
    const shared = { name, required, "aria-label": t(`prices.${name}`), autocomplete: "off" };
    const moment = kind === "moment" ? { type: "datetime-local", value: local(values[name]) } : null;
    const input = h("input", { ...shared, ...(moment ?? { value: values[name], inputmode: kind === "decimal" ? "decimal" : null, maxlength: kind === "currency" ? 3 : 200 }) });
    // What nobody touches is sent back to the millisecond.
    if (moment && values[name]) input.dataset.kept = `${input.value} ${values[name]}`;
    return h("td", {}, input);
  });
  const drop = h("button", { type: "button", class: "icon-button", "aria-label": t("delete"), onclick: () => row.remove() }, icon("trash"));
  fill(row, cells, h("td", {}, drop));
  return row;
}

/**
 * As the field for times has it: local, to the minute.
 * @param {string | undefined} moment
 */
function local(moment) {
  if (!moment) return "";
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * What was typed, without empty fields; a decimal comma is a point.
 * @param {Column[]} columns
 * @param {HTMLTableRowElement} row
 */
function read(columns, row) {
  /** @type {Values} */
  const values = {};
  columns.forEach(({ name, kind }, i) => {
    const input = row.cells[i].querySelector("input");
    const typed = input?.value.trim() ?? "";
    if (!input || !typed) return;
    if (kind === "decimal") values[name] = typed.replace(",", ".");
    else if (kind === "currency") values[name] = typed.toUpperCase();
    else if (kind === "moment") values[name] = kept(input) ?? new Date(typed).toISOString();
    else values[name] = typed;
  });
  return values;
}

/** @param {HTMLInputElement} input */
function kept(input) {
  const [shown, moment] = (input.dataset.kept ?? "").split(" ");
  return shown === input.value ? moment : null;
}
