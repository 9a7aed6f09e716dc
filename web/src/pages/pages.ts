/*
 * The component of each page, loaded when it is first shown, and what the rail lists. A page that
 * does not work yet is not here. Each reads the address from
 * session.svelte.ts. Used by App.
 */
import type { Component } from "svelte";
import type { Class } from "../logic/roles";
import type { PageName } from "../logic/router";
import type { Word } from "../words/words";

export type PageComponent = Component;

export const pages: Partial<Record<PageName, () => Promise<{ default: PageComponent }>>> = {
  device: () => import("./device/Device.svelte"),
  portfolio: () => import("./portfolio/Portfolio.svelte"),
  case: () => import("./cases/CasePage.svelte"),
  cases: () => import("./cases/Cases.svelte"),
  statement: () => import("./statements/StatementPage.svelte"),
  statements: () => import("./statements/Statements.svelte"),
  admin: () => import("./admin/Admin.svelte"),
  deadlines: () => import("./deadlines/Deadlines.svelte"),
  findings: () => import("./findings/FindingsPage.svelte"),
  intelligence: () => import("./intelligence/Intelligence.svelte"),
  ledger: () => import("./ledger/Ledger.svelte"),
  finding: () => import("./finding/FindingPage.svelte"),
  components: () => import("./components/Components.svelte"),
  release: () => import("./release/Release.svelte"),
  me: () => import("./me/Me.svelte"),
  signal: () => import("./signals/SignalPage.svelte"),
  signals: () => import("./signals/Signals.svelte"),
};

export interface RailEntry {
  page: PageName;
  path: string;
  label: Word;
  icon: string;
  needs: Class;
}

/* Pages that the rail does not list, by the one that they belong to. */
const BELONGS: Partial<Record<PageName, PageName>> = { finding: "findings", case: "cases", signal: "signals", statement: "statements", device: "portfolio", release: "portfolio" };

/* The entry of the rail that a page belongs to. */
export function sectionOf(page: PageName | null | undefined): RailEntry | null {
  const name = page ? (BELONGS[page] ?? page) : null;
  return rail.flat().find((entry) => entry.page === name) ?? null;
}

/* Groups of the rail, separated by a line. */
export const rail: readonly (readonly RailEntry[])[] = [
  [
    { page: "portfolio", path: "/", label: "frame.portfolio", icon: "grid", needs: "read" },
    { page: "findings", path: "/findings", label: "frame.findings", icon: "list", needs: "read" },
    { page: "deadlines", path: "/deadlines", label: "frame.deadlines", icon: "clock", needs: "read" },
    { page: "cases", path: "/cases", label: "frame.cases", icon: "board", needs: "read" },
    { page: "signals", path: "/signals", label: "frame.signals", icon: "talk", needs: "read" },
  ],
  [
    { page: "components", path: "/components", label: "frame.components", icon: "box", needs: "read" },
    { page: "statements", path: "/statements", label: "frame.statements", icon: "sheet", needs: "read" },
    { page: "intelligence", path: "/intelligence", label: "frame.intelligence", icon: "feed", needs: "read" },
  ],
  [
    { page: "ledger", path: "/ledger", label: "frame.ledger", icon: "chain", needs: "audit" },
    { page: "admin", path: "/admin", label: "frame.admin", icon: "sliders", needs: "admin" },
  ],
];

/* The class that a page is for: of the rail where it is there; one's own account is everybody's. */
export function needsOf(page: PageName): Class {
  if (page === "me") return "self";
  return rail.flat().find((entry) => entry.page === page)?.needs ?? "read";
}
