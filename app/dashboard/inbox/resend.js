// Sending again what a provider did not take, part by part.

import { get, post } from "../core/api.js";
import { ApiError } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { toast } from "../components/toast.js";

/** @typedef {import("./types.js").Turn} Turn */

const RESENDABLE = new Set(["failed", "unknown", "void"]);

/** @param {Turn} turn */
export function canResend(turn) {
  return Boolean(turn.channel_id && turn.delivery && RESENDABLE.has(turn.delivery.state));
}

/**
 * Sends those parts of a message that did not arrive.
 * @param {Turn} turn
 */
export async function resend(turn) {
  /** @type {{_id: string, state: string}[]} */
  const parts = await get("/outbox/list", { channel_id: turn.channel_id, chat_id: turn._id, limit: 500 });
  const lost = parts.filter((part) => RESENDABLE.has(part.state)).reverse();
  for (const part of lost) await sendPart(part._id);
  toast(t(lost.length ? "delivery.resent" : "delivery.nothing_to_resend"));
}

/** @param {string} id */
async function sendPart(id) {
  try {
    await post(`/outbox/resend/${id}`, undefined, { repeatable: true });
  } catch (error) {
    // It is on its way: a try before this one arrived, or a colleague was quicker.
    if (!(error instanceof ApiError && error.code === "not_resendable")) throw error;
  }
}
