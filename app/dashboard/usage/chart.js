// Messages a day as bars, those handed over marked; the table below says the same in numbers.

import { h } from "../core/dom.js";
import { day } from "../core/format.js";
import { t } from "../core/i18n.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [720, 140];
const DAY = 86_400_000;

/** @typedef {import("./sums.js").Row} Row */

/**
 * @param {Row[]} rows
 * @param {{from: string, to: string}} period
 */
export function chart(rows, period) {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const days = daysOf(period);
  const most = Math.max(1, ...rows.map((row) => row.messages));
  const step = WIDTH / days.length;
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", preserveAspectRatio: "none", role: "img", "aria-label": t("usage.chart") });
  days.forEach((date, i) => {
    const row = byDay.get(date);
    if (!row) return;
    const full = (row.messages / most) * (HEIGHT - 4);
    const handed = row.messages ? (row.handed_over / row.messages) * full : 0;
    const place = { x: i * step + step * 0.12, width: step * 0.76 };
    const bar = element("g", {});
    const title = element("title", {});
    title.textContent = t("usage.bar", { day: date, messages: row.messages, handed: row.handed_over });
    bar.append(
      title,
      element("rect", { ...place, y: HEIGHT - full, height: full, class: "bar", rx: 2 }),
      element("rect", { ...place, y: HEIGHT - handed, height: handed, class: "bar handed" }),
    );
    svg.append(bar);
  });
  const ends = [days[0], days[days.length - 1]].map((one) => h("span", {}, day(`${one}T12:00`)));
  return h("div", {}, svg, h("p", { class: "chart-days" }, ends));
}

/** @param {{from: string, to: string}} period */
function daysOf({ from, to }) {
  const days = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += DAY) days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
