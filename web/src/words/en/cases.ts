/* Words of pages/cases. */
export default {
  "cases.title": "Cases",
} as const;
