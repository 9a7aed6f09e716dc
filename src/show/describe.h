/*
 * Facts of the knowledge base in words: ranges, packages and products, dates.
 */
#ifndef TU_CLI_DESCRIBE_H
#define TU_CLI_DESCRIBE_H

#include <tutela/buf.h>
#include <tutela/kb.h>
#include <tutela/match.h>

#include "feed/sidecar.h"

/* ">= 1.1.1, < 1.1.1k"; "= 2.0"; "all versions" where both ends are open. */
void tu_describe_interval(const struct tu_interval *interval, struct tu_buf *out);

/* What an entry says of versions, for people: the affected intervals joined by " or ", or "all
 * versions"; unaffected ones behind "but not". At most `max` spans, then "and N more". */
void tu_describe_entry(const struct tu_kb *kb, const struct tu_kb_entry *entry, uint32_t index,
	uint32_t max, struct tu_buf *out);

/* "pkg:deb/debian/openssl (debian-11)", "openssl:openssl", or the whole CPE. */
void tu_describe_subject(const struct tu_kb_entry *entry, struct tu_buf *out);

/* "GHSA" for OSV records of that database, else the source's name: "NVD". Static or of the
 * knowledge base. */
/* Append who says that a vulnerability is exploited, a catalogue once: "CISA since 2021-12-10
 * (ransomware), ENISA since 2025-01-17; no longer Acme (withdrawn 2026-01-20)". Nothing where
 * nobody does or did. */
void tu_describe_exploited(const struct tu_kb *kb, uint32_t vulnerability, struct tu_buf *out);
/* By which scheme an entry of CISA's catalogue has its due date. Static storage. */
const char *tu_describe_due(struct tu_str date_added);
struct tu_str tu_describe_source(const struct tu_kb_advisory *advisory);

/* The newest date that a record states: modified, else published, else withdrawn; 0: none. */
int64_t tu_describe_date(const struct tu_kb_advisory *advisory);

/* How old something of `then` is at `now` (seconds since 1970): "today", "12 days old", "5 months
 * old", "3 years old"; "in the future" when `then` is more than a day ahead. */
void tu_describe_age(int64_t then, int64_t now, struct tu_buf *out);

/* "stale           5 days old      ": two columns, filled with blanks. */
void tu_describe_freshness(const struct tu_sidecar_source *source, int64_t now, struct tu_buf *out);

/* "curated name", "CPE that the SBOM states", …: how a component and a record met. Static. */
const char *tu_describe_by(enum tu_match_by by);

/* Is the release without security fixes at the instant `now` (0: not known)? */
bool tu_describe_ended(const struct tu_support_cycle *cycle, int64_t now);

#endif
