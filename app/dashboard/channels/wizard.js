// Connecting a channel: which kind, what it needs and where to find that, and whether it works.

import { post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { openChecks } from "./list.js";
import { openLink } from "./link.js";

/** @typedef {{name: string, secret?: boolean, optional?: boolean, rows?: number, type?: string}} Need */

/** @type {Record<string, Need[]>} */
const NEEDS = {
  telegram: [{ name: "bot_token", secret: true }],
  whatsapp_cloud: [
    { name: "phone_number_id" },
    { name: "waba_id" },
    { name: "app_id", optional: true },
    { name: "access_token", secret: true },
    { name: "app_secret", secret: true },
  ],
  evolution: [{ name: "base_url", type: "url" }, { name: "instance" }, { name: "api_key", secret: true }],
  web: [{ name: "origins", rows: 3 }, { name: "title", optional: true }, { name: "greeting", optional: true, rows: 2 }],
};

/**
 * @param {string} assistantId
 * @param {() => Promise<void>} added
 */
export function openWizard(assistantId, added) {
  const body = h("div", { class: "stack" });
  openDialog(t("channels.add"), (close) => {
    const kinds = Object.keys(NEEDS).map((kind) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: "choice", onclick: () => fill(body, kindForm(kind, assistantId, close, added)) },
          h("strong", {}, t(`channel.${kind}`)),
          h("span", { class: "muted" }, t(`channel.${kind}.hint`)),
        ),
      ),
    );
    fill(body, h("ul", { class: "stack" }, kinds));
    return [body];
  });
}

/**
 * @param {string} kind
 * @param {string} assistantId
 * @param {() => void} close
 * @param {() => Promise<void>} added
 */
function kindForm(kind, assistantId, close, added) {
  const fields = NEEDS[kind].map(({ name, secret, optional, ...attributes }) => ({
    name,
    label: t(`channel.field.${name}`),
    hint: t(`channel.field.${name}.hint`),
    required: !optional,
    autocomplete: "off",
    ...(secret ? { type: "password" } : {}),
    ...attributes,
  }));
  const name = { name: "name", label: t("channels.name"), hint: t("channels.name_hint"), required: true, maxlength: 200, value: t(`channel.${kind}`) };
  return h(
    "div",
    { class: "stack" },
    h("p", {}, t(`channel.${kind}.steps`)),
    form(
      [name, ...fields],
      t("channels.connect"),
      async (values) => {
        const given = Object.entries(values).filter(([, value]) => value !== "");
        const made = await post("/channels/add", { assistant_id: assistantId, kind, ...Object.fromEntries(given) }, { timeout: 60_000 });
        close();
        await added();
        await (kind === "evolution" ? openLink(made) : openChecks(made));
      },
      { cancel: close },
    ),
  );
}
