/* Time left until something is due: "9 h 39 min", "4 d 9 h", "1 d 14 h late". `now` is the server's. */
export interface Left {
  late: boolean;
  days: number;
  hours: number;
  minutes: number;
  soon: boolean; /* less than a day */
}

export function left(due: string, now: number): Left | null {
  const at = Date.parse(due);
  if (Number.isNaN(at)) return null;
  const late = at < now;
  const minutes = Math.floor(Math.abs(at - now) / 60_000);
  return { late, days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60, soon: !late && minutes < 1440 };
}

/* The two largest parts that are not zero, as [number, unit]. */
export function leftParts(time: Left): [number, "day" | "hour" | "minute"][] {
  const out: [number, "day" | "hour" | "minute"][] = [];
  if (time.days) out.push([time.days, "day"]);
  if (time.hours) out.push([time.hours, "hour"]);
  if (!time.days && (time.minutes || !time.hours)) out.push([time.minutes, "minute"]);
  return out;
}
