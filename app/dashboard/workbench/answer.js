// An answer with its passages and why they were found, the prompt, tokens, time and cost.

import { h } from "../core/dom.js";
import { number, percent, reais } from "../core/format.js";
import { t } from "../core/i18n.js";

/**
 * @typedef {{document_id: string, filename: string, position: number, text: string, score: number, dense: number | null,
 *   lexical: number | null, found_by: string[]}} Found
 * @typedef {{answer: string, handover_reason: string | null, unanswered: boolean, cut: boolean, model: string | null,
 *   passages: Found[], prompt: {role: string, content: string}[], tokens: {in: number, out: number},
 *   cost_brl: string | null, seconds: number}} Answer
 */

/** @param {Answer} answer */
export function answerPanel(answer) {
  const facts = [
    answer.model ?? t("usage.no_model"),
    t("bench.tokens", { in: number(answer.tokens.in), out: number(answer.tokens.out) }),
    `${number(answer.seconds, 2)} s`,
    reais(answer.cost_brl),
  ];
  return [
    h("p", { class: "bubble assistant text" }, answer.answer),
    answer.handover_reason && h("p", { class: "remark" }, t("turn.handover", { reason: answer.handover_reason })),
    answer.unanswered && h("p", { class: "remark" }, t("bench.unanswered")),
    answer.cut && h("p", { class: "remark" }, t("turn.cut")),
    h("p", { class: "muted" }, facts.join(" · ")),
    h("h3", {}, t("bench.passages")),
    ...(answer.passages.length ? answer.passages.map(passage) : [h("p", { class: "muted" }, t("bench.no_passages"))]),
    h("details", {}, h("summary", {}, t("bench.prompt")), answer.prompt.map((one) => h("div", { class: "stack" }, h("strong", {}, one.role), h("pre", {}, one.content)))),
  ];
}

/** @param {Found} found */
function passage(found) {
  const why = (found.found_by ?? []).map((one) => h("span", { class: "chip accent" }, t(`found_by.${one}`)));
  const scores = [
    t("bench.score", { score: percent(found.score) }),
    found.dense !== null && t("bench.dense", { score: number(found.dense, 2) }),
    found.lexical !== null && t("bench.lexical", { score: number(found.lexical, 2) }),
  ];
  return h(
    "details",
    { class: "passage" },
    h("summary", {}, `${found.filename} · ${found.position + 1} `, why),
    h("p", { class: "muted" }, scores.filter(Boolean).join(" · ")),
    h("p", { class: "text" }, found.text),
  );
}
