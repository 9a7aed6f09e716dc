/*
 * When a person was here before: kept by the browser, where it keeps anything. A visit ends with half
 * an hour without one. Used by pages/portfolio.
 */
export const PAUSE = 30 * 60_000;

export interface Visit {
  before: number | null; /* when the visit before this one ended */
  seen: number;
}

/* What is kept from now on; `kept`: what was. */
export function visitNow(kept: Visit | null, now: number): Visit {
  if (!kept) return { before: null, seen: now };
  return { before: now - kept.seen > PAUSE ? kept.seen : kept.before, seen: now };
}

export function beginVisit(login: string, now: number): Visit {
  const key = `tutela.visit.${login}`;
  let kept: Visit | null = null;
  try {
    const said = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Visit> | null;
    if (typeof said?.seen === "number") kept = { seen: said.seen, before: said.before ?? null };
  } catch {
    kept = null;
  }
  const visit = visitNow(kept, now);
  try {
    localStorage.setItem(key, JSON.stringify(visit));
  } catch {
    /* storage is off: each visit is the first */
  }
  return visit;
}
