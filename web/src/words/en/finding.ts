/* Words of pages/finding. */
export default {
  "finding.title": "Finding",
} as const;
