// Signing in.

import { get, post } from "../core/api.js";
import { t } from "../core/i18n.js";
import { go } from "../core/router.js";
import { begin, learn } from "../core/session.js";
import { form } from "../components/form.js";
import { frame, link } from "./frame.js";

/** @type {import("../core/router.js").Screen} */
export function show(root) {
  frame(root, t("signin.title"), signInForm(), link("/esqueci", t("signin.forgot")), link("/cadastrar", t("signin.register")));
}

function signInForm() {
  const fields = [
    { name: "email", label: t("email"), type: "email", autocomplete: "username", required: true },
    { name: "password", label: t("password"), type: "password", autocomplete: "current-password", required: true },
  ];
  return form(fields, t("signin.verb"), async (values) => {
    await signIn(values.email, values.password);
    go("/", true);
  });
}

/**
 * @param {string} email
 * @param {string} password
 */
export async function signIn(email, password) {
  const answer = await post("/auth/login", { email, password }, { anonymous: true });
  begin(answer.token, answer.user);
  learn(await get("/auth/me"));
}
