// Messages that were found: each leads to its place in its conversation.

import { send } from "../core/api.js";
import { h } from "../core/dom.js";
import { shortMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { pagedList } from "../components/pages.js";
import { empty } from "../components/states.js";
import { nameOf } from "./names.js";

/**
 * @typedef {{chat_id: string, conversation_id: string, assistant_name: string, channel: {id: string}, username: string | null,
 *   by: string, at: string, snippet: string, highlights: [number, number][]}} Found
 */

/** @param {string} text */
export function foundMessages(text) {
  return pagedList({
    label: t("search.messages"),
    load: async (cursor) => {
      const { data, next } = await send("GET", "/chats/search", { query: { q: text, cursor, limit: 30 } });
      return { items: data, next };
    },
    row: found,
    empty: () => empty(t("search.none"), t("search.none_hint")),
  });
}

/** @param {Found} one */
function found(one) {
  const link = { href: `#/conversas/${one.conversation_id}/${one.chat_id}`, class: "conversation-row" };
  return h(
    "li",
    {},
    h(
      "a",
      link,
      h("span", { class: "name" }, nameOf(one)),
      h("time", { class: "muted", datetime: one.at }, shortMoment(one.at)),
      h("span", { class: "preview found-text" }, highlighted(one.snippet, one.highlights)),
    ),
  );
}

/**
 * @param {string} text
 * @param {[number, number][]} places
 */
function highlighted(text, places) {
  const parts = [];
  let end = 0;
  for (const [from, to] of places) {
    parts.push(text.slice(end, from), h("mark", {}, text.slice(from, to)));
    end = to;
  }
  return [...parts, text.slice(end)];
}
