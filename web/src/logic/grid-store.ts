/*
 * Reads the rows of a grid from a source and keeps its model (grid.ts). One for each grid that is
 * shown; parts/Grid makes it. No Svelte: whoever shows it gives `changed`.
 *
 * A question that was overtaken by a newer one is dropped, whatever it answers. The rows of the last
 * answer stay while the next list is read, and stay when it fails.
 */
import * as grid from "./grid";
import type { GridModel, Page } from "./grid";

export interface Query {
  filter: string;
  sort: string;
}

export interface Asked extends Query {
  cursor: string;
  limit: number;
  signal: AbortSignal;
}

export interface Source<R> {
  id: (row: R) => string;
  page: (asked: Asked) => Promise<Page<R>>;
  /* rows below a row, under the same filter; without it rows are not expanded */
  children?: (row: R, asked: Query & { signal: AbortSignal }) => Promise<readonly R[]>;
}

export interface GridState<R> {
  model: GridModel<R>;
  query: Query;
  busy: boolean; /* the list itself is being read */
  gaps: unknown;
  problem: unknown; /* of the last question; null: it was answered */
}

const PAGE = 200;
const FETCH_MAX = 1000;

export class GridStore<R> {
  state: GridState<R> = { model: grid.emptyModel<R>(), query: { filter: "", sort: "" }, busy: false, gaps: null, problem: null };
  private readonly source: Source<R>;
  private readonly changed: (state: GridState<R>) => void;
  private asking = new AbortController();
  private reading = new Set<number>();

  constructor(source: Source<R>, changed: (state: GridState<R>) => void) {
    this.source = source;
    this.changed = changed;
  }

  private set(part: Partial<GridState<R>>): void {
    this.state = { ...this.state, ...part };
    this.changed(this.state);
  }

  update(next: GridModel<R>): void {
    if (next !== this.state.model) this.set({ model: next });
  }

  private ask(cursor: string, limit: number): Promise<Page<R>> {
    return this.source.page({ ...this.state.query, cursor, limit, signal: this.asking.signal });
  }

  /* Ask another question. Cursor and selection begin anew, but for `at`. */
  async show(query: Query, at: string | null = null): Promise<void> {
    this.set({ query });
    await this.read(PAGE, (page) => grid.putPage({ ...grid.emptyModel<R>(), at }, 0, "", page, this.source.id));
    if (at !== null && this.state.problem === null && !grid.lines(this.state.model, this.source.id).some((line) => line.id === at))
      this.update({ ...this.state.model, at: this.first() });
  }

  private first(): string | null {
    return grid.lines(this.state.model, this.source.id)[0]?.id ?? null;
  }

  /* R: read the list anew, as far as it was read, and take in what changed. */
  async takeIn(): Promise<void> {
    const all = this.state.model.slots.reduce((sum, slot) => sum + slot.length, 0);
    const open = [...this.state.model.open.keys()];
    await this.read(Math.min(FETCH_MAX, Math.max(PAGE, all)), (page) => grid.restart(this.state.model, page, this.source.id));
    if (this.state.problem === null) await Promise.all(open.map((key) => this.readChildren(key)));
  }

  private async read(limit: number, make: (page: Page<R>) => GridModel<R>): Promise<void> {
    this.asking.abort();
    this.asking = new AbortController();
    this.reading.clear();
    const { signal } = this.asking;
    this.set({ busy: true });
    try {
      const page = await this.ask("", limit);
      if (!signal.aborted) this.set({ model: make(page), gaps: page.gaps ?? null, problem: null, busy: false });
    } catch (problem) {
      if (!signal.aborted) this.set({ problem, busy: false });
    }
  }

  /* A page that is wanted: view().want. */
  async more(index: number): Promise<void> {
    const { model } = this.state;
    const cursor = index < model.slots.length ? model.slots[index]?.cursor : model.next;
    if (cursor === undefined || cursor === null || this.reading.has(index) || this.state.busy) return;
    this.reading.add(index);
    const { signal } = this.asking;
    try {
      const page = await this.ask(cursor, Math.max(1, model.slots[index]?.length || PAGE));
      if (!signal.aborted) this.set({ model: grid.putPage(this.state.model, index, cursor, page, this.source.id), problem: null });
    } catch (problem) {
      if (!signal.aborted) this.set({ problem });
    }
    this.reading.delete(index);
  }

  /* ---- rows below rows ---- */

  async toggleOpen(id: string): Promise<void> {
    if (this.state.model.open.has(id)) this.update(grid.collapse(this.state.model, id, this.source.id));
    else if (this.source.children) await this.readChildren(id);
  }

  private async readChildren(id: string): Promise<void> {
    const line = grid.lines(this.state.model, this.source.id).find((one) => one.id === id && one.level === 1);
    if (!line || !this.source.children) return;
    const { signal } = this.asking;
    if (!this.state.model.open.get(id)) this.update(grid.expand(this.state.model, id, null));
    try {
      const rows = await this.source.children(line.row, { ...this.state.query, signal });
      if (!signal.aborted && this.state.model.open.has(id)) this.update(grid.expand(this.state.model, id, rows));
    } catch (problem) {
      if (signal.aborted) return;
      this.update(grid.collapse(this.state.model, id, this.source.id));
      this.set({ problem });
    }
  }

  /* ---- what changed elsewhere ---- */

  /* Something of the list changed: look at the page with these lines again. */
  async look(index: number, by: string): Promise<void> {
    const slot = this.state.model.slots[index];
    if (!slot?.rows || this.state.busy) return;
    const { signal } = this.asking;
    try {
      const page = await this.ask(slot.cursor, Math.min(FETCH_MAX, slot.length + 50));
      if (!signal.aborted) this.set({ model: grid.compare(this.state.model, index, page, this.source.id, by), gaps: page.gaps ?? this.state.gaps });
    } catch {
      /* the next event, or R, asks again; what is shown has not become wrong by it */
    }
  }

  /* Take every row of the list into the selection, up to a bound; false: it has more. */
  async chooseAll(bound: number): Promise<boolean> {
    const { signal } = this.asking;
    const page = await this.ask("", Math.min(FETCH_MAX, bound));
    if (signal.aborted || page.next !== null) return false;
    this.update(grid.choose(this.state.model, page.items, this.source.id));
    return true;
  }
}
