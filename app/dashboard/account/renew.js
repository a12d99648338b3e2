// The token has expired: the password is asked for over the present screen, so that nothing typed is lost.

import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { end, user } from "../core/session.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { signIn } from "./sign-in.js";

/**
 * Resolves when the same person has signed in again; another one begins with a fresh page.
 * @returns {Promise<void>}
 */
export function askAgain() {
  const known = user();
  if (!known) return leave();
  return new Promise((resolve) => {
    openDialog(t("renew.title"), (close) => [h("p", {}, t("renew.hint")), renewForm(known, close, resolve)], { fixed: true });
  });
}

/**
 * @param {import("../core/session.js").User} known
 * @param {() => void} close
 * @param {() => void} done
 */
function renewForm(known, close, done) {
  const fields = [
    { name: "email", label: t("email"), type: "email", autocomplete: "username", value: known.email, readonly: true },
    {
      name: "password",
      label: t("password"),
      type: "password",
      autocomplete: "current-password",
      required: true,
      autofocus: true,
    },
  ];
  const made = form(fields, t("signin.verb"), async (values) => {
    await signIn(known.email, values.password);
    close();
    done();
  });
  const other = h("button", { type: "button", class: "link", onclick: () => void leave() }, t("renew.other"));
  made.append(other);
  return made;
}

/** @returns {Promise<never>} the page is loaded anew */
function leave() {
  end();
  location.hash = "/entrar";
  location.reload();
  return new Promise(() => {});
}
