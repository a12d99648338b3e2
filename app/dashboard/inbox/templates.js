// Message templates: what WhatsApp takes after its window has closed; chosen, filled and sent from the composer.

import { get, post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { empty, shown } from "../components/states.js";
import { toast } from "../components/toast.js";

/** @typedef {{name: string, language: string, category: string, body: string, variables: number}} Template */
/** @typedef {import("./types.js").Conversation} Conversation */

const LONGEST = 1024;

/**
 * @param {Conversation} conversation
 * @param {() => void} sent
 */
export function openTemplates(conversation, sent) {
  const body = h("div", { class: "stack" });
  openDialog(t("templates.title"), (close) => {
    const done = () => {
      close();
      toast(t("templates.sent"));
      sent();
    };
    void shown(body, async () => {
      /** @type {Template[]} */
      const all = await get(`/channels/templates/${conversation.channel_id}`);
      return all.length ? chooser(conversation, all, close, done) : empty(t("templates.empty"), t("templates.empty_hint"));
    });
    return [h("p", { class: "hint" }, t("templates.hint")), body];
  });
}

/**
 * @param {Conversation} conversation
 * @param {Template[]} all
 * @param {() => void} close
 * @param {() => void} done
 */
function chooser(conversation, all, close, done) {
  const options = all.map((one, i) => /** @type {[string, string]} */ ([String(i), `${one.name} (${one.language})`]));
  const choice = h("select", { "aria-label": t("templates.choose") }, options.map(([value, text]) => h("option", { value }, text)));
  const place = h("div", {});
  const show = () => fill(place, fillIn(conversation, all[Number(choice.value)], close, done));
  choice.addEventListener("change", show);
  show();
  return h("div", { class: "stack" }, h("label", { class: "field" }, t("templates.choose"), choice), place);
}

/**
 * @param {Conversation} conversation
 * @param {Template} template
 * @param {() => void} close
 * @param {() => void} done
 */
function fillIn(conversation, template, close, done) {
  const messageId = crypto.randomUUID();
  const numbers = Array.from({ length: template.variables }, (_, i) => i + 1);
  const preview = h("p", { class: "bubble person text", "aria-label": t("templates.preview") });
  const fields = numbers.map((n) => ({
    name: `value${n}`,
    label: t("templates.value", { n }),
    required: true,
    maxlength: LONGEST,
    value: n === 1 ? (conversation.username ?? "") : "",
    autocomplete: "off",
  }));
  const made = form(
    [...fields, h("div", {}, h("p", { class: "hint" }, t("templates.preview")), preview)],
    t("templates.send"),
    async (values) => {
      const given = numbers.map((n) => values[`value${n}`].trim());
      const body = { name: template.name, language: template.language, values: given, message_id: messageId };
      await post(`/conversations/sendTemplate/${conversation._id}`, body, { repeatable: true, timeout: 60_000 });
      done();
    },
    { cancel: close },
  );
  const read = () => {
    const valueOf = (/** @type {string} */ n) => {
      const field = made.elements.namedItem(`value${n}`);
      return field instanceof HTMLInputElement ? field.value : "";
    };
    preview.textContent = template.body.replace(/\{\{\s*(\d+)\s*\}\}/g, (whole, n) => valueOf(n) || whole);
  };
  made.addEventListener("input", read);
  read();
  return made;
}
