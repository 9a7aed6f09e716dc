/* Words of pages/release. */
export default {
  "release.title": "Release",
} as const;
