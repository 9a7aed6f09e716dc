/*
 * The concept phase of one device while somebody looks at it or answers: what is saved, what is typed,
 * its draft, and what to do when somebody else was first. One object for the part; its parts read it
 * and call `type`.
 */
import { Problem, askWhole, send, sendFile, serviceNow } from "../../../../api/client";
import { isAbout, listen } from "../../../../api/events";
import { bodyOf, countOf, NOTHING, rebase, takeTheirs, typedOf, type Conflict, type Said, type Typed } from "../../../../logic/design/concept";
import type { Proposal } from "../../../../logic/design/seed";
import { Draft, localStore, type DraftState, type Kept } from "../../../../logic/draft";
import { pathOf } from "../../../../logic/router";

const STEPS = 200; /* that can be taken back */

export class Phase {
  said = $state.raw<Said | null>(null);
  typed = $state.raw<Typed>(NOTHING);
  past = $state.raw<readonly Typed[]>([]);
  conflicts = $state.raw<readonly Conflict[]>([]);
  loading = $state.raw<unknown>(null);
  problem = $state.raw<unknown>(null);
  busy = $state(false);
  newer = $state(false); /* somebody else saved; theirs is not taken in yet */
  restored = $state(false);
  joined = $state(false);
  draft = $state.raw<DraftState>("none");
  draftAt = $state(0);
  reason = $state("");
  seed = $state.raw<Proposal | null>(null);
  seedProblem = $state.raw<unknown>(null);
  private etag: string | null = null;
  private keeper: Draft;
  private readonly off: () => void;
  private readonly path: string;
  readonly count = $derived(countOf(this.typed));

  constructor(
    readonly device: string,
    private readonly person: string,
    readonly may: boolean,
    private readonly mayKeep: boolean, /* drafts on the service */
  ) {
    this.path = pathOf("v1", "devices", device, "concept");
    this.keeper = this.newKeeper();
    this.off = listen((change) => void (isAbout(change, ["device"]) && this.look()));
    void this.load();
  }

  end(): void {
    this.off();
    if (this.count) void this.keeper.flush();
  }

  private newKeeper(): Draft {
    const query = { subject: `concept:${this.device}` };
    const here = <T>(ask: () => Promise<T>): Promise<T> => (this.mayKeep ? ask() : Promise.reject(new Problem(403, "forbidden", "")));
    return new Draft(
      `tutela.concept.${this.person}.${this.device}`,
      {
        open: () => here(async () => (await send<Kept>("/v1/drafts/form/open", { query })).body),
        keep: (content, version) => here(async () => (await send<Kept>("/v1/drafts/form", { method: "PUT", query, body: { content, version } })).body),
        drop: () => here(async () => void (await send("/v1/drafts/form", { method: "DELETE", query }))),
      },
      localStore(),
      (state, kept) => {
        this.draft = state;
        if (state === "kept") this.draftAt = kept?.changed ? Date.parse(kept.changed) : serviceNow();
      },
    );
  }

  /* ---- reading ---- */

  async load(): Promise<void> {
    this.loading = null;
    try {
      const answer = await askWhole<Said>(this.path);
      this.take(answer.body, answer.etag);
      if (this.may) this.restore(await this.keeper.load());
    } catch (problem) {
      this.loading = problem;
    }
  }

  private take(said: Said, etag: string | null): void {
    this.said = said;
    this.etag = etag;
    this.newer = false;
    void this.ask();
  }

  /* What the answers would add, as it is saved. */
  async ask(): Promise<void> {
    this.seedProblem = null;
    try {
      this.seed = (await askWhole<Proposal>(`${this.path}/seed`)).body;
    } catch (problem) {
      this.seed = null;
      this.seedProblem = problem;
    }
  }

  private restore(text: string | null): void {
    const kept = text ? typedOf(text) : null;
    if (!kept || !this.said) return;
    this.over(kept);
    this.restored = this.count > 0;
  }

  private over(typed: Typed): void {
    if (!this.said) return;
    const joined = rebase(typed, this.said);
    this.typed = joined.typed;
    this.conflicts = joined.conflicts;
    this.past = [];
  }

  /* Somebody changed the device: is it the concept? */
  private async look(): Promise<void> {
    if (this.busy || !this.said) return;
    try {
      const answer = await askWhole<Said>(this.path);
      if (this.busy) return;
      if (answer.etag === this.etag) void this.ask(); /* the design may be another */
      else if (this.count) this.newer = true;
      else this.take(answer.body, answer.etag);
    } catch {
      /* the next save says it */
    }
  }

  /* ---- typing ---- */

  type(typed: Typed): void {
    if (!this.may || typed === this.typed) return;
    this.past = [...this.past, this.typed].slice(-STEPS);
    this.typed = typed;
    this.keep();
  }
  undo(): void {
    const last = this.past.at(-1);
    if (!last) return;
    this.typed = last;
    this.past = this.past.slice(0, -1);
    this.keep();
  }
  drop(): void {
    this.conflicts = [];
    this.restored = this.joined = false;
    this.type(NOTHING);
  }
  private keep(): void {
    this.keeper.change(this.count ? JSON.stringify(this.typed) : "");
  }
  insist(): void {
    void this.keeper.insist();
  }

  /* ---- saving ---- */

  async save(): Promise<void> {
    if (!this.count || this.busy || !this.said) return;
    const sent = this.typed;
    this.busy = true;
    this.problem = null;
    try {
      const answer = await send<Said>(this.path, { method: "PUT", etag: this.etag ?? "*", body: { ...bodyOf(this.said, sent), ...(this.reason.trim() ? { reason: this.reason.trim() } : {}) } });
      const later = this.typed === sent ? null : this.typed; /* typed while it was saved */
      this.take(answer.body, answer.etag);
      this.typed = NOTHING;
      this.past = [];
      this.conflicts = [];
      this.restored = this.joined = false;
      this.reason = "";
      await this.keeper.end();
      this.keeper = this.newKeeper();
      this.draft = "none";
      if (later) this.again(later);
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 412) await this.join();
      else this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  private again(typed: Typed): void {
    this.over(typed);
    this.conflicts = [];
    if (this.count) this.keep();
  }

  /* Theirs is read, and what is typed here is put over it. */
  async join(): Promise<void> {
    try {
      const answer = await askWhole<Said>(this.path);
      this.take(answer.body, answer.etag);
      this.over(this.typed);
      this.joined = true;
      this.keep();
    } catch (problem) {
      this.problem = problem;
    }
  }

  settle(conflict: Conflict, whose: "mine" | "theirs"): void {
    this.conflicts = this.conflicts.filter((one) => one !== conflict);
    if (whose === "theirs") this.type(takeTheirs(this.typed, conflict));
  }

  /* ---- a pack ---- */

  /* EMB3D's own file, from the person's copy; the service reads it and says what is wrong. */
  async addPack(file: File): Promise<void> {
    this.problem = null;
    this.busy = true;
    try {
      await sendFile(pathOf("v1", "devices", this.device, "files", "content"), { file, query: { path: "questions/emb3d.json" }, etag: "*", progress: () => undefined, signal: new AbortController().signal });
      const answer = await askWhole<Said>(this.path);
      this.take(answer.body, answer.etag);
      this.over(this.typed);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }
}
