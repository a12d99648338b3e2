// Changing a channel: its name and fields, or a new secret where the old one was revoked.

import { put } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { said } from "../core/said.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { toast, toastError } from "../components/toast.js";
import { openChecks } from "./checks.js";
import { AUTOMATIC, fieldsOf, kindOf } from "./kinds.js";

/** @typedef {import("./list.js").Channel} Channel */

const PATIENCE = 60_000;

/**
 * Secrets stay where nothing is typed. A channel that is paused, or is so afterwards, is checked.
 * @param {Channel} channel
 * @param {() => Promise<void>} changed
 */
export function openEdit(channel, changed) {
  const kind = kindOf(channel);
  const doubts = channel.warnings.filter((one) => one.remedy.includes(AUTOMATIC.name));
  const title = { name: "name", label: t("channels.name"), hint: t("channels.name_hint"), required: true, maxlength: 200, value: channel.name };
  openDialog(channel.name, (close) => [
    channel.problem && h("p", { class: "banner error" }, said(channel.problem), " ", t("channels.paused_hint")),
    doubts.length > 0 && h("div", { class: "banner" }, doubts.map((one) => h("p", {}, said(one.cause))), h("p", {}, t("channels.doubts_hint"))),
    form(
      [title, ...fieldsOf(kind, channel.options, doubts.length > 0)],
      t("save"),
      async (values) => {
        const changes = changesOf(channel, values, doubts.length > 0);
        /** @type {Channel} */
        const saved = Object.keys(changes).length ? await put(`/channels/update/${channel._id}`, changes, { timeout: PATIENCE }) : channel;
        close();
        await changed();
        if (channel.problem || saved.problem) await openChecks(saved, changed).catch(toastError);
        else toast(t("saved"));
      },
      { cancel: close, draft: `channel.${channel._id}` },
    ),
  ]);
}

/**
 * What differs from the channel; what is emptied goes back to what its kind is given without asking.
 * @param {Channel} channel
 * @param {Record<string, string>} values
 * @param {boolean} settles whether the automatic messages are saved even unchanged, which settles the doubts
 */
function changesOf(channel, values, settles) {
  const preset = kindOf(channel).preset ?? {};
  const known = /** @type {Record<string, string>} */ ({ ...channel.options, name: channel.name });
  const wanted = Object.entries(values).map(([name, value]) => [name, name in known && !value ? (preset[name] ?? "") : value]);
  return Object.fromEntries(wanted.filter(([name, value]) => value !== (known[name] ?? "") || (settles && name === AUTOMATIC.name)));
}
