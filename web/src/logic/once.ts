/*
 * The Idempotency-Key of a form: the same for every attempt at one thing, another one for another
 * thing, so that a lost answer does nothing twice and a corrected text is not refused as a reuse.
 * Used by forms that add something; a form keeps one Once and calls `done` when it was taken.
 */
export class Once {
  private key = "";
  private of = "";

  constructor(private readonly make: () => string) {}

  for(...thing: unknown[]): string {
    const text = JSON.stringify(thing);
    if (!this.key || text !== this.of) [this.key, this.of] = [this.make(), text];
    return this.key;
  }

  /* It was taken: the same text again is a second thing. */
  done(): void {
    this.key = "";
  }
}
