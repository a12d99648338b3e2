// Forms: labelled fields with hints and errors; a button that cannot be pressed twice; nothing typed is lost.

import { fill, freshId, h, setAttribute } from "../core/dom.js";
import { keepFormDraft } from "../core/drafts.js";
import { ApiError, problems, sentence } from "../core/errors.js";
import { t } from "../core/i18n.js";

/**
 * @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control
 * @typedef {{
 *   name: string,
 *   label: string,
 *   hint?: string,
 *   type?: string,
 *   value?: string | number | boolean | null,
 *   options?: [string, string][],
 *   rows?: number,
 *   [attribute: string]: any,
 * }} Field `options`: value and text of each; `rows`: several lines
 */

/**
 * A field with its label.
 * @param {Field} field
 */
export function field({ name, label, hint, options, rows, value, ...attributes }) {
  const id = freshId();
  const hintId = hint ? `${id}h` : null;
  const errorId = `${id}e`;
  const shared = { id, name, "aria-describedby": hintId ? `${hintId} ${errorId}` : errorId, ...attributes };
  /** @type {Control} */
  let control;
  if (options) control = select(shared, options, value);
  else if (rows) control = h("textarea", { ...shared, rows, value });
  else if (attributes.type === "checkbox") control = h("input", { ...shared, checked: Boolean(value) });
  else control = h("input", { type: "text", ...shared, value });
  const text = h("label", { for: id }, label);
  const below = [hint && h("p", { class: "hint", id: hintId }, hint), h("p", { class: "field-error", id: errorId, hidden: true })];
  return attributes.type === "checkbox"
    ? h("div", { class: "field check" }, control, text, ...below)
    : h("div", { class: "field" }, text, control, ...below);
}

/**
 * @param {Record<string, unknown>} attributes
 * @param {[string, string][]} options
 * @param {unknown} value
 */
function select(attributes, options, value) {
  const made = options.map(([key, text]) => h("option", { value: key, selected: key === String(value ?? "") }, text));
  return h("select", attributes, ...made);
}

/**
 * A form that sends what was typed.
 * @param {(Field | HTMLElement)[]} fields
 * @param {string} verb what the button says
 * @param {(values: Record<string, string>, form: HTMLFormElement) => Promise<unknown>} submit
 * @param {{cancel?: () => void, danger?: boolean, draft?: string}} [options] `draft`: what is typed is kept under this
 *   name until it is sent or given up
 */
export function form(fields, verb, submit, options = {}) {
  const button = h("button", { class: options.danger ? "danger" : "primary" }, verb);
  const discard = () => {
    kept?.discard();
    restored.hidden = true;
    made.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const restored = h("p", { class: "hint", role: "status", hidden: true }, t("form.restored"), " ", h("button", { type: "button", class: "link", onclick: discard }, t("discard")));
  const outcome = h("p", { class: "form-error", role: "alert", hidden: true });
  const cancel = () => {
    kept?.forget();
    options.cancel?.();
  };
  const made = h(
    "form",
    { onsubmit: (event) => void onSubmit(event) },
    fields.map((one) => (one instanceof HTMLElement ? one : field(one))),
    restored,
    outcome,
    h(
      "div",
      { class: "actions" },
      options.cancel && h("button", { type: "button", onclick: cancel }, t("cancel")),
      button,
    ),
  );

  /** @param {SubmitEvent} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    made.setAttribute("aria-busy", "true");
    showErrors(made, {});
    outcome.hidden = true;
    try {
      await submit(valuesOf(made), made);
      kept?.forget();
      restored.hidden = true;
    } catch (error) {
      const unsaid = error instanceof ApiError ? showErrors(made, error.fields) : true;
      outcome.hidden = false;
      fill(outcome, unsaid ? sentence(error) : t("error.validation_error"));
      made.querySelector("[aria-invalid]")?.scrollIntoView({ block: "center" });
    } finally {
      button.disabled = false;
      made.removeAttribute("aria-busy");
    }
  }

  made.addEventListener("invalid", (event) => event.target instanceof Element && uncover(event.target), true);
  const kept = options.draft ? keepFormDraft(made, options.draft) : null;
  restored.hidden = !kept?.restored;
  return made;
}

/**
 * What was typed, by the names of the fields; a box that is ticked is "true", another "".
 * @param {HTMLFormElement} from
 * @returns {Record<string, string>}
 */
export function valuesOf(from) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const control of from.elements) {
    if (!isControl(control) || !control.name) continue;
    const box = control instanceof HTMLInputElement && control.type === "checkbox" ? control : null;
    values[control.name] = box ? (box.checked ? "true" : "") : control.value;
  }
  return values;
}

/**
 * @param {Element} element
 * @returns {element is Control}
 */
function isControl(element) {
  return /^(input|textarea|select)$/i.test(element.tagName);
}

/**
 * Opens what a field is folded away in.
 * @param {Element} control
 */
function uncover(control) {
  const details = control.closest("details");
  if (details) details.open = true;
}

/**
 * Shows what is wrong beside each field; says whether something had no field.
 * @param {HTMLFormElement} form
 * @param {Record<string, string[]>} errors
 */
function showErrors(form, errors) {
  let unsaid = Object.keys(errors).length === 0;
  for (const control of form.elements) {
    if (!isControl(control) || !control.name) continue;
    const wrong = errors[control.name];
    const line = control.closest(".field")?.querySelector(".field-error");
    setAttribute(control, "aria-invalid", wrong ? "true" : null);
    if (line instanceof HTMLElement) {
      line.hidden = !wrong;
      line.textContent = wrong ? problems(wrong) : "";
    }
    if (wrong) uncover(control);
  }
  for (const name of Object.keys(errors)) unsaid ||= !form.elements.namedItem(name);
  return unsaid;
}
