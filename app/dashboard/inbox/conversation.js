// One conversation: header, messages, composer, details.

import { post } from "../core/api.js";
import { assistant, atLeast } from "../core/assistants.js";
import { fill, find, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { icon } from "../components/icons.js";
import { failed, loading } from "../components/states.js";
import { isAbort } from "../core/errors.js";
import { Composer, switchTo } from "./composer.js";
import { correct } from "./correction.js";
import { Details } from "./details.js";
import { byId, labelsOf } from "./labels.js";
import { answeringText, answeringTone, channelOf, nameOf } from "./names.js";
import { lookNow, tell } from "./news.js";
import { Outgoing } from "./outgoing.js";
import { Presence } from "./presence.js";
import { resend } from "./resend.js";
import { Timeline } from "./timeline.js";
import { Turns } from "./turns.js";

/** @typedef {import("./types.js").Conversation} Conversation */

/**
 * Shows a conversation in an element.
 * @param {HTMLElement} root
 * @param {string} id
 * @param {string | undefined} found the id of a message to show
 * @param {AbortSignal} signal aborted when another is shown
 */
export async function openConversation(root, id, found, signal) {
  fill(root, loading());
  const turns = new Turns(id, signal);
  try {
    await turns.open(found);
    if (!turns.conversation || signal.aborted) return;
    const conversation = turns.conversation;
    const [at, labels] = await Promise.all([assistant(conversation.assistant_id), labelsOf(conversation.assistant_id).catch(() => [])]);
    if (!signal.aborted) build(root, turns, at.role, byId(labels), found);
  } catch (error) {
    if (!isAbort(error)) fill(root, failed(error, () => openConversation(root, id, found, signal)));
  }
}

/**
 * @param {HTMLElement} root
 * @param {Turns} turns
 * @param {string | null} role
 * @param {Map<string, import("./types.js").Label>} labels
 * @param {string | undefined} found
 */
function build(root, turns, role, labels, found) {
  const conversation = /** @type {Conversation} */ (turns.conversation);
  const may = { operate: atLeast(role, "operator"), configure: atLeast(role, "editor"), own: atLeast(role, "owner") };
  const look = turns.watch();
  const timeline = new Timeline(turns, { canOperate: may.operate, correct, resend: (turn) => resend(turn).finally(look) });
  const details = new Details(conversation, labels, may);
  const presence = may.operate ? new Presence(turns.id, turns.signal) : null;
  const outgoing = new Outgoing(conversation, () => {
    look();
    lookNow();
  });
  const composer = may.operate
    ? new Composer(turns, {
        send: (text) => outgoing.add(text),
        changed: look,
        noted: () => void details.notes.load(),
        typing: (is) => presence?.typing(is),
      })
    : h("p", { class: "banner" }, t("composer.viewer"));
  const head = h("header", { class: "conversation-head" });
  const pane = h(
    "section",
    { class: "conversation", "aria-label": nameOf(conversation) },
    head,
    presence?.element,
    timeline.element,
    outgoing.element,
    composer instanceof Composer ? composer.element : composer,
  );
  fill(root, pane, details.element);

  const show = () => {
    const present = turns.conversation ?? conversation;
    header(head, present, may.operate, turns, details, look);
    timeline.show();
    details.show(present);
    if (composer instanceof Composer) composer.show();
    markRead(present, turns);
  };
  turns.addEventListener("change", show);
  document.addEventListener("visibilitychange", show, { signal: turns.signal });
  show();
  if (found) timeline.jump(found);
  else timeline.toEnd();
}

/**
 * @param {HTMLElement} head
 * @param {Conversation} conversation
 * @param {boolean} canOperate
 * @param {Turns} turns
 * @param {Details} details
 * @param {() => void} look
 */
function header(head, conversation, canOperate, turns, details, look) {
  const seen = JSON.stringify([conversation.answering, conversation.waiting_since, conversation.username, conversation.active]);
  if (head.dataset.seen === seen) return;
  head.dataset.seen = seen;
  const { answering, waiting_since: since, active } = conversation;
  const hadFocus = [".switch", ".details-toggle"].find((one) => head.querySelector(one) === document.activeElement);
  const state = h("span", { class: `chip ${answeringTone(answering)}` }, answeringText(answering), since && [" ", h("elapsed-time", { since })]);
  const change = async () => {
    await switchTo(turns, !active);
    look();
    lookNow();
  };
  const toggle = h(
    "button",
    {
      type: "button",
      class: "icon-button details-toggle",
      "aria-label": t("details"),
      "aria-expanded": String(details.element.classList.contains("open")),
    },
    icon("more"),
  );
  toggle.addEventListener("click", () => {
    toggle.setAttribute("aria-expanded", String(details.element.classList.toggle("open")));
  });
  fill(
    head,
    h("a", { class: "button icon-button back", href: "#/conversas", "aria-label": t("conversation.back") }, icon("back")),
    h(
      "div",
      { class: "who" },
      h("div", { class: "who-line" }, h("h2", {}, nameOf(conversation)), state),
      h("p", { class: "muted" }, channelOf(conversation), " · ", conversation.channel.id, " · ", conversation.assistant_name ?? ""),
    ),
    canOperate &&
      h("button", { type: "button", class: "switch", onclick: () => void change() }, t(active ? "conversation.take_over" : "conversation.give_back")),
    toggle,
  );
  if (hadFocus) find(head, hadFocus).focus();
}

/**
 * What is on screen is read.
 * @param {Conversation} conversation
 * @param {Turns} turns
 */
function markRead(conversation, turns) {
  if (!conversation.unread || document.hidden || turns.newer) return;
  const newest = turns.sorted.at(-1)?._id;
  conversation.unread = 0;
  tell({ ...conversation });
  void post(`/conversations/read/${conversation._id}`, newest ? { chat_id: newest } : {}, { repeatable: true }).catch(() => {});
}
