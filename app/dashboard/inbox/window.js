// WhatsApp's window: for 24 hours after a customer's last message anything may be sent; what is written later waits.

import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import "./clock.js";

/**
 * When it closes; null where there is no window.
 * @param {import("./types.js").Conversation} conversation
 * @returns {Date | null}
 */
export function windowEnd(conversation) {
  return conversation.window_closes_at ? new Date(conversation.window_closes_at) : null;
}

/** @param {Date} end */
export function countdown(end) {
  return h("p", { class: "window muted" }, t("window.open"), " ", h("elapsed-time", { until: end.toISOString() }));
}
