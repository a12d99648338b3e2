// The labels of the caller's assistants.

import { get } from "../core/api.js";

/** @typedef {import("./types.js").Label} Label */

/** @type {Map<string, Promise<Label[]>>} */
const asked = new Map();

/**
 * @param {string} assistantId
 * @returns {Promise<Label[]>}
 */
export function labelsOf(assistantId) {
  const known = asked.get(assistantId) ?? get(`/assistants/labels/${assistantId}`, { limit: 500 });
  asked.set(assistantId, known);
  known.catch(() => asked.delete(assistantId));
  return known;
}

/** Forgets them, after somebody has changed some. */
export function forgetLabels() {
  asked.clear();
}

/**
 * @param {Label[]} labels
 * @returns {Map<string, Label>}
 */
export function byId(labels) {
  return new Map(labels.map((label) => [label._id, label]));
}
