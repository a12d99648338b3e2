// What a provider says of a channel, point by point, and what to do.

import { post } from "../core/api.js";
import { h } from "../core/dom.js";
import { has, t } from "../core/i18n.js";
import { said } from "../core/said.js";
import { openDialog } from "../components/dialog.js";
import { icon } from "../components/icons.js";

/** @typedef {{name: string, ok: boolean, cause: string | null, remedy: string | null}} Check */

/**
 * @param {{_id: string, name: string}} channel
 * @param {() => Promise<void>} [changed] called afterwards: a channel without a fault goes on
 */
export async function openChecks(channel, changed) {
  /** @type {Check[]} */
  const checks = await post(`/channels/check/${channel._id}`, undefined, { timeout: 60_000, repeatable: true });
  const wrong = checks.filter((one) => !one.ok);
  const items = [...wrong, ...checks.filter((one) => one.ok)].map(item);
  openDialog(t("channels.checks", { name: channel.name }), () => [
    h("p", {}, t(wrong.length ? "channels.some_wrong" : "channels.all_ok")),
    h("ul", { class: "stack" }, items),
  ]);
  await changed?.();
}

/** @param {Check} check */
function item(check) {
  const name = has(`check.${check.name}`) ? t(`check.${check.name}`) : check.name;
  return h(
    "li",
    { class: "check" },
    h("span", { class: `chip ${check.ok ? "ok" : "danger"}` }, icon(check.ok ? "check" : "warning"), t(check.ok ? "check.ok" : "check.wrong")),
    h("div", {}, h("strong", {}, name), check.cause && h("p", {}, said(check.cause)), check.remedy && h("p", { class: "muted" }, said(check.remedy))),
  );
}
