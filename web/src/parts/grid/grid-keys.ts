/* The keys of a grid, as a set for logic/keys. Used by parts/Grid, which says what they do. */
import type { Binding } from "../../logic/keys";
import { t } from "../../words/words";

export interface GridKeys {
  move: (by: number) => void;
  extend: (by: number) => void;
  page: (direction: 1 | -1) => void;
  end: (direction: 1 | -1) => void;
  select: () => void;
  all: () => void;
  preview: () => void;
  open: () => void;
  expand: (open: boolean) => void;
  takeIn: () => void;
  back: () => boolean; /* false: there was nothing to step back from */
  actions: readonly { key?: string; label: string; run: () => void }[];
}

/* Is the focus where the grid may hear arrows, Enter and Space? Not on another control. */
export type Free = (target: unknown) => boolean;

export function gridBindings(on: GridKeys, free: Free, selectable: boolean): Binding[] {
  const here = (run: () => void) => (press: { target: unknown }) => (free(press.target) ? run() : false);
  const letters: Binding[] = [
    { keys: ["J"], label: t("grid.moves"), run: () => on.move(1) },
    { keys: ["K"], label: t("grid.moves"), run: () => on.move(-1) },
    { keys: ["ArrowDown"], label: "", run: here(() => on.move(1)) },
    { keys: ["ArrowUp"], label: "", run: here(() => on.move(-1)) },
    { keys: ["PageDown"], label: "", run: here(() => on.page(1)) },
    { keys: ["PageUp"], label: "", run: here(() => on.page(-1)) },
    { keys: ["Home", "Ctrl+Home"], label: "", run: here(() => on.end(-1)) },
    { keys: ["End", "Ctrl+End"], label: "", run: here(() => on.end(1)) },
    { keys: ["ArrowRight"], label: "", run: here(() => on.expand(true)) },
    { keys: ["ArrowLeft"], label: "", run: here(() => on.expand(false)) },
    { keys: ["Enter"], label: t("grid.open"), run: here(on.open) },
    { keys: ["Space"], label: t("grid.previews"), run: here(on.preview) },
    { keys: ["R"], label: t("grid.takeIn"), run: on.takeIn },
    { keys: ["Escape"], label: "", run: on.back },
  ];
  const choosing: Binding[] = [
    { keys: ["X"], label: t("grid.selects"), run: on.select },
    { keys: ["Shift+J"], label: t("grid.extends"), run: () => on.extend(1) },
    { keys: ["Shift+K"], label: t("grid.extends"), run: () => on.extend(-1) },
    { keys: ["Shift+ArrowDown"], label: "", run: here(() => on.extend(1)) },
    { keys: ["Shift+ArrowUp"], label: "", run: here(() => on.extend(-1)) },
    { keys: ["Ctrl+A"], label: "", run: here(on.all) },
  ];
  const acting = on.actions.flatMap((action) => (action.key ? [{ keys: [action.key], label: action.label, run: action.run }] : []));
  return [...letters, ...(selectable ? choosing : []), ...acting];
}
