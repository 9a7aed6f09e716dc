/* The keys of the drawing, as a set for logic/keys; heard only while the focus is in it. Used by Canvas. */
import type { Binding } from "../../../logic/keys";
import { t } from "../../../words/words";

export interface CanvasKeys {
  next: (by: 1 | -1) => boolean; /* false: there is none; Tab goes on to what follows the drawing */
  flows: () => void;
  move: (dx: number, dy: number) => void;
  connect: () => void;
  enter: () => void;
  remove: () => void;
  addElement: () => void;
  addZone: () => void;
  zoom: (by: number) => void;
  fit: () => void;
  layOut: () => void;
  back: () => boolean;
}

const STEP = 8;
const FAR = 40;

export function canvasBindings(on: CanvasKeys, here: () => boolean, may: boolean): Binding[] {
  const in_ = (run: () => boolean | void) => () => (here() ? run() : false);
  const arrow = (key: string, dx: number, dy: number): Binding[] => [
    { keys: [key], label: key === "ArrowUp" ? t("design.key.move") : "", run: in_(() => on.move(dx * STEP, dy * STEP)) },
    { keys: [`Shift+${key}`], label: "", run: in_(() => on.move(dx * FAR, dy * FAR)) },
  ];
  const looking: Binding[] = [
    { keys: ["J", "Tab"], label: t("design.key.next"), run: in_(() => on.next(1)) },
    { keys: ["K", "Shift+Tab"], label: t("design.key.previous"), run: in_(() => on.next(-1)) },
    { keys: ["F"], label: t("design.key.flows"), run: in_(on.flows) },
    { keys: ["Enter"], label: t("design.key.open"), run: in_(on.enter) },
    { keys: ["+", "="], label: t("design.key.zoom"), run: in_(() => on.zoom(1)) },
    { keys: ["-"], label: "", run: in_(() => on.zoom(-1)) },
    { keys: ["0"], label: t("design.key.fit"), run: in_(on.fit) },
    { keys: ["Escape"], label: t("design.key.back"), run: in_(on.back) },
    ...arrow("ArrowUp", 0, -1), ...arrow("ArrowDown", 0, 1), ...arrow("ArrowLeft", -1, 0), ...arrow("ArrowRight", 1, 0),
  ];
  const drawing: Binding[] = [
    { keys: ["N"], label: t("design.key.element"), run: in_(on.addElement) },
    { keys: ["Z"], label: t("design.key.zone"), run: in_(on.addZone) },
    { keys: ["C"], label: t("design.key.connect"), run: in_(on.connect) },
    { keys: ["Delete", "Backspace"], label: t("design.key.remove"), run: in_(on.remove) },
    { keys: ["L"], label: t("design.key.layOut"), run: in_(on.layOut) },
  ];
  return may ? [...looking, ...drawing] : looking;
}
