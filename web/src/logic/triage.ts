/*
 * A form over something that others change too: what the person typed stays, what was not touched
 * follows, and only what was typed is sent. Used by pages/signals.
 */

/* `base`: what the form was filled with, `mine`: what it has, `now`: what the service has. */
export function followed<T extends Record<string, string>>(base: T, mine: T, now: T): T {
  const out = { ...mine };
  for (const key of Object.keys(now) as (keyof T)[]) if (mine[key] === base[key]) out[key] = now[key];
  return out;
}

/* What was typed; an emptied field is null. */
export function changesOf<T extends Record<string, string>>(base: T, mine: T): Record<string, string | null> {
  return Object.fromEntries(Object.entries(mine).filter(([key, value]) => value !== base[key]).map(([key, value]) => [key, value.trim() || null]));
}
