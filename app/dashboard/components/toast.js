// Short messages at the edge of the screen, read aloud by screen readers.

import { h } from "../core/dom.js";
import { sentence } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { icon } from "./icons.js";

const SECONDS = 6;

function region() {
  let region = document.querySelector(".toasts");
  if (!region) {
    region = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  return region;
}

/**
 * @param {string} text
 * @param {"info" | "error"} [kind]
 */
export function toast(text, kind = "info") {
  const box = h("div", { class: `toast ${kind}` }, h("span", {}, text));
  box.append(
    h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => box.remove() }, icon("close")),
  );
  // A modal dialog hides what lies outside it, so the message goes into it.
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (dialog) {
    box.setAttribute("role", "alert");
    dialog.append(box);
  } else {
    region().append(box);
  }
  setTimeout(() => box.remove(), (kind === "error" ? 2 : 1) * SECONDS * 1000);
}

/** @param {unknown} error */
export function toastError(error) {
  toast(sentence(error), "error");
}
