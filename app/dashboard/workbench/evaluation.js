// The question set and its runs.

import { download, get, post, remove, send } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment, reais } from "../core/format.js";
import { t } from "../core/i18n.js";
import { poll } from "../core/poll.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section, table } from "../components/table.js";
import { toast, toastError } from "../components/toast.js";
import { openRun } from "./run.js";

/**
 * @typedef {{_id: string, question: string, expected: string | null, files: string[], source: string}} Case
 * @typedef {Record<string, any> & {_id: string, state: string, total: number, done: number, right: number, wrong: number,
 *   failed: number, better: number | null, worse: number | null, createdAt: string}} Run
 */

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant, signal }) {
  const [cases, runs] = [h("div", {}), h("div", {})];
  const id = assistant._id;
  const load = () => shown(cases, () => caseTable(id, load));
  let seen = "";
  const look = poll(
    async (left) => {
      /** @type {Run[]} */
      const all = await get(`/evaluations/runs/${id}`, { limit: 20 }, { signal: left });
      const now = JSON.stringify(all);
      if (now !== seen) fill(runs, all.length ? runTable(all, look, assistant.role) : empty(t("evaluation.no_runs")));
      seen = now;
    },
    { every: 2000, signal },
  );
  const start = async () => {
    await post(`/evaluations/run/${id}`, {});
    look();
  };
  fill(
    root,
    section(
      t("evaluation.runs"),
      t("evaluation.runs_hint"),
      h(
        "div",
        { class: "row" },
        actionButton(t("evaluation.run"), start, { class: "primary" }),
        h("button", { type: "button", onclick: () => tryPrompt(id, look) }, t("evaluation.try_prompt")),
      ),
      runs,
    ),
    section(
      t("evaluation.cases"),
      t("evaluation.cases_hint"),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", onclick: () => editCase(id, null, load) }, t("evaluation.add_case")),
        actionButton("CSV", () => download(`/evaluations/cases/${id}`, {}, "perguntas.csv", "text/csv")),
        importButton(id, load),
      ),
      cases,
    ),
  );
  void load();
}

/**
 * @param {Run[]} runs
 * @param {() => void} look
 * @param {string | null} role
 */
function runTable(runs, look, role) {
  const heads = [t("when"), t("state"), t("evaluation.right"), t("evaluation.wrong"), t("evaluation.compared"), t("usage.cost"), ""];
  const rows = runs.map((run) => {
    const busy = run.state === "running" || run.state === "queued";
    const cancel = async () => {
      await post(`/evaluations/cancel/${run._id}`);
      look();
    };
    return [
      [fullMoment(run.createdAt), run.note && h("p", { class: "muted" }, run.note)],
      busy ? h("progress", { max: run.total || 1, value: run.done, "aria-label": t(`evaluation.state.${run.state}`) }) : h("span", { class: `chip ${run.state === "done" ? "ok" : "warn"}` }, t(`evaluation.state.${run.state}`)),
      run.right,
      run.wrong + run.failed,
      run.compared_with ? t("evaluation.better_worse", { better: run.better ?? 0, worse: run.worse ?? 0 }) : "–",
      reais(run.cost_brl),
      h("div", { class: "row" }, h("button", { type: "button", onclick: () => void openRun(run, role, look) }, t("evaluation.results")), busy && actionButton(t("cancel"), cancel)),
    ];
  });
  return table(t("evaluation.runs"), heads, rows);
}

/**
 * @param {string} id
 * @param {() => void} look
 */
async function tryPrompt(id, look) {
  const present = await get(`/prompts/get/${id}`);
  openDialog(
    t("evaluation.try_prompt"),
    (close) => [
      h("p", { class: "hint" }, t("evaluation.try_hint")),
      form(
        [
          { name: "prompt", label: t("prompt.text"), rows: 12, value: present.text, required: true, maxlength: 20_000 },
          { name: "note", label: t("prompt.note"), maxlength: 500 },
        ],
        t("evaluation.run"),
        async ({ prompt, note }) => {
          await post(`/evaluations/run/${id}`, { prompt, ...(note ? { note } : {}) });
          close();
          look();
        },
        { cancel: close },
      ),
    ],
    { wide: true },
  );
}

/**
 * @param {string} id
 * @param {() => Promise<void>} load
 */
async function caseTable(id, load) {
  /** @type {Case[]} */
  const cases = await get(`/evaluations/cases/${id}`, { limit: 500 });
  if (!cases.length) return empty(t("evaluation.no_cases"), t("evaluation.no_cases_hint"));
  const rows = cases.map((one) => {
    const erase = async () => {
      await remove(`/evaluations/deleteCase/${one._id}`);
      await load();
    };
    return [
      one.question,
      [one.expected, one.files?.length ? h("p", { class: "muted" }, one.files.join(", ")) : null],
      t(`evaluation.source.${one.source}`),
      h("div", { class: "row" }, h("button", { type: "button", onclick: () => editCase(id, one, load) }, t("edit")), actionButton(t("delete"), erase)),
    ];
  });
  return table(t("evaluation.cases"), [t("correction.question"), t("evaluation.expected"), t("evaluation.source"), ""], rows);
}

/**
 * @param {string} id
 * @param {Case | null} one null: a new one
 * @param {() => Promise<void>} load
 */
function editCase(id, one, load) {
  openDialog(t("evaluation.add_case"), (close) => [
    form(
      [
        { name: "question", label: t("correction.question"), rows: 2, value: one?.question, required: true, maxlength: 4096 },
        { name: "expected", label: t("evaluation.expected"), hint: t("evaluation.expected_hint"), rows: 3, value: one?.expected, maxlength: 4096 },
        { name: "files", label: t("evaluation.files"), hint: t("evaluation.files_hint"), value: one?.files?.join(", ") },
      ],
      t("save"),
      async ({ question, expected, files }) => {
        const names = files.split(",").map((name) => name.trim()).filter(Boolean);
        const body = { question, ...(expected ? { expected } : {}), ...(names.length ? { files: names } : {}) };
        if (one) await send("PUT", `/evaluations/updateCase/${one._id}`, { body });
        else await post(`/evaluations/cases/${id}`, body);
        close();
        await load();
      },
      { cancel: close },
    ),
  ]);
}

/**
 * @param {string} id
 * @param {() => Promise<void>} load
 */
function importButton(id, load) {
  const input = h("input", { type: "file", accept: ".csv,text/csv", class: "visually-hidden", "aria-label": t("evaluation.import"), tabindex: "-1" });
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    const data = new FormData();
    data.append("file", file);
    input.value = "";
    try {
      const { data: said } = await send("POST", `/evaluations/importCases/${id}`, { form: data });
      toast(t("evaluation.imported", { added: said.added, changed: said.changed }));
      await load();
    } catch (error) {
      toastError(error);
    }
  });
  return h("span", {}, h("button", { type: "button", onclick: () => input.click() }, t("evaluation.import")), input);
}
