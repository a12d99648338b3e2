// Texts in the reader's language: one file a language, loaded once before the first screen.

import { preference } from "./preferences.js";

export const LANGUAGES = /** @type {const} */ (["pt", "en", "es"]);
const LOCALES = { pt: "pt-BR", en: "en-GB", es: "es" };

/** @type {Record<string, string>} */
let texts = {};
/** @type {typeof LANGUAGES[number]} */
let current = "pt";

/** The chosen language, or the first of the browser's that there is, or Portuguese. */
function wanted() {
  const asked = [preference("language") ?? "", ...navigator.languages];
  for (const one of asked) {
    const language = LANGUAGES.find((known) => one.toLowerCase().startsWith(known));
    if (language) return language;
  }
  return "pt";
}

/** Loads the texts; rejects where they cannot be loaded. */
export async function loadTexts() {
  current = wanted();
  const response = await fetch(new URL(`../i18n/${current}.json`, import.meta.url));
  if (!response.ok) throw new Error("The texts cannot be loaded.");
  texts = await response.json();
  document.documentElement.lang = locale();
}

/** For Intl. */
export function locale() {
  return LOCALES[current];
}

export function language() {
  return current;
}

/**
 * A text; `{name}` in it is replaced by `values.name`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * A text by number: `key.one` or `key.other`, with `{n}`.
 * @param {string} key
 * @param {number} n
 */
export function tn(key, n) {
  const form = new Intl.PluralRules(locale()).select(n) === "one" ? "one" : "other";
  return t(`${key}.${form}`, { n: new Intl.NumberFormat(locale()).format(n) });
}

/**
 * Whether there is a text.
 * @param {string} key
 */
export function has(key) {
  return key in texts;
}
