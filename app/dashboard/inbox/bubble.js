// One chat as bubbles: what the customer wrote, and what the assistant or a person answered.

import { h } from "../core/dom.js";
import { fullMoment, time } from "../core/format.js";
import { t } from "../core/i18n.js";
import { said } from "../core/said.js";
import { icon } from "../components/icons.js";
import { actionButton } from "../components/table.js";
import { attachments, writtenText } from "./media.js";
import { nameOf } from "./names.js";
import { canResend } from "./resend.js";
import { sources } from "./sources.js";

/** @typedef {import("./types.js").Turn} Turn */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {{canOperate: boolean, correct: (turn: Turn) => void, resend: (turn: Turn) => Promise<unknown>}} Actions */

/**
 * @param {Turn} turn
 * @param {Conversation} conversation
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function bubbles(turn, conversation, actions) {
  return h(
    "div",
    { "data-id": turn._id, class: "turn", tabindex: "-1" },
    (turn.message || turn.media?.length) && !turn.by_person ? customer(turn, conversation) : null,
    answer(turn, actions),
  );
}

/**
 * @param {Turn} turn
 * @param {Conversation} conversation
 */
function customer(turn, conversation) {
  const text = writtenText(turn);
  return h(
    "article",
    { class: "bubble customer" },
    h("h3", { class: "visually-hidden" }, nameOf(conversation)),
    attachments(turn),
    text && h("p", { class: "text" }, text),
    h("footer", {}, moment(turn.createdAt)),
  );
}

/**
 * @param {Turn} turn
 * @param {Actions} actions
 */
function answer(turn, actions) {
  if (!turn.response) return unanswered(turn);
  const who = turn.by_person ? turn.username || t("by.person") : t("by.assistant");
  return h(
    "article",
    { class: `bubble ${turn.by_person ? "person" : "assistant"}` },
    h("h3", { class: "sender" }, who),
    turn.by_person && attachments(turn),
    h("p", { class: "text" }, turn.response),
    !turn.by_person && remarks(turn),
    !turn.by_person && sources(turn.sources, turn),
    h(
      "footer",
      {},
      !turn.by_person && actions.canOperate && h("button", { type: "button", class: "link wrong", onclick: () => actions.correct(turn) }, t("correction.open")),
      moment(turn.by_person ? turn.createdAt : (turn.delivery?.at ?? turn.createdAt)),
      delivery(turn),
      actions.canOperate && canResend(turn) && actionButton(t("delivery.resend"), () => actions.resend(turn), { class: "link" }),
    ),
  );
}

/** @param {Turn} turn */
function unanswered(turn) {
  if (turn.state === "gathering" || turn.state === "answering") {
    return h("p", { class: "event typing" }, h("span", { class: "spinner" }), t("turn.answering"));
  }
  if (turn.state === "failed") return h("p", { class: "event failed" }, icon("warning"), t("turn.failed"));
  return null;
}

/** @param {Turn} turn */
function remarks(turn) {
  const said = [
    turn.degraded && t("turn.degraded"),
    turn.cut && t("turn.cut"),
    turn.handover && t("turn.handover", { reason: turn.handover_reason ?? "" }),
  ].filter(Boolean);
  return said.length ? h("p", { class: "remark" }, said.join(" ")) : null;
}

/** @param {Turn} turn */
function delivery(turn) {
  if (!turn.delivery) return null;
  const { state, error } = turn.delivery;
  const shown = { queued: "clock", sending: "clock", accepted: "check", delivered: "double", read: "double" }[state] ?? "warning";
  const text = t(`delivery.${state}`) + (error ? `: ${said(error)}` : "");
  const name = /** @type {import("../components/icons.js").IconName} */ (shown);
  return h(
    "span",
    { class: `delivery ${state}`, title: text },
    icon(name),
    h("span", { class: shown === "warning" ? "" : "visually-hidden" }, text),
  );
}

/** @param {string} at */
function moment(at) {
  return h("time", { datetime: at, title: fullMoment(at) }, time(at));
}
