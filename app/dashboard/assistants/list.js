// All assistants at which one has a role.

import { post } from "../core/api.js";
import { assistants } from "../core/assistants.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { go } from "../core/router.js";
import { openDialog } from "../components/dialog.js";
import { form } from "../components/form.js";
import { icon } from "../components/icons.js";
import { empty, shown } from "../components/states.js";

/** @type {import("../core/router.js").Screen} */
export function show(root) {
  const list = h("div", {});
  const add = h("button", { type: "button", class: "primary", onclick: addAssistant }, icon("add"), t("assistants.add"));
  fill(root, h("div", { class: "page" }, h("div", { class: "between" }, h("h1", {}, t("area.assistants")), add), list));
  return shown(list, async () => {
    const all = await assistants(true);
    if (!all.length) return empty(t("assistants.empty"), t("assistants.empty_hint"), h("a", { class: "button primary", href: "#/inicio" }, t("first.start")));
    return h("ul", { class: "grid" }, all.map(card));
  });
}

/** @param {import("../core/assistants.js").Assistant} one */
function card(one) {
  return h(
    "li",
    {},
    h(
      "a",
      { class: "card tile", href: `#/assistentes/${one._id}` },
      h("h2", {}, one.name),
      one.company && h("p", { class: "muted" }, one.company),
      h("p", {}, h("span", { class: "chip accent" }, t(`role.${one.role ?? "viewer"}`)), " ", one.model && h("span", { class: "chip" }, one.model)),
    ),
  );
}

function addAssistant() {
  openDialog(t("assistants.add"), (close) => [
    form(
      [
        { name: "name", label: t("assistants.name"), hint: t("assistants.name_hint"), required: true, maxlength: 200 },
        { name: "company", label: t("assistants.company"), maxlength: 200 },
      ],
      t("assistants.create"),
      async ({ name, company }) => {
        const made = await post("/assistants/add", { name, ...(company ? { company } : {}) });
        await assistants(true);
        close();
        go(`/assistentes/${made._id}/documentos`);
      },
      { cancel: close },
    ),
  ]);
}
