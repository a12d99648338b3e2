// People's accounts.

import { get, post, put, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { user } from "../core/session.js";
import { confirmed, showOnce } from "../components/dialog.js";
import { shown } from "../components/states.js";
import { actionButton, section, table } from "../components/table.js";

/** @typedef {{_id: string, name: string, email: string, is_admin: boolean, blocked: boolean, createdAt: string}} Account */

/** @param {HTMLElement} root */
export function tab(root) {
  const body = h("div", {});
  const load = () =>
    shown(body, async () => {
      /** @type {Account[]} */
      const all = await get("/users/list", { limit: 500 });
      return table(t("tab.pessoas"), [t("name"), t("email"), t("people.since"), t("state"), ""], all.map((one) => row(one, load)));
    });
  fill(root, section(t("tab.pessoas"), t("people.hint"), body));
  return load();
}

/**
 * @param {Account} one
 * @param {() => Promise<void>} load
 */
function row(one, load) {
  const update = (/** @type {object} */ change) => async () => {
    await put(`/users/update/${one._id}`, change);
    await load();
  };
  const link = async () => {
    const made = await post(`/users/resetLink/${one._id}`);
    showOnce(t("people.reset_link"), t("people.reset_hint", { name: one.name }), made.link);
  };
  const erase = async () => {
    if (!(await confirmed(t("people.delete"), t("people.delete_sure", { name: one.name }), t("people.delete")))) return;
    await remove(`/users/delete/${one._id}`);
    await load();
  };
  const others = one._id !== user()?.id;
  return [
    one.name,
    one.email,
    fullMoment(one.createdAt),
    [one.is_admin && h("span", { class: "chip accent" }, t("people.admin")), one.blocked && h("span", { class: "chip danger" }, t("people.blocked"))],
    others &&
      h(
        "div",
        { class: "row" },
        actionButton(t(one.is_admin ? "people.no_admin" : "people.make_admin"), update({ is_admin: !one.is_admin })),
        actionButton(t(one.blocked ? "people.unblock" : "people.block"), update({ blocked: !one.blocked })),
        actionButton(t("people.reset_link"), link),
        actionButton(t("delete"), erase),
      ),
  ];
}
