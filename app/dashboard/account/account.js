// One's own account: password, language, theme, sounds, signing out.

import { post, put } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { LANGUAGES, language, t } from "../core/i18n.js";
import { applyTheme, prefer, preference } from "../core/preferences.js";
import { end, user } from "../core/session.js";
import { form } from "../components/form.js";
import { toast, toastError } from "../components/toast.js";
import { newPasswordField } from "./register.js";

/** @type {import("../core/router.js").Screen} */
export function show(root) {
  const me = user();
  fill(
    root,
    h(
      "div",
      { class: "page narrow" },
      h("h1", {}, t("area.account")),
      h("p", {}, me?.name, " · ", me?.email),
      h("section", { class: "card" }, h("h2", {}, t("account.look")), choices()),
      h("section", { class: "card" }, h("h2", {}, t("account.password")), passwordForm()),
      h("button", { type: "button", onclick: () => void signOut() }, t("account.signout")),
    ),
  );
}

function choices() {
  return h(
    "div",
    { class: "form" },
    choice(t("account.language"), language(), LANGUAGES.map((one) => [one, t(`language.${one}`)]), (value) => {
      prefer("language", value);
      location.reload();
    }),
    choice(
      t("account.theme"),
      preference("theme") ?? "system",
      ["system", "light", "dark"].map((one) => [one, t(`theme.${one}`)]),
      (value) => {
        prefer("theme", value === "system" ? null : value);
        applyTheme();
      },
    ),
    choice(
      t("account.sound"),
      preference("sound") ?? "on",
      ["on", "off"].map((one) => [one, t(`sound.${one}`)]),
      (value) => prefer("sound", value === "on" ? null : value),
    ),
    h("button", { type: "button", onclick: () => void allowNotifications() }, t("account.notifications")),
  );
}

/**
 * @param {string} label
 * @param {string} value
 * @param {string[][]} options
 * @param {(value: string) => void} chosen
 */
function choice(label, value, options, chosen) {
  const select = h(
    "select",
    {},
    options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  select.addEventListener("change", () => chosen(select.value));
  return h("label", { class: "field" }, label, select);
}

async function allowNotifications() {
  const allowed = (await Notification.requestPermission()) === "granted";
  prefer("notifications", allowed ? "on" : null);
  toast(t(allowed ? "account.notifications_on" : "account.notifications_off"));
}

function passwordForm() {
  const fields = [
    {
      name: "current_password",
      label: t("account.current_password"),
      type: "password",
      autocomplete: "current-password",
      required: true,
    },
    newPasswordField("new_password", t("password.new")),
  ];
  return form(fields, t("save"), async (values, made) => {
    await put("/auth/password", values);
    made.reset();
    toast(t("saved"));
  });
}

async function signOut() {
  try {
    await post("/auth/logout");
    end();
    location.hash = "/entrar";
    location.reload();
  } catch (error) {
    toastError(error);
  }
}
