/* Words of parts/Trend. */
export default {
  "trend.title": "Twelve weeks",
  "trend.table": "As a table",
  "trend.uncontrolled": "Uncontrolled",
  "trend.not_assessed_30": "Not assessed for over 30 days",
  "trend.from": "from {n} on {day}",
  "trend.said": "{what}: {from} on {day}, {now} on {then}",
  "trend.gap": "no data: the service did not look at every device on that day, or nothing was known",
  "trend.utc": "Each day as it was when the service looked last; days are those of UTC. Findings of releases that were released.",
  "trend.day": "Day",
  "trend.notKnown": "Releases not known",
  "trend.ofReleases": "{n} of {all}",
  "trend.knowledge": "Newest record",
  "trend.why.none": "there was no device",
  "trend.why.unseen": "the service did not look at every device",
  "trend.why.unknown": "nothing was known of any release",
} as const;
