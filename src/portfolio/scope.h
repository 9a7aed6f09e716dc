/*
 * What a person or a key may see: the scope that lists are asked with (list/query.h).
 *
 *   administrator, auditor   everything
 *   other roles              the devices of the person's teams
 *   key of a person          what the person sees
 *   key of a machine         the devices of its team; everything where it says so
 *
 * What is not in the scope does not exist for whoever asks: ask for the scope in each request, and
 * use it for rows, counts, ETags and the names in a filter (portfolio/list_filter.h).
 */
#ifndef TU_PORTFOLIO_SCOPE_H
#define TU_PORTFOLIO_SCOPE_H

#include <tutela/arena.h>

#include "audit/key.h"
#include "audit/person.h"
#include "list/query.h"

/* By public id or login. The ids are in the arena. TU_E_NOTFOUND: nobody; TU_E_CONSTRAINT with
 * pointer "active": the person may not act any more. On failure the scope is empty. */
TU_NODISCARD enum tu_status tu_scope_of_person(struct tu_tx *tx, struct tu_str public_or_login,
	struct tu_arena *arena, struct tu_list_scope *out_scope, struct tu_error *err);

/* Of a key that tu_key_authenticate() accepted. Errors as above. */
TU_NODISCARD enum tu_status tu_scope_of_key(struct tu_tx *tx, const struct tu_key *key,
	struct tu_arena *arena, struct tu_list_scope *out_scope, struct tu_error *err);

/* Is a device in it? */
bool tu_scope_has(const struct tu_list_scope *scope, int64_t device_id);

#endif
