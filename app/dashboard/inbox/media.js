// Audio with its transcript, pictures and files of a message; loaded with the token, when they are asked for.

import { download, send } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { bytes } from "../core/format.js";
import { t } from "../core/i18n.js";
import { sentence } from "../core/errors.js";
import { icon } from "../components/icons.js";
import { toastError } from "../components/toast.js";

/** @typedef {import("./types.js").Media} Media */

/** @param {import("./types.js").Turn} turn */
export function attachments(turn) {
  return (turn.media ?? []).map((media) => attachment(media));
}

/** @param {Media} media */
function attachment(media) {
  const box = h("div", { class: "media" });
  const kind = media.type?.split("/")[0] || media.kind;
  if (!media.url) fill(box, icon("document"), h("span", {}, media.error ?? t("media.missing")));
  else if (kind === "image" && !media.type?.includes("svg")) showWhenSeen(box, media);
  else if (kind === "audio") fill(box, h("button", { type: "button", onclick: () => void play(box, media) }, icon("sound"), t("media.play")));
  else fill(box, h("button", { type: "button", onclick: () => void save(media) }, icon("document"), nameOf(media)));
  return h("div", {}, box, media.transcript && h("p", { class: "transcript" }, t("media.transcript"), " ", media.transcript));
}

/** @param {Media} media */
function nameOf(media) {
  return [media.name || t("media.file"), media.bytes ? `(${bytes(media.bytes)})` : ""].join(" ");
}

/**
 * The file as an address of this page; the service wants the token, which an `img` cannot send.
 * @param {Media} media
 */
async function objectUrl(media) {
  const { response } = await send("GET", pathOf(media), { accept: "*/*" });
  return URL.createObjectURL(await response.blob());
}

/** @param {Media} media */
function pathOf(media) {
  return new URL(media.url ?? "", location.origin).pathname;
}

/**
 * @param {HTMLElement} box
 * @param {Media} media
 */
function showWhenSeen(box, media) {
  const observer = new IntersectionObserver(async ([seen]) => {
    if (!seen.isIntersecting) return;
    observer.disconnect();
    try {
      const src = await objectUrl(media);
      const link = h("a", { href: src, target: "_blank", rel: "noopener" }, h("img", { src, alt: media.name || t("media.picture") }));
      fill(box, link);
    } catch (error) {
      fill(box, sentence(error));
    }
  });
  fill(box, t("media.picture"));
  observer.observe(box);
}

/**
 * @param {HTMLElement} box
 * @param {Media} media
 */
async function play(box, media) {
  try {
    const audio = h("audio", { controls: true, src: await objectUrl(media) });
    fill(box, audio);
    await audio.play();
  } catch (error) {
    toastError(error);
  }
}

/** @param {Media} media */
async function save(media) {
  await download(pathOf(media), {}, media.name || "arquivo").catch(toastError);
}
