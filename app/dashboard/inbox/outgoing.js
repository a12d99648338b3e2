// What a person sends: shown at once, sent with an id so that trying again never sends twice, kept over a reload.

import { post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { sentence } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { icon } from "../components/icons.js";

/** @typedef {{id: string, text: string}} Waiting */
/** @typedef {import("./types.js").Conversation} Conversation */

const PREFIX = "orquestradora.outgoing.";

export class Outgoing {
  /**
   * @param {Conversation} conversation
   * @param {() => void} sent called after each message that arrived
   */
  constructor(conversation, sent) {
    this.conversation = conversation;
    this.sent = sent;
    this.element = h("ol", { class: "outgoing", "aria-label": t("outgoing") });
    /** @type {Waiting[]} */
    this.waiting = JSON.parse(sessionStorage.getItem(PREFIX + conversation._id) ?? "[]");
    for (const one of this.waiting) this.#show(one);
  }

  /** @param {string} text */
  add(text) {
    const one = { id: crypto.randomUUID(), text };
    this.waiting.push(one);
    this.#keep();
    this.#show(one);
  }

  #keep() {
    const key = PREFIX + this.conversation._id;
    if (this.waiting.length) sessionStorage.setItem(key, JSON.stringify(this.waiting));
    else sessionStorage.removeItem(key);
  }

  /** @param {Waiting} one */
  #show(one) {
    const state = h("footer", { role: "status" });
    const item = h("li", { class: "bubble person" }, h("p", { class: "text" }, one.text), state);
    this.element.append(item);
    item.scrollIntoView({ block: "nearest" });
    void this.#send(one, item, state);
  }

  /**
   * @param {Waiting} one
   * @param {HTMLElement} item
   * @param {HTMLElement} state
   */
  async #send(one, item, state) {
    fill(state, icon("clock"), t("delivery.sending"));
    const { channel, assistant_id } = this.conversation;
    const body = { id: channel.id, message_service: channel.message_service, message: one.text, message_id: one.id };
    try {
      await post("/chats/mensagemHumana", body, { query: { assistant_id }, repeatable: true });
      this.#forget(one);
      this.sent();
      item.remove();
    } catch (error) {
      const again = h("button", { type: "button", class: "link", onclick: () => void this.#send(one, item, state) }, t("retry"));
      const drop = () => {
        this.#forget(one);
        item.remove();
      };
      fill(state, h("span", { class: "field-error" }, sentence(error)), again, h("button", { type: "button", class: "link", onclick: drop }, t("discard")));
    }
  }

  /** @param {Waiting} one */
  #forget(one) {
    this.waiting = this.waiting.filter((other) => other !== one);
    this.#keep();
  }
}
