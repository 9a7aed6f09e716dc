/*
 * The identity of a record in the list. Who does not see everything gets no numbers, and several
 * records of one moment can be alike: they are then told apart by their place among their equals.
 * Used by pages/ledger.
 */
import type { Page } from "../../logic/grid";
import type { LedgerRecord } from "../../logic/record";

export interface LedgerRow extends LedgerRecord {
  key: string;
}

export function keyed(page: Page<LedgerRecord>): Page<LedgerRow> {
  const seen = new Map<string, number>();
  const items = page.items.map((row) => {
    if (row.n !== null) return { ...row, key: String(row.n) };
    const alike = `${row.at} ${row.actor} ${row.action} ${row.subject} ${JSON.stringify(row.body)}`;
    const count = seen.get(alike) ?? 0;
    seen.set(alike, count + 1);
    return { ...row, key: `${alike}#${count}` };
  });
  return { ...page, items };
}
