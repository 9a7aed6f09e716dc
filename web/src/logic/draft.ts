/*
 * Keeps what is typed into a form: locally at once where storage is allowed, and on the service some
 * seconds later (/v1/drafts). Nothing here throws: what could not be kept is said by `state`.
 * `Draft` does not know the form, only its text. Used by pages/finding.
 */
import type * as Api from "../api/types";
export type Kept = Api.Draft;

export interface Service {
  open: () => Promise<Kept>;
  keep: (content: string, version: number) => Promise<Kept>; /* throws {status: 409}: another window was first */
  drop: () => Promise<void>;
}

export interface Store {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
  removeItem: (key: string) => void;
}

export type DraftState = "none" | "waiting" | "kept" | "local" | "lost" | "other";

interface Local {
  content: string;
  version: number;
}

export class Draft {
  version = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private content = "";
  private busy = false;
  private local = false;
  private over = false;

  constructor(
    private readonly key: string,
    private readonly service: Service,
    private readonly store: Store | null,
    private readonly tell: (state: DraftState, kept: Kept | null) => void,
    private readonly wait = 2000,
  ) {}

  /* What was typed before: here and not yet there wins, else the service's. What is here and rests on
     an older text than the service's is not dropped: both are there, and the person chooses. */
  async load(): Promise<string | null> {
    const mine = this.readLocal();
    try {
      const kept = await this.service.open();
      this.version = kept.version;
      this.tell(kept.content === null ? "none" : "kept", kept);
      if (mine && mine.content !== kept.content) {
        if (mine.version >= kept.version || kept.content === null) this.change(mine.content);
        else {
          [this.version, this.content, this.local] = [mine.version, mine.content, true];
          this.tell("other", kept);
        }
        return mine.content;
      }
      this.forget();
      this.content = kept.content ?? "";
      return kept.content;
    } catch {
      this.tell(mine ? "local" : "none", null);
      this.version = mine?.version ?? 0;
      this.content = mine?.content ?? "";
      return mine?.content ?? null;
    }
  }

  change(content: string): void {
    if (this.over) return;
    this.content = content;
    this.local = this.writeLocal();
    this.tell("waiting", null);
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), this.wait);
  }

  /* Now: the page is left, or the network is back. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.over || this.busy) return;
    this.busy = true;
    const sent = this.content;
    try {
      const kept = await this.service.keep(sent, this.version);
      this.version = kept.version;
      if (this.content === sent) this.forget();
      this.tell("kept", kept);
    } catch (problem) {
      const other = (problem as { status?: number } | null)?.status === 409;
      this.tell(other ? "other" : this.local ? "local" : "lost", null);
    } finally {
      this.busy = false;
    }
    if (this.content !== sent && !this.timer) this.change(this.content);
  }

  /* This window's text over the other window's. */
  async insist(): Promise<void> {
    try {
      this.version = (await this.service.open()).version;
    } catch {
      /* flush says it */
    }
    await this.flush();
  }

  /* The other window's text over this one's. */
  take(kept: Kept): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.version = kept.version;
    this.content = kept.content ?? "";
    this.forget();
    this.tell("kept", kept);
  }

  /* Signed, or thrown away: nothing is kept any more. */
  async end(): Promise<void> {
    this.over = true;
    if (this.timer) clearTimeout(this.timer);
    this.forget();
    try {
      await this.service.drop();
    } catch {
      /* it stays as an old draft, which is not lost either */
    }
  }

  private readLocal(): Local | null {
    try {
      const said: unknown = JSON.parse(this.store?.getItem(this.key) ?? "null");
      if (typeof said !== "object" || said === null) return null;
      const { content, version } = said as Partial<Local>;
      return typeof content === "string" && typeof version === "number" ? { content, version } : null;
    } catch {
      return null;
    }
  }
  private writeLocal(): boolean {
    try {
      this.store?.setItem(this.key, JSON.stringify({ content: this.content, version: this.version }));
      return this.store !== null;
    } catch {
      return false;
    }
  }
  private forget(): void {
    try {
      this.store?.removeItem(this.key);
    } catch {
      /* no storage, nothing to forget */
    }
  }
}

/* The browser's storage, or null where it is not allowed. */
export function localStore(): Store | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
