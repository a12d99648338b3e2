// Audio with its transcript, pictures, videos and files of a message; loaded with the token, when they are asked for.

import { download, send } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { bytes } from "../core/format.js";
import { t } from "../core/i18n.js";
import { isAbort, sentence } from "../core/errors.js";
import { said } from "../core/said.js";
import { icon } from "../components/icons.js";
import { toastError } from "../components/toast.js";

/** @typedef {import("./types.js").Media} Media */
/** @typedef {import("./types.js").Turn} Turn */

// What else a customer sends, an HTML page or an SVG picture say, is a download and never opened here.
const PICTURES = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]);
const MARKS = /\[(?:áudio transcrito|imagem|mensagem de voz|áudio|vídeo|documento|figurinha)\]/g;
const MOST_KEPT = 100;

/** @type {string[]} addresses of files in this page's memory */
const kept = [];

/** @param {Turn} turn */
export function attachments(turn) {
  return (turn.media ?? []).map((media) => attachment(media));
}

/**
 * What the customer wrote; nothing where the message is its files, and what was said in them stands beside them.
 * @param {Turn} turn
 */
export function writtenText(turn) {
  const files = turn.media ?? [];
  if (!files.length) return turn.message;
  const spoken = new Set(files.map((one) => one.transcript).filter(Boolean));
  const lines = turn.message.split("\n").map((line) => line.replace(MARKS, "").trim());
  return lines.filter((line) => line && !spoken.has(line)).join("\n");
}

/** @param {Media} media */
function attachment(media) {
  const box = h("div", { class: "media" });
  const kind = media.type?.split("/")[0] || media.kind;
  if (!media.url) fill(box, icon("document"), h("span", {}, t("media.missing")));
  else if (PICTURES.has(media.type)) showWhenSeen(box, media);
  else if (kind === "audio" || kind === "video") fill(box, playButton(box, media, kind));
  else fill(box, saveButton(media));
  const problem = media.error && h("p", { class: "hint" }, said(media.error));
  return h("div", {}, box, media.transcript && h("p", { class: "transcript" }, t("media.transcript"), " ", media.transcript), problem);
}

/** @param {Media} media */
function nameOf(media) {
  return [media.name || t("media.file"), media.bytes ? `(${bytes(media.bytes)})` : ""].join(" ");
}

/** @param {Media} media */
function saveButton(media) {
  const save = () => download(pathOf(media), {}, media.name || t("media.file")).catch(toastError);
  return h("button", { type: "button", onclick: () => void save() }, icon("document"), nameOf(media));
}

/**
 * @param {HTMLElement} box
 * @param {Media} media
 * @param {"audio" | "video"} kind
 */
function playButton(box, media, kind) {
  const button = h("button", { type: "button", onclick: () => void play(box, media, kind, button) }, icon("sound"), t("media.play"));
  return button;
}

/**
 * The file as an address of this page; the service wants the token, which an `img` cannot send.
 * @param {Media} media
 */
async function objectUrl(media) {
  const { response } = await send("GET", pathOf(media), { accept: "*/*" });
  const url = URL.createObjectURL(await response.blob());
  kept.push(url);
  if (kept.length > MOST_KEPT) URL.revokeObjectURL(kept.shift() ?? "");
  return url;
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
  const observer = new IntersectionObserver(([seen]) => {
    if (!seen.isIntersecting) return;
    observer.disconnect();
    void showPicture(box, media);
  });
  fill(box, t("media.picture"));
  observer.observe(box);
}

/**
 * @param {HTMLElement} box
 * @param {Media} media
 */
async function showPicture(box, media) {
  fill(box, t("media.picture"));
  try {
    const src = await objectUrl(media);
    const picture = h("img", { src, alt: media.name || t("media.picture") });
    picture.addEventListener("error", () => fill(box, saveButton(media)));
    fill(box, h("a", { href: src, target: "_blank", rel: "noopener" }, picture));
  } catch (error) {
    if (isAbort(error)) return;
    const again = h("button", { type: "button", class: "link", onclick: () => void showPicture(box, media) }, t("retry"));
    fill(box, h("span", { class: "field-error" }, sentence(error)), again);
  }
}

/**
 * @param {HTMLElement} box
 * @param {Media} media
 * @param {"audio" | "video"} kind
 * @param {HTMLButtonElement} button
 */
async function play(box, media, kind, button) {
  button.disabled = true;
  try {
    const player = h(kind, { controls: true, src: await objectUrl(media), "aria-label": media.name || t("media.play") });
    player.addEventListener("error", () => fill(box, saveButton(media), h("span", { class: "hint" }, t("media.unplayable"))));
    fill(box, player);
    player.focus();
    await player.play().catch(() => {});
  } catch (error) {
    button.disabled = false;
    toastError(error);
  }
}
