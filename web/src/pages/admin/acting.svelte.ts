/* A change that a section of pages/admin asks for: one at a time, what went wrong, and what follows. */
import { say } from "../../session.svelte";
import { t } from "../../words/words";

export class Acting {
  busy = $state(false);
  problem = $state.raw<unknown>(null);
  readonly #after: () => void;

  constructor(after: () => void) {
    this.#after = after;
  }

  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await work();
      say(t("admin.done"));
      return true;
    } catch (error) {
      this.problem = error;
      return false;
    } finally {
      this.busy = false;
      this.#after();
    }
  }
}

/* All pages of a list. */
export async function all<T>(ask: (cursor: string | null) => Promise<{ items: T[]; next?: string | null }>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: T[]; next?: string | null } = await ask(cursor);
    items.push(...page.items);
    cursor = page.next ?? null;
  } while (cursor);
  return items;
}
