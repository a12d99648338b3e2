// First start: from registering to an assistant that answers from a document, in four steps on one screen.

import { get, post } from "../core/api.js";
import { assistants } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { said } from "../core/said.js";
import { form } from "../components/form.js";
import { failed, loading } from "../components/states.js";
import { pause } from "../core/api.js";
import { upload } from "../documents/upload.js";

/** @type {import("../core/router.js").Screen} */
export function show(root, { signal }) {
  const steps = h("ol", { class: "steps" }, ["name", "document", "question"].map((one) => h("li", {}, t(`first.step.${one}`))));
  const body = h("div", { class: "stack" });
  const page = h("div", { class: "page narrow first" }, h("h1", {}, t("first.title")), h("p", {}, t("first.hint")), steps, h("section", { class: "card" }, body));
  fill(root, page);
  const at = (/** @type {number} */ step) => [...steps.children].forEach((one, i) => (i === step ? one.setAttribute("aria-current", "step") : one.removeAttribute("aria-current")));
  at(0);
  fill(body, nameForm((id) => {
    at(1);
    fill(body, documentForm(id, signal, () => {
      at(2);
      fill(body, questionForm(id));
      body.querySelector("textarea")?.focus();
    }));
    body.querySelector("textarea")?.focus();
  }));
  body.querySelector("input")?.focus();
}

/** @param {(id: string) => void} next */
function nameForm(next) {
  return form([{ name: "name", label: t("assistants.name"), hint: t("assistants.name_hint"), required: true, maxlength: 200 }], t("first.next"), async ({ name }) => {
    const made = await post("/assistants/add", { name });
    await assistants(true);
    next(made._id);
  });
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @param {() => void} next
 */
function documentForm(id, signal, next) {
  const file = h("input", { type: "file", name: "file", "aria-label": t("documents.choose") });
  const state = h("div", { role: "status" });
  const made = form(
    [{ name: "text", label: t("first.text"), hint: t("first.text_hint"), rows: 7, placeholder: t("first.text_example") }, h("div", { class: "field" }, h("p", {}, t("first.or_file")), file), state],
    t("first.next"),
    async ({ text }) => {
      const [chosen] = file.files ?? [];
      if (!chosen && !text.trim()) {
        fill(state, h("p", { class: "field-error" }, t("first.nothing")));
        return;
      }
      const sent = chosen ? await upload(chosen, id, "rag") : await upload(new Blob([text]), id, "rag", "sobre-nos.md");
      fill(state, loading(t("first.reading")));
      await ready(sent._id, signal, state);
      next();
    },
    { draft: `first.${id}` },
  );
  return made;
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @param {HTMLElement} state
 */
async function ready(id, signal, state) {
  for (;;) {
    const document = await get(`/documents/get/${id}`, {}, { signal });
    if (document.status === "ready") return;
    if (document.status === "failed" || document.status === "cancelled") {
      fill(state, h("p", { class: "field-error" }, said(document.error)));
      throw new Error(document.error);
    }
    await pause(500, signal);
  }
}

/** @param {string} id */
function questionForm(id) {
  const answer = h("div", { class: "stack", "aria-live": "polite" });
  const ask = form([{ name: "message", label: t("first.question"), rows: 2, required: true, maxlength: 4096, value: t("first.question_example") }], t("bench.ask"), async ({ message }) => {
    fill(answer, loading(t("turn.answering")));
    try {
      const said = await post(`/assistants/ask/${id}`, { message }, { timeout: 120_000 });
      const sources = [...new Set(said.passages.map((/** @type {any} */ one) => one.filename))];
      fill(answer, h("p", { class: "bubble assistant text" }, said.answer), sources.length ? h("p", { class: "muted" }, t("sources"), ": ", sources.join(", ")) : null, done(id));
    } catch (error) {
      fill(answer, failed(error), done(id));
    }
  });
  return h("div", { class: "stack" }, ask, answer);
}

/** @param {string} id */
function done(id) {
  return h(
    "div",
    { class: "row" },
    h("a", { class: "button primary", href: `#/assistentes/${id}/canais` }, t("first.connect")),
    h("a", { class: "button", href: `#/assistentes/${id}/documentos` }, t("first.more_documents")),
  );
}
