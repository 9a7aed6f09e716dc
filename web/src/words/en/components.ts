/* Words of pages/components. */
export default {
  "components.title": "Components",
} as const;
