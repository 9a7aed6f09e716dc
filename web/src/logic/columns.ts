/*
 * Which columns a grid shows: by the person's choice, else by the width there is. Used by parts/Grid
 * and parts/ColumnMenu. A choice is kept in the address and in saved views: "risk,name,harm".
 */
export interface Choosable {
  id: string;
  /* cannot be taken away: without it a row is of nothing */
  fixed?: boolean;
  /* shown without a choice from this width of the window on, in px; 0: always; Infinity: only by choice */
  from?: number;
}

/* In the order of the table, whatever the order of the choice. What is not known is left out; a
 * choice of nothing is none. */
export function columnsOf<C extends Choosable>(all: readonly C[], choice: string, width: number): C[] {
  const wanted = new Set(choice.split(",").map((word) => word.trim()));
  const known = all.filter((column) => wanted.has(column.id));
  if (!known.length) return all.filter((column) => column.fixed || width >= (column.from ?? 0));
  return all.filter((column) => column.fixed || wanted.has(column.id));
}

export function choiceOf(columns: readonly Choosable[]): string {
  return columns.map((column) => column.id).join(",");
}

/* Without one that is there, with one that is not. */
export function toggleColumn<C extends Choosable>(all: readonly C[], shown: readonly C[], id: string): string {
  const there = shown.some((column) => column.id === id);
  return choiceOf(all.filter((column) => column.fixed || (column.id === id ? !there : shown.includes(column))));
}

/* The next order after a click on a head: falling or rising first as the column says, then the
 * other, then the list's own. */
export function nextSort(now: string, key: string, falling: boolean): string {
  const first = falling ? `-${key}` : key;
  const second = falling ? key : `-${key}`;
  if (now === first) return second;
  return now === second ? "" : first;
}

export function sortState(now: string, key: string): "ascending" | "descending" | "none" {
  if (now === key) return "ascending";
  return now === `-${key}` ? "descending" : "none";
}
