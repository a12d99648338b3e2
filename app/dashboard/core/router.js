// Addresses behind the #, each with the screen it shows. A screen is loaded when it is first asked for.

/**
 * @typedef {Record<string, string>} Params
 * @typedef {{params: Params, signal: AbortSignal}} Visit `signal` is aborted when the screen is left
 * @typedef {(root: HTMLElement, visit: Visit) => void | Promise<void>} Screen
 * @typedef {{path: string, load: () => Promise<{show: Screen}>, area: string, open?: boolean, keep?: string}} Route
 *   `open`: for those who have not signed in. `keep`: addresses of one such screen change it and do not show it anew.
 */

/** @type {Route[]} */
const routes = [];

/** @param {Route[]} added */
export function register(added) {
  routes.push(...added);
}

/** The address behind the #, always beginning with a slash. */
export function here() {
  return location.hash.replace(/^#/, "") || "/";
}

/**
 * @param {string} path
 * @param {boolean} [replace] without an entry in the history
 */
export function go(path, replace = false) {
  if (replace) location.replace(`#${path}`);
  else location.hash = path;
}

/**
 * The route of an address, and what its parts say.
 * @param {string} path
 * @returns {{route: Route, params: Params} | null}
 */
export function match(path) {
  const parts = path.split("?")[0].split("/").filter(Boolean);
  for (const route of routes) {
    const names = route.path.split("/").filter(Boolean);
    const required = names.filter((name) => !name.endsWith("?")).length;
    if (parts.length < required || parts.length > names.length) continue;
    if (names.every((name, i) => name.startsWith(":") || name === parts[i])) {
      return { route, params: paramsOf(names, parts) };
    }
  }
  return null;
}

/**
 * @param {string[]} names
 * @param {string[]} parts
 */
function paramsOf(names, parts) {
  /** @type {Params} */
  const params = {};
  names.forEach((name, i) => {
    if (name.startsWith(":") && parts[i] !== undefined) {
      params[name.replace(/^:|\?$/g, "")] = decodeURIComponent(parts[i]);
    }
  });
  return params;
}
