/*
 * Questions to a snapshot: pages of two lists, counts, ETags.
 *
 *   findings          a row for each vulnerability, component and release
 *   vulnerabilities   a row for each vulnerability that has a finding which passes the filter; what
 *                     it says (worst harm, number of components, …) is about those findings only
 *
 * The scope is part of every question: what is in no device of it does not exist, for rows, totals,
 * deadlines, "release +N", ETags and cursors.
 *
 * Filters have the words of the gate (docs/formats/gate.md); whoever has a gate's expression
 * translates it. A zeroed filter lets everything pass; a member that is zero asks nothing.
 *
 * Threads: pure functions of what is put in; a snapshot may be asked by many threads at once.
 * Errors: TU_E_USAGE (numbers out of their bounds; a cursor that is damaged or of another list:
 * the message says which), TU_E_NOMEM.
 */
#ifndef TU_LIST_QUERY_H
#define TU_LIST_QUERY_H

#include <tutela/arena.h>
#include <tutela/buf.h>

#include "list/list.h"

enum tu_list_kind { TU_LIST_FINDINGS, TU_LIST_OF_VULNERABILITIES, TU_LIST_KINDS };

enum {
	TU_LIST_PAGE_MAX = 1000,
	TU_LIST_COUNT_MAX = 10000, /* a page's total is exact up to here */
	TU_LIST_ETAG_DIGITS = 32,
	TU_LIST_TEXT_MAX = 200, /* bytes of a text to look for */
	TU_LIST_CATALOGUES_MAX = 8 /* that one filter names */
};

/* The devices that a person may see. Zeroed: none. */
struct tu_list_scope {
	bool everything;
	const int64_t *device_ids; /* in any order; unknown ones do not matter */
	size_t device_count;
};

/* What a yes-or-no word asks; NO is the gate's "!". */
enum tu_list_ask { TU_LIST_ANY, TU_LIST_YES, TU_LIST_NO };

#define TU_LIST_BIT(value) (1u << (value))

/* All must hold. Sets are made of TU_LIST_BIT(). */
struct tu_list_filter {
	/* the vulnerability */
	enum tu_list_ask kev;
	struct {
		struct tu_str name; /* ASCII case folded */
		bool no; /* it does not say so */
	} exploited_by[TU_LIST_CATALOGUES_MAX];
	size_t exploited_by_count;
	enum tu_list_ask unscored; /* severity unknown */
	uint8_t severity_from, severity_below; /* from <= severity < below */
	enum tu_list_ask cvss_stated, epss_stated;
	uint8_t cvss_from, cvss_below; /* tenths; what is not stated is below everything */
	uint32_t epss_from, epss_below; /* millionths; as cvss */
	int64_t vulnerability_id;
	struct tu_str vulnerability; /* prefix of the name, ASCII case folded */
	/* the fact */
	uint32_t verdicts;
	enum tu_list_ask fixable;
	/* the component */
	int64_t component_id;
	struct tu_str component; /* prefix of the name, ASCII case folded */
	struct tu_str package; /* exact name */
	/* the release */
	int64_t release_id;
	uint32_t release_states;
	const int64_t *device_ids; /* device_count 0: any device */
	size_t device_count;
	/* the finding */
	uint32_t states; /* of enum tu_list_state */
	enum tu_list_ask closed;
	uint32_t statuses, risks;
	uint8_t harm_from, harm_below;
	int64_t seen_since, seen_before; /* since <= max(fact first seen, reference added) < before,
					    in whole seconds, both rounded down */
	int64_t deadline_before; /* has a deadline, and it is earlier; rounded down */
	enum tu_list_ask deadline; /* has one */
	/* anywhere in the names of vulnerability and component or in the purl, ASCII case folded */
	struct tu_str text;
};

/* Ties stand by vulnerability, component and release id, rising, in both directions. */
enum tu_list_sort {
	TU_LIST_BY_SEVERITY,
	TU_LIST_BY_HARM,
	TU_LIST_BY_KEV, /* then epss */
	TU_LIST_BY_EPSS,
	TU_LIST_BY_FIRST_SEEN,
	TU_LIST_BY_STATE, /* enum tu_list_state; of a vulnerability the least */
	TU_LIST_BY_DEADLINE, /* none: last in both directions */
	TU_LIST_BY_NAME, /* of the vulnerability; digits by value */
	TU_LIST_SORTS
};

struct tu_list_query {
	enum tu_list_kind kind;
	const struct tu_list_filter *filter; /* NULL: everything */
	const struct tu_list_scope *scope; /* NULL: nothing */
	enum tu_list_sort sort;
	bool descending;
	uint32_t page_size; /* 1 to TU_LIST_PAGE_MAX */
	struct tu_str cursor; /* of the page before; empty: the first page */
};

/* "at least" when not exact. */
struct tu_list_total {
	uint64_t count;
	bool exact;
};

/* Texts of rows belong to the snapshot. */
struct tu_list_finding {
	struct tu_list_vulnerability vulnerability;
	struct tu_list_component component;
	struct tu_list_release release;
	struct tu_str device; /* its name */
	uint8_t verdict;
	bool fixable;
	int64_t first_seen;
	enum tu_list_state state;
	uint8_t status, risk, harm;
	bool closed;
	int64_t deadline; /* the soonest; 0: none */
};

struct tu_list_group {
	struct tu_list_vulnerability vulnerability;
	uint32_t verdicts; /* which there are, a set; so with the next two */
	uint32_t states;
	uint32_t risks;
	bool fixable; /* somewhere */
	int64_t first_seen; /* the earliest */
	enum tu_list_state state; /* the least assessed */
	uint8_t harm; /* the worst */
	uint8_t risk; /* the worst: uncontrolled, then undecided, then controlled */
	int64_t deadline; /* the soonest; 0: none */
	struct tu_list_release release; /* one of them: that with the least id */
	struct tu_str device; /* of that release */
	uint32_t releases; /* in all: "release +N" is N + 1 */
	uint32_t components;
	struct tu_list_component component; /* one of them: that with the least id */
	uint64_t findings;
};

struct tu_list_page {
	const struct tu_list_finding *findings; /* one of the two, in the arena */
	const struct tu_list_group *groups;
	size_t count;
	struct tu_list_total total; /* of the whole list, not from the cursor on */
	struct tu_str next; /* in the arena; empty: this is the last page */
};

/* A page of a list. A cursor names a place in an order, so it works after changes, too: rows that
 * were there all the time come once, new ones if they stand after the place. */
TU_NODISCARD enum tu_status tu_list_page(struct tu_arena *arena,
	const struct tu_list_snapshot *snapshot, const struct tu_list_query *query,
	struct tu_list_page *out_page, struct tu_error *err);

/* Many filters of one list. */
struct tu_list_filters {
	enum tu_list_kind kind;
	const struct tu_list_scope *scope; /* NULL: nothing */
	const struct tu_list_filter *at;
	size_t count;
};

/* Exact counts of all of them, in one walk for each 32. */
TU_NODISCARD enum tu_status tu_list_count(const struct tu_list_snapshot *snapshot,
	const struct tu_list_filters *filters, uint64_t *out_counts, struct tu_error *err);

/* Write the ETag of a list with NUL: of kind, filter and scope, not of sort, page or cursor. Two
 * are equal only if every page of both lists is; what concerns no device in the scope does not
 * change it. */
TU_NODISCARD enum tu_status tu_list_etag(const struct tu_list_snapshot *snapshot,
	const struct tu_list_query *query, char out_etag[TU_LIST_ETAG_DIGITS + 1],
	struct tu_error *err);

#endif
