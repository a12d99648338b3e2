// One assistant: its tabs, those that the caller's role may use.

import { assistant, atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { go } from "../core/router.js";
import { shown } from "../components/states.js";

/** @typedef {import("../core/assistants.js").Assistant} Assistant */
/** @typedef {{assistant: Assistant, item?: string, signal: AbortSignal}} TabVisit */
/** @typedef {{tab: (root: HTMLElement, visit: TabVisit) => void | Promise<void>}} Tab */
/** @typedef {"viewer" | "operator" | "editor" | "owner"} Role */

/** @type {{name: string, least: Role, load: () => Promise<Tab>}[]} */
const TABS = [
  { name: "documentos", least: "viewer", load: () => import("../documents/list.js") },
  { name: "prompt", least: "viewer", load: () => import("../documents/prompt.js") },
  { name: "testes", least: "editor", load: () => import("../workbench/bench.js") },
  { name: "avaliacao", least: "editor", load: () => import("../workbench/evaluation.js") },
  { name: "perguntas", least: "viewer", load: () => import("../workbench/unanswered.js") },
  { name: "canais", least: "owner", load: () => import("../channels/list.js") },
  { name: "etiquetas", least: "editor", load: () => import("./labels.js") },
  { name: "equipe", least: "viewer", load: () => import("./members.js") },
  { name: "chaves", least: "owner", load: () => import("./keys.js") },
  { name: "webhooks", least: "owner", load: () => import("./webhooks.js") },
  { name: "ajustes", least: "viewer", load: () => import("./settings.js") },
];

/** @type {import("../core/router.js").Screen} */
export async function show(root, { params, signal }) {
  const page = h("div", { class: "page" });
  fill(root, page);
  await shown(page, async () => {
    const one = await assistant(params.id);
    const tabs = TABS.filter((tab) => atLeast(one.role, tab.least));
    const present = tabs.find((tab) => tab.name === params.tab) ?? tabs[0];
    if (!params.tab) go(`/assistentes/${one._id}/${present.name}`, true);
    const body = h("div", { class: "stack" });
    const module = await present.load();
    const links = tabs.map(({ name }) =>
      h("a", { href: `#/assistentes/${one._id}/${name}`, "aria-current": name === present.name ? "page" : null }, t(`tab.${name}`)),
    );
    void module.tab(body, { assistant: one, item: params.item, signal });
    return [
      h("div", { class: "row" }, h("a", { href: "#/assistentes" }, t("area.assistants")), "›", h("h1", {}, one.name)),
      h("nav", { class: "tabs", "aria-label": one.name }, links),
      body,
    ];
  });
  page.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}
