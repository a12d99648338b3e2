// Who may use an assistant, and with which role.

import { get, put, remove } from "../core/api.js";
import { atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { confirmed, showOnce } from "../components/dialog.js";
import { form } from "../components/form.js";
import { shown } from "../components/states.js";
import { actionButton, section, table } from "../components/table.js";
import { toast } from "../components/toast.js";

const ROLES = ["viewer", "operator", "editor", "owner"];

/** @typedef {{email: string, name: string | null, role: string, invited: boolean}} Member */

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const path = `/assistants/members/${assistant._id}`;
  const own = atLeast(assistant.role, "owner");
  const body = h("div", {});
  const load = () =>
    shown(body, async () => {
      /** @type {Member[]} */
      const members = await get(path);
      return table(t("tab.equipe"), [t("name"), t("email"), t("members.role"), ""], members.map((one) => row(one, path, own, load)));
    });
  fill(
    root,
    section(t("tab.equipe"), t("members.hint"), body),
    own && section(t("members.add"), t("members.add_hint"), addForm(path, load)),
  );
  void load();
}

/**
 * @param {Member} member
 * @param {string} path
 * @param {boolean} own
 * @param {() => Promise<void>} load
 */
function row(member, path, own, load) {
  const leave = async () => {
    if (!(await confirmed(t("members.remove"), t("members.remove_sure", { name: member.name ?? member.email }), t("members.remove")))) return;
    await remove(path, { email: member.email });
    await load();
  };
  return [
    member.name ?? h("span", { class: "chip warn" }, t("members.invited")),
    member.email,
    t(`role.${member.role}`),
    own && actionButton(t("members.remove"), leave),
  ];
}

/**
 * @param {string} path
 * @param {() => Promise<void>} load
 */
function addForm(path, load) {
  const roles = ROLES.map((role) => /** @type {[string, string]} */ ([role, `${t(`role.${role}`)}: ${t(`role.${role}.hint`)}`]));
  return form(
    [
      { name: "email", label: t("email"), type: "email", required: true },
      { name: "role", label: t("members.role"), options: roles, value: "operator" },
    ],
    t("members.add"),
    async (values, made) => {
      const answer = await put(path, values);
      made.reset();
      if (answer.link) showOnce(t("members.invitation"), t("members.invitation_hint"), answer.link);
      else toast(t("saved"));
      await load();
    },
  );
}
