/*
 * What the address says of a list: filter, sort, columns, the row under the cursor and the open
 * preview. Back, forward, reload and a mailed link give the same view. Used by every page with a grid.
 */
import { tidy } from "./filter";

export interface ListAddress {
  filter: string;
  sort: string; /* "": the list's own */
  columns: string; /* "": by width */
  at: string | null;
  preview: boolean | null; /* null: by width */
}

export function readAddress(search: string): ListAddress {
  const said = new URLSearchParams(search);
  return {
    filter: tidy(said.get("filter") ?? ""),
    sort: said.get("sort") ?? "",
    columns: said.get("columns") ?? "",
    at: said.get("at"),
    preview: said.has("open") ? said.get("open") === "yes" : null,
  };
}

/* Without what is as it is anyhow, always in one order: the same view is the same address. */
export function writeAddress(address: ListAddress): string {
  const said = new URLSearchParams();
  if (address.filter) said.set("filter", tidy(address.filter));
  if (address.sort) said.set("sort", address.sort);
  if (address.columns) said.set("columns", address.columns);
  if (address.at) said.set("at", address.at);
  if (address.preview !== null) said.set("open", address.preview ? "yes" : "no");
  const text = said.toString();
  return text ? `?${text}` : "";
}

/* Is it another list (a step back leads here), or only another place in the same one? */
export function isOtherList(a: ListAddress, b: ListAddress): boolean {
  return a.filter !== b.filter || a.sort !== b.sort;
}
