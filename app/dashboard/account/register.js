// Making an account, with or without an invitation.

import { post } from "../core/api.js";
import { t } from "../core/i18n.js";
import { go } from "../core/router.js";
import { form } from "../components/form.js";
import { frame, link } from "./frame.js";
import { signIn } from "./sign-in.js";

/** @type {import("../core/router.js").Screen} */
export function show(root, { params }) {
  const invitation = params.invitation;
  const fields = [
    { name: "name", label: t("name"), autocomplete: "name", required: true, maxlength: 200 },
    {
      name: "email",
      label: t(invitation ? "register.invited_email" : "email"),
      type: "email",
      autocomplete: "email",
      required: true,
    },
    newPasswordField("password", t("password")),
  ];
  const made = form(fields, t("register.verb"), async (values) => {
    await post("/auth/register", { ...values, ...(invitation ? { invitation } : {}) }, { anonymous: true });
    await signIn(values.email, values.password);
    go(invitation ? "/" : "/inicio", true);
  });
  made.id = invitation ? "convite" : "cadastro";
  frame(root, t("register.title"), made, link("/entrar", t("register.known")));
}

/**
 * @param {string} name
 * @param {string} label
 */
export function newPasswordField(name, label) {
  return {
    name,
    label,
    hint: t("password.hint"),
    type: "password",
    autocomplete: "new-password",
    required: true,
    minlength: 8,
    maxlength: 128,
  };
}
