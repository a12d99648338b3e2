// What can go wrong with a request, and the sentence for it.

import { has, t } from "./i18n.js";
import { said } from "./said.js";

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
  const values = { seconds: error.retryAfter ?? 60, detail: said(error.message) };
  const known = has(`error.${error.code}`) ? t(`error.${error.code}`, values) : said(error.message);
  const details = Object.entries(error.fields).filter(([, wrong]) => problems(wrong) !== values.detail);
  return [known, ...details.map(([name, wrong]) => `${labelOf(name)}: ${problems(wrong)}`)].join(" ");
}

/**
 * What is wrong with a field.
 * @param {string[]} wrong
 */
export function problems(wrong) {
  return [wrong].flat().map(said).join(" ");
}

/**
 * A field as its form calls it, where there is such a text.
 * @param {string} name
 */
function labelOf(name) {
  const key = [`setting.${name}`, `channel.field.${name}`, name].find(has);
  return key ? t(key) : name;
}
