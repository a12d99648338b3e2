// The messages on screen: days, bubbles, notes between them, older ones as one scrolls up, the newest kept in view.

import { fill, h } from "../core/dom.js";
import { day } from "../core/format.js";
import { t } from "../core/i18n.js";
import { toastError } from "../components/toast.js";
import { bubbles } from "./bubble.js";

/** @typedef {import("./types.js").Turn} Turn */

const NEAR = 120;

export class Timeline {
  /**
   * @param {import("./turns.js").Turns} turns
   * @param {import("./bubble.js").Actions} actions
   */
  constructor(turns, actions) {
    this.turns = turns;
    this.actions = actions;
    this.list = h("div", { class: "turns", role: "log", "aria-label": t("conversation.messages"), tabindex: "0" });
    this.newest = h("button", { type: "button", class: "newest", hidden: true, onclick: () => void this.toNewest() }, t("conversation.newest"));
    this.element = h("div", { class: "timeline" }, this.list, this.newest);
    /** @type {Map<string, {seen: string, item: HTMLElement}>} */
    this.shown = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.days = new Map();
    this.busy = false;
    this.isAtEnd = true;
    this.list.addEventListener("scroll", () => void this.#onScroll());
    // Pictures grow when they have come; events of theirs do not bubble.
    this.list.addEventListener("load", () => this.isAtEnd && this.toEnd(), true);
  }

  /** Shows what has changed and leaves the rest as it is, so that nothing that is read or selected moves. */
  show() {
    const { conversation } = this.turns;
    if (!conversation) return;
    const atEnd = this.#fromEnd() < NEAR;
    const [height, top] = [this.list.scrollHeight, this.list.scrollTop];
    const first = this.list.querySelector("[data-id]")?.getAttribute("data-id");
    const sorted = this.turns.sorted;
    const wanted = sorted.map((turn) => this.#item(turn, conversation));
    this.#arrange(sorted, wanted);
    const prepended = first && sorted[0] && sorted[0]._id < first;
    if (prepended) this.list.scrollTop = top + this.list.scrollHeight - height;
    else if (atEnd && !this.turns.newer) this.toEnd();
    this.newest.hidden = this.#fromEnd() < NEAR && !this.turns.newer;
  }

  toEnd() {
    this.isAtEnd = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Shows the newest message, wherever one is. */
  async toNewest() {
    if (this.turns.newer) await this.turns.open().catch(toastError);
    this.toEnd();
  }

  /** @param {string} id of a message, which is shown and marked */
  jump(id) {
    const item = this.shown.get(id)?.item;
    if (!item) return;
    item.scrollIntoView({ block: "center" });
    item.classList.add("found");
    item.focus({ preventScroll: true });
  }

  /**
   * @param {Turn} turn
   * @param {import("./types.js").Conversation} conversation
   */
  #item(turn, conversation) {
    const seen = JSON.stringify(turn);
    const known = this.shown.get(turn._id);
    if (known?.seen === seen) return known.item;
    const item = bubbles(turn, conversation, this.actions);
    const hadFocus = known?.item.contains(document.activeElement);
    known?.item.replaceWith(item);
    if (hadFocus) item.focus({ preventScroll: true });
    this.shown.set(turn._id, { seen, item });
    return item;
  }

  /**
   * Puts the items into the list with a line where a day begins.
   * @param {Turn[]} sorted
   * @param {HTMLElement[]} items
   */
  #arrange(sorted, items) {
    /** @type {HTMLElement[]} */
    const lines = [];
    let last = "";
    sorted.forEach((turn, i) => {
      const date = day(turn.createdAt);
      if (date !== last) lines.push(this.#dayLine(date));
      last = date;
      lines.push(items[i]);
    });
    const present = [...this.list.children];
    if (present.length === lines.length && lines.every((line, i) => line === present[i])) return;
    if (!lines.length) return fill(this.list, h("p", { class: "event" }, t("conversation.no_messages")));
    const kept = new Set(lines);
    for (const child of present) if (child instanceof HTMLElement && !kept.has(child)) child.remove();
    lines.forEach((line, i) => {
      if (this.list.children[i] !== line) this.list.insertBefore(line, this.list.children[i] ?? null);
    });
    return undefined;
  }

  /** @param {string} date */
  #dayLine(date) {
    const known = this.days.get(date) ?? h("div", { class: "day" }, h("span", {}, date));
    this.days.set(date, known);
    return known;
  }

  #fromEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight;
  }

  async #onScroll() {
    this.isAtEnd = this.#fromEnd() < NEAR && !this.turns.newer;
    this.newest.hidden = this.isAtEnd;
    if (this.busy) return;
    this.busy = true;
    try {
      if (this.list.scrollTop < 300 && this.turns.older) await this.turns.loadOlder();
      else if (this.#fromEnd() < 300 && this.turns.newer) await this.turns.loadNewer();
    } catch (error) {
      toastError(error);
    } finally {
      this.busy = false;
    }
  }
}
