// An assistant's channels: how they are, checks, QR code, the wizard.

import { get, post, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { confirmed, openDialog } from "../components/dialog.js";
import { icon } from "../components/icons.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section } from "../components/table.js";
import { toast } from "../components/toast.js";
import { openLink } from "./link.js";
import { openWizard } from "./wizard.js";

/**
 * @typedef {{_id: string, kind: string, name: string, state: string, problem: string | null, webhook_url: string | null,
 *   verify_token: string | null, script?: string | null, last_message_in_at: string | null, last_message_out_at: string | null}} Channel
 * @typedef {{name: string, ok: boolean, cause: string | null, remedy: string | null}} Check
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
  const tone = { connected: "ok", waiting: "warn", silent: "warn", paused: "danger" }[channel.state] ?? "";
  const erase = async () => {
    if (!(await confirmed(t("channels.delete"), t("channels.delete_sure", { name: channel.name }), t("channels.delete")))) return;
    await remove(`/channels/delete/${channel._id}`);
    await load();
  };
  return h(
    "article",
    { class: "card" },
    h("div", { class: "between" }, h("h3", {}, channel.name, " · ", t(`channel.${channel.kind}`)), h("span", { class: `chip ${tone}` }, t(`channel.state.${channel.state}`))),
    channel.problem && h("p", { class: "banner error" }, channel.problem),
    h("p", { class: "muted" }, t("channels.last_in"), " ", fullMoment(channel.last_message_in_at), " · ", t("channels.last_out"), " ", fullMoment(channel.last_message_out_at)),
    copyLine(t("channels.webhook"), channel.webhook_url),
    copyLine(t("channels.verify_token"), channel.verify_token),
    copyLine(t("channels.script"), channel.script),
    h(
      "div",
      { class: "row" },
      actionButton(t("channels.check"), () => openChecks(channel)),
      channel.kind === "evolution" && actionButton(t("channels.qr"), () => openLink(channel)),
      actionButton(t("delete"), erase),
    ),
  );
}

/**
 * @param {string} label
 * @param {string | null | undefined} value
 */
function copyLine(label, value) {
  if (!value) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    toast(t("copied"));
  };
  return h("div", { class: "row" }, h("input", { readonly: true, value, "aria-label": label, class: "mono" }), actionButton([icon("copy"), label], copy));
}

/** @param {{_id: string, name: string}} channel */
export async function openChecks(channel) {
  /** @type {Check[]} */
  const checks = await post(`/channels/check/${channel._id}`, undefined, { timeout: 60_000 });
  const items = checks.map((one) =>
    h(
      "li",
      { class: "check" },
      h("span", { class: `chip ${one.ok ? "ok" : "danger"}` }, icon(one.ok ? "check" : "warning"), t(one.ok ? "check.ok" : "check.wrong")),
      h("div", { class: "stack" }, h("strong", {}, one.name), one.cause && h("p", {}, one.cause), one.remedy && h("p", { class: "muted" }, one.remedy)),
    ),
  );
  openDialog(t("channels.checks", { name: channel.name }), () => [h("ul", { class: "stack" }, items)]);
}
