// Elements made in code: every text becomes a text node, so nothing a customer or a model wrote is ever markup.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * What an element is made with: `on…` are listeners, `class` and the rest attributes; true is an attribute without
 * a value, false, null and undefined are none.
 * @typedef {{
 *   onclick?: (event: MouseEvent) => unknown,
 *   onsubmit?: (event: SubmitEvent) => unknown,
 *   oninput?: (event: InputEvent) => unknown,
 *   onchange?: (event: Event) => unknown,
 *   onkeydown?: (event: KeyboardEvent) => unknown,
 *   onclose?: (event: Event) => unknown,
 *   ondragover?: (event: DragEvent) => unknown,
 *   ondragleave?: (event: DragEvent) => unknown,
 *   ondrop?: (event: DragEvent) => unknown,
 *   [name: string]: any,
 * }} Props
 */

/**
 * An HTML element.
 * @template {string} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...(Child | Child[])} children
 * @returns {K extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[K] : HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = /** @type {any} */ (document.createElement(tag));
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) {
      if (value) element.addEventListener(name.slice(2), value);
    } else if (name === "value" && "value" in element) {
      Object.assign(element, { value: value ?? "" });
    } else {
      setAttribute(element, name, value);
    }
  }
  append(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {unknown} value
 */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/**
 * @param {Element | DocumentFragment} parent
 * @param {(Child | Child[])[]} children
 */
export function append(parent, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      parent.append(child instanceof Node ? child : String(child));
    }
  }
}

/**
 * Puts other children into an element.
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * An element that is known to be there.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function find(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`no ${selector}`);
  return found;
}

let made = 0;

/** An id for an element, used by labels. */
export function freshId() {
  made += 1;
  return `e${made}`;
}
