// How contacts, senders and states are called.

import { t } from "../core/i18n.js";

/** @typedef {import("./types.js").Conversation} Conversation */

/** @param {{username: string | null, channel: {id: string}}} of */
export function nameOf(of) {
  return of.username || of.channel.id;
}

/** @param {Conversation} conversation */
export function channelOf(conversation) {
  return conversation.channel_name || conversation.channel.message_service;
}

/**
 * Text without case and accents, for comparing.
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** @param {Conversation["answering"]} answering */
export function answeringText(answering) {
  return t(`answering.${answering}`);
}

/** @param {Conversation["answering"]} answering */
export function answeringTone(answering) {
  return { assistant: "accent", person: "ok", waiting_for_person: "danger" }[answering] ?? "";
}
