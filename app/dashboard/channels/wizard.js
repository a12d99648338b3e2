// Connecting a channel: which kind, what it needs and where to find that, and whether it works.

import { post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form, valuesOf } from "../components/form.js";
import { actionButton } from "../components/table.js";
import { fieldsOf, KINDS } from "./kinds.js";
import { openChecks } from "./checks.js";
import { openLink } from "./link.js";

/** @typedef {import("./kinds.js").Kind} Kind */
/** @typedef {{fields: Record<string, string>, name: string, phone: string | null, state: string | null}} Account */

const PATIENCE = 60_000;

/**
 * @param {string} assistantId
 * @param {() => Promise<void>} added
 */
export function openWizard(assistantId, added) {
  const body = h("div", { class: "stack" });
  openDialog(t("channels.add"), (close) => {
    const choose = (/** @type {string} */ name) => {
      fill(body, kindForm(name, assistantId, close, added));
      body.querySelector("input")?.focus();
    };
    const kinds = Object.keys(KINDS).map((name) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: "choice", onclick: () => choose(name) },
          h("strong", {}, t(`channel.${name}`)),
          h("span", { class: "muted" }, t(`channel.${name}.hint`)),
        ),
      ),
    );
    fill(body, h("ul", { class: "stack" }, kinds));
    return [body];
  });
}

/**
 * @param {string} name of the kind
 * @param {string} assistantId
 * @param {() => void} close
 * @param {() => Promise<void>} added
 */
function kindForm(name, assistantId, close, added) {
  const kind = KINDS[name];
  const title = { name: "name", label: t("channels.name"), hint: t("channels.name_hint"), required: true, maxlength: 200, value: t(`channel.${name}`) };
  const made = form(
    [title, ...fieldsOf(kind, null)],
    t("channels.connect"),
    async (values) => {
      const body = { assistant_id: assistantId, kind: kind.kind, ...given(values, kind) };
      const channel = await post("/channels/add", body, { timeout: PATIENCE });
      close();
      await added();
      await (kind.kind === "evolution" ? openLink(channel) : openChecks(channel, added));
    },
    { cancel: close, draft: `channel.${assistantId}.${name}` },
  );
  if (kind.accounts) made.querySelector(`[name=${kind.accounts}]`)?.closest(".field")?.before(accounts(kind, assistantId, made));
  return h("div", { class: "stack" }, h("p", {}, t(`channel.${name}.steps`)), made);
}

/**
 * What was typed, with what the kind is given without asking.
 * @param {Record<string, string>} values
 * @param {Kind} kind
 */
function given(values, kind) {
  return { ...kind.preset, ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")) };
}

/**
 * Asks the provider what the credentials are good for; a click fills the form with it.
 * @param {Kind} kind
 * @param {string} assistantId
 * @param {HTMLFormElement} made
 */
function accounts(kind, assistantId, made) {
  const list = h("ul", { class: "stack", "aria-live": "polite" });
  const ask = async () => {
    const wanted = new Set([...kind.needs, ...(kind.more ?? [])].map((need) => need.name));
    const values = Object.entries(given(valuesOf(made), kind)).filter(([name]) => wanted.has(name));
    /** @type {Account[]} */
    const found = await post("/channels/accounts", { assistant_id: assistantId, kind: kind.kind, ...Object.fromEntries(values) }, { timeout: PATIENCE });
    fill(list, found.length ? found.map((one) => h("li", {}, accountButton(one, made))) : h("li", { class: "hint" }, t("channels.no_accounts")));
  };
  return h("div", { class: "stack" }, h("div", { class: "row" }, actionButton(t("channels.accounts"), ask)), list);
}

/**
 * @param {Account} account
 * @param {HTMLFormElement} made
 */
function accountButton(account, made) {
  const take = () => {
    for (const [name, value] of Object.entries(account.fields)) {
      const control = made.elements.namedItem(name);
      if (control instanceof HTMLInputElement) control.value = value;
    }
    made.querySelector("button.primary")?.scrollIntoView({ block: "nearest" });
  };
  const facts = [account.phone, account.state].filter(Boolean).join(" · ");
  return h("button", { type: "button", class: "choice", onclick: take }, h("strong", {}, account.name), h("span", { class: "muted" }, facts));
}
