/*
 * Statements of /v1 as a page shows them: what can be done with one in its state, and the zone of who
 * signs. What is current, approved, published is the service's word. Used by pages/statements.
 */
import type * as Api from "../api/types";
export type Statement = Api.Statement;
export type Revision = Api.StatementDetail["revisions"][number];
export type StatementDetail = Api.StatementDetail;

export const FORMATS = ["openvex", "cyclonedx", "csaf-vex", "csaf-advisory", "notice-html", "notice-text"] as const;
export const STATES = ["draft", "approved", "scheduled", "published", "replaced", "withdrawn"] as const;
export const NOTICES = ["cra-early-warning", "cra-notification", "cra-final-report", "cra-incident-warning", "cra-incident-notification", "cra-incident-final-report", "mdr-incident"] as const;

export interface Steps {
  approve: boolean;
  own: boolean; /* it waits for somebody else: nobody approves their own */
  publish: boolean;
  redraft: boolean;
  withdraw: boolean;
  embargo: boolean;
}

/* What is offered in a state to who has the rights; the service judges each again. */
export function stepsOf(detail: StatementDetail, login: string, rights: { write: boolean; approve: boolean; publish: boolean }): Steps {
  const { statement, revisions } = detail;
  const newest = revisions.find((one) => one.revision === statement.revision);
  const isDraft = statement.state === "draft";
  const own = isDraft && newest?.author === login;
  return {
    approve: isDraft && !own && rights.approve,
    own: own && rights.approve,
    publish: statement.state === "approved" && rights.publish,
    redraft: rights.write && statement.state !== "scheduled",
    withdraw: statement.published !== null && statement.state !== "withdrawn" && rights.publish,
    embargo: rights.publish && ["draft", "approved", "scheduled"].includes(statement.state),
  };
}

/* "Z", "+01:00": of who signs now. `minutes`: as Date.getTimezoneOffset() has it, west is positive. */
export function zoneOf(minutes: number): string {
  if (!minutes) return "Z";
  const all = Math.abs(minutes);
  return `${minutes > 0 ? "-" : "+"}${String(Math.floor(all / 60)).padStart(2, "0")}:${String(all % 60).padStart(2, "0")}`;
}

/* What a person typed with commas or lines between, as a list. */
export function listOf(text: string): string[] {
  return text.split(/[\s,;]+/u).filter(Boolean);
}

/* JSON in lines, as it reads best; anything else as it came. */
export function readable(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
