// An answer with its passages and why they were found, the prompt, tokens, time and cost.

import { h } from "../core/dom.js";
import { number, percent, reais } from "../core/format.js";
import { t } from "../core/i18n.js";
import { numeric, table } from "../components/table.js";

/**
 * @typedef {{document_id: string, filename: string, position: number, text: string, score: number, dense: number | null,
 *   lexical: number | null, found_by: string[]}} Found
 * @typedef {{answer: string, handover_reason: string | null, unanswered: boolean, cut: boolean, model: string | null,
 *   passages: Found[], prompt: {role: string, content: string}[], tokens: {in: number, out: number, cached: number},
 *   cost_brl: string | null, seconds: number}} Answer
 */

/** @param {Answer} answer */
export function answerPanel(answer) {
  return [
    answer.answer && h("p", { class: "bubble assistant text" }, answer.answer),
    answer.handover_reason !== null && h("p", { class: "remark" }, t("turn.handover", { reason: answer.handover_reason })),
    answer.unanswered && h("p", { class: "remark" }, t("bench.unanswered")),
    answer.cut && h("p", { class: "remark" }, t("turn.cut")),
    h("ul", { class: "row facts-line" }, facts(answer).map((one) => h("li", { class: "chip" }, one))),
    h("h4", {}, t("bench.passages")),
    answer.passages.length ? h("div", {}, answer.passages.map(passage)) : h("p", { class: "muted" }, t("bench.no_passages")),
    h("details", {}, h("summary", {}, t("bench.prompt")), answer.prompt.map(said)),
  ];
}

/** @param {Answer} answer */
function facts({ model, tokens, seconds, cost_brl: cost }) {
  const read = { in: number(tokens.in), out: number(tokens.out) };
  return [model ?? t("usage.no_model"), t("bench.tokens", read), `${number(seconds, 2)} s`, reais(cost)];
}

/** @param {{role: string, content: string}} one */
function said({ role, content }) {
  return h("div", { class: "said" }, h("strong", {}, t(`bench.role.${role}`)), h("pre", {}, content));
}

/**
 * @param {Found} found
 * @param {number} i
 */
function passage(found, i) {
  const why = (found.found_by ?? []).map((one) => h("span", { class: "chip accent" }, t(`found_by.${one}`)));
  const scores = [
    t("bench.score", { score: percent(found.score) }),
    found.dense !== null && t("bench.dense", { score: number(found.dense, 2) }),
    found.lexical !== null && t("bench.lexical", { score: number(found.lexical, 2) }),
  ];
  return h(
    "details",
    { class: "passage", open: i === 0 },
    h("summary", {}, `${i + 1}. ${found.filename} · ${t("sources.position", { n: found.position + 1 })} `, why),
    h("p", { class: "muted" }, scores.filter(Boolean).join(" · ")),
    h("p", { class: "text" }, found.text),
  );
}

/**
 * Both in figures; the cheaper and the quicker one are marked.
 * @param {Answer} one
 * @param {Answer} other
 */
export function comparison(one, other) {
  /** @type {[string, (answer: Answer) => number | null, (value: number | null) => string][]} */
  const figures = [
    [t("bench.tokens_in"), (answer) => answer.tokens.in, (value) => number(value)],
    [t("bench.tokens_out"), (answer) => answer.tokens.out, (value) => number(value)],
    [t("bench.seconds"), (answer) => answer.seconds, (value) => `${number(value, 2)} s`],
    [t("usage.cost"), (answer) => (answer.cost_brl === null ? null : Number(answer.cost_brl)), reais],
  ];
  const rows = figures.map(([name, of, format]) => {
    const [a, b] = [of(one), of(other)];
    const mark = (/** @type {number | null} */ mine, /** @type {number | null} */ its) =>
      mine !== null && its !== null && mine < its ? h("span", { class: "chip ok" }, format(mine)) : format(mine);
    return [name, mark(a, b), mark(b, a)];
  });
  return table(t("bench.comparison"), [t("bench.comparison"), numeric(t("bench.present")), numeric(t("bench.other"))], [
    [t("setting.model"), one.model ?? t("usage.no_model"), other.model ?? t("usage.no_model")],
    ...rows,
  ]);
}
