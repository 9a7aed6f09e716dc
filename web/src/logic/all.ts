/* Every page of a short list of /v1, up to a bound; what is beyond is said by `next`. Used where a page
   of the interface shows a whole list: devices, hazards, releases. */
import { ask, type Query } from "../api/client";

export interface Whole<T> {
  items: T[];
  next: string | null;
  total: { count: number; exact: boolean };
  gaps?: unknown;
}

export async function askAll<T>(path: string, query: Query, signal: AbortSignal, most = 1000): Promise<Whole<T>> {
  let answer = await ask<Whole<T>>(path, { limit: 200, ...query }, signal);
  const items = [...answer.items];
  while (answer.next && items.length < most) {
    answer = await ask<Whole<T>>(path, { limit: 200, ...query, cursor: answer.next }, signal);
    items.push(...answer.items);
  }
  return { ...answer, items };
}

/* How many of a list were not read; null: that is not known, for it was not answered or not counted. */
export function unreadOf(list: Whole<unknown> | null): number | null {
  if (!list) return null;
  if (list.next === null) return 0;
  return list.total.exact ? list.total.count - list.items.length : null;
}

/* A list in parts of at most `most`: for what takes only so many at once. */
export function inParts<T>(all: readonly T[], most: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += most) parts.push(all.slice(at, at + most));
  return parts;
}
