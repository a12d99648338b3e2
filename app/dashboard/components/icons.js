// Icons as SVG paths (own drawings on a 24 by 24 grid), always beside a text or in something that has a label.

const PATHS = {
  inbox: "M4 13h4l2 3h4l2-3h4M4 13l3-8h10l3 8v6H4z",
  assistants: "M12 3v3M6 8h12v10H6zM9.5 12.5v1M14.5 12.5v1M3 12v3M21 12v3M9.5 21h5",
  usage: "M4 20h16M7 16v-5M12 16V5M17 16v-8",
  admin: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-5 8-5s7 1 8 5",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
  send: "M4 12l16-7-5 15-3-6zM12 14l8-9",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  label: "M4 4h8l8 8-8 8-8-8zM8 8v.1",
  person: "M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c.5-4 3-6 7-6s6.500 2 7 6",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  sound: "M4 9v6h4l5 4V5L8 9zM16.500 8.500a5 5 0 0 1 0 7M19 6a8.500 8.500 0 0 1 0 12",
  mute: "M4 9v6h4l5 4V5L8 9zM17 9.500l5 5M22 9.500l-5 5",
  document: "M6 3h8l4 4v14H6zM14 3v4h4",
  add: "M12 5v14M5 12h14",
  more: "M5 12v.1M12 12v.1M19 12v.1",
  check: "M5 12.500l4.500 4.500L19 7",
  double: "M2 12.500l4.500 4.500L15 7M12 16l1 1L22 7",
  warning: "M12 4l9 16H3zM12 10v4M12 17v.1",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  refresh: "M20 11a8 8 0 1 0-2 6.500M20 5v6h-6",
  upload: "M12 16V4M7 9l5-5 5 5M4 20h16",
  down: "M6 9l6 6 6-6",
};

/** @typedef {keyof typeof PATHS} IconName */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {IconName} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
