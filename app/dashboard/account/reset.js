// Choosing a new password by a link.

import { post } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { form } from "../components/form.js";
import { frame, link } from "./frame.js";
import { newPasswordField } from "./register.js";

/** @type {import("../core/router.js").Screen} */
export function show(root, { params }) {
  const made = form([newPasswordField("password", t("password.new"))], t("reset.verb"), async (values) => {
    await post("/auth/resetPassword", { token: params.token, password: values.password }, { anonymous: true });
    frame(root, t("reset.title"), h("p", { role: "status" }, t("reset.done")), link("/entrar", t("signin.verb")));
  });
  made.id = "redefinir-senha";
  frame(root, t("reset.title"), made);
}
