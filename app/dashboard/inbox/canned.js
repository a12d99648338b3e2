// Canned replies: "/" at the beginning of a message opens the list, arrows choose, Enter takes.

import { get } from "../core/api.js";
import { fill, freshId, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { folded } from "./names.js";

/** @typedef {{_id: string, shortcut: string, text: string}} Canned */

export class CannedMenu {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {string} assistantId
   * @param {() => string} name of the customer, for {{nome}}
   */
  constructor(field, assistantId, name) {
    this.field = field;
    this.name = name;
    this.id = freshId();
    /** @type {Promise<Canned[]>} */
    this.replies = get(`/assistants/cannedReplies/${assistantId}`, { limit: 500 }).catch(() => []);
    /** @type {Canned[]} */
    this.found = [];
    this.chosen = 0;
    this.element = h("ul", { class: "canned", role: "listbox", id: this.id, "aria-label": t("canned"), hidden: true });
    field.setAttribute("aria-controls", this.id);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => void this.#onInput());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  async #onInput() {
    const typed = /^\/([\p{L}\p{N}\-_.]*)$/u.exec(this.field.value);
    if (!typed) return this.close();
    const replies = await this.replies;
    this.found = replies.filter((one) => folded(one.shortcut).startsWith(folded(typed[1]))).slice(0, 8);
    this.chosen = 0;
    this.#show();
    return undefined;
  }

  #show() {
    const options = this.found.map((one, i) =>
      h(
        "li",
        { role: "option", id: `${this.id}-${i}`, "aria-selected": String(i === this.chosen), onclick: () => this.#take(one) },
        h("strong", {}, `/${one.shortcut}`),
        h("span", { class: "muted" }, one.text),
      ),
    );
    fill(this.element, options.length ? options : h("li", { class: "muted" }, t("canned.none")));
    this.element.hidden = false;
    this.field.setAttribute("aria-activedescendant", options.length ? `${this.id}-${this.chosen}` : "");
  }

  close() {
    this.element.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /**
   * Takes the keys that the open list is for; says whether it did.
   * @param {KeyboardEvent} event
   */
  onKey(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.#show();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.found[this.chosen]) {
      this.#take(this.found[this.chosen]);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  /** @param {Canned} reply */
  #take(reply) {
    this.field.value = reply.text.replaceAll("{{nome}}", () => this.name());
    this.close();
    this.field.dispatchEvent(new Event("input"));
    this.field.focus();
  }
}
