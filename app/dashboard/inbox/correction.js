// "This answer was wrong": the operator writes the right one.

import { post } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { toast } from "../components/toast.js";

/** @param {import("./types.js").Turn} turn */
export function correct(turn) {
  openDialog(t("correction.title"), (close) => {
    const fields = [
      { name: "question", label: t("correction.question"), rows: 2, value: turn.message, required: true, maxlength: 4096 },
      { name: "answer", label: t("correction.answer"), rows: 5, value: "", required: true, maxlength: 4096, autofocus: true },
    ];
    return [
      h("p", { class: "hint" }, t("correction.hint")),
      h("blockquote", { class: "quoted" }, turn.response ?? ""),
      form(
        fields,
        t("correction.verb"),
        async (values) => {
          await post("/corrections/add", { chat_id: turn._id, ...values });
          close();
          toast(t("correction.done"));
        },
        { cancel: close, draft: `correction.${turn._id}` },
      ),
    ];
  });
}
