/*
 * The design of one device while somebody looks at it or works on it: what is saved, what is typed,
 * the steps that can be taken back, what the service says of it, and what to do when somebody else was
 * first. One object for the tab; its parts read it and call `do`.
 */
import { isAbout, listen } from "../../../api/events";
import { Problem, send, serviceNow } from "../../../api/client";
import { Checker, marks, type Checked } from "../../../logic/design/check";
import { apply, countOf, done, inverse, NO_HISTORY, redo, sealed, stepBetween, undo, type History, type Step } from "../../../logic/design/edits";
import { merge, takeTheirs, type Conflict } from "../../../logic/design/merge";
import { emptyDesign, itemOf, WHOLE, type Design, type Item, type ListName, type Places } from "../../../logic/design/model";
import type { Lit } from "../../../logic/design/paths";
import { Draft, localStore, type DraftState, type Kept } from "../../../logic/draft";
import { tOr } from "../../../words/words";
import { checkModel, designOf, readDesign, saveDesign, type Said } from "./api";

export interface Chosen { list: ListName; id: string }

/* A decision on a threat that is being typed. */
export interface Form { outcome: string; reason: string; labelling: string; until: string }
export const NO_FORM: Form = { outcome: "", reason: "", labelling: "", until: "" };

interface Draught { design?: Step; decisions?: Readonly<Record<string, Form>>; reason?: string }

export class Editing {
  said = $state.raw<Said | null>(null);
  base = $state.raw<Design>(emptyDesign());
  now = $state.raw<Design>(emptyDesign());
  history = $state.raw<History>(NO_HISTORY);
  chosen = $state.raw<Chosen | null>(null);
  view = $state(WHOLE);
  lit = $state.raw<Lit | null>(null); /* the way that is shown in the drawing */
  checked = $state.raw<Checked | null>(null);
  checkProblem = $state.raw<unknown>(null);
  checking = $state(false);
  problem = $state.raw<unknown>(null);
  loading = $state.raw<unknown>(null);
  busy = $state(false);
  conflicts = $state.raw<readonly Conflict[]>([]);
  newer = $state(false); /* somebody else saved; theirs is not taken in yet */
  note = $state(""); /* read aloud */
  draft = $state.raw<DraftState>("none");
  draftAt = $state(0);
  laid = $state.raw<Readonly<Record<string, Places>>>({}); /* of views that nobody has arranged */
  reason = $state("");
  forms = $state.raw<Readonly<Record<string, Form>>>({}); /* by the threat's key */
  about = $state(false); /* what is stated of the whole stands beside */
  restored = $state(false);
  begun = $state(false); /* somebody began an empty one */
  etag: string | null = null;
  private checker: Checker<Checked>;
  private keeper: Draft;
  private off: () => void;
  readonly between = $derived(stepBetween(this.base, this.now));
  readonly count = $derived(countOf(this.between));
  readonly marks = $derived(marks(this.checked));
  readonly item = $derived<Item | null>(this.chosen ? itemOf(this.now.model, this.chosen.list, this.chosen.id) : null);

  constructor(
    readonly device: string,
    private readonly person: string,
    readonly may: boolean,
    private readonly mayKeep: boolean, /* drafts on the service */
  ) {
    this.checker = new Checker((signal) => checkModel(device, this.now.model, signal), (said, problem) => this.heard(said, problem));
    this.keeper = this.newKeeper();
    this.off = listen((change) => void (isAbout(change, ["device"]) && this.look()));
    void this.load();
  }

  private newKeeper(): Draft {
    const query = { subject: `device:${this.device}` };
    const here = <T>(ask: () => Promise<T>): Promise<T> => (this.mayKeep ? ask() : Promise.reject(new Problem(403, "forbidden", "")));
    return new Draft(
      `tutela.design.${this.person}.${this.device}`,
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

  end(): void {
    this.off();
    this.checker.end();
    if (this.typed) void this.keeper.flush();
  }

  private heard(said: Checked | null, problem: unknown): void {
    this.checking = false;
    this.checkProblem = problem;
    if (said) this.checked = said;
  }

  /* ---- reading ---- */

  async load(): Promise<void> {
    this.loading = null;
    try {
      const answer = await readDesign(this.device);
      this.take(answer.body, answer.etag);
      this.now = this.base;
      /* before anything is waited for: the address may name another */
      this.view = this.now.model.views.find((one) => one["kind"] === "global")?.id ?? this.now.model.views[0]?.id ?? WHOLE;
      if (this.may || this.mayKeep) await this.restore();
      this.recheck();
    } catch (problem) {
      this.loading = problem;
    }
  }

  private take(said: Said, etag: string | null): void {
    this.said = said;
    this.etag = etag;
    this.base = designOf(said);
    this.newer = false;
  }

  /* What was typed before and not saved: joined with what is saved now. */
  private async restore(): Promise<void> {
    const text = await this.keeper.load();
    if (!text) return;
    try {
      const kept = JSON.parse(text) as Draught;
      this.forms = kept.decisions ?? {};
      this.reason = kept.reason ?? "";
      const step = kept.design;
      if (!step?.changes.length || !this.may) return;
      const mine = apply(this.base, step);
      const began = apply(this.base, inverse(step));
      const joined = merge(began, mine, this.base);
      this.now = joined.design;
      this.conflicts = joined.conflicts;
      if (this.count) this.history = done(NO_HISTORY, this.between);
      this.restored = this.count > 0;
    } catch {
      /* a draft of something else: it stays where it is until this is saved */
    }
  }

  /* Somebody changed the device: is it the design? */
  private async look(): Promise<void> {
    if (this.busy || !this.said) return;
    try {
      const answer = await readDesign(this.device);
      if (answer.etag === this.etag || this.busy) return;
      if (this.count) this.newer = true;
      else {
        this.take(answer.body, answer.etag);
        this.now = this.base;
        this.history = NO_HISTORY;
        this.recheck();
      }
    } catch {
      /* the next save says it */
    }
  }

  /* ---- working ---- */

  do(step: Step | null): void {
    if (!step || !this.may) return;
    this.now = apply(this.now, step);
    this.history = done(this.history, step);
    this.tell(step.what, step.name);
    this.after();
  }
  seal(): void {
    this.history = sealed(this.history);
  }
  undo(): void {
    this.turn(undo(this.history), "undone");
  }
  redo(): void {
    this.turn(redo(this.history), "redone");
  }
  private turn(did: { step: Step; history: History } | null, what: string): void {
    if (!did) return;
    this.now = apply(this.now, did.step);
    this.history = did.history;
    if (this.chosen && !itemOf(this.now.model, this.chosen.list, this.chosen.id)) this.chosen = null;
    this.tell(what, did.step.name);
    this.after();
  }
  private after(): void {
    this.keep();
    this.recheck();
  }
  private get typed(): boolean {
    return this.count > 0 || this.reason !== "" || Object.keys(this.forms).length > 0;
  }
  /* What is typed goes into the draft: changes, why, and decisions that are not recorded yet. */
  keep(): void {
    const said: Draught = { ...(this.count ? { design: this.between } : {}), ...(this.reason ? { reason: this.reason } : {}), ...(Object.keys(this.forms).length ? { decisions: this.forms } : {}) };
    this.keeper.change(this.typed ? JSON.stringify(said) : "");
  }
  insist(): void {
    void this.keeper.insist();
  }
  form(key: string, part: Partial<Form> | null): void {
    const { [key]: was, ...rest } = this.forms;
    this.forms = part ? { ...rest, [key]: { ...(was ?? NO_FORM), ...part } } : rest;
    this.keep();
  }
  recheck(): void {
    this.checking = true;
    this.checker.want();
  }
  /* All that is not saved is given up; one step forward of the history brings it back. */
  drop(): void {
    if (!this.count) return;
    this.history = { past: [], future: [this.between] };
    this.now = this.base;
    this.conflicts = [];
    this.restored = false;
    this.chosen = null;
    this.tell("undone", this.device);
    this.after();
  }
  tell(what: string, name: string): void {
    this.note = tOr(`design.did.${what}`, what).replace("{name}", () => name);
  }

  /* ---- saving ---- */

  async save(): Promise<boolean> {
    if (!this.count || this.busy) return false;
    this.busy = true;
    this.problem = null;
    const sent = this.now;
    try {
      const answer = await saveDesign(this.device, sent, this.etag, this.reason);
      const typed = stepBetween(sent, this.now); /* while it was saved */
      this.take(answer.body, answer.etag);
      this.now = apply(this.base, typed);
      this.conflicts = [];
      this.reason = "";
      this.restored = false;
      await this.forget();
      this.tell("saved", "");
      return true;
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 412) await this.join();
      else this.problem = problem;
      return false;
    } finally {
      this.busy = false;
      this.recheck();
    }
  }

  /* What is saved needs no draft; what is typed beside it does. */
  private async forget(): Promise<void> {
    await this.keeper.end();
    this.keeper = this.newKeeper();
    this.draft = "none";
    if (this.typed) this.keep();
  }

  /* A decision on a threat was recorded or taken back: the design has another version. */
  async decided(key: string): Promise<void> {
    const { [key]: _, ...rest } = this.forms;
    this.forms = rest;
    await this.again();
    await this.forget();
    this.tell("decided", "");
  }
  /* Read again where nothing is typed over it. */
  async again(): Promise<void> {
    const answer = await readDesign(this.device);
    const between = this.between;
    this.take(answer.body, answer.etag);
    this.now = between.changes.length ? apply(this.base, between) : this.base;
    this.recheck();
  }

  /* Theirs and mine are joined; only what both changed differently is asked about. */
  async join(): Promise<void> {
    try {
      const answer = await readDesign(this.device);
      const before = this.base;
      const joined = merge(before, this.now, designOf(answer.body));
      this.take(answer.body, answer.etag);
      this.now = joined.design;
      this.conflicts = joined.conflicts;
      this.history = this.count ? done(NO_HISTORY, this.between) : NO_HISTORY; /* one step back leads to theirs */
      this.tell("joined", "");
      this.after();
    } catch (problem) {
      this.problem = problem;
    }
  }

  settle(conflict: Conflict, whose: "mine" | "theirs"): void {
    if (whose === "theirs") this.do(stepBetween(this.now, takeTheirs(this.now, conflict)));
    this.conflicts = this.conflicts.filter((one) => one !== conflict);
  }
}
