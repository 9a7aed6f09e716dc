/*
 * Numbers, days, times and spans as DESIGN has them: days "Thu 9 Jul" (with the year when it is not
 * this one), times with their zone, time left "4 d 9 h", "1 d 14 h late". Used by every page.
 */
import { serviceNow } from "../api/client";
import { grouped, locale, t } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function parts(date: Date): { year: boolean } {
  return { year: date.getFullYear() !== new Date(serviceNow()).getFullYear() };
}

export const number = grouped;

/* "Thu 9 Jul", "9 Jul 2024". */
export function day(at: string | number): string {
  const date = new Date(at);
  const { year } = parts(date);
  return date.toLocaleDateString(locale(), year ? { day: "numeric", month: "short", year: "numeric" } : { weekday: "short", day: "numeric", month: "short" }).replace(",", "");
}

/* "Thu 9 Jul, 14:19 GMT+2": with the zone, always. */
export function time(at: string | number): string {
  const date = new Date(at);
  const clock = date.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  return `${day(at)}, ${clock}`;
}

/* Only the two largest units: "4 d 9 h", "9 h 39 min", "3 min". */
export function span(ms: number): string {
  const all = Math.max(0, Math.abs(ms));
  const days = Math.floor(all / DAY);
  const hours = Math.floor((all % DAY) / HOUR);
  const minutes = Math.floor((all % HOUR) / MINUTE);
  if (days >= 10) return t("frame.days", { d: days });
  if (days && !hours) return t("frame.days", { d: days });
  if (days) return t("frame.daysHours", { d: days, h: hours });
  if (hours && !minutes) return t("frame.hours", { h: hours });
  if (hours) return t("frame.hoursMinutes", { h: hours, m: minutes });
  return t("frame.minutes", { m: minutes });
}

/* Until a time: "4 d 9 h", or "1 d 14 h late". */
export function left(at: string, now = serviceNow()): { text: string; late: boolean } {
  const ms = Date.parse(at) - now;
  return ms < 0 ? { text: t("frame.late", { span: span(ms) }), late: true } : { text: span(ms), late: false };
}

/* How old something is: "2 h", "4 d 9 h". */
export function age(at: string, now = serviceNow()): string {
  return span(now - Date.parse(at));
}

export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString(locale(), { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
}

/* The name of a day of the week; 0 is Sunday. */
export function weekday(n: number): string {
  return new Date(Date.UTC(2024, 0, 7 + n)).toLocaleDateString(locale(), { weekday: "long", timeZone: "UTC" });
}

/* The zone of this browser, for the foot of the rail: "Europe/Berlin (GMT+2)". */
export function zone(): string {
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const short = new Date(serviceNow()).toLocaleTimeString("en-GB", { timeZoneName: "shortOffset" }).replace(/^\S+ /, "");
  return `${name} (${short})`;
}
