// What is beside a conversation: contact, labels, notes, export, deletion.

import { download, put, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { go } from "../core/router.js";
import { confirmed } from "../components/dialog.js";
import { toast, toastError } from "../components/toast.js";
import { answeringText, channelOf, nameOf } from "./names.js";
import { tell } from "./news.js";
import { Notes } from "./notes.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Label} Label */

export class Details {
  /**
   * @param {Conversation} conversation
   * @param {Map<string, Label>} labels of its assistant
   * @param {{operate: boolean, configure: boolean, own: boolean}} may
   */
  constructor(conversation, labels, may) {
    this.labels = labels;
    this.may = may;
    this.seen = "";
    this.facts = h("dl", { class: "facts" });
    this.chosen = h("div", { class: "row" });
    this.notes = new Notes(conversation._id, may.configure);
    this.element = h(
      "aside",
      { class: "details", "aria-label": t("details") },
      this.facts,
      h("section", { class: "stack" }, h("h3", {}, t("labels")), this.chosen),
      this.notes.element,
      may.own && this.#ownersPart(conversation),
    );
    this.show(conversation);
  }

  /** @param {Conversation} conversation */
  show(conversation) {
    const seen = JSON.stringify([conversation.labels, conversation.answering, conversation.username]);
    if (seen === this.seen) return;
    this.seen = seen;
    const facts = [
      ["details.contact", nameOf(conversation)],
      ["details.number", conversation.channel.id],
      ["details.channel", channelOf(conversation)],
      ["details.assistant", conversation.assistant_name ?? ""],
      ["details.answering", answeringText(conversation.answering)],
      ["details.reason", conversation.handover_reason ?? ""],
      ["details.since", fullMoment(conversation.createdAt)],
    ];
    fill(this.facts, facts.filter(([, value]) => value).flatMap(([key, value]) => [h("dt", {}, t(key)), h("dd", {}, value)]));
    this.#showLabels(conversation);
  }

  /** @param {Conversation} conversation */
  #showLabels(conversation) {
    const has = new Set(conversation.labels ?? []);
    const toggles = [...this.labels.values()].map((label) => {
      const dot = h("span", { class: "dot" });
      dot.style.setProperty("--dot", label.color);
      const pressed = has.has(label._id);
      const toggle = () => {
        if (pressed) has.delete(label._id);
        else has.add(label._id);
        void this.#setLabels(conversation, [...has]);
      };
      const props = { type: "button", class: "chip toggle", "aria-pressed": String(pressed), disabled: !this.may.operate, onclick: toggle };
      return h("button", props, dot, label.name);
    });
    const link = h("a", { href: `#/assistentes/${conversation.assistant_id}/etiquetas` }, t("labels.manage"));
    const hint = h("span", { class: "muted" }, t("labels.none"), " ", this.may.configure && link);
    fill(this.chosen, toggles.length ? toggles : hint);
  }

  /**
   * @param {Conversation} conversation
   * @param {string[]} ids
   */
  async #setLabels(conversation, ids) {
    try {
      const changed = await put(`/conversations/labels/${conversation._id}`, { label_ids: ids });
      tell(changed);
      this.show(changed);
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {Conversation} conversation */
  #ownersPart(conversation) {
    const id = conversation._id;
    const save = () => void download(`/conversations/export/${id}`, {}, `conversa-${id}.json`).catch(toastError);
    const erase = async () => {
      if (!(await confirmed(t("details.delete"), t("details.delete_hint"), t("details.delete")))) return;
      try {
        const receipt = await remove(`/conversations/delete/${id}`);
        toast(t("details.deleted", { receipt: receipt.receipt_id }));
        go("/conversas");
      } catch (error) {
        toastError(error);
      }
    };
    return h(
      "section",
      { class: "row" },
      h("button", { type: "button", onclick: save }, t("details.export")),
      h("button", { type: "button", onclick: () => void erase() }, t("details.delete")),
    );
  }
}
