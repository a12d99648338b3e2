// From a question nobody could answer to knowledge: a right answer, or a document of its own.

import { post, put, send } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { toast } from "../components/toast.js";

/** @typedef {import("./unanswered.js").Group} Group */

/**
 * @param {Group} one
 * @param {() => void} done
 */
export function answer(one, done) {
  openDialog(t("unanswered.answer"), (close) => [
    h("p", { class: "hint" }, t("correction.hint")),
    form(
      [
        { name: "question", label: t("correction.question"), rows: 2, value: one.question, required: true, maxlength: 4096 },
        { name: "answer", label: t("correction.answer"), rows: 5, value: "", required: true, maxlength: 4096, autofocus: true },
      ],
      t("correction.verb"),
      async (values) => {
        await post("/corrections/add", { unanswered_id: one._id, ...values });
        close();
        toast(t("correction.done"));
        done();
      },
      { cancel: close, draft: `answer.${one._id}` },
    ),
  ]);
}

/**
 * @param {Group} one
 * @param {() => void} done
 */
export function newDocument(one, done) {
  openDialog(
    t("unanswered.document"),
    (close) => [
      h("p", { class: "hint" }, t("unanswered.document_hint")),
      form(
        [
          { name: "name", label: t("unanswered.document_name"), value: nameFor(one.question), required: true, maxlength: 100 },
          { name: "text", label: t("unanswered.document_text"), rows: 12, value: `# ${one.question}\n\n`, required: true, maxlength: 100_000, autofocus: true },
        ],
        t("unanswered.document_verb"),
        async ({ name, text }) => {
          const data = new FormData();
          data.append("file", new Blob([text], { type: "text/markdown" }), name.endsWith(".md") ? name : `${name}.md`);
          data.append("type", "rag");
          data.append("assistant_id", one.assistant_id);
          await send("POST", "/documents/add", { form: data });
          await put(`/unanswered/done/${one._id}`);
          close();
          toast(t("unanswered.document_done"));
          done();
        },
        { cancel: close, draft: `document.${one._id}` },
      ),
    ],
    { wide: true },
  );
}

/**
 * The first words of a question as the name of a file.
 * @param {string} question
 */
function nameFor(question) {
  const words = question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return `${words.slice(0, 6).join("-").slice(0, 60) || "pergunta"}.md`;
}
