// An assistant's settings, each with a sentence that says what it does.

import { put, remove } from "../core/api.js";
import { assistants, atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { go } from "../core/router.js";
import { confirmed } from "../components/dialog.js";
import { form } from "../components/form.js";
import { actionButton, section } from "../components/table.js";
import { toast } from "../components/toast.js";

/** @typedef {import("../core/assistants.js").Assistant} Assistant */
/** @typedef {{name: string, kind: "text" | "long" | "number" | "choice", choices?: string[], [attribute: string]: any}} Setting */

/** @type {Setting[]} */
const GENERAL = [
  { name: "name", kind: "text", required: true, maxlength: 200 },
  { name: "company", kind: "text", maxlength: 200 },
  { name: "model", kind: "text", maxlength: 200, placeholder: "gpt-5-mini" },
  { name: "temperature", kind: "number", min: 0, max: 2, step: 0.1 },
  { name: "history_turns", kind: "number", min: 0, max: 100, step: 1 },
  { name: "burst_quiet_seconds", kind: "number", min: 0, max: 30, step: 0.5 },
  { name: "auto_reactivate_hours", kind: "number", min: 0, max: 8760, step: 0.5 },
  { name: "handover_message", kind: "long", maxlength: 4096 },
  { name: "media_message", kind: "long", maxlength: 4096 },
  { name: "when_unavailable", kind: "choice", choices: ["error", "extractive", "message"] },
  { name: "unavailable_message", kind: "long", maxlength: 4096 },
];
/** @type {Setting[]} */
const BUDGET = [
  { name: "monthly_budget_brl", kind: "number", min: 0.01, step: 0.01 },
  { name: "when_exhausted", kind: "choice", choices: ["message", "extractive", "error"] },
  { name: "retention_days", kind: "number", min: 1, max: 3650, step: 1 },
];

/** @type {import("./screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const may = { configure: atLeast(assistant.role, "editor"), own: atLeast(assistant.role, "owner") };
  fill(
    root,
    section(t("settings.general"), may.configure ? null : t("settings.read_only"), settingsForm(assistant, GENERAL, may.configure)),
    section(t("settings.budget"), t("settings.budget_hint"), settingsForm(assistant, BUDGET, may.own)),
    may.own && section(t("settings.delete"), t("settings.delete_hint"), deletion(assistant)),
  );
}

/**
 * @param {Assistant} assistant
 * @param {Setting[]} settings
 * @param {boolean} allowed
 */
function settingsForm(assistant, settings, allowed) {
  const fields = settings.map(({ name, kind, choices, ...attributes }) => ({
    name,
    label: t(`setting.${name}`),
    hint: t(`setting.${name}.hint`),
    value: assistant[name],
    disabled: !allowed,
    ...(kind === "number" ? { type: "number" } : {}),
    ...(kind === "long" ? { rows: 2 } : {}),
    ...(choices ? { options: choices.map((one) => /** @type {[string, string]} */ ([one, t(`setting.${name}.${one}`)])) } : {}),
    ...attributes,
  }));
  const save = async (/** @type {Record<string, string>} */ values) => {
    const changed = await put(`/assistants/update/${assistant._id}`, changes(assistant, settings, values));
    Object.assign(assistant, changed);
    await assistants(true);
    toast(t("saved"));
  };
  const made = form(fields, t("save"), save, allowed ? { draft: `settings.${assistant._id}.${settings[0].name}` } : {});
  if (!allowed) made.querySelector(".actions")?.remove();
  return made;
}

/**
 * Only what was changed is sent; an empty field is the service's default.
 * @param {Assistant} assistant
 * @param {Setting[]} settings
 * @param {Record<string, string>} values
 */
function changes(assistant, settings, values) {
  /** @type {Record<string, unknown>} */
  const changed = {};
  for (const { name, kind } of settings) {
    const value = values[name] === "" ? null : kind === "number" ? Number(values[name]) : values[name];
    const known = kind === "number" && assistant[name] !== null ? Number(assistant[name]) : assistant[name];
    if (value !== known) changed[name] = value;
  }
  return changed;
}

/** @param {Assistant} assistant */
function deletion(assistant) {
  const erase = async () => {
    if (!(await confirmed(t("settings.delete"), t("settings.delete_sure", { name: assistant.name }), t("settings.delete")))) return;
    await remove(`/assistants/delete/${assistant._id}`);
    await assistants(true);
    go("/assistentes");
  };
  return h("div", {}, actionButton(t("settings.delete"), erase, { class: "danger" }));
}
