// Webhooks out: which of one's own servers are told what happens, and what became of it.

import { get, post, remove } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { fullMoment } from "../core/format.js";
import { t } from "../core/i18n.js";
import { confirmed, openDialog, showOnce } from "../components/dialog.js";
import { form } from "../components/form.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section, table } from "../components/table.js";
import { toast } from "../components/toast.js";

const EVENTS = [
  "message.received",
  "message.answered",
  "message.failed",
  "conversation.handover",
  "conversation.reactivated",
  "document.ready",
  "document.failed",
  "channel.connected",
  "channel.disconnected",
  "budget.warning",
  "budget.exhausted",
];

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const path = `/assistants/webhooks/${assistant._id}`;
  const [hooks, sent] = [h("div", {}), h("div", {})];
  const load = async () => {
    await shown(hooks, async () => {
      const all = await get(path);
      if (!all.length) return empty(t("webhooks.empty"));
      return table(t("tab.webhooks"), [t("webhooks.url"), t("webhooks.events"), ""], all.map((/** @type {any} */ one) => hookRow(one, path, load)));
    });
    await shown(sent, () => deliveries(assistant._id, load));
  };
  const add = h("button", { type: "button", class: "primary", onclick: () => addHook(path, load) }, t("webhooks.add"));
  fill(
    root,
    section(t("tab.webhooks"), t("webhooks.hint"), h("div", { class: "row" }, add), hooks),
    section(t("webhooks.deliveries"), t("webhooks.deliveries_hint"), sent),
  );
  void load();
}

/**
 * @param {any} hook
 * @param {string} path
 * @param {() => Promise<void>} load
 */
function hookRow(hook, path, load) {
  const end = async () => {
    if (!(await confirmed(t("webhooks.delete"), hook.url, t("delete")))) return;
    await remove(path, { webhook_id: hook._id });
    await load();
  };
  return [
    [hook.url, hook.disabled_at && h("span", { class: "chip danger" }, t("webhooks.disabled"))],
    hook.events.length === EVENTS.length ? t("webhooks.all") : hook.events.join(", "),
    actionButton(t("delete"), end),
  ];
}

/**
 * @param {string} assistantId
 * @param {() => Promise<void>} load
 */
async function deliveries(assistantId, load) {
  const all = await get(`/assistants/webhookDeliveries/${assistantId}`, { limit: 50 });
  if (!all.length) return empty(t("webhooks.nothing_sent"));
  const rows = all.map((/** @type {any} */ one) => {
    const again = async () => {
      await post(`/assistants/resendWebhook/${assistantId}`, { delivery_id: one._id });
      toast(t("webhooks.resent"));
      await load();
    };
    const tone = { delivered: "ok", failed: "danger" }[/** @type {string} */ (one.state)] ?? "";
    return [
      fullMoment(one.createdAt),
      one.type,
      h("span", { class: `chip ${tone}` }, t(`webhooks.state.${one.state}`)),
      [one.status, one.error].filter(Boolean).join(" · "),
      actionButton(t("webhooks.resend"), again),
    ];
  });
  return table(t("webhooks.deliveries"), [t("when"), t("webhooks.event"), t("state"), t("webhooks.answer"), ""], rows);
}

/**
 * @param {string} path
 * @param {() => Promise<void>} load
 */
function addHook(path, load) {
  openDialog(t("webhooks.add"), (close) => [
    form(
      [
        { name: "url", label: t("webhooks.url"), type: "url", required: true, placeholder: "https://crm.example.com/hooks" },
        ...EVENTS.map((event) => ({ name: event, label: event, type: "checkbox", value: true })),
      ],
      t("webhooks.add"),
      async (values) => {
        const made = await post(path, { url: values.url, events: EVENTS.filter((event) => values[event]) });
        close();
        showOnce(t("webhooks.secret"), t("webhooks.secret_hint"), made.secret);
        await load();
      },
      { cancel: close, draft: path },
    ),
  ]);
}
