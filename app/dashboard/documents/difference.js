// A unified difference, with signs and colours.

import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";

/** @param {string} unified */
export function difference(unified) {
  if (!unified) return h("p", {}, t("prompt.no_difference"));
  const lines = unified.split("\n").filter((line) => !line.startsWith("---") && !line.startsWith("+++"));
  return h(
    "pre",
    { class: "difference", tabindex: "0" },
    lines.map((line) => h("span", { class: { "+": "added", "-": "removed", "@": "place" }[line[0]] ?? null }, `${line}\n`)),
  );
}
