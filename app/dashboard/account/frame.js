// The frame of the screens before one has signed in.

import { fill, h } from "../core/dom.js";

/**
 * @param {HTMLElement} root
 * @param {string} title
 * @param {...import("../core/dom.js").Child} content
 */
export function frame(root, title, ...content) {
  fill(root, h("section", { class: "card narrow" }, h("p", { class: "brand" }, "Orquestradora"), h("h1", {}, title), content));
  const first = root.querySelector("input");
  first?.focus();
}

/**
 * A line with a link below a form.
 * @param {string} path
 * @param {string} text
 */
export function link(path, text) {
  return h("p", {}, h("a", { href: `#${path}` }, text));
}
