// Everything the service keeps, as one file.

import { download, get, post, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { bytes, fullMoment, number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { poll } from "../core/poll.js";
import { confirmed } from "../components/dialog.js";
import { failed, loading } from "../components/states.js";
import { actionButton, section } from "../components/table.js";

/**
 * @typedef {{state: "none" | "running" | "done" | "failed", done: number, total: number, bytes: number,
 *   started_at: string | null, ended_at: string | null, error: string | null}} Export
 */

const FILE = "orquestradora.gz";

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root, { signal }) {
  const body = h("div", { class: "stack", "aria-live": "polite" }, loading());
  let seen = "";
  const look = poll(
    async (left) => {
      /** @type {Export} */
      const now = await get("/service/export", {}, { signal: left });
      if (JSON.stringify(now) !== seen) show(body, now, look);
      seen = JSON.stringify(now);
    },
    { every: 2000, signal, onError: (error) => !seen && fill(body, failed(error, () => look())) },
  );
  fill(root, section(t("tab.exportacao"), t("export.hint"), body, h("p", { class: "hint" }, t("export.media_hint"))));
}

/**
 * @param {HTMLElement} body
 * @param {Export} one
 * @param {() => void} look
 */
function show(body, one, look) {
  const begin = async () => {
    if (!(await confirmed(t("export.start"), t("export.sure"), t("export.start"), false))) return;
    await post("/service/export");
    look();
  };
  const erase = async () => {
    await remove("/service/export");
    look();
  };
  const running = one.state === "running";
  const facts = { moment: fullMoment(one.ended_at), size: bytes(one.bytes) };
  fill(
    body,
    running && [h("progress", { max: one.total || 1, value: one.total ? one.done : null, "aria-label": t("export.running") }), h("p", {}, t("export.progress", { done: number(one.done), total: number(one.total) }))],
    one.state === "done" && h("p", {}, h("span", { class: "chip ok" }, t("export.done")), " ", t("export.facts", facts)),
    one.state === "failed" && h("p", { class: "form-error", role: "alert" }, t("export.failed"), " ", one.error),
    h(
      "div",
      { class: "row" },
      one.state === "done" && actionButton(t("export.download"), () => download("/service/exportFile", {}, FILE), { class: "primary" }),
      !running && actionButton(t("export.start"), begin, { class: one.state === "done" ? null : "primary" }),
      one.state === "done" && actionButton(t("export.delete"), erase),
    ),
  );
}
