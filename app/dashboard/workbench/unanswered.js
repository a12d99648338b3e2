// What nobody could answer, grouped, each one click from knowledge; and what was corrected so far.

import { get, post, put } from "../core/api.js";
import { atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t, tn } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section } from "../components/table.js";
import { toast } from "../components/toast.js";

/**
 * @typedef {{_id: string, question: string, count: number, last_at: string, state: string,
 *   examples: {chat_id: string, conversation_id: string, question: string, at: string}[]}} Group
 */

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const may = atLeast(assistant.role, "operator");
  const [groups, corrections] = [h("div", {}), h("div", {})];
  const load = async () => {
    await shown(groups, async () => {
      /** @type {Group[]} */
      const all = await get(`/unanswered/list/${assistant._id}`, { state: "open", limit: 100 });
      return all.length ? h("ul", { class: "stack" }, all.map((one) => group(one, may, load))) : empty(t("unanswered.empty"), t("unanswered.empty_hint"));
    });
    await shown(corrections, () => entries(assistant._id));
  };
  fill(root, section(t("tab.perguntas"), t("unanswered.hint"), groups), section(t("corrections"), t("corrections.hint"), corrections));
  return load();
}

/**
 * @param {Group} one
 * @param {boolean} may
 * @param {() => Promise<void>} load
 */
function group(one, may, load) {
  const done = async () => {
    await put(`/unanswered/done/${one._id}`);
    await load();
  };
  const examples = one.examples.map((example) =>
    h("li", {}, h("a", { href: `#/conversas/${example.conversation_id}/${example.chat_id}` }, example.question), " ", h("span", { class: "muted" }, fullMoment(example.at))),
  );
  return h(
    "li",
    { class: "document" },
    h("div", { class: "between" }, h("h3", {}, one.question), h("span", { class: "chip warn" }, tn("unanswered.count", one.count))),
    h("details", {}, h("summary", {}, t("unanswered.examples")), h("ul", {}, examples)),
    may &&
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "primary", onclick: () => answer(one, load) }, t("unanswered.answer")),
        actionButton(t("unanswered.done"), done),
      ),
  );
}

/**
 * @param {Group} one
 * @param {() => Promise<void>} load
 */
function answer(one, load) {
  openDialog(t("unanswered.answer"), (close) => [
    h("p", { class: "hint" }, t("correction.hint")),
    form(
      [
        { name: "question", label: t("correction.question"), rows: 2, value: one.question, required: true, maxlength: 4096 },
        { name: "answer", label: t("correction.answer"), rows: 5, required: true, maxlength: 4096, autofocus: true },
      ],
      t("correction.verb"),
      async (values) => {
        await post("/corrections/add", { unanswered_id: one._id, ...values });
        close();
        toast(t("correction.done"));
        await load();
      },
      { cancel: close },
    ),
  ]);
}

/** @param {string} assistantId */
async function entries(assistantId) {
  const { entries: all } = await get(`/corrections/get/${assistantId}`);
  if (!all.length) return empty(t("corrections.empty"));
  return h("dl", { class: "stack" }, all.map((/** @type {any} */ one) => h("div", { class: "passage" }, h("dt", {}, h("strong", {}, one.question)), h("dd", { class: "text" }, one.answer))));
}
