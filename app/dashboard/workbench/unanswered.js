// What nobody could answer, grouped, each one click from knowledge; and what was corrected so far.

import { get, put, send } from "../core/api.js";
import { atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t, tn } from "../core/i18n.js";
import { field } from "../components/form.js";
import { pagedList } from "../components/pages.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section } from "../components/table.js";
import { answer, newDocument } from "./teach.js";

/**
 * @typedef {{_id: string, assistant_id: string, question: string, count: number, last_at: string, state: "open" | "done",
 *   done_at: string | null, done_by: {name: string} | null,
 *   examples: {chat_id: string, conversation_id: string, question: string, at: string}[]}} Group
 * @typedef {import("../core/assistants.js").Assistant} Assistant
 */

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const [groups, corrections] = [h("div", {}), h("div", {})];
  const states = field({ name: "state", label: t("state"), options: [["open", t("unanswered.open")], ["done", t("unanswered.closed")]], value: "open" });
  const load = () => fill(groups, list(assistant, states.querySelector("select")?.value ?? "open", () => void taught()));
  const taught = () => shown(corrections, () => entries(assistant._id));
  states.addEventListener("change", load);
  fill(
    root,
    section(t("tab.perguntas"), t("unanswered.hint"), h("form", { class: "controls" }, states), groups),
    section(t("corrections"), t("corrections.hint"), corrections),
  );
  load();
  return taught();
}

/**
 * @param {Assistant} assistant
 * @param {string} state
 * @param {() => void} taught
 */
function list(assistant, state, taught) {
  return pagedList({
    label: t("tab.perguntas"),
    load: async (cursor) => {
      const { data, next } = await send("GET", `/unanswered/list/${assistant._id}`, { query: { state, cursor, limit: 50 } });
      return { items: /** @type {Group[]} */ (data), next };
    },
    row: (one) => group(one, assistant, taught),
    empty: () => (state === "open" ? empty(t("unanswered.empty"), t("unanswered.empty_hint")) : empty(t("unanswered.none_done"))),
  });
}

/**
 * @param {Group} one
 * @param {Assistant} assistant
 * @param {() => void} taught
 */
function group(one, assistant, taught) {
  const item = h("li", { class: "document" });
  const gone = () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    next?.querySelector("button")?.focus();
    taught();
  };
  const settle = async () => {
    await put(`/unanswered/${one.state === "open" ? "done" : "reopen"}/${one._id}`);
    gone();
  };
  const examples = one.examples.map((example) =>
    h("li", {}, h("a", { href: `#/conversas/${example.conversation_id}/${example.chat_id}` }, example.question), " ", h("span", { class: "muted" }, fullMoment(example.at))),
  );
  const open = one.state === "open";
  fill(
    item,
    h("div", { class: "between" }, h("h3", {}, one.question), h("span", { class: "chip warn" }, tn("unanswered.count", one.count))),
    h("p", { class: "muted" }, t("unanswered.last", { moment: fullMoment(one.last_at) }), one.done_by && ` · ${t("unanswered.done_by", { name: one.done_by.name })}`),
    h("details", {}, h("summary", {}, t("unanswered.examples")), h("ul", {}, examples)),
    atLeast(assistant.role, "operator") &&
      h(
        "div",
        { class: "row" },
        open && h("button", { type: "button", class: "primary", onclick: () => answer(one, gone) }, t("unanswered.answer")),
        open && atLeast(assistant.role, "editor") && h("button", { type: "button", onclick: () => newDocument(one, gone) }, t("unanswered.document")),
        actionButton(t(open ? "unanswered.done" : "unanswered.reopen"), settle),
      ),
  );
  return item;
}

/** @param {string} assistantId */
async function entries(assistantId) {
  /** @type {{entries: {question: string, answer: string}[]}} */
  const { entries: all } = await get(`/corrections/get/${assistantId}`);
  if (!all.length) return empty(t("corrections.empty"), t("corrections.empty_hint"));
  return h("dl", { class: "stack" }, all.map((one) => h("div", { class: "passage" }, h("dt", {}, h("strong", {}, one.question)), h("dd", { class: "text" }, one.answer))));
}
