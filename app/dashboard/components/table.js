// Tables that can be read on phones, too: they scroll by themselves.

import { h } from "../core/dom.js";

/** @typedef {import("../core/dom.js").Child} Child */

/**
 * @param {string} caption read by screen readers
 * @param {(string | {text: string, number: true})[]} heads `number`: a column of numbers
 * @param {(Child | Child[])[][]} rows
 */
export function table(caption, heads, rows) {
  const isNumber = heads.map((head) => typeof head !== "string");
  const names = heads.map((head) => (typeof head === "string" ? head : head.text));
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, names.map((name, i) => h("th", { scope: "col", class: isNumber[i] ? "number" : null }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) => h("td", { class: isNumber[i] ? "number" : null }, cell))))),
    ),
  );
}

/** @param {string} name */
export function numeric(name) {
  return { text: name, number: /** @type {const} */ (true) };
}

/**
 * A titled part of a screen.
 * @param {string} title
 * @param {string | null} hint
 * @param {...(Child | Child[])} content
 */
export function section(title, hint, ...content) {
  return h("section", { class: "card" }, h("div", { class: "stack" }, h("h2", {}, title), hint && h("p", { class: "hint" }, hint)), ...content);
}

/**
 * A button that does something once, and says what went wrong.
 * @param {Child | Child[]} content
 * @param {() => Promise<unknown>} act
 * @param {import("../core/dom.js").Props} [props]
 */
export function actionButton(content, act, props = {}) {
  const button = h("button", { type: "button", ...props }, content);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await act();
    } catch (error) {
      (await import("./toast.js")).toastError(error);
    } finally {
      button.disabled = false;
    }
  });
  return button;
}
