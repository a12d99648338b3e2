// An assistant's documents: dropped files, progress of each, warnings in plain words, when each is found.

import { get, post } from "../core/api.js";
import { atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { poll } from "../core/poll.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { icon } from "../components/icons.js";
import { empty, failed, loading } from "../components/states.js";
import { section } from "../components/table.js";
import { documentRow } from "./row.js";
import { dropZone } from "./upload.js";

const BUSY = 1500;

/** @typedef {Record<string, any> & {_id: string, filename: string, status: string}} Doc */

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant, signal }) {
  const may = atLeast(assistant.role, "editor");
  const list = h("ul", { class: "documents" });
  const state = h("div", {}, loading());
  /** @type {Map<string, {seen: string, item: HTMLElement}>} */
  const shown = new Map();
  const look = poll((left) => read(left), { every: BUSY, signal, onError: (error) => fill(state, failed(error, () => look())) });

  /** @param {AbortSignal} left */
  async function read(left) {
    /** @type {Doc[]} */
    const documents = await get("/documents/list", { assistant_id: assistant._id, type: "rag", limit: 500 }, { signal: left });
    const items = documents.map((one) => {
      const seen = JSON.stringify(one);
      const known = shown.get(one._id);
      const item = known?.seen === seen ? known.item : documentRow(one, may, look);
      shown.set(one._id, { seen, item });
      return item;
    });
    const same = items.length === list.children.length && items.every((item, i) => item === list.children[i]);
    if (!same) fill(list, items);
    fill(state, !documents.length && empty(t("documents.empty"), t("documents.empty_hint")));
  }

  const page = h("button", { type: "button", onclick: () => addPage(assistant._id, look) }, icon("add"), t("documents.add_url"));
  fill(root, section(t("tab.documentos"), t("documents.hint"), may && [dropZone(assistant._id, look), h("div", { class: "row" }, page)], state, list));
}

/**
 * @param {string} assistantId
 * @param {() => void} done
 */
function addPage(assistantId, done) {
  openDialog(t("documents.add_url"), (close) => [
    form(
      [
        { name: "url", label: t("documents.url"), type: "url", required: true, placeholder: "https://www.exemplo.com.br/duvidas" },
        { name: "refresh_hours", label: t("documents.refresh_hours"), hint: t("documents.refresh_hint"), type: "number", min: 1, max: 8760 },
      ],
      t("documents.add_url"),
      async ({ url, refresh_hours: hours }) => {
        const body = { url, assistant_id: assistantId, refresh_hours: hours ? Number(hours) : null };
        await post("/documents/addUrl", body, { timeout: 90_000 });
        close();
        done();
      },
      { cancel: close },
    ),
  ]);
}
