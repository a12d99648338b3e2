// One conversation in the list.

import { fill, h } from "../core/dom.js";
import { shortMoment } from "../core/format.js";
import { t, tn } from "../core/i18n.js";
import "./clock.js";
import { answeringText, answeringTone, channelOf, nameOf } from "./names.js";

/** @typedef {import("./types.js").Conversation} Conversation */

/**
 * @param {Conversation} conversation
 * @param {Map<string, import("./types.js").Label>} labels
 * @param {boolean} current
 * @returns {HTMLLIElement}
 */
export function row(conversation, labels, current) {
  const item = h("li", { "data-id": conversation._id });
  update(item, conversation, labels, current);
  return item;
}

/**
 * @param {HTMLElement} item
 * @param {Conversation} conversation
 * @param {Map<string, import("./types.js").Label>} labels
 * @param {boolean} current
 */
export function update(item, conversation, labels, current) {
  const { last_message: last, unread } = conversation;
  item.dataset.activity = conversation.last_activity_at;
  const link = h(
    "a",
    {
      href: `#/conversas/${conversation._id}`,
      class: `conversation-row${unread ? " unread" : ""}`,
      "aria-current": current ? "true" : null,
    },
    h("span", { class: "name" }, nameOf(conversation)),
    h("time", { class: "muted", datetime: conversation.last_activity_at }, shortMoment(last?.at ?? conversation.last_activity_at)),
    h("span", { class: "preview" }, preview(last)),
    unread ? h("span", { class: "count", "aria-label": tn("inbox.unread", unread) }, unread > 99 ? "99+" : unread) : null,
    h(
      "span",
      { class: "chips" },
      answering(conversation),
      h("span", { class: "chip" }, channelOf(conversation)),
      conversation.assistant_name && h("span", { class: "chip" }, conversation.assistant_name),
      (conversation.labels ?? []).map((id) => labelChip(labels.get(id))),
    ),
  );
  const hadFocus = item.contains(document.activeElement);
  fill(item, link);
  if (hadFocus) link.focus();
}

/** @param {Conversation} conversation */
function answering(conversation) {
  const since = conversation.waiting_since;
  return h(
    "span",
    { class: `chip ${answeringTone(conversation.answering)}` },
    answeringText(conversation.answering),
    since && [" ", h("elapsed-time", { since })],
  );
}

/** @param {Conversation["last_message"]} last */
function preview(last) {
  if (!last) return "";
  const text = last.text || t("inbox.file");
  return last.by === "customer" ? text : `${t(`by.${last.by}`)}: ${text}`;
}

/** @param {import("./types.js").Label | undefined} label */
export function labelChip(label) {
  if (!label) return null;
  const dot = h("span", { class: "dot" });
  dot.style.setProperty("--dot", label.color);
  return h("span", { class: "chip" }, dot, label.name);
}
