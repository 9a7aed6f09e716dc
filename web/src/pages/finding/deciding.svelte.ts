/*
 * What happens behind the decision form: the draft, the live check (dry-run), recording, and what to
 * do when somebody else was first. One object a finding. Used by DecisionForm and FindingPage.
 */
import { ask, newOnce, Problem, send } from "../../api/client";
import { bodyOf, emptyForm, isEmpty, maySend, readDraft, type Dry, type Form } from "../../logic/decision-form";
import { Draft, localStore, type DraftState, type Kept } from "../../logic/draft";
import { findingAsk, superseded, type Earlier, type Finding } from "../../logic/finding";
import { serviceNow } from "../../api/client";

export class Deciding {
  form = $state<Form>(emptyForm());
  dry = $state.raw<Dry | null>(null);
  private checked = $state.raw(""); /* the text that `dry` is of */
  checking = $state(false);
  trouble = $state.raw<unknown>(null);
  unchecked = $state(false);
  busy = $state(false);
  draft = $state.raw<DraftState>("none");
  draftAt = $state(0);
  others = $state.raw<Kept["others"]>([]);
  theirs = $state.raw<Earlier | null>(null);
  ready = $state(false);
  supersedes = $state.raw<Earlier | null>(null);
  private keeper: Draft;
  first = $state(false); /* somebody else decided first */
  private seen = "";
  private once = "";
  private onceOf = "";
  private last = "";

  constructor(
    readonly finding: Finding,
    person: string,
    role: string,
  ) {
    this.supersedes = superseded(finding);
    const query = { subject: `finding:${finding.id}` };
    this.keeper = new Draft(
      `tutela.draft.${person}.${finding.id}`,
      {
        open: async () => (await send<Kept>("/v1/drafts/form/open", { query })).body,
        keep: async (content, version) => (await send<Kept>("/v1/drafts/form", { method: "PUT", query, body: { content, version } })).body,
        drop: async () => void (await send("/v1/drafts/form", { method: "DELETE", query })),
      },
      localStore(),
      (state, kept) => this.hear(state, kept),
    );
    this.form.role = role;
    void this.load();
  }

  private hear(state: DraftState, kept: Kept | null): void {
    this.draft = state;
    if (state === "kept") this.draftAt = kept?.changed ? Date.parse(kept.changed) : serviceNow();
    if (kept) this.others = kept.others;
  }

  async load(): Promise<void> {
    const form = readDraft(await this.keeper.load());
    if (form) this.form = { ...form, role: form.role || this.form.role };
    this.last = JSON.stringify(this.form);
    this.ready = true;
  }

  /* The form is another one: keep it, check it. Called by the form's effect. */
  changed(text: string): void {
    if (!this.ready || text === this.last) return;
    this.last = text;
    if (this.draft !== "none" || !this.isEmpty) this.keeper.change(text);
  }

  async check(signal: AbortSignal): Promise<void> {
    if (!this.form.status) return void (this.dry = null);
    this.checking = true;
    try {
      const body = this.body();
      const said = await send<Dry>("/v1/decisions/dry-run", { body, signal });
      if (signal.aborted) return;
      this.dry = said.body;
      this.checked = JSON.stringify(body);
      this.trouble = null;
      this.unchecked = false;
      await this.look(said.body.decisions[0]?.contradicts?.id ?? null);
    } catch (problem) {
      if (signal.aborted) return;
      this.dry = null;
      this.unchecked = problem instanceof Problem && problem.status === 0;
      this.trouble = this.unchecked ? null : problem;
    } finally {
      if (!signal.aborted) this.checking = false;
    }
  }

  get maySend(): boolean {
    return this.ready && !this.first && !this.busy && !this.checking && maySend(this.dry, this.form, this.checked, JSON.stringify(this.body()));
  }
  private body(): Record<string, unknown> {
    return bodyOf(this.form, this.finding.id, this.supersedes?.id ?? null);
  }

  /* True: it is recorded. The key is the same for every attempt at one text. */
  async record(): Promise<boolean> {
    if (!this.maySend) return false;
    const body = this.body();
    const text = JSON.stringify(body);
    if (text !== this.onceOf) [this.once, this.onceOf] = [newOnce(), text];
    this.busy = true;
    this.trouble = null;
    try {
      await send("/v1/decisions", { body, once: this.once });
      await this.keeper.end();
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem && problem.status === 409 && (await this.whoWasFirst()))) this.trouble = problem;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /* The check has found a decision that was not there: shown once by itself, then on demand. */
  private async look(other: string | null): Promise<void> {
    this.first = other !== null && other !== this.supersedes?.id;
    if (!this.first || other === this.seen) return;
    this.seen = other ?? "";
    await this.whoWasFirst();
  }

  /* The finding as it is now: whose decision stands there that was not there when this was opened. */
  async whoWasFirst(): Promise<boolean> {
    try {
      const now = await ask<Finding>(findingAsk(this.finding.id));
      const other = superseded(now);
      if (!other || other.id === this.supersedes?.id) return false;
      this.theirs = other;
      this.first = true;
      this.seen = other.id;
      await this.keeper.flush();
      return true;
    } catch {
      return false;
    }
  }

  keepMine(): void {
    this.theirs = null;
  }
  supersedeTheirs(): void {
    this.supersedes = this.theirs;
    this.first = false;
    this.theirs = null;
  }
  async drop(): Promise<void> {
    await this.keeper.end();
  }

  /* Of two windows of one person. */
  async mineOverOther(): Promise<void> {
    await this.keeper.insist();
  }
  async takeOther(): Promise<void> {
    this.ready = false;
    try {
      const kept = await ask<Kept>("/v1/drafts/form", { subject: `finding:${this.finding.id}` });
      const form = readDraft(kept.content);
      if (form) this.form = form;
      this.last = JSON.stringify(this.form);
      this.keeper.take(kept);
    } catch (problem) {
      this.trouble = problem; /* both texts stay where they are */
    } finally {
      this.ready = true;
    }
  }

  /* That the form is open, for others; who else has it. */
  async sayOpen(): Promise<void> {
    try {
      this.others = (await send<Kept>("/v1/drafts/form/open", { query: { subject: `finding:${this.finding.id}` } })).body.others;
    } catch {
      /* the next time */
    }
  }

  /* The page is left, or the network is back. */
  leave(): void {
    if (this.draft === "waiting" || this.draft === "local" || this.draft === "lost") void this.keeper.flush();
  }
  get isEmpty(): boolean {
    return isEmpty(this.form);
  }
}
