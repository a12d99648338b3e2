// Where a person writes to the customer, or a note for the team; locked while the assistant answers.

import { post, put } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { bindDraft, keepDraft } from "../core/drafts.js";
import { t } from "../core/i18n.js";
import { icon } from "../components/icons.js";
import { toast, toastError } from "../components/toast.js";
import { CannedMenu } from "./canned.js";
import { nameOf } from "./names.js";
import { countdown, windowEnd } from "./window.js";

/** @typedef {import("./types.js").Conversation} Conversation */

const LONGEST = 4096;

export class Composer {
  /**
   * @param {import("./turns.js").Turns} turns
   * @param {{send: (text: string) => void, changed: () => void, noted: () => void, typing: (is: boolean) => void}} actions
   */
  constructor(turns, actions) {
    this.turns = turns;
    this.actions = actions;
    this.state = "";
    this.takesOver = false;
    const conversation = /** @type {Conversation} */ (turns.conversation);
    this.field = h("textarea", { rows: 2, maxlength: LONGEST, "aria-label": t("composer.label"), placeholder: t("composer.placeholder") });
    this.menu = new CannedMenu(this.field, conversation.assistant_id, () => nameOf(turns.conversation ?? conversation));
    this.note = h("input", { type: "checkbox", onchange: () => this.#mode() });
    this.button = h("button", { type: "submit", class: "primary" }, icon("send"), h("span", {}, t("composer.send")));
    this.head = h("div", { class: "composer-head" });
    this.form = h(
      "form",
      { class: "composer-form", onsubmit: (event) => this.#onSubmit(event) },
      this.menu.element,
      this.field,
      h("div", { class: "between" }, h("label", { class: "row" }, this.note, t("composer.note")), this.button),
    );
    this.element = h("div", { class: "composer" }, this.head, this.form);
    bindDraft(this.field, conversation._id);
    this.field.addEventListener("keydown", (event) => this.#onKey(event));
    this.field.addEventListener("input", () => actions.typing(this.field.value !== "" && !this.note.checked));
    this.field.addEventListener("blur", () => actions.typing(false));
    this.show();
  }

  /** Shows who answers now. */
  show() {
    const conversation = this.turns.conversation;
    if (!conversation) return;
    const end = windowEnd(conversation);
    const closed = end !== null && end.getTime() <= Date.now();
    const state = `${conversation.active}${closed}${end?.getTime()}`;
    if (state === this.state) return;
    this.state = state;
    fill(this.head, conversation.active ? this.#locked() : [end && (closed ? this.#closed() : countdown(end))]);
    this.head.querySelector("elapsed-time")?.addEventListener("over", () => this.show());
    this.#mode();
    if (this.takesOver && !conversation.active) {
      this.takesOver = false;
      this.field.focus();
    }
  }

  #mode() {
    const locked = Boolean(this.turns.conversation?.active) && !this.note.checked;
    this.field.readOnly = locked;
    this.button.disabled = locked;
    this.form.classList.toggle("note", this.note.checked);
    this.form.classList.toggle("locked", locked);
    this.field.placeholder = t(this.note.checked ? "composer.note_placeholder" : locked ? "composer.locked" : "composer.placeholder");
    fill(this.button, icon(this.note.checked ? "note" : "send"), h("span", {}, t(this.note.checked ? "composer.keep_note" : "composer.send")));
  }

  #locked() {
    const take = h("button", { type: "button", class: "primary", onclick: () => void this.#takeOver(take) }, t("conversation.take_over"));
    return h("div", { class: "banner info" }, h("span", {}, t("composer.locked_hint")), take);
  }

  #closed() {
    const hasTemplates = this.turns.conversation?.channel_kind === "whatsapp_cloud";
    const button = h("button", { type: "button", onclick: () => void this.#chooseTemplate() }, t("templates.open"));
    return h("div", { class: "banner" }, h("span", {}, t("window.closed")), hasTemplates && button);
  }

  async #chooseTemplate() {
    const { conversation } = this.turns;
    const { openTemplates } = await import("./templates.js");
    if (conversation) openTemplates(conversation, this.actions.changed);
  }

  /** @param {HTMLButtonElement} button */
  async #takeOver(button) {
    button.disabled = true;
    this.takesOver = true;
    if (!(await switchTo(this.turns, false))) this.takesOver = false;
    button.disabled = false;
    this.actions.changed();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (this.menu.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text || this.button.disabled) return;
    if (this.note.checked) return void this.#keepNote(text);
    this.actions.send(text);
    this.#clear();
    return undefined;
  }

  /** @param {string} text */
  async #keepNote(text) {
    this.button.disabled = true;
    try {
      await post(`/conversations/notes/${this.turns.id}`, { text });
      this.note.checked = false;
      this.#clear();
      this.actions.noted();
    } catch (error) {
      toastError(error);
    } finally {
      this.#mode();
    }
  }

  #clear() {
    this.field.value = "";
    keepDraft(this.turns.id, "");
    this.actions.typing(false);
  }
}

/**
 * Takes a conversation over, or gives it back to the assistant; false if it could not be done, which was said.
 * @param {import("./turns.js").Turns} turns
 * @param {boolean} active
 */
export async function switchTo(turns, active) {
  const conversation = turns.conversation;
  if (!conversation) return false;
  const { channel, assistant_id } = conversation;
  const path = `/chats/${active ? "ativar" : "desativar"}/${encodeURIComponent(channel.id)}`;
  try {
    await put(path, undefined, { query: { assistant_id, message_service: channel.message_service } });
    toast(t(active ? "conversation.given_back" : "conversation.taken_over"));
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}
