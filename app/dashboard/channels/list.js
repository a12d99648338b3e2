// An assistant's channels: how they are, checks, QR code, the wizard.

import { get, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { said } from "../core/said.js";
import { confirmed } from "../components/dialog.js";
import { icon } from "../components/icons.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section } from "../components/table.js";
import { toast } from "../components/toast.js";
import { openChecks } from "./checks.js";
import { openEdit } from "./edit.js";
import { openLink } from "./link.js";
import { openWizard } from "./wizard.js";

/**
 * @typedef {{_id: string, kind: string, name: string, state: string, problem: string | null, webhook_url: string | null,
 *   verify_token: string | null, options: Record<string, string>,
 *   warnings: {cause: string, remedy: string}[], script?: string | null, last_message_in_at: string | null, last_message_out_at: string | null}} Channel
 */

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const body = h("div", { class: "stack" });
  const load = () =>
    shown(body, async () => {
      /** @type {Channel[]} */
      const all = await get("/channels/list", { assistant_id: assistant._id });
      return all.length ? all.map((one) => card(one, load)) : empty(t("channels.empty"), t("channels.empty_hint"));
    });
  const add = h("button", { type: "button", class: "primary", onclick: () => openWizard(assistant._id, load) }, icon("add"), t("channels.add"));
  fill(root, section(t("tab.canais"), t("channels.hint"), h("div", { class: "row" }, add), body));
  void load();
}

/**
 * @param {Channel} channel
 * @param {() => Promise<void>} load
 */
function card(channel, load) {
  const tone = { connected: "ok", waiting: "warn", silent: "warn", disconnected: "danger", paused: "danger" }[channel.state] ?? "";
  const erase = async () => {
    if (!(await confirmed(t("channels.delete"), t("channels.delete_sure", { name: channel.name }), t("channels.delete")))) return;
    await remove(`/channels/delete/${channel._id}`);
    await load();
  };
  return h(
    "article",
    { class: "card" },
    h("div", { class: "between" }, h("h3", {}, channel.name, " · ", t(`channel.${channel.kind}`)), h("span", { class: `chip ${tone}` }, t(`channel.state.${channel.state}`))),
    channel.problem && h("p", { class: "banner error" }, said(channel.problem)),
    channel.warnings.map((one) => h("p", { class: "hint" }, said(one.cause), " ", said(one.remedy))),
    h("p", { class: "muted" }, t("channels.last_in"), " ", fullMoment(channel.last_message_in_at), " · ", t("channels.last_out"), " ", fullMoment(channel.last_message_out_at)),
    copyLine(t("channels.script"), channel.script, t("channels.script_hint")),
    copyLine(t("channels.webhook"), channel.webhook_url),
    copyLine(t("channels.verify_token"), channel.verify_token),
    h(
      "div",
      { class: "row" },
      actionButton(t("channels.check"), () => openChecks(channel, load)),
      h("button", { type: "button", onclick: () => openEdit(channel, load) }, t("edit")),
      channel.kind === "evolution" && actionButton(t("channels.qr"), () => openLink(channel)),
      actionButton(t("delete"), erase),
    ),
  );
}

/**
 * @param {string} label
 * @param {string | null | undefined} value
 * @param {string} [hint]
 */
function copyLine(label, value, hint) {
  if (!value) return null;
  const input = h("input", { readonly: true, value, "aria-label": label, class: "mono" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      toast(t("copied"));
    } catch {
      input.select();
      toast(t("copy_by_hand"));
    }
  };
  const line = h("div", { class: "row copy-line" }, input, actionButton([icon("copy"), t("copy")], copy, { "aria-label": `${t("copy")}: ${label}` }));
  return h("div", {}, h("span", { class: "hint" }, label), line, hint && h("p", { class: "hint" }, hint));
}
