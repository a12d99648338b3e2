// The list of conversations: filters, pages as one scrolls, changes as they come.

import { send } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { PagedList } from "../components/pages.js";
import { empty } from "../components/states.js";
import { folded, nameOf } from "./names.js";
import { news, onDeleted, onNews } from "./news.js";
import { row, update } from "./row.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Filters} Filters */

export class ConversationList {
  /**
   * @param {AbortSignal} signal
   * @param {Map<string, import("./types.js").Label>} labels filled later
   */
  constructor(signal, labels) {
    this.labels = labels;
    this.current = "";
    /** @type {Filters} */
    this.filters = { assistant_id: "", answering: "", label_id: "", unread: false, q: "" };
    /** @type {Map<string, Conversation>} */
    this.known = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.items = new Map();
    this.element = new PagedList();
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    onNews((changed) => this.#merge(changed), signal);
    onDeleted((ids) => this.#drop(ids), signal);
    news.addEventListener("reset", () => void this.element.reload(), { signal });
  }

  /** Reads the first page. */
  start() {
    return this.element.configure({
      label: t("inbox.list"),
      load: (cursor) => this.#page(cursor),
      row: (conversation) => this.#made(conversation._id, row(conversation, this.labels, conversation._id === this.current)),
      empty: () => (this.#filtered() ? empty(t("inbox.none_found"), t("inbox.none_found_hint")) : this.#nothing()),
    });
  }

  /** @param {Partial<Filters>} changed */
  filter(changed) {
    this.filters = { ...this.filters, ...changed };
    return this.element.reload();
  }

  /** @param {string} id of the conversation that is shown */
  select(id) {
    for (const shown of [this.current, id]) {
      const item = this.#item(shown);
      const conversation = this.known.get(shown);
      if (item && conversation) update(item, conversation, this.labels, shown === id);
    }
    this.current = id;
  }

  /** Shows all rows anew, after the labels have come. */
  refresh() {
    for (const [id, item] of this.items) {
      const conversation = this.known.get(id);
      if (conversation && item.isConnected) update(item, conversation, this.labels, id === this.current);
    }
  }

  #nothing() {
    const link = h("a", { class: "button", href: "#/assistentes" }, t("inbox.empty_action"));
    return empty(t("inbox.empty"), t("inbox.empty_hint"), link);
  }

  #filtered() {
    return Object.values(this.filters).some(Boolean);
  }

  /**
   * @param {string | null} cursor
   * @returns {Promise<import("../components/pages.js").Page<Conversation>>}
   */
  async #page(cursor) {
    const query = { ...this.filters, unread: this.filters.unread || null, cursor, limit: 40 };
    const { data, next } = await send("GET", "/conversations/list", { query });
    // What came while the page was under way may be newer than the page.
    const items = data.map((/** @type {Conversation} */ one) => this.#newest(one));
    for (const one of items) this.known.set(one._id, one);
    return { items, next };
  }

  /** @param {Conversation} one */
  #newest(one) {
    const known = this.known.get(one._id);
    return known && known.changed_at > one.changed_at ? known : one;
  }

  /** @param {Conversation[]} changed */
  #merge(changed) {
    for (const one of changed) {
      const known = this.known.get(one._id);
      this.known.set(one._id, one);
      const item = this.#item(one._id);
      // A filter by unread keeps what is being read until it is applied anew.
      if (!this.#fits(one) && !(item && one._id === this.current)) item?.remove();
      else if (item && known?.last_activity_at === one.last_activity_at) update(item, one, this.labels, one._id === this.current);
      else this.#place(item ?? this.#made(one._id, h("li", { "data-id": one._id })), one);
    }
    this.element.settle();
  }

  /** @param {string[]} ids of conversations that were deleted */
  #drop(ids) {
    for (const id of ids) {
      this.#item(id)?.remove();
      this.known.delete(id);
    }
    this.element.settle();
  }

  /**
   * @param {HTMLElement} item
   * @param {Conversation} conversation
   */
  #place(item, conversation) {
    update(item, conversation, this.labels, conversation._id === this.current);
    const rows = [...this.element.list.children];
    const before = rows.find(
      (one) => one !== item && one instanceof HTMLElement && (one.dataset.activity ?? "") < conversation.last_activity_at,
    );
    if (before) before.before(item);
    else if (!item.isConnected && !this.element.hasMore) this.element.list.append(item);
  }

  /** @param {Conversation} one */
  #fits(one) {
    const { assistant_id: assistant, answering, label_id: label, unread, q } = this.filters;
    return (
      (!assistant || one.assistant_id === assistant) &&
      (!answering || one.answering === answering) &&
      (!label || (one.labels ?? []).includes(label)) &&
      (!unread || Boolean(one.unread)) &&
      (!q || folded(`${nameOf(one)} ${one.channel.id}`).includes(folded(q)))
    );
  }

  /** @param {string} id */
  #item(id) {
    const item = this.items.get(id);
    return item?.isConnected ? item : null;
  }

  /**
   * @template {HTMLElement} E
   * @param {string} id
   * @param {E} item
   */
  #made(id, item) {
    this.items.get(id)?.remove();
    this.items.set(id, item);
    return item;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const item = document.activeElement?.closest("li");
    if (!item || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const next = event.key === "ArrowDown" ? item.nextElementSibling : item.previousElementSibling;
    const link = next?.querySelector("a");
    if (link) {
      event.preventDefault();
      link.focus();
    }
  }
}
