/* What parts/Grid is given: see the head of Grid.svelte. */
import type { Snippet } from "svelte";
import type { Choosable } from "../../logic/columns";

export interface Column<R> extends Choosable {
  id: string;
  label: string;
  /* of the grid's template: "114px", "minmax(120px, 1fr)" */
  width: string;
  cell: Snippet<[R, 1 | 2]>;
  /* the word of the server's sort; without it the head is no button */
  sort?: string;
  /* the first click on the head sorts falling */
  falling?: boolean;
  num?: boolean;
  /* names the row: one of them */
  names?: boolean;
  /* on a phone: at the left or at the right of the card, or not there */
  card?: "left" | "right";
}

export interface Action<R> {
  id: string;
  label: string;
  key?: string; /* "D" */
  main?: boolean;
  /* with the rows that are selected, or else that under the cursor */
  run: (rows: readonly R[]) => void;
}
