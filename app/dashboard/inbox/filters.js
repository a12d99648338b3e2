// The filters above the list, and the field that searches contacts and messages.

import { assistants } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { icon } from "../components/icons.js";
import { toastError } from "../components/toast.js";
import { byId, labelsOf } from "./labels.js";

const PAUSE = 300;
const STATES = ["", "waiting_for_person", "person", "assistant"];

/**
 * @param {import("./list.js").ConversationList} list
 * @param {(text: string) => void} search
 */
export function filters(list, search) {
  const state = h("select", { "aria-label": t("filter.answering") }, STATES.map((one) => h("option", { value: one }, t(one ? `answering.${one}` : "filter.all"))));
  const assistant = h("select", { "aria-label": t("filter.assistant"), hidden: true });
  const label = h("select", { "aria-label": t("filter.label"), hidden: true });
  const unread = h("input", { type: "checkbox" });
  state.addEventListener("change", () => void list.filter({ answering: state.value }));
  label.addEventListener("change", () => void list.filter({ label_id: label.value }));
  unread.addEventListener("change", () => void list.filter({ unread: unread.checked }));
  assistant.addEventListener("change", () => {
    label.value = "";
    void list.filter({ assistant_id: assistant.value, label_id: "" });
    void offerLabels(list, label, assistant.value).catch(toastError);
  });
  void offerAssistants(list, assistant, label).catch(toastError);
  return h(
    "div",
    { class: "filters", role: "search" },
    searchField(search),
    h("div", { class: "row" }, state, assistant, label, h("label", { class: "row unread-only" }, unread, t("filter.unread"))),
  );
}

/** @param {(text: string) => void} search */
function searchField(search) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const field = h("input", { type: "search", placeholder: t("search.placeholder"), "aria-label": t("search.placeholder"), autocomplete: "off" });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search(field.value.trim()), PAUSE);
  });
  return h("div", { class: "search-field" }, icon("search"), field);
}

/**
 * @param {import("./list.js").ConversationList} list
 * @param {HTMLSelectElement} select
 * @param {HTMLSelectElement} label
 */
async function offerAssistants(list, select, label) {
  const all = await assistants();
  fill(select, h("option", { value: "" }, t("filter.all_assistants")), all.map((one) => h("option", { value: one._id }, one.name)));
  select.hidden = all.length < 2;
  if (all.length === 1) await offerLabels(list, label, all[0]._id);
  const found = await Promise.all(all.slice(0, 20).map((one) => labelsOf(one._id).catch(() => [])));
  for (const [id, one] of byId(found.flat())) list.labels.set(id, one);
  list.refresh();
}

/**
 * @param {import("./list.js").ConversationList} list
 * @param {HTMLSelectElement} select
 * @param {string} assistantId
 */
async function offerLabels(list, select, assistantId) {
  const labels = assistantId ? await labelsOf(assistantId) : [];
  select.hidden = !labels.length;
  fill(select, h("option", { value: "" }, t("filter.all_labels")), labels.map((one) => h("option", { value: one._id }, one.name)));
  for (const one of labels) list.labels.set(one._id, one);
}
