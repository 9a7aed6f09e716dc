/* Words of pages/ledger. */
export default {
  "ledger.title": "Ledger",
} as const;
