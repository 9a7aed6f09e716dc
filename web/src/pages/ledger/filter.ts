/*
 * The filter of the ledger: "action:case.open subject:device:pump from:2026-07-01", one word for each
 * parameter of the operation. Used by pages/ledger.
 */
export const FIELDS = ["action", "subject", "actor", "from", "to"] as const;
export type Field = (typeof FIELDS)[number];
export type Fields = Record<Field, string>;

function isField(name: string): name is Field {
  return (FIELDS as readonly string[]).includes(name);
}

export function readFields(filter: string): Fields {
  const fields: Fields = { action: "", subject: "", actor: "", from: "", to: "" };
  for (const word of filter.split(/\s+/u)) {
    const at = word.indexOf(":");
    const name = word.slice(0, at);
    if (at > 0 && isField(name)) fields[name] = word.slice(at + 1).replace(/%20/g, " ");
  }
  return fields;
}

export function writeFields(fields: Fields): string {
  return FIELDS.filter((name) => fields[name].trim()).map((name) => `${name}:${fields[name].trim().replace(/\s+/gu, "%20")}`).join(" ");
}

/* A day is the start of that day in UTC, as the ledger has it. */
export function parameters(filter: string): Record<string, string> {
  const fields = readFields(filter);
  const out: Record<string, string> = {};
  for (const name of FIELDS) if (fields[name]) out[name] = /^\d{4}-\d\d-\d\d$/.test(fields[name]) ? `${fields[name]}T00:00:00Z` : fields[name];
  return out;
}
