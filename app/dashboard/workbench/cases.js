// The question set in a table: written, corrected, taken from CSV and saved as CSV.

import { download, get, post, put, remove, send } from "../core/api.js";
import { h } from "../core/dom.js";
import { t, tn } from "../core/i18n.js";
import { confirmed, openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section, table } from "../components/table.js";
import { toast } from "../components/toast.js";

/** @typedef {{_id: string, question: string, expected: string, files: string[], source: string}} Case */

const MOST = 500;

/** @param {string} id of the assistant */
export function questions(id) {
  const body = h("div", {});
  const load = () => shown(body, () => cases(id, load));
  const buttons = h(
    "div",
    { class: "row" },
    h("button", { type: "button", onclick: () => edit(id, null, load) }, t("evaluation.add_case")),
    actionButton(t("evaluation.export"), () => download(`/evaluations/cases/${id}`, {}, "perguntas.csv", "text/csv")),
    h("button", { type: "button", onclick: () => importFile(id, load) }, t("evaluation.import")),
  );
  void load();
  return section(t("evaluation.cases"), t("evaluation.cases_hint"), buttons, body);
}

/**
 * @param {string} id
 * @param {() => Promise<void>} load
 */
async function cases(id, load) {
  /** @type {Case[]} */
  const all = await get(`/evaluations/cases/${id}`, { limit: MOST });
  if (!all.length) return empty(t("evaluation.no_cases"), t("evaluation.no_cases_hint"));
  const heads = [t("correction.question"), t("evaluation.expected"), t("evaluation.source"), ""];
  return [h("p", { class: "muted" }, tn("evaluation.count", all.length)), table(t("evaluation.cases"), heads, all.map((one) => row(id, one, load)))];
}

/**
 * @param {string} id
 * @param {Case} one
 * @param {() => Promise<void>} load
 */
function row(id, one, load) {
  const erase = async () => {
    if (!(await confirmed(t("evaluation.delete_case"), one.question, t("delete")))) return;
    await remove(`/evaluations/deleteCase/${one._id}`);
    await load();
  };
  return [
    one.question,
    [one.expected, one.files.length > 0 && h("p", { class: "muted" }, one.files.join(", "))],
    t(`evaluation.source.${one.source}`),
    h("div", { class: "row" }, h("button", { type: "button", onclick: () => edit(id, one, load) }, t("edit")), actionButton(t("delete"), erase)),
  ];
}

/**
 * @param {string} id
 * @param {Case | null} one null: a new one
 * @param {() => Promise<void>} load
 */
function edit(id, one, load) {
  openDialog(t(one ? "evaluation.edit_case" : "evaluation.add_case"), (close) => [
    form(
      [
        { name: "question", label: t("correction.question"), rows: 2, value: one?.question ?? "", required: true, maxlength: 4096, autofocus: true },
        { name: "expected", label: t("evaluation.expected"), hint: t("evaluation.expected_hint"), rows: 3, value: one?.expected ?? "", maxlength: 4096 },
        { name: "files", label: t("evaluation.files"), hint: t("evaluation.files_hint"), value: one?.files.join(", ") ?? "" },
      ],
      t("save"),
      async ({ question, expected, files }) => {
        const names = files.split(",").map((name) => name.trim()).filter(Boolean);
        if (one) await put(`/evaluations/updateCase/${one._id}`, { question, expected, files: names });
        else await post(`/evaluations/cases/${id}`, { question, ...(expected ? { expected } : {}), ...(names.length ? { files: names } : {}) });
        close();
        await load();
      },
      { cancel: close, draft: `case.${one?._id ?? id}` },
    ),
  ]);
}

/**
 * @param {string} id
 * @param {() => Promise<void>} load
 */
function importFile(id, load) {
  openDialog(t("evaluation.import"), (close) => [
    h("p", { class: "hint" }, t("evaluation.import_hint")),
    form(
      [
        { name: "file", label: t("evaluation.import_file"), type: "file", accept: ".csv,text/csv", required: true },
        { name: "replace", label: t("evaluation.import_replace"), type: "checkbox", value: false },
      ],
      t("evaluation.import"),
      async (values, made) => {
        const data = new FormData(made);
        data.set("replace", values.replace ? "true" : "false");
        const { data: said } = await send("POST", `/evaluations/importCases/${id}`, { form: data });
        close();
        toast(t("evaluation.imported", said));
        await load();
      },
      { cancel: close },
    ),
  ]);
}
