// What a screen shows while there is nothing, nothing yet, or an error.

import { fill, h } from "../core/dom.js";
import { isAbort, sentence } from "../core/errors.js";
import { t } from "../core/i18n.js";

/** @param {string} [text] */
export function loading(text = t("loading")) {
  return h("div", { class: "state loading", role: "status" }, h("span", { class: "spinner" }), text);
}

/**
 * @param {string} title
 * @param {string} [hint]
 * @param {HTMLElement} [action]
 */
export function empty(title, hint, action) {
  return h("div", { class: "state" }, h("p", { class: "state-title" }, title), hint && h("p", {}, hint), action);
}

/**
 * @param {unknown} error
 * @param {() => unknown} [retry]
 */
export function failed(error, retry) {
  const again = retry && h("button", { type: "button", onclick: () => retry() }, t("retry"));
  return h("div", { class: "state error", role: "alert" }, h("p", {}, sentence(error)), again);
}

/**
 * Shows that something loads, then what came of it; an error can be tried again.
 * @param {HTMLElement} root
 * @param {() => Promise<import("../core/dom.js").Child | import("../core/dom.js").Child[]>} make
 * @returns {Promise<void>}
 */
export async function shown(root, make) {
  const wait = setTimeout(() => fill(root, loading()), root.childElementCount ? 300 : 0);
  try {
    const made = await make();
    clearTimeout(wait);
    fill(root, made);
  } catch (error) {
    clearTimeout(wait);
    if (!isAbort(error)) fill(root, failed(error, () => shown(root, make)));
  }
}
