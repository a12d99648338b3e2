// What the assistant is told: an editor, and every version of it with who, when, difference and restoring.

import { get, post, put } from "../core/api.js";
import { atLeast } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { fullMoment, number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { empty, shown } from "../components/states.js";
import { actionButton, section } from "../components/table.js";
import { toast } from "../components/toast.js";
import { difference } from "./difference.js";

/** @typedef {{_id: string, createdAt: string, author: {name: string} | null, note: string | null, characters: number, current: boolean}} Version */

/** @type {import("../assistants/screen.js").Tab["tab"]} */
export function tab(root, { assistant }) {
  const may = atLeast(assistant.role, "editor");
  const [editor, versions] = [h("div", {}), h("div", {})];
  const load = async () => {
    await shown(editor, () => makeEditor(assistant._id, may, load));
    await shown(versions, () => listVersions(assistant._id, may, load));
  };
  fill(root, section(t("tab.prompt"), t("prompt.hint"), editor), section(t("prompt.versions"), t("prompt.versions_hint"), versions));
  return load();
}

/**
 * @param {string} id
 * @param {boolean} may
 * @param {() => Promise<void>} saved
 */
async function makeEditor(id, may, saved) {
  const present = await get(`/prompts/get/${id}`);
  const made = form(
    [
      { name: "text", label: t("prompt.text"), hint: present.is_default ? t("prompt.default") : undefined, rows: 14, value: present.text, maxlength: 20_000, readonly: !may, spellcheck: "true" },
      ...(may ? [{ name: "note", label: t("prompt.note"), hint: t("prompt.note_hint"), maxlength: 500 }] : []),
    ],
    t("prompt.save"),
    async ({ text, note }) => {
      await put(`/prompts/update/${id}`, { text: text || null, if_version: present.version_id, ...(note ? { note } : {}) });
      toast(t("prompt.saved"));
      await saved();
    },
    may ? { draft: `prompt.${id}` } : {},
  );
  if (!may) made.querySelector(".actions")?.remove();
  return made;
}

/**
 * @param {string} id
 * @param {boolean} may
 * @param {() => Promise<void>} changed
 */
async function listVersions(id, may, changed) {
  /** @type {Version[]} */
  const all = await get(`/prompts/versions/${id}`);
  if (!all.length) return empty(t("prompt.no_versions"));
  return h("ol", { class: "stack" }, all.map((one) => versionItem(one, may, changed)));
}

/**
 * @param {Version} version
 * @param {boolean} may
 * @param {() => Promise<void>} changed
 */
function versionItem(version, may, changed) {
  const restore = async () => {
    await post(`/prompts/restore/${version._id}`, {});
    toast(t("prompt.restored"));
    await changed();
  };
  return h(
    "li",
    { class: "between version" },
    h(
      "div",
      {},
      h("strong", {}, fullMoment(version.createdAt)),
      " · ",
      version.author?.name ?? "–",
      " ",
      version.current && h("span", { class: "chip ok" }, t("prompt.current")),
      h("p", { class: "muted" }, t("documents.characters", { n: number(version.characters) }), version.note && ` · ${version.note}`),
    ),
    h(
      "div",
      { class: "row" },
      actionButton(t("prompt.show"), () => showText(version)),
      actionButton(t("prompt.diff"), () => showDifference(version)),
      may && !version.current && actionButton(t("prompt.restore"), restore),
    ),
  );
}

/** @param {Version} version */
async function showText(version) {
  const { text } = await get(`/prompts/version/${version._id}`);
  openDialog(fullMoment(version.createdAt), () => [h("pre", {}, text ?? t("prompt.deleted"))], { wide: true });
}

/** @param {Version} version */
async function showDifference(version) {
  const { diff, added, removed } = await get(`/prompts/diff/${version._id}`);
  openDialog(t("prompt.diff"), () => [h("p", { class: "muted" }, t("prompt.diff_counts", { added, removed })), difference(diff)], { wide: true });
}
