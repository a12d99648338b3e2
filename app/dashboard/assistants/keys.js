// Keys for programs: shown once, with scopes, an end and a rate.

import { get, post, put, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { confirmed, openDialog, showOnce } from "../components/dialog.js";
import { form } from "../components/form.js";
import { shown } from "../components/states.js";
import { actionButton, section, table } from "../components/table.js";

const SCOPES = ["messages", "human", "documents", "read"];

/** @typedef {{id: string, name: string, prefix: string, scopes: string[], last_used_at: string | null, expires_at: string | null, is_api_key: boolean}} Key */

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const path = `/assistants/keys/${assistant._id}`;
  const body = h("div", {});
  const load = () =>
    shown(body, async () => {
      /** @type {Key[]} */
      const keys = await get(path);
      const heads = [t("name"), t("keys.prefix"), t("keys.scopes"), t("keys.last_used"), t("keys.expires"), ""];
      return table(t("tab.chaves"), heads, keys.map((key) => row(key, assistant._id, path, load)));
    });
  const add = h("button", { type: "button", class: "primary", onclick: () => addKey(path, load) }, t("keys.add"));
  fill(root, section(t("tab.chaves"), t("keys.hint"), h("div", { class: "row" }, add), body));
  void load();
}

/**
 * @param {Key} key
 * @param {string} assistantId
 * @param {string} path
 * @param {() => Promise<void>} load
 */
function row(key, assistantId, path, load) {
  const rotate = async () => {
    const made = await put(`/assistants/rotateKey/${assistantId}`, { key_id: key.id, grace_hours: 24 });
    showOnce(t("keys.new"), t("keys.rotated_hint"), made.key);
    await load();
  };
  const end = async () => {
    if (!(await confirmed(t("keys.delete"), t("keys.delete_sure", { name: key.name }), t("keys.delete")))) return;
    await remove(path, { key_id: key.id });
    await load();
  };
  const scopes = key.scopes.map((scope) => h("span", { class: "chip", title: t(`scope.${scope}`) }, scope));
  return [
    key.name,
    h("code", { class: "mono" }, `${key.prefix}…`),
    h("span", { class: "row" }, scopes),
    fullMoment(key.last_used_at),
    fullMoment(key.expires_at),
    h("div", { class: "row" }, actionButton(t("keys.rotate"), rotate), actionButton(t("delete"), end)),
  ];
}

/**
 * @param {string} path
 * @param {() => Promise<void>} load
 */
function addKey(path, load) {
  openDialog(t("keys.add"), (close) => [
    form(
      [
        { name: "name", label: t("name"), required: true, maxlength: 200 },
        ...SCOPES.map((scope) => ({ name: scope, label: t(`scope.${scope}`), type: "checkbox", value: scope === "messages" })),
        { name: "expires_at", label: t("keys.expires"), type: "date" },
        { name: "per_minute", label: t("keys.per_minute"), type: "number", min: 1 },
      ],
      t("keys.add"),
      async (values) => {
        const made = await post(path, {
          name: values.name,
          scopes: SCOPES.filter((scope) => values[scope]),
          expires_at: values.expires_at ? new Date(values.expires_at).toISOString() : null,
          per_minute: values.per_minute ? Number(values.per_minute) : null,
        });
        close();
        showOnce(t("keys.new"), t("keys.once"), made.key);
        await load();
      },
      { cancel: close },
    ),
  ]);
}
