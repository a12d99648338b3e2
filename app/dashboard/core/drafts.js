// What is typed and not yet sent survives a reload, an expired token and a crashed tab; it ends with the tab.

const PREFIX = "orquestradora.draft.";

/** @param {string} name */
export function draft(name) {
  return sessionStorage.getItem(PREFIX + name) ?? "";
}

/**
 * @param {string} name
 * @param {string} text "" forgets it
 */
export function keepDraft(name, text) {
  if (text) sessionStorage.setItem(PREFIX + name, text);
  else sessionStorage.removeItem(PREFIX + name);
}

/**
 * Fills a field with its draft and keeps it from now on.
 * @param {HTMLTextAreaElement | HTMLInputElement} field
 * @param {string} name
 */
export function bindDraft(field, name) {
  const kept = draft(name);
  if (kept) field.value = kept;
  field.addEventListener("input", () => keepDraft(name, field.value));
}

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

const NOT_KEPT = new Set(["password", "file"]);

/**
 * Fills a form with its draft and keeps what differs from the form as it was made; never a password.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {{restored: boolean, forget: () => void, discard: () => void}} `forget` after it was sent or given up;
 *   `discard` puts back what the form was made with
 */
export function keepFormDraft(form, name) {
  const controls = () => [...form.elements].filter(isKept);
  const made = new Map(controls().map((one) => [one.name, valueOf(one)]));
  /** @type {Record<string, string>} */
  const kept = JSON.parse(draft(name) || "{}");
  let restored = false;
  for (const control of controls()) {
    const text = kept[control.name];
    if (text === undefined || text === valueOf(control)) continue;
    restored = true;
    setValue(control, text);
  }
  const keep = () => {
    const changed = controls().filter((one) => valueOf(one) !== made.get(one.name));
    keepDraft(name, changed.length ? JSON.stringify(Object.fromEntries(changed.map((one) => [one.name, valueOf(one)]))) : "");
  };
  for (const event of ["input", "change"]) form.addEventListener(event, keep);
  const forget = () => {
    keepDraft(name, "");
    for (const one of controls()) made.set(one.name, valueOf(one));
  };
  const discard = () => {
    for (const one of controls()) setValue(one, made.get(one.name) ?? "");
    keepDraft(name, "");
  };
  return { restored, forget, discard };
}

/**
 * @param {Element} element
 * @returns {element is Control}
 */
function isKept(element) {
  const control = /** @type {Control} */ (element);
  return Boolean(control.name) && "value" in control && !NOT_KEPT.has(control.type) && !control.disabled && !("readOnly" in control && control.readOnly);
}

/**
 * @param {Control} control
 * @returns {control is HTMLInputElement}
 */
function isBox(control) {
  return control.type === "checkbox";
}

/**
 * @param {Control} control
 * @param {string} text
 */
function setValue(control, text) {
  if (isBox(control)) control.checked = text === "true";
  else control.value = text;
}

/** @param {Control} control */
function valueOf(control) {
  return isBox(control) ? String(control.checked) : control.value;
}
