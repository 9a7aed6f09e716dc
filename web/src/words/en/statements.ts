/* Words of pages/statements. */
export default {
  "statements.title": "Statements",
} as const;
