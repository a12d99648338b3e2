// Labels for conversations, and canned replies for operators.

import { get, post, put, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openDialog, confirmed } from "../components/dialog.js";
import { form } from "../components/form.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section, table } from "../components/table.js";
import { forgetLabels } from "../inbox/labels.js";
import { labelChip } from "../inbox/row.js";

/** @typedef {import("../components/form.js").Field} Field */
/**
 * @typedef {{path: string, parameter: string, title: string, fields: (item: any) => Field[], heads: string[],
 *   cells: (item: any) => any[], name: (item: any) => string}} Kind
 */

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  fill(
    root,
    part(t("labels"), t("labels.hint"), {
      path: `/assistants/labels/${assistant._id}`,
      parameter: "label_id",
      title: t("labels.add"),
      heads: [t("name")],
      cells: (item) => [labelChip(item)],
      name: (item) => item.name,
      fields: (item) => [
        { name: "name", label: t("name"), required: true, maxlength: 50, value: item?.name },
        { name: "color", label: t("labels.color"), type: "color", value: item?.color ?? "#0b6a62" },
      ],
    }),
    part(t("canned"), t("canned.hint"), {
      path: `/assistants/cannedReplies/${assistant._id}`,
      parameter: "reply_id",
      title: t("canned.add"),
      heads: [t("canned.shortcut"), t("canned.text")],
      cells: (item) => [`/${item.shortcut}`, h("p", { class: "text" }, item.text)],
      name: (item) => `/${item.shortcut}`,
      fields: (item) => [
        { name: "shortcut", label: t("canned.shortcut"), hint: t("canned.shortcut_hint"), required: true, maxlength: 50, value: item?.shortcut },
        { name: "text", label: t("canned.text"), hint: t("canned.text_hint"), rows: 4, required: true, maxlength: 4096, value: item?.text },
      ],
    }),
  );
}

/**
 * A list of things that can be added, changed and deleted.
 * @param {string} title
 * @param {string} hint
 * @param {Kind} kind
 */
function part(title, hint, kind) {
  const body = h("div", {});
  const load = () =>
    shown(body, async () => {
      forgetLabels();
      const all = await get(kind.path, { limit: 500 });
      if (!all.length) return empty(t("nothing_yet"));
      return table(title, [...kind.heads, ""], all.map((/** @type {any} */ item) => [...kind.cells(item), buttons(item, kind, load)]));
    });
  const add = h("button", { type: "button", class: "primary", onclick: () => edit(null, kind, load) }, kind.title);
  void load();
  return section(title, hint, h("div", { class: "row" }, add), body);
}

/**
 * @param {any} item
 * @param {Kind} kind
 * @param {() => Promise<void>} load
 */
function buttons(item, kind, load) {
  const drop = async () => {
    if (!(await confirmed(t("delete"), kind.name(item), t("delete")))) return;
    await remove(kind.path, { [kind.parameter]: item._id });
    await load();
  };
  return h(
    "div",
    { class: "row" },
    h("button", { type: "button", onclick: () => edit(item, kind, load) }, t("edit")),
    actionButton(t("delete"), drop),
  );
}

/**
 * @param {any} item null: a new one
 * @param {Kind} kind
 * @param {() => Promise<void>} load
 */
function edit(item, kind, load) {
  openDialog(item ? kind.name(item) : kind.title, (close) => [
    form(
      kind.fields(item),
      t("save"),
      async (values) => {
        if (item) await put(kind.path, values, { query: { [kind.parameter]: item._id } });
        else await post(kind.path, values);
        close();
        await load();
      },
      { cancel: close, draft: `${kind.path}.${item?._id ?? ""}` },
    ),
  ]);
}
