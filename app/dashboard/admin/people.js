// People's accounts, page by page.

import { post, put, remove, send } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { user } from "../core/session.js";
import { confirmed, showOnce } from "../components/dialog.js";
import { icon } from "../components/icons.js";
import { pagedList } from "../components/pages.js";
import { empty } from "../components/states.js";
import { actionButton, section } from "../components/table.js";
import { toast } from "../components/toast.js";

/** @typedef {{_id: string, name: string, email: string, is_admin: boolean, blocked: boolean, createdAt: string}} Account */

const PAUSE = 300;

/** @param {HTMLElement} root */
export function tab(root) {
  const field = h("input", { type: "search", placeholder: t("people.search"), "aria-label": t("people.search"), autocomplete: "off" });
  const list = pagedList({
    label: t("tab.pessoas"),
    load: async (cursor) => {
      const { data, next } = await send("GET", "/users/list", { query: { q: field.value.trim(), cursor, limit: 100 } });
      return { items: /** @type {Account[]} */ (data), next };
    },
    row: (one) => {
      const item = h("li", { class: "document" });
      show(item, one);
      return item;
    },
    empty: () => empty(t(field.value ? "people.none_found" : "people.empty")),
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void list.reload(), PAUSE);
  });
  fill(root, section(t("tab.pessoas"), t("people.hint"), h("div", { class: "search-field" }, icon("search"), field), list));
}

/**
 * @param {HTMLElement} item
 * @param {Account} one
 */
function show(item, one) {
  fill(
    item,
    h(
      "div",
      { class: "between" },
      h(
        "div",
        {},
        h("h3", {}, one.name, one.is_admin && h("span", { class: "chip accent" }, t("people.admin")), one.blocked && h("span", { class: "chip danger" }, t("people.blocked"))),
        h("p", {}, one.email),
        h("p", { class: "muted" }, t("people.since", { moment: fullMoment(one.createdAt) })),
      ),
      one._id === user()?.id ? h("span", { class: "chip" }, t("people.you")) : actions(item, one),
    ),
  );
}

/**
 * @param {HTMLElement} item
 * @param {Account} one
 */
function actions(item, one) {
  const update = async (/** @type {{is_admin?: boolean, blocked?: boolean}} */ change) => {
    show(item, await put(`/users/update/${one._id}`, change));
    item.querySelector("button")?.focus();
  };
  const promote = async () => {
    const sure = one.is_admin || (await confirmed(t("people.make_admin"), t("people.make_admin_sure", { name: one.name }), t("people.make_admin"), false));
    if (sure) await update({ is_admin: !one.is_admin });
  };
  const block = async () => {
    const sure = one.blocked || (await confirmed(t("people.block"), t("people.block_sure", { name: one.name }), t("people.block")));
    if (sure) await update({ blocked: !one.blocked });
  };
  const link = async () => {
    const made = await post(`/users/resetLink/${one._id}`);
    showOnce(t("people.reset_link"), t("people.reset_hint", { name: one.name }), made.link);
  };
  const erase = async () => {
    if (!(await confirmed(t("people.delete"), t("people.delete_sure", { name: one.name }), t("people.delete")))) return;
    await remove(`/users/delete/${one._id}`);
    item.remove();
    toast(t("people.deleted", { name: one.name }));
  };
  return h(
    "div",
    { class: "row", role: "group", "aria-label": one.name },
    actionButton(t(one.is_admin ? "people.no_admin" : "people.make_admin"), promote),
    actionButton(t(one.blocked ? "people.unblock" : "people.block"), block),
    actionButton(t("people.reset_link"), link),
    actionButton(t("delete"), erase),
  );
}
