// The shapes of the inbox, as docs/api.md gives them.

/**
 * @typedef {{
 *   _id: string, assistant_id: string, assistant_name?: string,
 *   channel: {id: string, message_service: string}, username: string | null,
 *   channel_id: string | null, channel_kind: string | null, channel_name: string | null,
 *   active: boolean, answering: "assistant" | "person" | "waiting_for_person", waiting_since: string | null,
 *   handover_reason: string | null, person_at: string | null,
 *   unread: number | null, labels: string[],
 *   last_message: {chat_id: string, text: string, by: "customer" | "assistant" | "person", at: string} | null,
 *   window_closes_at?: string | null, last_activity_at: string, createdAt: string, changed_at: string,
 * }} Conversation
 *
 * @typedef {{kind: string, type: string, name: string | null, bytes: number | null, transcript: string | null,
 *   url: string | null, error: string | null}} Media
 *
 * @typedef {{
 *   _id: string, conversation_id?: string, assistant_id: string, username: string | null, active: boolean,
 *   message: string, response: string | null, parts: string[], state: string,
 *   sources: {document_id: string, filename: string, score: number}[],
 *   model: string | null, degraded: boolean, cut: boolean, handover: boolean, handover_reason: string | null,
 *   merged_into: string | null, by_person: boolean, channel_id: string | null,
 *   delivery: {state: string, at: string | null, error: string | null} | null,
 *   media?: Media[], createdAt: string, changed_at: string,
 * }} Turn
 *
 * @typedef {{_id: string, name: string, color: string}} Label
 * @typedef {{assistant_id: string, answering: string, label_id: string, unread: boolean, q: string}} Filters
 */

export {};
