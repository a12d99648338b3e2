// The kinds of channels: what each needs, what it may be given besides, and its form.

import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { field } from "../components/form.js";

/** @typedef {{name: string, text?: string, secret?: boolean, optional?: boolean, rows?: number, type?: string}} Need `text`: called so */
/**
 * @typedef {{kind: string, needs: Need[], more?: Need[], preset?: Record<string, string>, accounts?: string}} Kind
 *   `more`: seldom needed. `preset`: given without asking. `accounts`: where the provider can list what there is, the
 *   first of the fields that a choice fills.
 */

/** @type {Need} */
export const AUTOMATIC = { name: "automatic_messages", rows: 3, optional: true };
/** @type {Need} */
const BASE_URL = { name: "base_url", text: "provider_url", type: "url", optional: true };

/** @type {Need} */
const VERIFY_TOKEN = { name: "verify_token", secret: true, optional: true };

/** @type {Record<string, Kind>} */
export const KINDS = {
  telegram: { kind: "telegram", needs: [{ name: "bot_token", secret: true }], more: [BASE_URL] },
  whatsapp_cloud: {
    kind: "whatsapp_cloud",
    needs: [
      { name: "app_id" },
      { name: "app_secret", secret: true },
      { name: "access_token", secret: true },
      { name: "phone_number_id" },
      { name: "waba_id" },
    ],
    more: [BASE_URL, { name: "graph_version", optional: true }, VERIFY_TOKEN, AUTOMATIC],
    accounts: "phone_number_id",
  },
  partner: {
    kind: "whatsapp_cloud",
    needs: [{ name: "phone_number_id" }, { name: "access_token", secret: true }],
    more: [BASE_URL, { name: "auth_header", optional: true }, VERIFY_TOKEN, AUTOMATIC],
    preset: { auth_header: "D360-API-KEY", base_url: "https://waba-v2.360dialog.io" },
  },
  evolution: {
    kind: "evolution",
    needs: [{ name: "base_url", type: "url" }, { name: "api_key", secret: true }, { name: "instance" }],
    more: [AUTOMATIC],
    accounts: "instance",
  },
  web: {
    kind: "web",
    needs: [
      { name: "origins", rows: 3 },
      { name: "title", optional: true },
      { name: "greeting", optional: true, rows: 2 },
    ],
  },
};

/**
 * Which of them a channel is.
 * @param {{kind: string, options: Record<string, string>}} channel
 */
export function kindOf(channel) {
  return KINDS[channel.options.auth_header ? "partner" : channel.kind];
}

/**
 * The fields of a kind's form; with `options` those of a channel that is there, whose secrets may stay as they are.
 * @param {Kind} kind
 * @param {Record<string, string> | null} options
 * @param {boolean} [open] whether those that are seldom needed are shown at once
 * @returns {HTMLElement[]}
 */
export function fieldsOf(kind, options, open = false) {
  const more = (kind.more ?? []).map((need) => fieldOf(need, options));
  const details = more.length ? [h("details", { open }, h("summary", {}, t("channels.more")), h("div", { class: "stack" }, more))] : [];
  return [...kind.needs.map((need) => fieldOf(need, options)), ...details];
}

/**
 * @param {Need} need
 * @param {Record<string, string> | null} options
 */
function fieldOf({ name, text = name, secret, optional, ...attributes }, options) {
  return field({
    name,
    label: t(`channel.field.${text}`),
    hint: t(options && secret ? "channel.field.kept" : `channel.field.${text}.hint`),
    required: !optional && !(options && secret),
    autocomplete: secret ? "new-password" : "off",
    value: secret ? "" : (options?.[name] ?? ""),
    ...(secret ? { type: "password" } : {}),
    ...attributes,
  });
}
