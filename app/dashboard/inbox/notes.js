// Private notes of a conversation.

import { get, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { user } from "../core/session.js";
import { icon } from "../components/icons.js";
import { failed } from "../components/states.js";
import { toastError } from "../components/toast.js";

/** @typedef {{_id: string, author: {id: string, name: string} | null, text: string, createdAt: string}} Note */

export class Notes {
  /**
   * @param {string} id of the conversation
   * @param {boolean} canDelete also others' notes
   */
  constructor(id, canDelete) {
    this.id = id;
    this.canDelete = canDelete;
    this.list = h("ul", { class: "stack" });
    this.element = h("section", { class: "stack" }, h("h3", {}, t("notes")), this.list);
    void this.load();
  }

  async load() {
    try {
      /** @type {Note[]} */
      const notes = await get(`/conversations/notes/${this.id}`, { limit: 100 });
      fill(this.list, notes.length ? notes.map((one) => this.#item(one)) : h("li", { class: "muted" }, t("notes.empty")));
    } catch (error) {
      fill(this.list, h("li", {}, failed(error, () => this.load())));
    }
  }

  /** @param {Note} note */
  #item(note) {
    const mine = note.author?.id === user()?.id;
    const drop = h("button", { type: "button", class: "icon-button", "aria-label": t("notes.delete"), onclick: () => void this.#delete(note) }, icon("trash"));
    return h(
      "li",
      { class: "note" },
      h("p", { class: "text" }, note.text),
      h("div", { class: "between muted" }, h("span", {}, note.author?.name ?? "–", " · ", fullMoment(note.createdAt)), (mine || this.canDelete) && drop),
    );
  }

  /** @param {Note} note */
  async #delete(note) {
    await remove(`/conversations/notes/${this.id}`, { note_id: note._id }).catch(toastError);
    await this.load();
  }
}
