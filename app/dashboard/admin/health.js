// How the service is: whether it can work, knowledge, channels, failures; as far as the API tells.

import { address, get } from "../core/api.js";
import { assistants } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { number, percent } from "../core/format.js";
import { t } from "../core/i18n.js";
import { shown } from "../components/states.js";
import { numeric, section, table } from "../components/table.js";

const MOST = 50;

/** @param {HTMLElement} root */
export async function tab(root) {
  const [ready, knowledge] = [h("div", {}), h("div", {})];
  fill(root, section(t("tab.saude"), t("health.hint"), ready), section(t("health.knowledge"), t("health.knowledge_hint"), knowledge));
  await shown(ready, async () => {
    const response = await fetch(address("/ready"), { cache: "no-store" });
    const body = await response.json();
    const tone = response.ok ? "ok" : "danger";
    return h("p", {}, h("span", { class: `chip ${tone}` }, t(response.ok ? "health.ready" : "health.not_ready")), " ", !response.ok && body.error);
  });
  await shown(knowledge, async () => {
    const all = (await assistants(true)).slice(0, MOST);
    const states = await Promise.all(all.map((one) => get(`/assistants/knowledge/${one._id}`)));
    const channels = await Promise.all(all.map((one) => get("/channels/list", { assistant_id: one._id }).catch(() => [])));
    const heads = [t("filter.assistant"), numeric(t("document.ready")), numeric(t("document.indexing")), numeric(t("document.failed")), numeric(t("health.chunks")), t("health.model"), t("tab.canais")];
    const rows = states.map((/** @type {any} */ state, i) => [
      h("a", { href: `#/assistentes/${all[i]._id}/documentos` }, all[i].name),
      number(state.documents.ready),
      number(state.documents.indexing + state.documents.pending),
      state.documents.failed ? h("span", { class: "chip danger" }, state.documents.failed) : "0",
      number(state.chunks),
      [state.model, state.next_model && ` → ${state.next_model} (${percent(state.progress)})`],
      channels[i].map((/** @type {any} */ one) => h("span", { class: `chip ${one.state === "connected" ? "ok" : "warn"}`, title: one.problem ?? "" }, one.name, ": ", t(`channel.state.${one.state}`))),
    ]);
    return table(t("health.knowledge"), heads, rows);
  });
}
