// Dropping files: each is sent by itself, and says for itself what went wrong.

import { send } from "../core/api.js";
import { h } from "../core/dom.js";
import { sentence } from "../core/errors.js";
import { bytes } from "../core/format.js";
import { t } from "../core/i18n.js";
import { icon } from "../components/icons.js";

const TIMEOUT = 600_000;

/**
 * @param {string} assistantId
 * @param {() => void} done called after each file
 */
export function dropZone(assistantId, done) {
  const waiting = h("ul", { class: "stack", "aria-live": "polite" });
  const input = h("input", { type: "file", multiple: true, class: "visually-hidden", "aria-label": t("documents.choose") });
  const take = (/** @type {FileList | null | undefined} */ files) => void sendAll([...(files ?? [])], assistantId, waiting, done);
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  /** @type {HTMLElement} */
  const zone = h(
    "div",
    {
      class: "drop",
      ondragover: (event) => {
        event.preventDefault();
        zone.classList.add("over");
      },
      ondragleave: () => {
        zone.classList.remove("over");
      },
      ondrop: (event) => {
        event.preventDefault();
        zone.classList.remove("over");
        take(event.dataTransfer?.files);
      },
    },
    icon("upload"),
    h("p", {}, t("documents.drop")),
    h("button", { type: "button", class: "primary", onclick: () => input.click() }, t("documents.choose")),
    input,
  );
  return h("div", { class: "stack" }, zone, waiting);
}

/**
 * One after the other, so that a slow line carries one file at a time.
 * @param {File[]} files
 * @param {string} assistantId
 * @param {HTMLElement} list
 * @param {() => void} done
 */
async function sendAll(files, assistantId, list, done) {
  const items = files.map((file) => {
    const state = h("span", { class: "muted" }, t("documents.waiting"));
    const item = h("li", { class: "between" }, h("span", {}, file.name, " · ", bytes(file.size)), state);
    list.append(item);
    return { file, item, state };
  });
  for (const { file, item, state } of items) await sendOne(file, assistantId, item, state, done);
}

/**
 * @param {File} file
 * @param {string} assistantId
 * @param {HTMLElement} item
 * @param {HTMLElement} state
 * @param {() => void} done
 */
async function sendOne(file, assistantId, item, state, done) {
  state.textContent = t("documents.sending");
  try {
    await upload(file, assistantId, "rag");
    item.remove();
    done();
  } catch (error) {
    state.className = "field-error";
    const again = () => void sendOne(file, assistantId, item, state, done);
    state.replaceChildren(sentence(error), " ", h("button", { type: "button", class: "link", onclick: again }, t("retry")));
  }
}

/**
 * Sends a file; the same name takes the place of the document that has it, so it may be sent again.
 * @param {Blob} file
 * @param {string} assistantId
 * @param {"rag" | "prompt"} type
 * @param {string} [name]
 */
export async function upload(file, assistantId, type, name) {
  const data = new FormData();
  if (name) data.append("file", file, name);
  else data.append("file", file);
  data.append("type", type);
  data.append("assistant_id", assistantId);
  return (await send("POST", "/documents/add", { form: data, timeout: TIMEOUT, repeatable: true })).data;
}
