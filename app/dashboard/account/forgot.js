// Asking for a link with which to choose a new password.

import { post } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { form } from "../components/form.js";
import { frame, link } from "./frame.js";

/** @type {import("../core/router.js").Screen} */
export function show(root) {
  const fields = [{ name: "email", label: t("email"), type: "email", autocomplete: "username", required: true }];
  const made = form(fields, t("forgot.verb"), async (values) => {
    await post("/auth/forgotPassword", values, { anonymous: true });
    frame(root, t("forgot.title"), h("p", { role: "status" }, t("forgot.done")), link("/entrar", t("signin.verb")));
  });
  frame(root, t("forgot.title"), h("p", {}, t("forgot.hint")), made, link("/entrar", t("signin.verb")));
}
