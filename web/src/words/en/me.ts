/* Words of pages/me. */
export default {
  "me.title": "My account",
  "me.role": "Role",
} as const;
