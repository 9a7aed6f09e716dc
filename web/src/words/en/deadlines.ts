/* Words of pages/deadlines. */
export default {
  "deadlines.title": "Deadlines",
} as const;
