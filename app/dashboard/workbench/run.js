// One run: what got better and worse since the last one, and publishing the prompt it tried.

import { get, post, put, send } from "../core/api.js";
import { atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { ApiError } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { confirmed, openDialog } from "../components/dialog.js";
import { pagedList } from "../components/pages.js";
import { empty } from "../components/states.js";
import { actionButton } from "../components/table.js";
import { toast } from "../components/toast.js";

/**
 * @typedef {{_id: string, question: string, expected: string | null, answer: string, verdict: string, reason: string | null,
 *   error: string | null, change: string, before: {verdict: string, answer: string} | null}} Result
 */

const TONES = /** @type {Record<string, string>} */ ({ right: "ok", wrong: "danger", failed: "warn", better: "ok", worse: "danger" });
const CHANGES = ["", "worse", "better", "same", "new"];

/**
 * @param {import("./evaluation.js").Run} run
 * @param {string | null} role
 * @param {() => void} changed
 */
export async function openRun(run, role, changed) {
  const list = h("div", {});
  const present = await get(`/evaluations/get/${run._id}`);
  const select = h("select", { "aria-label": t("evaluation.change") }, CHANGES.map((one) => h("option", { value: one }, t(one ? `evaluation.change.${one}` : "filter.all"))));
  const load = () => fill(list, results(run._id, select.value));
  select.addEventListener("change", load);
  openDialog(
    t("evaluation.results"),
    (close) => {
      const publish = async () => {
        if (await published(run._id, role)) {
          close();
          changed();
        }
      };
      const may = present.prompt && run.state === "done" && !present.published_version;
      return [
        run.error && h("p", { class: "banner error" }, run.error),
        h("div", { class: "between" }, select, may && actionButton(t("evaluation.publish"), publish, { class: "primary" })),
        list,
      ];
    },
    { wide: true },
  );
  load();
}

/**
 * Publishes the prompt; says whether it is published.
 * @param {string} id
 * @param {string | null} role
 */
async function published(id, role) {
  try {
    await post(`/evaluations/publish/${id}`, {});
  } catch (error) {
    const refused = error instanceof ApiError && ["became_worse", "no_baseline"].includes(error.code);
    if (!refused || !atLeast(role, "owner")) throw error;
    if (!(await confirmed(t("evaluation.insist"), t(`evaluation.${error.code}`), t("evaluation.insist")))) return false;
    await post(`/evaluations/publish/${id}`, { insist: true });
  }
  toast(t("evaluation.published"));
  return true;
}

/**
 * @param {string} id
 * @param {string} change
 */
function results(id, change) {
  return pagedList({
    label: t("evaluation.results"),
    load: async (cursor) => {
      const { data, next } = await send("GET", `/evaluations/results/${id}`, { query: { change, cursor, limit: 50 } });
      return { items: /** @type {Result[]} */ (data), next };
    },
    row: result,
    empty: () => empty(t("evaluation.no_results")),
  });
}

/** @param {Result} one */
function result(one) {
  const verdict = h("span", {}, chips(one));
  const judge = (/** @type {string} */ said) => async () => {
    const changed = await put(`/evaluations/verdict/${one._id}`, { verdict: said });
    fill(verdict, chips(changed));
  };
  return h(
    "li",
    { class: "document" },
    h("div", { class: "between" }, h("h3", {}, one.question), verdict),
    h("p", { class: "text" }, one.answer || one.error),
    one.expected && h("p", { class: "muted" }, t("evaluation.expected"), ": ", one.expected),
    one.reason && h("p", { class: "muted" }, one.reason),
    one.before && h("details", {}, h("summary", {}, t("evaluation.before")), h("p", { class: "text" }, one.before.answer)),
    h("div", { class: "row" }, actionButton(t("evaluation.is_right"), judge("right")), actionButton(t("evaluation.is_wrong"), judge("wrong"))),
  );
}

/** @param {Result} one */
function chips(one) {
  return [one.verdict, one.change].filter(Boolean).map((key, i) => h("span", { class: `chip ${TONES[key] ?? ""}` }, t(`evaluation.${i ? "change" : "verdict"}.${key}`)));
}
