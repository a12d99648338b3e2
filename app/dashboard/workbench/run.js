// One run: each answer with its verdict, what got better and worse, and publishing the prompt it tried.

import { get, put, send } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { field } from "../components/form.js";
import { pagedList } from "../components/pages.js";
import { empty } from "../components/states.js";
import { actionButton } from "../components/table.js";
import { publish } from "./publish.js";

/** @typedef {import("./evaluation.js").Run} Run */
/**
 * @typedef {{_id: string, question: string, expected: string, files: string[], answer: string, verdict: string,
 *   reason: string | null, missing: string[], by_person: boolean, error: string | null, change: string,
 *   passages: {filename: string, position: number}[], before: {verdict: string, answer: string} | null}} Result
 */

const TONES = /** @type {Record<string, string>} */ ({ right: "ok", wrong: "danger", failed: "warn", better: "ok", worse: "danger" });
const CHANGES = ["worse", "better", "same", "new"];
const VERDICTS = ["wrong", "right", "failed"];

/**
 * @param {Run} shown
 * @param {string | null} role
 * @param {() => void} changed
 */
export async function openRun(shown, role, changed) {
  /** @type {Run & {prompt: string | null}} */
  const run = await get(`/evaluations/get/${shown._id}`);
  const list = h("div", {});
  const controls = h(
    "form",
    { class: "controls", onsubmit: (event) => event.preventDefault() },
    choice("change", CHANGES, run.compared_with && run.worse ? "worse" : ""),
    choice("verdict", VERDICTS, ""),
  );
  const load = () => fill(list, results(run._id, Object.fromEntries([...controls.querySelectorAll("select")].map((one) => [one.name, one.value]))));
  controls.addEventListener("change", load);
  openDialog(
    t("evaluation.results"),
    (close) => {
      const done = async () => {
        if (!(await publish(run._id, role))) return;
        close();
        changed();
      };
      const may = run.has_own_prompt && run.state === "done" && !run.published_version;
      return [
        h("div", { class: "between" }, summary(run), may && actionButton(t("evaluation.publish"), done, { class: "primary" })),
        run.has_own_prompt && h("details", {}, h("summary", {}, t("evaluation.tried_prompt")), h("pre", {}, run.prompt ?? "–")),
        controls,
        list,
      ];
    },
    { wide: true },
  );
  load();
}

/** @param {Run} run */
function summary(run) {
  const facts = [t("evaluation.of", { right: number(run.right), done: number(run.done) })];
  if (run.compared_with) facts.push(t("evaluation.better", { n: number(run.better) }), t("evaluation.worse", { n: number(run.worse) }));
  return h("p", {}, facts.join(" · "));
}

/**
 * @param {"change" | "verdict"} name
 * @param {string[]} values
 * @param {string} value
 */
function choice(name, values, value) {
  const options = values.map((one) => /** @type {[string, string]} */ ([one, t(`evaluation.${name}.${one}`)]));
  return field({ name, label: t(`evaluation.${name}`), options: [["", t("filter.all")], ...options], value });
}

/**
 * @param {string} id
 * @param {import("../core/api.js").Query} filters
 */
function results(id, filters) {
  return pagedList({
    label: t("evaluation.results"),
    load: async (cursor) => {
      const { data, next } = await send("GET", `/evaluations/results/${id}`, { query: { ...filters, cursor, limit: 50 } });
      return { items: /** @type {Result[]} */ (data), next };
    },
    row: (one) => {
      const item = h("li", { class: "document" });
      show(item, one);
      return item;
    },
    empty: () => empty(t("evaluation.no_results")),
  });
}

/**
 * @param {HTMLElement} item
 * @param {Result} one
 */
function show(item, one) {
  const judged = one.verdict === "right" ? "wrong" : "right";
  const judge = async () => show(item, { ...one, ...(await put(`/evaluations/verdict/${one._id}`, { verdict: judged })) });
  fill(
    item,
    h("div", { class: "between" }, h("h3", {}, one.question), h("span", { class: "row" }, chips(one))),
    h("div", { class: "columns" }, said(t("evaluation.answer"), one.answer || (one.error ? t(`error.${one.error}`) : "–")), one.expected && said(t("evaluation.expected"), one.expected), one.before && said(t("evaluation.before"), one.before.answer || "–")),
    one.reason && h("p", { class: "remark" }, t(`evaluation.reason.${one.reason}`), one.missing.length > 0 && `: ${one.missing.join(", ")}`),
    one.passages.length > 0 && h("p", { class: "muted" }, t("sources"), ": ", [...new Set(one.passages.map((found) => found.filename))].join(", ")),
    one.verdict !== "failed" && h("div", { class: "row" }, actionButton(t(`evaluation.is_${judged}`), judge)),
  );
}

/**
 * @param {string} title
 * @param {string} text
 */
function said(title, text) {
  return h("div", {}, h("p", { class: "muted" }, title), h("p", { class: "text" }, text));
}

/** @param {Result} one */
function chips(one) {
  return [
    h("span", { class: `chip ${TONES[one.verdict] ?? ""}` }, t(`evaluation.verdict.${one.verdict}`)),
    one.by_person && h("span", { class: "chip" }, t("evaluation.by_person")),
    h("span", { class: `chip ${TONES[one.change] ?? ""}` }, t(`evaluation.change.${one.change}`)),
  ];
}
