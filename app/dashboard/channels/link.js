// Linking a phone: the QR code, read anew while the dialog is open.

import { get } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { sentence } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { openDialog } from "../components/dialog.js";
import { loading } from "../components/states.js";
import { poll } from "../core/poll.js";

const EVERY = 4000;

/** @param {{_id: string, name: string}} channel */
export async function openLink(channel) {
  const leaving = new AbortController();
  const body = h("div", { class: "stack", role: "status" }, loading());
  openDialog(t("channels.qr"), () => [h("p", {}, t("channels.qr_hint")), body], { onclose: () => leaving.abort() });
  poll(
    async (signal) => {
      const code = await get(`/channels/qrCode/${channel._id}`, {}, { signal });
      if (code.linked) fill(body, h("p", { class: "chip ok" }, t("channels.linked")));
      else fill(body, code.image && h("img", { class: "qr", src: blobUrl(code.image), alt: t("channels.qr") }), code.pairing_code);
    },
    { every: EVERY, signal: leaving.signal, onError: (error) => fill(body, sentence(error)) },
  );
}

/**
 * A data URL as a blob, which is all that the policy of this page lets a picture be.
 * @param {string} data
 */
function blobUrl(data) {
  const [head, base64] = data.split(",");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: /data:([^;]+)/.exec(head)?.[1] ?? "image/png" }));
}
