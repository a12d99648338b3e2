// Periods, and sums of rows of usage.

/**
 * @typedef {{day: string | null, name: string | null, model: string | null, messages: number, answered: number,
 *   handed_over: number, failed: number, unanswered?: number, tokens: {in: number, out: number}, cost_brl: string | null,
 *   answer_seconds: {p50: number | null}}} Row
 */

/**
 * The last days, and as many before them.
 * @param {number} days
 */
export function periods(days) {
  return { present: { from: daysAgo(days - 1), to: daysAgo(0) }, before: { from: daysAgo(2 * days - 1), to: daysAgo(days) } };
}

/** @param {number} days */
export function daysAgo(days) {
  const date = new Date();
  date.setDate(date.getDate() - days);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/**
 * `seconds`: the mean of the days' medians, weighed by their answers.
 * @param {Row[]} rows
 */
export function total(rows) {
  const sum = (/** @type {(row: Row) => number} */ of) => rows.reduce((all, row) => all + of(row), 0);
  const timed = rows.filter((row) => row.answer_seconds.p50 !== null);
  const answers = timed.reduce((all, row) => all + row.answered, 0);
  const seconds = timed.reduce((all, row) => all + (row.answer_seconds.p50 ?? 0) * row.answered, 0);
  return {
    messages: sum((row) => row.messages),
    answered: sum((row) => row.answered),
    handed_over: sum((row) => row.handed_over),
    unanswered: sum((row) => row.unanswered ?? 0),
    tokens: sum((row) => row.tokens.in + row.tokens.out),
    cost: rows.some((row) => row.cost_brl !== null) ? sum((row) => Number(row.cost_brl ?? 0)) : null,
    seconds: answers ? seconds / answers : null,
  };
}
