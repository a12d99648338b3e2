// What the service says in English sentences (why a delivery failed, what a check found), in the language and the words of the page.

import { language } from "./i18n.js";

/** @type {{pattern: RegExp, text: string}[]} the longest sentence first */
let known = [];

/** Loads the translations; without them the sentences stay as they are. */
export async function loadSaid() {
  const response = await fetch(new URL(`../i18n/said-${language()}.json`, import.meta.url));
  /** @type {Record<string, string>} */
  const sentences = response.ok ? await response.json() : {};
  const longestFirst = Object.entries(sentences).sort(([a], [b]) => b.length - a.length);
  known = longestFirst.map(([sentence, text]) => ({ pattern: patternOf(sentence), text }));
}

/**
 * Each `{}` in a sentence stands for any text, and what follows the sentence is translated by itself.
 * @param {string} sentence
 */
function patternOf(sentence) {
  const parts = sentence.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.*?)")}(?:\\s+([^]*))?$`);
}

/**
 * The text as it is where it is not known: a provider's own words, a name.
 * @param {string | null | undefined} text
 * @returns {string}
 */
export function said(text) {
  if (!text) return "";
  for (const { pattern, text: translation } of known) {
    const found = pattern.exec(text);
    if (found) {
      const values = found.slice(1, -1);
      const filled = translation.replaceAll("{}", () => values.shift() ?? "");
      return [filled, said(found.at(-1))].filter(Boolean).join(" ");
    }
  }
  return text;
}
