/*
 * Cases of our own: a weakness that no knowledge base has a name for, such as one that somebody
 * found in the maker's own software.
 *
 * A person says which devices it is about. It has an id of the maker's: the one that is given, or
 * one that is made. There are no findings of it, so every release of these devices is undecided
 * until an approved decision that names the release says what it is (portfolio/decide_own.h, or a
 * file in decisions/): nothing is carried from one release to another. Deadlines, events,
 * conditions and statements are those of every case. It stays a case of our own when a knowledge
 * base learns of it later: what people said of a device is not undone by data.
 */
#ifndef TU_PORTFOLIO_CASE_OWN_H
#define TU_PORTFOLIO_CASE_OWN_H

#include <tutela/score.h>

#include "portfolio/case.h"

enum { TU_CASE_OWN_ID_MAX = 60, TU_CASE_OWN_DEVICES_MAX = 200 };

struct tu_case_own {
	struct tu_str id; /* letters, digits and "-._:"; empty: one is made, "VULN-2026-0F3A9C" */
	struct tu_str title;
	enum tu_severity severity; /* of triage; unknown is fine */
	const int64_t *devices; /* in the scope; each may be there already */
	size_t device_count;
	int64_t learned_at; /* us */
	const struct tu_list_scope *scope; /* NULL: everything */
	const struct tu_kb *kb; /* NULL: none */
};

/*
 * Open it, or add devices to the one with this id. TU_E_USAGE: no device; an id that is none, that
 * the knowledge base or a component of the portfolio has (its case is about the devices that have
 * it), or that is another case's that the scope does not see. What follows is filled in.
 */
TU_NODISCARD enum tu_status tu_case_open_own(struct tu_work *w, const struct tu_case_own *own,
	struct tu_case_row *out_row, struct tu_error *err);

#endif
