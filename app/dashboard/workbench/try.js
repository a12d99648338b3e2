// Asking all questions of the set with another prompt or model, which customers do not get.

import { get, post } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { modelOptions } from "./models.js";

/**
 * @param {string} id of the assistant
 * @param {() => void} look
 */
export async function tryOther(id, look) {
  const [present, models] = await Promise.all([get(`/prompts/get/${id}`), modelOptions()]);
  openDialog(
    t("evaluation.try_other"),
    (close) => {
      const made = form(
        [
          { name: "prompt", label: t("prompt.text"), hint: t("evaluation.prompt_hint"), rows: 12, value: present.text, maxlength: 20_000 },
          { name: "model", label: t("setting.model"), options: models, value: "" },
          { name: "temperature", label: t("setting.temperature"), hint: t("bench.temperature_hint"), type: "number", min: 0, max: 2, step: 0.1, value: "" },
          { name: "note", label: t("prompt.note"), maxlength: 500 },
        ],
        t("evaluation.run"),
        async (values) => {
          await post(`/evaluations/run/${id}`, candidate(values, present.text));
          close();
          look();
        },
        { cancel: close, draft: `evaluation.${id}` },
      );
      return [h("p", { class: "hint" }, t("evaluation.try_hint")), made];
    },
    { wide: true },
  );
}

/**
 * Only what differs from the present state is tried; a prompt that is the same would publish nothing.
 * @param {Record<string, string>} values
 * @param {string | null} present
 */
function candidate({ prompt, model, temperature, note }, present) {
  return {
    ...(prompt.trim() && prompt !== (present ?? "") ? { prompt } : {}),
    ...(model ? { model } : {}),
    ...(temperature ? { temperature: Number(temperature) } : {}),
    ...(note ? { note } : {}),
  };
}
