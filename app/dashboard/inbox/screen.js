// The inbox: conversations at the side, one of them open.

import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { go } from "../core/router.js";
import { empty } from "../components/states.js";
import { toast } from "../components/toast.js";
import { openConversation } from "./conversation.js";
import { filters } from "./filters.js";
import { ConversationList } from "./list.js";
import { onDeleted } from "./news.js";
import { foundMessages } from "./search.js";

/** @type {import("../core/router.js").Screen} */
export function show(root, { params, signal }) {
  const list = new ConversationList(signal, new Map());
  const results = h("div", { class: "results", hidden: true });
  const pane = h("div", { class: "pane" });
  const search = (/** @type {string} */ text) => {
    void list.filter({ q: text });
    results.hidden = text.length < 2;
    fill(results, !results.hidden && [h("h2", {}, t("search.messages")), foundMessages(text)]);
  };
  const side = h(
    "div",
    { class: "inbox-side" },
    h("h1", { class: "visually-hidden" }, t("area.inbox")),
    filters(list, search),
    h("div", { class: "inbox-list" }, list.element, results),
  );
  const inbox = h("div", { class: "inbox" }, side, pane);
  fill(root, inbox);
  void list.start();

  /** @type {AbortController | null} */
  let open = null;
  /** @param {import("../core/router.js").Params} where */
  const navigate = ({ id, chat }) => {
    open?.abort();
    open = new AbortController();
    inbox.classList.toggle("opened", Boolean(id));
    list.select(id ?? "");
    if (id) void openConversation(pane, id, chat, AbortSignal.any([open.signal, signal])).then(() => enter(side, pane));
    else fill(pane, empty(t("inbox.choose"), t("inbox.choose_hint")));
  };
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) focusOn(side, "a[aria-current]");
  });
  root.addEventListener("navigate", (event) => event instanceof CustomEvent && navigate(event.detail), { signal });
  onDeleted((ids) => {
    if (!ids.includes(list.current)) return;
    toast(t("conversation.deleted"));
    go("/conversas", true);
  }, signal);
  navigate(params);
}

/**
 * Who opened a conversation from the list goes on in it.
 * @param {HTMLElement} side
 * @param {HTMLElement} pane
 */
function enter(side, pane) {
  if (side.contains(document.activeElement)) focusOn(pane, ".turns");
}

/**
 * @param {HTMLElement} root
 * @param {string} selector
 */
function focusOn(root, selector) {
  const found = root.querySelector(selector);
  if (found instanceof HTMLElement) found.focus({ preventScroll: true });
}
