// The assistants at which the caller has a role: asked once, then known.

import { get } from "./api.js";

/** @typedef {Record<string, any> & {_id: string, name: string, role: string | null, api_key: string | null}} Assistant */

const RANKS = ["viewer", "operator", "editor", "owner"];

/** @type {Promise<Assistant[]> | null} */
let asked = null;

/**
 * @param {boolean} [anew]
 * @returns {Promise<Assistant[]>}
 */
export function assistants(anew = false) {
  if (anew) asked = null;
  asked ??= get("/assistants/list", { limit: 500 }).catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** @param {string} id */
export async function assistant(id) {
  return (await assistants()).find((one) => one._id === id) ?? /** @type {Assistant} */ (await get(`/assistants/get/${id}`));
}

/**
 * Whether a role is at least another.
 * @param {string | null | undefined} role
 * @param {"viewer" | "operator" | "editor" | "owner"} least
 */
export function atLeast(role, least) {
  return RANKS.indexOf(role ?? "") >= RANKS.indexOf(least);
}
