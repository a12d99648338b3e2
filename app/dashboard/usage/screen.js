// Usage: what messages were and cost, against the period before; a chart that is a table, too; CSV.

import { download, get, send } from "../core/api.js";
import { assistants } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { number, percent, reais } from "../core/format.js";
import { t } from "../core/i18n.js";
import { empty, shown } from "../components/states.js";
import { actionButton, numeric, section, table } from "../components/table.js";
import { chart } from "./chart.js";
import { periods, total } from "./sums.js";

/** @typedef {import("./sums.js").Row} Row */

const DAYS = ["7", "30", "90", "365"];

/** @type {import("../core/router.js").Screen} */
export async function show(root) {
  const days = h("select", { "aria-label": t("usage.period") }, DAYS.map((one) => h("option", { value: one, selected: one === "30" }, t("usage.days", { n: one }))));
  const assistant = h("select", { "aria-label": t("filter.assistant") }, h("option", { value: "" }, t("filter.all_assistants")));
  const body = h("div", { class: "stack" });
  const load = () => shown(body, () => report(Number(days.value), assistant.value));
  for (const select of [days, assistant]) select.addEventListener("change", () => void load());
  const csv = () => download("/usage", { ...periods(Number(days.value)).present, assistant_id: assistant.value, by: "day", limit: 500 }, "uso.csv", "text/csv");
  const bar = h("div", { class: "row controls" }, days, assistant, actionButton("CSV", csv));
  fill(root, h("div", { class: "page" }, h("div", { class: "between" }, h("h1", {}, t("area.usage")), bar), body));
  void assistants()
    .then((all) => assistant.append(...all.map((one) => h("option", { value: one._id }, one.name))))
    .catch(() => {});
  await load();
}

/**
 * @param {number} days
 * @param {string} assistantId
 */
async function report(days, assistantId) {
  const { present, before } = periods(days);
  const ask = (/** @type {object} */ period, /** @type {string} */ by) => get("/usage", { ...period, by, assistant_id: assistantId, limit: 500 });
  /** @type {Row[][]} */
  const [byDay, earlier, byAssistant, byModel] = await Promise.all([ask(present, "day"), ask(before, "day"), ask(present, "assistant"), ask(present, "model")]);
  if (!byDay.length) return empty(t("usage.empty"), t("usage.empty_hint"));
  const [now, then] = [total(byDay), total(earlier)];
  return [
    h("ul", { class: "figures" }, figures(now, then)),
    section(t("usage.by_day"), null, chart(byDay, present), details(t("usage.as_table"), rows(byDay, (row) => row.day ?? ""))),
    section(t("usage.by_assistant"), null, rows(byAssistant, (row) => row.name ?? t("usage.deleted"))),
    section(t("usage.by_model"), null, rows(byModel, (row) => row.model ?? t("usage.no_model"))),
    await unanswered(assistantId),
  ];
}

/**
 * @param {ReturnType<typeof total>} now
 * @param {ReturnType<typeof total>} then
 */
function figures(now, then) {
  /** @type {[string, string, number, number][]} */
  const shown = [
    ["usage.messages", number(now.messages), now.messages, then.messages],
    ["usage.alone", now.answered ? percent(1 - now.handed_over / now.answered) : "–", now.answered - now.handed_over, then.answered - then.handed_over],
    ["usage.handed_over", number(now.handed_over), now.handed_over, then.handed_over],
    ["usage.unanswered", number(now.unanswered), now.unanswered, then.unanswered],
    ["usage.seconds", now.seconds === null ? "–" : `${number(now.seconds, 1)} s`, now.seconds ?? 0, then.seconds ?? 0],
    ["usage.tokens", number(now.tokens), now.tokens, then.tokens],
    ["usage.cost", reais(now.cost), now.cost ?? 0, then.cost ?? 0],
  ];
  return shown.map(([key, text, value, earlier]) =>
    h("li", { class: "card figure" }, h("span", { class: "muted" }, t(key)), h("strong", {}, text), h("span", { class: "muted" }, against(value, earlier))),
  );
}

/**
 * @param {number} value
 * @param {number} earlier
 */
function against(value, earlier) {
  if (!earlier) return t("usage.no_before");
  const change = value / earlier - 1;
  return t("usage.against", { change: `${change >= 0 ? "+" : "−"}${percent(Math.abs(change))}` });
}

/**
 * @param {Row[]} all
 * @param {(row: Row) => string} name
 */
function rows(all, name) {
  const heads = ["usage.messages", "usage.answered", "usage.handed_over", "usage.unanswered", "usage.failed", "usage.p50", "usage.tokens", "usage.cost"];
  return table(
    t("area.usage"),
    ["", ...heads.map((key) => numeric(t(key)))],
    all.map((row) => [
      name(row),
      number(row.messages),
      number(row.answered),
      number(row.handed_over),
      number(row.unanswered ?? 0),
      number(row.failed),
      row.answer_seconds.p50 === null ? "–" : `${number(row.answer_seconds.p50, 1)} s`,
      number(row.tokens.in + row.tokens.out),
      reais(row.cost_brl),
    ]),
  );
}

/**
 * @param {string} title
 * @param {HTMLElement} content
 */
function details(title, content) {
  return h("details", {}, h("summary", {}, title), content);
}

/** @param {string} assistantId */
async function unanswered(assistantId) {
  const all = (await assistants()).filter((one) => !assistantId || one._id === assistantId).slice(0, 20);
  const found = await Promise.all(all.map((one) => send("GET", `/unanswered/list/${one._id}`, { query: { state: "open", limit: 5 } }).then((answer) => answer.data, () => [])));
  const items = found.flatMap((groups, i) =>
    groups.map((/** @type {any} */ group) => h("li", { class: "between" }, h("a", { href: `#/assistentes/${all[i]._id}/perguntas` }, group.question), h("span", { class: "chip warn" }, group.count))),
  );
  return section(t("usage.open_questions"), t("unanswered.hint"), items.length ? h("ul", { class: "stack" }, items) : empty(t("unanswered.empty")));
}
