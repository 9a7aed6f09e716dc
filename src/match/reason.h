/*
 * What each reason means for the verdict: one table, read by the matcher and by people.
 */
#ifndef TU_MATCH_REASON_H
#define TU_MATCH_REASON_H

#include <stdbool.h>

#include <tutela/match.h>

struct reason_kind {
	const char *name;
	const char *sentence;
	enum tu_match_verdict verdict;
	bool votes; /* false: says that the record is not about this component at all */
	bool weak; /* undecided for want of usable data: gives way to a record that decides */
	bool quiet; /* undecided, but nothing to list: the component counts as without data */
};

extern const struct reason_kind tu_match__reason_kinds[TU_WHY_COUNT_];

/* How much an identifier is worth: distro data, then ecosystem data, then CPE, then a name. The
 * strongest class that has a vote decides. */
unsigned tu_match__class(enum tu_match_by by);

/* What a distribution says of a vulnerability, beside that it affects the version: the reason for
 * its word ("unimportant", "no-dsa"), or TU_WHY_NONE. */
enum tu_reason tu_match__triage_reason(struct tu_str word);

#endif
