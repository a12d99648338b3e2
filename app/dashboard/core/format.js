// Times, numbers and amounts as people read them.

import { locale, t } from "./i18n.js";

/** @param {string | Date} moment */
export function time(moment) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(moment));
}

/** @param {string | Date} moment */
export function day(moment) {
  const date = new Date(moment);
  const days = Math.round((startOfDay(new Date()) - startOfDay(date)) / 86_400_000);
  if (days === 0 || days === 1) return t(days ? "time.yesterday" : "time.today");
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", year }).format(date);
}

/**
 * The time of today's moments, the day of others.
 * @param {string} moment
 */
export function shortMoment(moment) {
  return startOfDay(new Date()) === startOfDay(new Date(moment)) ? time(moment) : day(moment);
}

/** @param {string | null | undefined} moment */
export function fullMoment(moment) {
  if (!moment) return "–";
  return new Intl.DateTimeFormat(locale(), { dateStyle: "short", timeStyle: "short" }).format(new Date(moment));
}

/** @param {Date} date */
function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/**
 * How long something takes or has lasted, with at most two units.
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} d`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}

/**
 * @param {number | null | undefined} value
 * @param {number} [decimals] at most
 */
export function number(value, decimals = 0) {
  if (value === null || value === undefined) return "–";
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: decimals }).format(value);
}

/** @param {number} share 0 to 1 */
export function percent(share) {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** @param {string | number | null | undefined} amount in reais */
export function reais(amount) {
  if (amount === null || amount === undefined) return "–";
  const value = Number(amount);
  const decimals = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
  const style = /** @type {const} */ ({ style: "currency", currency: "BRL", currencyDisplay: "narrowSymbol" });
  return new Intl.NumberFormat(locale(), { ...style, minimumFractionDigits: 2, maximumFractionDigits: decimals }).format(
    value,
  );
}

/** @param {number} count */
export function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 ** 2) return `${number(count / 1024)} kB`;
  return count < 1024 ** 3 ? `${number(count / 1024 ** 2, 1)} MB` : `${number(count / 1024 ** 3, 1)} GB`;
}
