// One document: how far it is, what is wrong with it, and what can be done with it.

import { download, post, put, remove } from "../core/api.js";
import { h } from "../core/dom.js";
import { bytes, fullMoment } from "../core/format.js";
import { t, tn } from "../core/i18n.js";
import { said } from "../core/said.js";
import { confirmed, openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { icon } from "../components/icons.js";
import { actionButton } from "../components/table.js";
import { toast, toastError } from "../components/toast.js";
import { openChunks } from "./chunks.js";
import { upload } from "./upload.js";

/** @typedef {import("./list.js").Doc} Doc */

const TONES = /** @type {Record<string, string>} */ ({ ready: "ok", failed: "danger", cancelled: "warn", pending: "accent", indexing: "accent" });

/**
 * @param {Doc} document
 * @param {boolean} may change it
 * @param {() => void} changed
 * @returns {HTMLLIElement}
 */
export function documentRow(document, may, changed) {
  const busy = document.status === "pending" || document.status === "indexing";
  return h(
    "li",
    { class: "document" },
    h(
      "div",
      { class: "between" },
      h("h3", {}, icon("document"), document.filename),
      h("span", { class: "row" }, !document.enabled && h("span", { class: "chip warn" }, t("documents.disabled")), h("span", { class: `chip ${TONES[document.status] ?? ""}` }, t(`document.${document.status}`))),
    ),
    busy && h("div", {}, h("progress", { max: 1, value: document.progress, "aria-label": t(`stage.${document.stage}`) }), h("p", { class: "muted" }, t(`stage.${document.stage}`))),
    document.error && h("p", { class: "field-error" }, said(document.error)),
    document.warning && h("p", { class: "banner" }, said(document.warning)),
    h("p", { class: "muted" }, facts(document)),
    document.refresh_error && h("p", { class: "field-error" }, t("documents.refresh_failed"), " ", said(document.refresh_error)),
    h("div", { class: "row" }, buttons(document, may, busy, changed)),
  );
}

/** @param {Doc} document */
function facts(document) {
  const said = [
    bytes(document.size),
    tn("documents.chunks", document.chunks),
    fullMoment(document.updatedAt),
    document.valid_from && t("documents.from", { at: fullMoment(document.valid_from) }),
    document.valid_until && t("documents.until", { at: fullMoment(document.valid_until) }),
    document.url,
    document.refresh_at && t("documents.refresh_at", { at: fullMoment(document.refresh_at) }),
  ];
  return said.filter(Boolean).join(" · ");
}

/**
 * @param {Doc} document
 * @param {boolean} may
 * @param {boolean} busy
 * @param {() => void} changed
 */
function buttons(document, may, busy, changed) {
  const path = (/** @type {string} */ action) => `/documents/${action}/${document._id}`;
  const act = (/** @type {string} */ action) => async () => {
    await put(path(action));
    changed();
  };
  const erase = async () => {
    if (!(await confirmed(t("documents.delete"), t("documents.delete_sure", { name: document.filename }), t("delete")))) return;
    await remove(path("delete"));
    changed();
  };
  const toggle = async () => {
    await put(path("update"), { enabled: !document.enabled });
    changed();
  };
  const again = document.status === "failed" || document.status === "cancelled" || document.warning;
  return [
    document.chunks > 0 && h("button", { type: "button", onclick: () => openChunks(document) }, t("documents.show_chunks")),
    actionButton(t("download"), () => download(path("download"), {}, document.filename)),
    may && busy && actionButton(t("cancel"), act("cancel")),
    may && again && actionButton(t("retry"), act("retry")),
    may && !busy && actionButton(t(document.enabled ? "documents.disable" : "documents.enable"), toggle),
    may && (document.url ? !busy && actionButton(t("documents.read_again"), () => readAgain(document, changed)) : newVersion(document, changed)),
    may && h("button", { type: "button", onclick: () => edit(document, changed) }, t(document.url ? "documents.validity_and_refresh" : "documents.validity")),
    may && actionButton(t("delete"), erase),
  ];
}

/**
 * Fetches a web page now; what it says takes the place of what it said.
 * @param {Doc} document
 * @param {() => void} changed
 */
async function readAgain(document, changed) {
  const { url, assistant_id, refresh_hours } = document;
  await post("/documents/addUrl", { url, assistant_id, refresh_hours }, { timeout: 90_000, repeatable: true });
  toast(t("documents.replaced"));
  changed();
}

/**
 * A file in the place of the document's; customers get answers from the old one until the new one is read.
 * @param {Doc} document
 * @param {() => void} changed
 */
function newVersion(document, changed) {
  const input = h("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-label": `${t("documents.new_version")}: ${document.filename}` });
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    input.value = "";
    if (!file) return;
    try {
      await upload(file, document.assistant_id, "rag", document.filename);
      toast(t("documents.replaced"));
      changed();
    } catch (error) {
      toastError(error);
    }
  });
  return h("span", {}, h("button", { type: "button", onclick: () => input.click() }, t("documents.new_version")), input);
}

/**
 * @param {Doc} document
 * @param {() => void} changed
 */
function edit(document, changed) {
  openDialog(document.filename, (close) => [
    form(
      [
        { name: "valid_from", label: t("documents.valid_from"), type: "datetime-local", value: local(document.valid_from) },
        { name: "valid_until", label: t("documents.valid_until"), hint: t("documents.valid_hint"), type: "datetime-local", value: local(document.valid_until) },
        ...(document.url
          ? [{ name: "refresh_hours", label: t("documents.refresh_hours"), hint: t("documents.refresh_hint"), type: "number", min: 1, max: 8760, value: document.refresh_hours }]
          : []),
      ],
      t("save"),
      async (values) => {
        const moment = (/** @type {string} */ text) => (text ? new Date(text).toISOString() : null);
        const hours = document.url ? { refresh_hours: values.refresh_hours ? Number(values.refresh_hours) : null } : {};
        await put(`/documents/update/${document._id}`, { valid_from: moment(values.valid_from), valid_until: moment(values.valid_until), ...hours });
        close();
        changed();
      },
      { cancel: close },
    ),
  ]);
}

/**
 * A moment as a field of local time takes it.
 * @param {string | null} moment
 */
function local(moment) {
  if (!moment) return "";
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
