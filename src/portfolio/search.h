/*
 * Looking for something by a word, over all that a scope has: devices, releases, components,
 * vulnerabilities with findings, cases.
 *
 * What is outside the scope is in no hit and in no count. Of each kind at most TU_SEARCH_HITS are
 * given out; the counts are of all, but for cases: those of the vulnerabilities that are given out.
 */
#ifndef TU_PORTFOLIO_SEARCH_H
#define TU_PORTFOLIO_SEARCH_H

#include <tutela/kb.h>

#include "list/query.h"
#include "portfolio/work.h"

enum { TU_SEARCH_HITS = 20 };

enum tu_search_kind {
	TU_SEARCH_DEVICE,
	TU_SEARCH_RELEASE,
	TU_SEARCH_COMPONENT,
	TU_SEARCH_VULNERABILITY,
	TU_SEARCH_CASE,
	TU_SEARCH_KINDS
};
const char *tu_search_kind_name(enum tu_search_kind kind); /* "device" */

struct tu_search_hit {
	enum tu_search_kind kind;
	/* what names it: a device's name, a release's or a case's public id, the name of a
	 * component, that of a vulnerability */
	struct tu_str id;
	struct tu_str title, detail; /* for people; detail may be empty */
};

struct tu_search {
	struct tu_arena *arena; /* of the hits */
	const struct tu_list_scope *scope;
	const struct tu_list_snapshot *list;
	const struct tu_kb *kb; /* for other names of a vulnerability; NULL: none */
	struct tu_str word; /* any part of a name, ASCII case folded; may be a question of
			       portfolio/where.h */
	/* the answer */
	const struct tu_search_hit *hits;
	size_t hit_count;
	uint64_t counts[TU_SEARCH_KINDS];
};

TU_NODISCARD enum tu_status tu_search_run(
	struct tu_store *store, struct tu_search *search, struct tu_error *err);

#endif
