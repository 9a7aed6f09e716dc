/*
 * A grid's source for a plain list of /v1: pages of items with an id, and parameters that follow from
 * the filter's text. Used by pages whose rows are not findings.
 */
import type { Page } from "./grid";
import type { Source } from "./grid-store";

export type AskList = <T>(path: string, query: Record<string, string>, signal: AbortSignal) => Promise<T>;

/* `parameters`: those of the operation for a filter; it has no other filter or sort than they say. */
export function listSource<R>(ask: AskList, path: string, id: (row: R) => string, parameters: (filter: string, sort: string) => Record<string, string> = () => ({})): Source<R> {
  return {
    id,
    page: ({ filter, sort, cursor, limit, signal }) => {
      const query = { ...parameters(filter, sort), limit: String(Math.min(limit, 200)), ...(cursor ? { cursor } : {}) };
      return ask<Page<R>>(path, query, signal);
    },
  };
}
