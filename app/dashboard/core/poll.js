// Looking again and again: often while the page is seen, seldom while it is not, slower while nothing is reached.

import { connection } from "./api.js";
import { isAbort } from "./errors.js";

const HIDDEN = 5000;
const SLOWEST = 15_000;

/**
 * Calls `look` now and then every so many milliseconds until the signal; one at a time.
 * @param {(signal: AbortSignal) => Promise<unknown>} look
 * @param {{every: number | (() => number), signal: AbortSignal, onError?: (error: unknown) => void}} options
 * @returns {() => void} looks at once
 */
export function poll(look, { every, signal, onError }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let busy = false;
  let again = false;

  async function turn() {
    clearTimeout(timer);
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    try {
      await look(signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      failures += 1;
      onError?.(error);
    } finally {
      busy = false;
    }
    if (!signal.aborted) timer = setTimeout(turn, again ? 0 : delay());
  }

  function delay() {
    const seen = typeof every === "function" ? every() : every;
    const usual = document.hidden ? Math.max(HIDDEN, seen) : seen;
    return Math.max(usual, Math.min(SLOWEST, usual * 2 ** Math.min(failures, 3)));
  }

  const now = () => void turn();
  document.addEventListener("visibilitychange", now, { signal });
  addEventListener("online", now, { signal });
  connection.addEventListener("look", now, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  now();
  return now;
}
