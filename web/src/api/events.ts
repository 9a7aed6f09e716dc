/*
 * Hears what changes in the service (GET /v1/events), for all pages over one stream. Used by App
 * (start and stop with the session) and by whoever shows what can change.
 *
 * The browser comes back by itself with the id of the last event; "reset" means that too much was
 * missed: `by` is then "" and what is shown is to be looked at again.
 */
export interface Change {
  by: string;
  action: string;
  changed: readonly { kind: string; id: string | null; device: string | null; name: string | null }[];
  fields: readonly string[];
}

/* What a page shows, by the kinds of things that /v1/events names: a decision is no thing of its own there, it changes findings of these. */
const OF: Readonly<Record<string, readonly string[]>> = { decision: ["release", "vulnerability", "component", "knowledge"], deadline: ["release", "vulnerability", "component", "knowledge"] };

export function isAbout(change: Change, kinds: readonly string[]): boolean {
  const named = new Set(kinds.flatMap((kind) => [kind, ...(OF[kind] ?? [])]));
  return change.action === "reset" || change.changed.some((one) => named.has(one.kind));
}

type Hear = (change: Change) => void;
const NOTHING: Change = { by: "", action: "reset", changed: [], fields: [] };
const hearers = new Set<Hear>();
let stream: EventSource | null = null;
let later: ReturnType<typeof setTimeout> | undefined;
const AGAIN_MS = 15_000;

function tell(change: Change): void {
  for (const hear of [...hearers]) hear(change);
}

export function startEvents(): void {
  if (stream || typeof EventSource === "undefined") return;
  stream = new EventSource("/v1/events");
  stream.addEventListener("change", (event) => {
    try {
      tell(JSON.parse((event as MessageEvent<string>).data) as Change);
    } catch {
      tell(NOTHING);
    }
  });
  stream.addEventListener("reset", () => tell(NOTHING));
  stream.addEventListener("error", () => {
    if (stream?.readyState !== EventSource.CLOSED) return; /* the browser comes back by itself */
    stopEvents();
    later = setTimeout(() => (startEvents(), tell(NOTHING)), AGAIN_MS);
  });
}

export function stopEvents(): void {
  clearTimeout(later);
  stream?.close();
  stream = null;
}

/* Hear of changes until the function that is given back is called. */
export function listen(hear: Hear): () => void {
  hearers.add(hear);
  return () => void hearers.delete(hear);
}
