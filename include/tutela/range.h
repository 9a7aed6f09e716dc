/*
 * Affected-version ranges.
 *
 * A range is a list of intervals over the keys of one scheme (tutela/version.h). Advisory readers
 * and the command line build ranges; the knowledge base stores their intervals; the match engine
 * asks whether a version lies inside.
 *
 * Ownership: a range lives in the arena it was built in and borrows nothing else.
 * Threads:   a built range is immutable and may be shared.
 */
#ifndef TUTELA_RANGE_H
#define TUTELA_RANGE_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>
#include <tutela/version.h>

TU_BEGIN_C

enum tu_verdict {
	TU_UNDECIDED, /* some comparison has no meaning: a person must look */
	TU_OUTSIDE,
	TU_INSIDE,
};

/* One end of an interval. `text` is as the source wrote it. An end without text is open: no
 * bound. An end with text but without key could not be ordered by the scheme. */
struct tu_bound {
	struct tu_str text;
	struct tu_str key;
	bool inclusive;
};

/* lo <= version <= hi, each end inclusive or not. A single version has two equal inclusive ends. */
struct tu_interval {
	struct tu_bound lo;
	struct tu_bound hi;
};

struct tu_range {
	enum tu_scheme scheme;
	bool npm_prereleases; /* a native npm range: a pre-release only matches a comparator of its
				 own major.minor.patch (node-semver's rule) */
	const struct tu_interval *intervals; /* sorted by lo when all have keys; disjoint but for
						native npm ranges */
	size_t count; /* 0: the empty range, nothing is inside */
};

/* Parse a vers string: "vers:npm/>=1.2|<1.4" (also without "vers:"). "vers:npm/ *" without the
 * of spaces only is every version. On failure `*out_range` is untouched and err->offset says where
 * in `text` the fault lies. */
TU_API TU_NODISCARD enum tu_status tu_range_parse(struct tu_arena *arena, struct tu_str text,
	const struct tu_range **out_range, struct tu_error *err);

/* Parse a range in the scheme's own syntax: npm ("^1.2 || >=2 <3"), PEP 440 specifiers, Maven
 * ("[1.0,2.0)"), RubyGems and Composer requirements, NuGet, Conan, deb and rpm relations
 * (">= 1.2"), nginx and OpenSSL advisory lists. Others: comma- or space-separated comparators. */
TU_API TU_NODISCARD enum tu_status tu_range_parse_native(struct tu_arena *arena,
	enum tu_scheme scheme, struct tu_str text, const struct tu_range **out_range,
	struct tu_error *err);

/* One interval from its two ends, either of which may be empty (open): NVD's versionStart…/
 * versionEnd…, CVE 5's version/lessThan. Copies the texts into `arena`, compiles the keys. TU_OK
 * also when a bound cannot be ordered (see tu_bound). Never fails but for TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_interval_make(struct tu_arena *arena, enum tu_scheme scheme,
	struct tu_str lo, bool lo_inclusive, struct tu_str hi, bool hi_inclusive,
	struct tu_interval *out_interval);

/* OSV's events (https://ossf.github.io/osv-schema/, "affected[].ranges[].events fields"). */
enum tu_event_kind { TU_EVENT_INTRODUCED, TU_EVENT_FIXED, TU_EVENT_LAST_AFFECTED, TU_EVENT_LIMIT };
struct tu_event {
	enum tu_event_kind kind;
	struct tu_str version; /* introduced "0" is the beginning of all versions */
};

/* A range from OSV events in any order. Events whose version cannot be ordered make intervals
 * without keys. */
TU_API TU_NODISCARD enum tu_status tu_range_from_events(struct tu_arena *arena,
	enum tu_scheme scheme, const struct tu_event *events, size_t count,
	const struct tu_range **out_range, struct tu_error *err);

/* Is `version` inside? Never fails: what cannot be compared is TU_UNDECIDED, never TU_OUTSIDE.
 * Identical text of a bound that is inclusive is inside even when the scheme cannot order it. */
TU_API TU_NODISCARD enum tu_verdict tu_range_test(
	const struct tu_range *range, struct tu_str version);

/* The same for one interval and a version whose key is known (key.len == 0: it has none).
 * Allocates nothing: this is what the match engine calls. */
TU_API TU_NODISCARD enum tu_verdict tu_interval_test(
	const struct tu_interval *interval, struct tu_str version, struct tu_str key);

/* Append the canonical form of a vers string: constraints sorted by version (as given when one has
 * no place in the order) and written once, percent-encoding only where it must be, the type in
 * lower case. Nothing is simplified. Errors are those of tu_range_parse(); `arena` is for what is
 * needed meanwhile. */
TU_API TU_NODISCARD enum tu_status tu_range_canonical(
	struct tu_arena *arena, struct tu_str text, struct tu_buf *out, struct tu_error *err);

/* Append a vers string that says what the range does: overlapping intervals are joined. Where
 * a bound has no place in the order, the ends are listed as they come. */
TU_API void tu_range_write(const struct tu_range *range, struct tu_buf *out);

TU_END_C

#endif
