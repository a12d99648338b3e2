// The evaluation: runs of the question set, what got better and worse, and the questions themselves.

import { get, post, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment, number, reais } from "../core/format.js";
import { t } from "../core/i18n.js";
import { poll } from "../core/poll.js";
import { confirmed } from "../components/dialog.js";
import { empty, failed, loading } from "../components/states.js";
import { actionButton, numeric, section, table } from "../components/table.js";
import { questions } from "./cases.js";
import { openRun } from "./run.js";
import { tryOther } from "./try.js";

/**
 * @typedef {{_id: string, state: "queued" | "running" | "done" | "cancelled" | "failed", error: string | null, total: number,
 *   done: number, right: number, wrong: number, failed: number, better: number, worse: number, same: number, new: number,
 *   compared_with: string | null, model: string | null, temperature: number | null, has_own_prompt: boolean, note: string,
 *   published_version: string | null, cost_brl: string | null, createdAt: string, author: {name: string} | null}} Run
 */

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant, signal }) {
  const id = assistant._id;
  const runs = h("div", { "aria-live": "polite" }, loading());
  let seen = "";
  const look = poll(
    async (left) => {
      /** @type {Run[]} */
      const all = await get(`/evaluations/runs/${id}`, { limit: 20 }, { signal: left });
      const now = JSON.stringify(all);
      if (now !== seen) fill(runs, all.length ? runTable(all, look, assistant.role) : empty(t("evaluation.no_runs"), t("evaluation.no_runs_hint")));
      seen = now;
    },
    { every: 2000, signal, onError: (error) => !seen && fill(runs, failed(error, () => look())) },
  );
  const start = async () => {
    await post(`/evaluations/run/${id}`, {});
    look();
  };
  const buttons = h(
    "div",
    { class: "row" },
    actionButton(t("evaluation.run"), start, { class: "primary" }),
    actionButton(t("evaluation.try_other"), () => tryOther(id, look)),
  );
  fill(root, section(t("evaluation.runs"), t("evaluation.runs_hint"), buttons, runs), questions(id));
}

/**
 * @param {Run[]} runs
 * @param {() => void} look
 * @param {string | null} role
 */
function runTable(runs, look, role) {
  const heads = [t("when"), t("evaluation.tried"), t("state"), numeric(t("evaluation.right")), t("evaluation.compared"), numeric(t("usage.cost")), ""];
  const rows = runs.map((run) => [
    [fullMoment(run.createdAt), run.author && h("p", { class: "muted" }, run.author.name)],
    tried(run),
    state(run),
    t("evaluation.of", { right: number(run.right), done: number(run.done) }),
    compared(run),
    reais(run.cost_brl),
    buttons(run, look, role),
  ]);
  return table(t("evaluation.runs"), heads, rows);
}

/** @param {Run} run */
function tried(run) {
  const what = [run.has_own_prompt && t("evaluation.own_prompt"), run.model, run.temperature !== null && t("evaluation.temperature", { value: number(run.temperature, 2) })];
  const named = what.filter(Boolean).join(" · ") || t("evaluation.present");
  return [named, run.note && h("p", { class: "muted" }, run.note)];
}

/** @param {Run} run */
function state(run) {
  const word = t(`evaluation.state.${run.state}`);
  if (isUnderWay(run)) {
    return [h("progress", { max: run.total || 1, value: run.done, "aria-label": word }), h("p", { class: "muted" }, `${word}: ${number(run.done)} / ${number(run.total)}`)];
  }
  return [
    h("span", { class: `chip ${run.state === "done" ? "ok" : "warn"}` }, word),
    run.published_version && h("span", { class: "chip accent" }, t("evaluation.is_published")),
    run.error && h("p", { class: "muted" }, t(`error.${run.error}`)),
  ];
}

/** @param {Run} run */
function compared(run) {
  if (!run.compared_with) return "–";
  return h(
    "div",
    { class: "row" },
    h("span", { class: run.better ? "chip ok" : "chip" }, t("evaluation.better", { n: number(run.better) })),
    h("span", { class: run.worse ? "chip danger" : "chip" }, t("evaluation.worse", { n: number(run.worse) })),
  );
}

/**
 * @param {Run} run
 * @param {() => void} look
 * @param {string | null} role
 */
function buttons(run, look, role) {
  const cancel = async () => {
    await post(`/evaluations/cancel/${run._id}`);
    look();
  };
  const erase = async () => {
    if (!(await confirmed(t("evaluation.delete_run"), t("evaluation.delete_run_sure"), t("delete")))) return;
    await remove(`/evaluations/delete/${run._id}`);
    look();
  };
  return h(
    "div",
    { class: "row" },
    actionButton(t("evaluation.results"), () => openRun(run, role, look)),
    isUnderWay(run) ? actionButton(t("cancel"), cancel) : actionButton(t("delete"), erase),
  );
}

/** @param {Run} run */
function isUnderWay(run) {
  return run.state === "running" || run.state === "queued";
}
