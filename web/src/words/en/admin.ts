/* Words of pages/admin. */
export default {
  "admin.title": "Administration",
} as const;
