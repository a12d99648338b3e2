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
