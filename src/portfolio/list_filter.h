/*
 * Filters of lists as persons write them (docs/formats/list-filter.md).
 *
 *   filter = *(term (" " | "&"))            all must hold
 *   term   = gate's term                    "kev", "!fixable", "harm>=serious": gate/terms.h
 *          | gate's word ":" value          "kev:yes", "kev:no", "harm:>=serious"
 *          | ["!"] "exploited:" value        by this catalogue
 *          | word ":" value                 "component:openssl": the table of this file
 *   value  = characters but spaces and "&"  or any in double quotes
 *
 * A gate's word means for a list what it means for `assess`. What the list cannot answer is an
 * error that names the term; nothing is ever left out of a filter. Terms that exclude each other
 * are an error, too.
 *
 * Errors: TU_E_USAGE, with the byte in err->offset (from 0) and in the message (from 1);
 * TU_E_NOTFOUND: no such device or release in the scope. Pure but for tu_list_filter_resolve().
 */
#ifndef TU_PORTFOLIO_LIST_FILTER_H
#define TU_PORTFOLIO_LIST_FILTER_H

#include "gate/gate.h"
#include "list/query.h"
#include "store/store.h"

/* What a text asks. It is no filter until its names are looked up: a list that was asked without
 * would show what is in other devices and releases. Borrows the text. */
struct tu_list_asked {
	struct tu_list_filter unresolved; /* all but device and release */
	struct tu_str device, release; /* empty: not asked */
};

/* What a list can be asked. Borrows the text. */
struct tu_list_resolved {
	struct tu_list_filter filter;
	int64_t device_id; /* filter.device_ids points here */
};

/* Parse a text; an empty one lets everything pass. */
TU_NODISCARD enum tu_status tu_list_filter_parse(
	struct tu_str text, struct tu_list_asked *out_asked, struct tu_error *err);

/* Take the next term of a text, as it is written; false at the end. */
bool tu_list_filter_term(struct tu_str *rest, struct tu_str *out_term);

/* Add a gate of the door TU_GATE_ASSESS to a filter. It must have one rule: "or" is no filter. */
TU_NODISCARD enum tu_status tu_list_filter_add_gate(
	const struct tu_gate *gate, struct tu_list_filter *filter, struct tu_error *err);

/* Whether the knowledge base has read the catalogues that a filter names: of one that it has not,
 * nothing is known, and neither "exploited:x" nor "!exploited:x" can be answered. `kb` NULL: there
 * is none. TU_E_USAGE names those that there are. */
TU_NODISCARD enum tu_status tu_list_filter_check_catalogues(
	const struct tu_list_filter *filter, const struct tu_kb *kb, struct tu_error *err);

/* Look device and release up among what the scope has. A release without its device must be one
 * alone. `out_resolved` must stay where it is while its filter is used. */
TU_NODISCARD enum tu_status tu_list_filter_resolve(struct tu_tx *tx,
	const struct tu_list_scope *scope, const struct tu_list_asked *asked,
	struct tu_list_resolved *out_resolved, struct tu_error *err);

/* The words of this file's table, for help and tests: by index; false: there are no more. */
struct tu_list_word {
	const char *name;
	const char *values; /* "yes, no" or "TEXT" */
	const char *help;
};
bool tu_list_word_at(size_t index, struct tu_list_word *out_word);

#endif
