/* Words of pages/signals. */
export default {
  "signals.title": "Signals",
} as const;
