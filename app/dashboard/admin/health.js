// How the service is: its parts, queues, failures, a change of the embedding model, database and disks.

import { get } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { bytes, duration, fullMoment, number, percent } from "../core/format.js";
import { t } from "../core/i18n.js";
import { poll } from "../core/poll.js";
import { failed, loading } from "../components/states.js";
import { numeric, section, table } from "../components/table.js";
import { byAssistant } from "./knowledge.js";

/**
 * @typedef {{parts: {name: string, works: boolean}[], database: string, documents: Record<string, number>,
 *   failures: Record<string, number>, queues: {name: string, waiting: number, oldest_seconds: number | null}[],
 *   embedding: {model: string, documents: Record<string, number>, lacking: number},
 *   disks: {setting: string, free_bytes: number, total_bytes: number}[]}} Overview
 */

const SCARCE = 0.1;

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root, { signal }) {
  const body = h("div", { class: "stack" }, loading());
  let seen = false;
  const look = poll(
    async (left) => {
      /** @type {Overview} */
      const now = await get("/service/overview", {}, { signal: left });
      fill(body, parts(now), queues(now), failures(now, await failedToday(left)), embedding(now), disks(now));
      seen = true;
    },
    { every: 5000, signal, onError: (error) => !seen && fill(body, failed(error, () => look())) },
  );
  fill(root, body, byAssistant());
}

/** @param {Overview} now */
function parts(now) {
  const chips = now.parts.map((part) =>
    h("span", { class: `chip ${part.works ? "ok" : "danger"}` }, t(`health.part.${part.name.replaceAll(" ", "_")}`), ": ", t(part.works ? "health.works" : "health.broken")),
  );
  const all = now.parts.every((part) => part.works);
  const sentence = h("p", {}, t(all ? "health.ready" : "health.not_ready"));
  const seen = h("p", { class: "muted" }, t("health.database", { kind: t(`health.database.${now.database}`) }), " · ", fullMoment(new Date().toISOString()));
  return section(t("tab.saude"), null, sentence, h("div", { class: "row" }, chips), seen);
}

/** @param {Overview} now */
function queues(now) {
  const rows = now.queues.map((queue) => [
    t(`health.queue.${queue.name}`),
    number(queue.waiting),
    queue.oldest_seconds && queue.waiting ? duration(queue.oldest_seconds * 1000) : "–",
  ]);
  return section(t("health.queues"), t("health.queues_hint"), table(t("health.queues"), [t("health.queue"), numeric(t("health.waiting")), numeric(t("health.oldest"))], rows));
}

/**
 * Messages of today that got no answer.
 * @param {AbortSignal} signal
 */
async function failedToday(signal) {
  const today = new Date().toLocaleDateString("sv-SE");
  const [sum] = await get("/usage", { by: "total", from: today, to: today }, { signal });
  return sum?.failed ?? 0;
}

/**
 * @param {Overview} now
 * @param {number} messages
 */
function failures(now, messages) {
  const rows = Object.entries({ messages, ...now.failures }).map(([name, count]) => [
    t(`health.failure.${name}`),
    count ? h("span", { class: "chip danger" }, number(count)) : "0",
  ]);
  return section(t("health.failures"), t("health.failures_hint"), table(t("health.failures"), [t("health.what"), numeric(t("health.number"))], rows));
}

/** @param {Overview} now */
function embedding({ embedding: one }) {
  const all = Object.values(one.documents).reduce((sum, count) => sum + count, 0);
  const rows = Object.entries(one.documents).map(([model, count]) => [model, number(count)]);
  const done = all ? (all - one.lacking) / all : 1;
  return section(
    t("health.embedding"),
    one.lacking ? t("health.embedding_lacking", { model: one.model, lacking: number(one.lacking), share: percent(done) }) : t("health.embedding_done", { model: one.model }),
    one.lacking > 0 && h("progress", { max: 1, value: done, "aria-label": t("health.embedding") }),
    rows.length > 1 && table(t("health.embedding"), [t("health.model"), numeric(t("health.documents"))], rows),
  );
}

/** @param {Overview} now */
function disks(now) {
  const rows = now.disks.map((disk) => {
    const used = disk.total_bytes - disk.free_bytes;
    const scarce = disk.free_bytes <= SCARCE * disk.total_bytes;
    return [
      h("code", { class: "mono" }, disk.setting),
      h("meter", { max: disk.total_bytes || 1, value: used, high: (1 - SCARCE) * disk.total_bytes, "aria-label": t("health.disk_used", { setting: disk.setting }) }),
      h("span", { class: scarce ? "chip danger" : null }, t("health.free", { free: bytes(disk.free_bytes), total: bytes(disk.total_bytes) })),
    ];
  });
  return section(t("health.disks"), t("health.disks_hint"), table(t("health.disks"), [t("health.folder"), t("health.used"), numeric(t("health.room"))], rows));
}
