// The test bench: ask, and see all that led to the answer; the same question with another model or prompt beside it.

import { get, post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { bindDraft } from "../core/drafts.js";
import { t } from "../core/i18n.js";
import { field, form } from "../components/form.js";
import { failed, loading } from "../components/states.js";
import { section } from "../components/table.js";
import { answerPanel } from "./answer.js";

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const results = h("div", { class: "columns", "aria-live": "polite" });
  const second = h("fieldset", { class: "form", hidden: true }, h("legend", {}, t("bench.second")), secondFields());
  const compare = field({ name: "compare", label: t("bench.compare"), type: "checkbox", value: false });
  const made = form(
    [{ name: "message", label: t("bench.question"), rows: 2, required: true, maxlength: 4096 }, compare, second],
    t("bench.ask"),
    async (values) => {
      const panels = values.compare ? [panel(t("bench.present")), panel(t("bench.other"))] : [panel(t("bench.present"))];
      fill(results, panels.map((one) => one.element));
      const other = { model: values.model || undefined, prompt: values.prompt || undefined };
      await Promise.all(panels.map((one, i) => ask(assistant._id, one.body, { message: values.message, ...(i ? other : {}) })));
    },
  );
  compare.addEventListener("change", async () => {
    second.hidden = !made.querySelector("[name=compare]:checked");
    const prompt = made.querySelector("[name=prompt]");
    if (prompt instanceof HTMLTextAreaElement && !prompt.value) prompt.value = (await get(`/prompts/get/${assistant._id}`)).text ?? "";
  });
  const question = made.querySelector("textarea");
  if (question) bindDraft(question, `bench.${assistant._id}`);
  fill(root, section(t("tab.testes"), t("bench.hint"), made), results);
}

function secondFields() {
  return [
    field({ name: "model", label: t("setting.model"), hint: t("bench.model_hint"), maxlength: 200 }),
    field({ name: "prompt", label: t("prompt.text"), hint: t("bench.prompt_hint"), rows: 6, maxlength: 20_000 }),
  ];
}

/** @param {string} title */
function panel(title) {
  const body = h("div", { class: "stack" }, loading());
  return { body, element: h("section", { class: "card" }, h("h2", {}, title), body) };
}

/**
 * @param {string} id
 * @param {HTMLElement} body
 * @param {Record<string, unknown>} question
 */
async function ask(id, body, question) {
  try {
    fill(body, answerPanel(await post(`/assistants/ask/${id}`, question, { timeout: 120_000 })));
  } catch (error) {
    fill(body, failed(error));
  }
}
