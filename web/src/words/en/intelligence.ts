/* Words of pages/intelligence. */
export default {
  "intelligence.title": "Intelligence",
} as const;
