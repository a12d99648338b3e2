// The messages of one conversation: newest page first, older and newer ones on demand, changes as they come.

import { send } from "../core/api.js";
import { poll } from "../core/poll.js";
import { onNewsOf } from "./news.js";

/** @typedef {import("./types.js").Turn} Turn */
/** @typedef {import("./types.js").Conversation} Conversation */

const PAGE = 40;
// What is new is told by the news of all conversations; this is for what they may miss.
const EVERY = 15_000;

export class Turns extends EventTarget {
  /**
   * @param {string} id of the conversation
   * @param {AbortSignal} signal
   */
  constructor(id, signal) {
    super();
    this.id = id;
    this.signal = signal;
    /** @type {Map<string, Turn>} */
    this.all = new Map();
    /** @type {Conversation | null} */
    this.conversation = null;
    /** @type {string | null} */
    this.older = null;
    /** @type {string | null} */
    this.newer = null;
    this.since = "";
    /** @type {string | null} */
    this.etag = null;
  }

  /** Oldest first. */
  get sorted() {
    return [...this.all.values()].sort((a, b) => (a._id < b._id ? -1 : 1));
  }

  /**
   * Reads the newest page, or the one around a message.
   * @param {string} [around] the id of a message
   */
  async open(around) {
    const query = around ? { around, limit: PAGE } : { limit: PAGE };
    const { data, response } = await send("GET", `/conversations/get/${this.id}`, { query, signal: this.signal });
    this.all.clear();
    this.older = linkOf(response, "next", "cursor");
    this.newer = linkOf(response, "prev", "after");
    this.#take(data);
  }

  /** Begins to look for changes. */
  watch() {
    const look = poll((signal) => this.#look(signal), { every: EVERY, signal: this.signal });
    onNewsOf(this.id, look, this.signal);
    return look;
  }

  async loadOlder() {
    if (!this.older) return;
    const answer = await this.#page({ cursor: this.older });
    this.older = linkOf(answer.response, "next", "cursor");
    this.#take(answer.data);
  }

  async loadNewer() {
    if (!this.newer) return;
    const answer = await this.#page({ after: this.newer });
    this.newer = linkOf(answer.response, "prev", "after");
    this.#take(answer.data);
  }

  /** @param {import("../core/api.js").Query} where */
  #page(where) {
    const query = { ...where, limit: PAGE };
    return send("GET", `/conversations/get/${this.id}`, { query, signal: this.signal });
  }

  /** @param {AbortSignal} signal */
  async #look(signal) {
    const query = { changed_since: this.since, limit: PAGE };
    const path = `/conversations/get/${this.id}`;
    const answer = await send("GET", path, { query, etag: this.etag, signal });
    if (answer.status === 304) return;
    const before = this.since;
    this.#take(answer.data, this.#isSeen());
    // An ETag is one of an address, which the next moment changes.
    this.etag = this.since === before ? answer.etag : null;
  }

  /**
   * @param {Conversation & {turns: Turn[]}} data
   * @param {(turn: Turn) => boolean} wanted
   */
  #take({ turns, ...conversation }, wanted = () => true) {
    this.conversation = conversation;
    for (const turn of turns) {
      if (wanted(turn)) this.all.set(turn._id, turn);
      if (turn.changed_at > this.since) this.since = turn.changed_at;
    }
    this.since ||= conversation.changed_at;
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Whether a change is about what is loaded, or new; what lies in pages that are not loaded comes with them.
   * @returns {(turn: Turn) => boolean}
   */
  #isSeen() {
    const known = this.sorted;
    const [first, last] = [known[0]?._id, known.at(-1)?._id];
    return ({ _id: id }) => {
      if (this.all.has(id) || !first || !last) return true;
      return id > last ? !this.newer : id > first || !this.older;
    };
  }
}

/**
 * @param {Response} response
 * @param {string} rel
 * @param {string} parameter
 */
function linkOf(response, rel, parameter) {
  const links = (response.headers.get("Link") ?? "").split(/,\s*(?=<)/);
  const found = links.find((link) => link.includes(`rel="${rel}"`));
  const target = found && /<([^>]+)>/.exec(found);
  return target ? new URL(target[1], response.url).searchParams.get(parameter) : null;
}
