// The documents an answer was built from; a click shows the passage in its document.

import { get, post } from "../core/api.js";
import { h } from "../core/dom.js";
import { percent } from "../core/format.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { icon } from "../components/icons.js";
import { empty, shown } from "../components/states.js";

/** @typedef {import("./types.js").Turn} Turn */
/** @typedef {{document_id: string, position: number, heading: string, text: string, score?: number}} Passage */

/**
 * @param {Turn["sources"]} found
 * @param {Turn} turn
 */
export function sources(found, turn) {
  if (!found.length) return null;
  const items = found.map((source) =>
    h("li", {}, h("button", { type: "button", class: "source", onclick: () => open(source, turn) }, icon("document"), source.filename)),
  );
  return h("ul", { class: "sources", "aria-label": t("sources") }, items);
}

/**
 * @param {Turn["sources"][number]} source
 * @param {Turn} turn
 */
function open(source, turn) {
  const body = h("div", { class: "stack passages" });
  openDialog(source.filename, () => [h("p", { class: "muted" }, t("sources.score", { score: percent(source.score) })), body], { wide: true });
  void shown(body, async () => {
    const found = await passages(source, turn);
    return found.length ? found.map(passage) : empty(t("sources.gone"));
  });
}

/**
 * The chunks of the document that fit the question; all of it where searching is not the caller's.
 * @param {Turn["sources"][number]} source
 * @param {Turn} turn
 * @returns {Promise<Passage[]>}
 */
async function passages(source, turn) {
  try {
    const body = { query: turn.message, limit: 50 };
    /** @type {Passage[]} */
    const found = await post(`/assistants/search/${turn.assistant_id}`, body, { repeatable: true });
    const fitting = found.filter((one) => one.document_id === source.document_id);
    if (fitting.length) return fitting.slice(0, 5);
  } catch {
    // Operators may read documents, and not search them.
  }
  return ranked(await get(`/documents/chunks/${source.document_id}`, { limit: 500 }), turn.message);
}

/**
 * Those that share most words with the question first.
 * @param {Passage[]} chunks
 * @param {string} question
 */
function ranked(chunks, question) {
  const words = question.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  /** @param {Passage} chunk */
  const fit = (chunk) => words.filter((word) => `${chunk.heading} ${chunk.text}`.toLowerCase().includes(word.slice(0, 6))).length;
  return [...chunks].sort((a, b) => fit(b) - fit(a)).slice(0, 5);
}

/** @param {Passage} found */
export function passage(found) {
  return h(
    "article",
    { class: "passage" },
    h("h3", {}, found.heading || t("sources.position", { n: found.position + 1 })),
    h("p", { class: "text" }, found.text),
  );
}
