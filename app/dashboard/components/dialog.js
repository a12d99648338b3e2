// Modal dialogs on <dialog>: the browser keeps the focus inside and Escape closes.

import { fill, freshId, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { icon } from "./icons.js";

/**
 * Opens a dialog; it is gone when it is closed.
 * @param {string} title
 * @param {(close: () => void) => (import("../core/dom.js").Child)[]} content
 * @param {{wide?: boolean, fixed?: boolean, onclose?: () => void}} [options] `fixed`: cannot be closed by the reader
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, options = {}) {
  const heading = freshId();
  const dialog = h("dialog", { "aria-labelledby": heading, class: options.wide ? "wide" : null });
  const close = () => dialog.close();
  const cross = h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: close }, icon("close"));
  fill(
    dialog,
    h("header", {}, h("h2", { id: heading }, title), !options.fixed && cross),
    h("div", { class: "dialog-body" }, content(close)),
  );
  if (options.fixed) dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    dialog.remove();
    options.onclose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something that cannot be undone.
 * @param {string} title
 * @param {string} text
 * @param {string} verb what the button says
 * @param {boolean} [danger]
 * @returns {Promise<boolean>}
 */
export function confirmed(title, text, verb, danger = true) {
  return new Promise((resolve) => {
    let answer = false;
    openDialog(
      title,
      (close) => {
        const yes = () => {
          answer = true;
          close();
        };
        return [
          h("p", {}, text),
          h(
            "div",
            { class: "actions" },
            h("button", { type: "button", onclick: close }, t("cancel")),
            h("button", { type: "button", class: danger ? "danger" : "primary", onclick: yes }, verb),
          ),
        ];
      },
      { onclose: () => resolve(answer) },
    );
  });
}

/**
 * Shows something that is shown only once, with a button that copies it.
 * @param {string} title
 * @param {string} hint
 * @param {string} secret
 */
export function showOnce(title, hint, secret) {
  openDialog(title, (close) => {
    const field = h("input", { readonly: true, value: secret, "aria-label": title, class: "mono" });
    const said = h("span", { role: "status" });
    const copy = async () => {
      await navigator.clipboard.writeText(secret).catch(() => field.select());
      said.textContent = t("copied");
    };
    return [
      h("p", {}, hint),
      h("div", { class: "row" }, field, h("button", { type: "button", class: "primary", onclick: copy }, t("copy"))),
      said,
      h("div", { class: "actions" }, h("button", { type: "button", onclick: close }, t("done"))),
    ];
  });
}
