// Who is signed in. The token lives in this tab's sessionStorage and ends with it.

const TOKEN = "orquestradora.token";
const USER = "orquestradora.user";

/** @typedef {{id: string, name: string, email: string, is_admin?: boolean}} User */

/** @returns {string | null} */
export function token() {
  return sessionStorage.getItem(TOKEN);
}

/** @returns {User | null} */
export function user() {
  const kept = sessionStorage.getItem(USER);
  return kept ? JSON.parse(kept) : null;
}

/**
 * @param {string} newToken
 * @param {User} newUser
 */
export function begin(newToken, newUser) {
  sessionStorage.setItem(TOKEN, newToken);
  sessionStorage.setItem(USER, JSON.stringify(newUser));
}

/** @param {User} known what the service says of the caller */
export function learn(known) {
  sessionStorage.setItem(USER, JSON.stringify(known));
}

/** Forgets the token, and what was typed: the next person at this computer is another. */
export function end() {
  sessionStorage.clear();
}

/** @type {Promise<void> | null} */
let renewing = null;
/** @type {() => Promise<void>} */
let renewer = () => Promise.reject(new Error("nobody signs in"));

/**
 * What asks for the password again when the token has expired.
 * @param {() => Promise<void>} ask resolves when a new token is there
 */
export function onExpiry(ask) {
  renewer = ask;
}

/** Resolves when somebody has signed in again; requests that found the token expired wait here together. */
export function renew() {
  renewing ??= renewer().finally(() => {
    renewing = null;
  });
  return renewing;
}
