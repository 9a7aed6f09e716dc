/*
 * What can be undone with U for ten seconds: one thing, the newest. Used by the pages and by the
 * toast that offers it. Signing, publishing and sending are never offered here.
 */
export interface Undo {
  label: string;
  run: () => void;
  until: number;
}

export const UNDO_MS = 10_000;

export class UndoStack {
  private offered: Undo | null = null;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  offer(label: string, run: () => void): void {
    this.offered = { label, run, until: this.now() + UNDO_MS };
  }

  /* What U would do now. */
  get current(): Undo | null {
    if (this.offered && this.now() >= this.offered.until) this.offered = null;
    return this.offered;
  }

  /* Its label, or null when nothing is left to undo. Undoing is not undone. */
  take(): string | null {
    const undo = this.current;
    this.offered = null;
    undo?.run();
    return undo ? undo.label : null;
  }

  /* While it is pointed at, it stays. */
  hold(): void {
    if (this.current && this.offered) this.offered = { ...this.offered, until: this.now() + UNDO_MS };
  }
}
