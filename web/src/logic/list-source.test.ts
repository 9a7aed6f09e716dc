import { expect, it } from "vitest";
import { listSource } from "./list-source";

it("asks one page with the parameters of the filter, and no cursor for the first", async () => {
  const asked: unknown[] = [];
  const ask = <T>(path: string, query: Record<string, string>): Promise<T> => {
    asked.push([path, query]);
    return Promise.resolve({ items: [], next: null, total: { count: 0, exact: true } } as T);
  };
  const source = listSource<{ id: string }>(ask, "/v1/signals", (row) => row.id, (filter): Record<string, string> => (filter ? { state: filter } : {}));
  const signal = new AbortController().signal;
  await source.page({ filter: "received", sort: "", cursor: "", limit: 1000, signal });
  await source.page({ filter: "", sort: "", cursor: "c", limit: 50, signal });
  expect(asked).toEqual([
    ["/v1/signals", { state: "received", limit: "200" }],
    ["/v1/signals", { limit: "50", cursor: "c" }],
  ]);
  expect(source.id({ id: "7" })).toBe("7");
});
