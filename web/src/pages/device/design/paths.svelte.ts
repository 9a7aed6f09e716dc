/*
 * The attack paths of a saved design: read when they are first wanted and again when the design is
 * saved; one is chosen, and is then lit in the drawing. Held by Design; Paths and PathBeside read it.
 */
import { stepsOf, worstPaths, type Path, type Paths } from "../../../logic/design/paths";
import { t } from "../../../words/words";
import { readPaths } from "./api";
import type { Editing } from "./editing.svelte";
import { pathState, savedName } from "./said";

export class PathsState {
  value = $state.raw<Paths | null>(null);
  problem = $state.raw<unknown>(null);
  busy = $state(false);
  target = $state<string | null>(null);
  whole = $state.raw<Path | null>(null); /* the chosen one, asked for alone: with its cut */
  readonly rows = $derived(worstPaths(this.value?.targets ?? []));
  readonly chosen = $derived(this.whole?.target === this.target ? this.whole : (this.rows.find((one) => one.target === this.target) ?? null));
  private stop = new AbortController();
  private of: string | null = null; /* the ETag of the design that was asked about */

  constructor(readonly editing: Editing) {}

  /* Once for each version of the design. `light`: choose the worst if none is chosen. */
  async read(light: boolean, wanted = ""): Promise<void> {
    const { etag, said } = this.editing;
    if (!said?.model) return;
    if (this.of !== etag || this.problem) {
      this.of = etag;
      this.busy = true;
      this.problem = null;
      this.whole = null;
      try {
        const value = await readPaths(this.editing.device);
        if (this.of !== etag) return;
        this.value = value;
      } catch (problem) {
        if (this.of === etag) this.problem = problem;
      }
      if (this.of === etag) this.busy = false;
    }
    const is = (id: string | null): boolean => this.rows.some((one) => one.target === id);
    const target = is(wanted) ? wanted : is(this.target) ? this.target : light ? (this.rows[0]?.target ?? null) : null;
    if (target !== null) await this.choose(target);
    else this.forget();
  }

  async choose(target: string): Promise<void> {
    this.target = target;
    this.light();
    this.stop.abort();
    const { signal } = (this.stop = new AbortController());
    if (this.whole?.target === target) return;
    try {
      const said = await readPaths(this.editing.device, target, signal);
      if (signal.aborted || this.target !== target) return;
      this.whole = said.targets.find((one) => one.target === target) ?? null;
      this.light();
    } catch (problem) {
      if (!signal.aborted) this.problem = problem;
    }
  }
  private light(): void {
    const path = this.chosen;
    const { lit } = this.editing;
    if (path && lit && lit.of === path.target && lit.state === path.state && lit.steps.size === stepsOf(path).size) return;
    this.editing.lit = path?.path.length ? { of: path.target, title: savedName(this.editing, path.target), state: path.state, steps: stepsOf(path) } : null;
  }
  private forget(): void {
    this.target = null;
    if (this.editing.lit && this.value?.targets.some((one) => one.target === this.editing.lit?.of)) this.editing.lit = null;
  }

  /* By a key: the next one is lit and said. */
  async next(by: 1 | -1): Promise<void> {
    if (!this.value) await this.read(false);
    const at = this.rows.findIndex((one) => one.target === this.target);
    const to = this.rows[at < 0 ? (by > 0 ? 0 : this.rows.length - 1) : (at + by + this.rows.length) % this.rows.length];
    if (!to) return void (this.editing.note = t("design.lit.none"));
    const asked = this.choose(to.target);
    this.editing.note = t("design.lit.said", { name: savedName(this.editing, to.target), state: pathState(to.state), steps: t("design.lit.steps", { n: to.path.length }) });
    await asked;
  }
  end(): void {
    this.stop.abort();
  }
}
