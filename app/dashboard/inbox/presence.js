// Who else looks at the conversation, and telling them that one does.

import { post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { icon } from "../components/icons.js";
import { poll } from "../core/poll.js";

// Somebody alone is seen by who comes when these come, and sees them a little later.
const ALONE = 20_000;
const TOGETHER = 5000;

/** @typedef {{user_id: string, name: string, typing: boolean}} Present */

export class Presence {
  /**
   * @param {string} id of the conversation
   * @param {AbortSignal} signal
   */
  constructor(id, signal) {
    this.id = id;
    this.isTyping = false;
    this.element = h("p", { class: "presence", role: "status" });
    this.others = 0;
    this.now = poll((look) => this.#say(look), { every: () => (this.others ? TOGETHER : ALONE), signal });
    signal.addEventListener("abort", () => void post(`/conversations/presence/${id}`, { gone: true }).catch(() => {}));
  }

  /** @param {boolean} typing */
  typing(typing) {
    if (typing === this.isTyping) return;
    this.isTyping = typing;
    this.now();
  }

  /** @param {AbortSignal} signal */
  async #say(signal) {
    const path = `/conversations/presence/${this.id}`;
    /** @type {Present[]} */
    const others = await post(path, { typing: this.isTyping }, { signal });
    this.others = others.length;
    const text = others.map((one) => t(one.typing ? "presence.typing" : "presence.here", { name: one.name })).join(" · ");
    if (text !== this.element.textContent) fill(this.element, text && icon("person"), text);
  }
}
