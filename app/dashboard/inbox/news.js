// What is new in conversations: one poll for the whole page, which everything on it listens to.

import { send } from "../core/api.js";
import { poll } from "../core/poll.js";

const SEEN = 2000;
const GAP = 10 * 60_000;

/** @typedef {import("./types.js").Conversation} Conversation */

/** @typedef {{_id: string, deleted: true, changed_at: string}} Deleted */

/**
 * `change`: a `CustomEvent` whose detail is the conversations that changed. `found`: as a look found them, and not as
 * this page changed them itself. `deleted`: one whose detail is the ids of those that were deleted. `reset`: too much
 * time has passed to know what changed (a computer that slept), so lists are read anew.
 */
export const news = new EventTarget();

let since = "";
let lookedAt = 0;
/** @type {string | null} */
let etag = null;
/** @type {(() => void) | null} */
let now = null;

/** Begins to look, once for the life of the page. */
export function watchNews() {
  now ??= poll(look, { every: SEEN, signal: new AbortController().signal });
}

/** Looks at once, after one has done something. */
export function lookNow() {
  now?.();
}

/** @param {AbortSignal} signal */
async function look(signal) {
  const query = { changed_since: since, limit: since ? 200 : 1 };
  const answer = await send("GET", "/conversations/list", { query, etag, signal });
  if (lookedAt && Date.now() - lookedAt > GAP) news.dispatchEvent(new Event("reset"));
  lookedAt = Date.now();
  etag = answer.etag;
  if (answer.status === 304) return;
  /** @type {(Conversation | Deleted)[]} */
  const changed = answer.data;
  const first = !since;
  const latest = changed.reduce((newest, one) => (one.changed_at > newest ? one.changed_at : newest), since);
  if (latest !== since) etag = null;
  since = latest || serverTime(answer.response);
  if (!first) spread(changed);
}

/** @param {(Conversation | Deleted)[]} changed */
function spread(changed) {
  /** @type {Conversation[]} */
  const there = [];
  /** @type {string[]} */
  const deleted = [];
  for (const one of changed) {
    if ("deleted" in one) deleted.push(one._id);
    else there.push(one);
  }
  if (deleted.length) news.dispatchEvent(new CustomEvent("deleted", { detail: deleted }));
  for (const type of there.length ? ["change", "found"] : []) news.dispatchEvent(new CustomEvent(type, { detail: there }));
}

/** @param {Response} response */
function serverTime(response) {
  return new Date(response.headers.get("Date") ?? Date.now()).toISOString();
}

/**
 * Calls a listener with the conversations that changed.
 * @param {(changed: Conversation[]) => void} listener
 * @param {AbortSignal} [signal]
 */
export function onNews(listener, signal) {
  news.addEventListener("change", (event) => event instanceof CustomEvent && listener(event.detail), { signal });
}

/**
 * Calls a listener when a look has found something new of one conversation.
 * @param {string} id
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function onNewsOf(id, listener, signal) {
  const isIt = (/** @type {Conversation} */ one) => one._id === id;
  news.addEventListener("found", (event) => event instanceof CustomEvent && event.detail.some(isIt) && listener(), { signal });
  news.addEventListener("reset", listener, { signal });
}

/**
 * Calls a listener with the ids of conversations that were deleted.
 * @param {(ids: string[]) => void} listener
 * @param {AbortSignal} [signal]
 */
export function onDeleted(listener, signal) {
  news.addEventListener("deleted", (event) => event instanceof CustomEvent && listener(event.detail), { signal });
}

/**
 * Tells everything on the page what an own request has brought.
 * @param {Conversation} conversation
 */
export function tell(conversation) {
  news.dispatchEvent(new CustomEvent("change", { detail: [conversation] }));
}
