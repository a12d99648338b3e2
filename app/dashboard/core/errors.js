// What can go wrong with a request, and the sentence for it.

import { has, t } from "./i18n.js";

/** An answer that is an error, as the service words it. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{error?: string, code?: string, fields?: Record<string, string[]>}} body
   * @param {number | null} retryAfter seconds
   */
  constructor(status, body, retryAfter = null) {
    super(body.error ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? "unknown";
    this.fields = body.fields ?? {};
    this.retryAfter = retryAfter;
  }
}

/** The service was not reached. */
export class NetworkError extends Error {
  constructor() {
    super("not reached");
    this.code = "network";
  }
}

/**
 * Whether it only means that the page was left.
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * A sentence that says what happened and what to do.
 * @param {unknown} error
 * @returns {string}
 */
export function sentence(error) {
  if (error instanceof NetworkError) return t("error.network");
  if (!(error instanceof ApiError)) return t("error.unknown");
  if (has(`error.${error.code}`)) return t(`error.${error.code}`, { seconds: error.retryAfter ?? 60 });
  const details = Object.entries(error.fields).map(([name, wrong]) => `${name}: ${[wrong].flat().join(" ")}`);
  return [error.message, ...details].join(" ");
}
