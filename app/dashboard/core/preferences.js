// What a person chose for this browser: language, theme, sound. Nothing of a customer is kept here.

const PREFIX = "orquestradora.";

/** @typedef {"language" | "theme" | "sound" | "notifications"} Preference */

/**
 * @param {Preference} name
 * @returns {string | null}
 */
export function preference(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/**
 * @param {Preference} name
 * @param {string | null} value null: the default again
 */
export function prefer(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // A browser that keeps nothing shows the defaults.
  }
}

/** Shows the page in the chosen theme; without a choice in the system's. */
export function applyTheme() {
  const theme = preference("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
