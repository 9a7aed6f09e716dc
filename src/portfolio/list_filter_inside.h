/*
 * What list_filter.c and list_filter_gate.c have in common.
 */
#ifndef TU_PORTFOLIO_LIST_FILTER_INSIDE_H
#define TU_PORTFOLIO_LIST_FILTER_INSIDE_H

#include "gate/terms.h"
#include "portfolio/list_filter.h"

/* False: together with what was asked before, nothing could pass. */
static inline bool tu_list__narrow_ask(enum tu_list_ask *ask, bool no)
{
	enum tu_list_ask wanted = no ? TU_LIST_NO : TU_LIST_YES;
	bool fine = *ask == TU_LIST_ANY || *ask == wanted;

	*ask = wanted;
	return fine;
}

/* Of `all` values; an empty set would ask nothing. */
static inline bool tu_list__narrow_set(uint32_t *set, uint32_t wanted, uint32_t all)
{
	*set = (*set ? *set : all) & wanted;
	return *set != 0;
}

/* Errors of tu_list_filter_add_gate(). */
TU_NODISCARD enum tu_status tu_list__add_term(
	const struct tu_gate_term *term, struct tu_list_filter *filter, struct tu_error *err);

#endif
