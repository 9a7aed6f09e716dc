/* Words of pages/portfolio. */
export default {
  "portfolio.title": "Portfolio",
} as const;
