// The documents of each assistant by status, and its channels: asked when somebody wants to see it.

import { get } from "../core/api.js";
import { assistants } from "../core/assistants.js";
import { h } from "../core/dom.js";
import { number, percent } from "../core/format.js";
import { t } from "../core/i18n.js";
import { shown } from "../components/states.js";
import { numeric, section, table } from "../components/table.js";

const MOST = 50;

/** A part of a screen that is closed at first. */
export function byAssistant() {
  const body = h("div", {});
  const details = h("details", {}, h("summary", {}, t("health.knowledge_show")), body);
  details.addEventListener("toggle", () => details.open && !body.childElementCount && void shown(body, made));
  return section(t("health.knowledge"), t("health.knowledge_hint"), details);
}

async function made() {
  const all = (await assistants(true)).slice(0, MOST);
  const rows = [];
  for (const one of all) rows.push(await row(one));
  const heads = [t("filter.assistant"), numeric(t("document.ready")), numeric(t("document.indexing")), numeric(t("document.failed")), numeric(t("health.chunks")), t("health.model"), t("tab.canais")];
  return table(t("health.knowledge"), heads, rows);
}

/** @param {import("../core/assistants.js").Assistant} one */
async function row(one) {
  const [state, channels] = await Promise.all([
    get(`/assistants/knowledge/${one._id}`),
    get("/channels/list", { assistant_id: one._id }).catch(() => []),
  ]);
  return [
    h("a", { href: `#/assistentes/${one._id}/documentos` }, one.name),
    number(state.documents.ready),
    number(state.documents.indexing + state.documents.pending),
    state.documents.failed ? h("span", { class: "chip danger" }, state.documents.failed) : "0",
    number(state.chunks),
    [state.model, state.next_model && ` → ${state.next_model} (${percent(state.progress)})`],
    channels.map((/** @type {any} */ channel) =>
      h("span", { class: `chip ${channel.state === "connected" ? "ok" : "warn"}`, title: channel.problem ?? "" }, channel.name, ": ", t(`channel.state.${channel.state}`)),
    ),
  ];
}
