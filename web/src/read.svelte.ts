/*
 * Something that a page reads from the service and shows: `value` once it is there, `problem` when it
 * was not answered (the last value stays), `again` to ask once more. What it asks for is a function
 * that names its state, so that another address asks anew. Used by every page that is no list.
 *
 *   const kb = reading((signal) => ask<Intelligence>("/v1/intelligence", {}, signal), ["source"]);
 *
 * `kinds`: kinds of things of /v1/events that make it be read again.
 */
import { isAbout, listen } from "./api/events";

export interface Reading<T> {
  readonly value: T | null;
  readonly problem: unknown;
  readonly busy: boolean;
  again: () => void;
}

export function reading<T>(ask: (signal: AbortSignal) => Promise<T>, kinds: readonly string[] = []): Reading<T> {
  let value = $state.raw<T | null>(null);
  let problem = $state.raw<unknown>(null);
  let busy = $state(true);
  let turn = $state(0);

  $effect(() => {
    void turn;
    const stop = new AbortController();
    busy = true;
    ask(stop.signal).then(
      (said) => void (stop.signal.aborted || ((value = said), (problem = null), (busy = false))),
      (error: unknown) => void (stop.signal.aborted || ((problem = error), (busy = false))),
    );
    return () => stop.abort();
  });
  $effect(() => {
    if (!kinds.length) return;
    return listen((change) => void (isAbout(change, kinds) && turn++));
  });
  return {
    get value() { return value; },
    get problem() { return problem; },
    get busy() { return busy; },
    again: () => void turn++,
  };
}
