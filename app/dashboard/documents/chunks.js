// A document as it was cut, in order.

import { send } from "../core/api.js";
import { h } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { pagedList } from "../components/pages.js";
import { empty } from "../components/states.js";

/** @typedef {{position: number, heading: string, text: string, characters: number}} Chunk */

/** @param {{_id: string, filename: string}} document */
export function openChunks(document) {
  const list = pagedList({
    label: t("documents.show_chunks"),
    load: async (cursor) => {
      const { data, next } = await send("GET", `/documents/chunks/${document._id}`, { query: { cursor, limit: 50 } });
      return { items: /** @type {Chunk[]} */ (data), next };
    },
    row: (chunk) =>
      h(
        "li",
        { class: "passage" },
        h("h3", {}, `${chunk.position + 1}. `, chunk.heading),
        h("p", { class: "text" }, chunk.text),
        h("p", { class: "muted" }, t("documents.characters", { n: number(chunk.characters) })),
      ),
    empty: () => empty(t("documents.no_chunks")),
  });
  openDialog(document.filename, () => [h("p", { class: "hint" }, t("documents.chunks_hint")), list], { wide: true });
}
