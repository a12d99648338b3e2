// The one place that speaks with the service: token, retries, errors, pages, ETags.

import { ApiError, NetworkError } from "./errors.js";
import { renew, token } from "./session.js";

const TRIES = 4;
const TIMEOUT = 30_000;

/** Tells `offline` and `online` as requests show it. */
export const connection = new EventTarget();

/**
 * @typedef {Record<string, string | number | boolean | null | undefined>} Query
 * @typedef {{
 *   query?: Query,
 *   body?: unknown,
 *   form?: FormData,
 *   signal?: AbortSignal,
 *   etag?: string | null,
 *   repeatable?: boolean,
 *   accept?: string,
 *   anonymous?: boolean,
 *   timeout?: number,
 * }} Options `repeatable`: may be sent again when it is not known whether it arrived; all but POST are
 * @typedef {{status: number, data: any, response: Response, next: string | null, etag: string | null}} Answer
 */

/**
 * @param {string} path from the root of the service
 * @param {Query} [query] null, undefined and "" are left out
 */
export function address(path, query = {}) {
  const url = new URL(`../..${path}`, import.meta.url);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

/**
 * Sends a request; tries again where that can help; waits for the password where the token has expired.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Answer>}
 */
export async function send(method, path, options = {}) {
  const repeatable = options.repeatable ?? method !== "POST";
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(method, path, options);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && !options.anonymous) {
        await renew();
      } else if (tried >= TRIES || !repeatable || !canPass(error)) {
        throw error;
      } else {
        await pause(waiting(error, tried), options.signal);
      }
    }
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} options
 * @returns {Promise<Answer>}
 */
async function attempt(method, path, options) {
  const limits = [AbortSignal.timeout(options.timeout ?? TIMEOUT), ...(options.signal ? [options.signal] : [])];
  /** @type {Response} */
  let response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers: headersOf(options),
      body: options.form ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
      signal: AbortSignal.any(limits),
      cache: "no-store",
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    connection.dispatchEvent(new Event("offline"));
    throw new NetworkError();
  }
  connection.dispatchEvent(new Event("online"));
  if (!response.ok && response.status !== 304) {
    const body = await response.json().catch(() => ({}));
    const after = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    throw new ApiError(response.status, body, Number.isNaN(after) ? null : after);
  }
  const json = response.headers.get("Content-Type")?.includes("json") && !options.accept;
  const data = json && response.status !== 304 ? await response.json() : null;
  return { status: response.status, data, response, next: nextOf(response), etag: response.headers.get("ETag") };
}

/** @param {Options} options */
function headersOf(options) {
  /** @type {Record<string, string>} */
  const headers = {};
  const known = token();
  if (known && !options.anonymous) headers.Authorization = `Bearer ${known}`;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.etag) headers["If-None-Match"] = options.etag;
  if (options.accept) headers.Accept = options.accept;
  return headers;
}

/**
 * The cursor of the next page (RFC 8288), null on the last one.
 * @param {Response} response
 */
function nextOf(response) {
  const link = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("Link") ?? "");
  return link ? new URL(link[1], response.url).searchParams.get("cursor") : null;
}

/** @param {unknown} error */
function canPass(error) {
  if (error instanceof NetworkError) return true;
  if (!(error instanceof ApiError)) return false;
  return [502, 503, 504].includes(error.status) || (error.status === 429 && (error.retryAfter ?? 99) <= 5);
}

/**
 * @param {unknown} error
 * @param {number} tried
 */
function waiting(error, tried) {
  const told = error instanceof ApiError && error.retryAfter ? error.retryAfter * 1000 : 0;
  return Math.min(5000, Math.max(told, 400 * 2 ** (tried - 1)));
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("left", "AbortError"));
    });
  });
}

/**
 * @param {string} path
 * @param {Query} [query]
 * @param {Options} [options]
 */
export async function get(path, query, options = {}) {
  return (await send("GET", path, { ...options, query })).data;
}

/**
 * @param {string} path
 * @param {unknown} [body]
 * @param {Options} [options]
 */
export async function post(path, body, options = {}) {
  return (await send("POST", path, { ...options, body })).data;
}

/**
 * @param {string} path
 * @param {unknown} [body]
 * @param {Options} [options]
 */
export async function put(path, body, options = {}) {
  return (await send("PUT", path, { ...options, body })).data;
}

/**
 * @param {string} path
 * @param {Query} [query]
 */
export async function remove(path, query) {
  return (await send("DELETE", path, { query })).data;
}

/**
 * Saves what a route answers as a file.
 * @param {string} path
 * @param {Query} query
 * @param {string} name
 * @param {string} [accept]
 */
export async function download(path, query, name, accept = "*/*") {
  const { response } = await send("GET", path, { query, accept, timeout: 300_000 });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
