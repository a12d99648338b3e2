// The test bench: ask, and see all that led to the answer; the same question with another model or prompt beside it.

import { get, post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { bindDraft } from "../core/drafts.js";
import { isAbort } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { field, form } from "../components/form.js";
import { empty, failed, loading } from "../components/states.js";
import { section } from "../components/table.js";
import { toastError } from "../components/toast.js";
import { answerPanel, comparison } from "./answer.js";
import { modelOptions } from "./models.js";

/** @typedef {import("./answer.js").Answer} Answer */

const PATIENCE = 150_000;

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export async function tab(root, { assistant, signal }) {
  const id = assistant._id;
  const results = h("div", { class: "stack", "aria-live": "polite" }, empty(t("bench.empty"), t("bench.empty_hint")));
  const other = h("fieldset", { class: "form", hidden: true }, h("legend", {}, t("bench.second")), otherFields(await modelOptions()));
  const made = form(
    [
      { name: "message", label: t("bench.question"), hint: t("bench.keys"), rows: 2, required: true, maxlength: 4096, value: "" },
      field({ name: "compare", label: t("bench.compare"), type: "checkbox", value: false, onchange: () => void showOther() }),
      other,
    ],
    t("bench.ask"),
    (values) => ask(id, results, values, signal),
  );
  const [question, prompt] = [...made.querySelectorAll("textarea")];
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    made.requestSubmit();
  });
  bindDraft(question, `bench.${id}`);
  bindDraft(prompt, `bench.prompt.${id}`);

  async function showOther() {
    other.hidden = !made.querySelector("[name=compare]:checked");
    if (other.hidden || prompt.value) return;
    try {
      const { text } = await get(`/prompts/get/${id}`);
      // Whoever was quicker keeps what they typed.
      prompt.value ||= text ?? "";
    } catch (error) {
      toastError(error);
    }
  }

  fill(root, section(t("tab.testes"), t("bench.hint"), made), results);
}

/** @param {[string, string][]} models */
function otherFields(models) {
  return [
    field({ name: "model", label: t("setting.model"), options: models, value: "" }),
    field({ name: "temperature", label: t("setting.temperature"), hint: t("bench.temperature_hint"), type: "number", min: 0, max: 2, step: 0.1, value: "" }),
    field({ name: "prompt", label: t("prompt.text"), hint: t("bench.prompt_hint"), rows: 6, maxlength: 20_000, value: "" }),
  ];
}

/**
 * Asks once, or twice side by side; an answer that fails says so in its own place.
 * @param {string} id
 * @param {HTMLElement} results
 * @param {Record<string, string>} values
 * @param {AbortSignal} signal
 */
async function ask(id, results, values, signal) {
  const { message, compare, model, prompt, temperature } = values;
  const other = { message, model: model || null, prompt: prompt.trim() ? prompt : null, temperature: temperature ? Number(temperature) : null };
  const panels = compare ? [panel(t("bench.present")), panel(t("bench.other"))] : [panel(t("bench.present"))];
  const difference = h("div", {});
  fill(results, h("h2", { class: "asked" }, message), difference, h("div", { class: "columns" }, panels.map((one) => one.element)));
  results.scrollIntoView({ block: "start" });
  const answers = await Promise.all(panels.map((one, i) => answerInto(one.body, id, i ? other : { message }, signal)));
  if (answers[0] && answers[1]) fill(difference, h("section", { class: "card" }, comparison(answers[0], answers[1])));
}

/** @param {string} title */
function panel(title) {
  const body = h("div", { class: "stack" });
  return { body, element: h("section", { class: "card" }, h("h3", {}, title), body) };
}

/**
 * @param {HTMLElement} body
 * @param {string} id
 * @param {Record<string, unknown>} question
 * @param {AbortSignal} signal
 * @returns {Promise<Answer | null>}
 */
async function answerInto(body, id, question, signal) {
  fill(body, loading(t("bench.asking")));
  try {
    /** @type {Answer} */
    const answer = await post(`/assistants/ask/${id}`, question, { timeout: PATIENCE, signal });
    fill(body, answerPanel(answer));
    return answer;
  } catch (error) {
    if (!isAbort(error)) fill(body, failed(error, () => answerInto(body, id, question, signal)));
    return null;
  }
}
