/*
 * Decisions that wait to be approved: lists of them, and one as a person looks at it before
 * signing.
 */
#ifndef TU_PORTFOLIO_PROPOSAL_H
#define TU_PORTFOLIO_PROPOSAL_H

#include "list/query.h"
#include "portfolio/approve.h"

/* Texts are in the arena. */
struct tu_proposal {
	struct tu_str public_id;
	struct tu_str device, name; /* of the decision's file */
	struct tu_str author; /* as recorded */
	struct tu_str
		author_name; /* printed name, else login, of the author as a person; may be empty */
	struct tu_str text;
	const struct tu_decision *decision;
	uint8_t digest[TU_SHA256_BYTES];
	int64_t version;
	int64_t created; /* us */
	uint32_t approvals, needed; /* needed 0: as of tu_device_approvals() */
	const struct tu_proposal_approval *by;
	size_t by_count; /* also an approval that does not count any more */
};

/* Nobody knows what waits of a device: a decision that the store has of it cannot be read. */
struct tu_proposals_unread {
	struct tu_str device, why;
};

struct tu_proposals {
	const struct tu_proposal *at;
	size_t count;
	struct {
		TU_VEC(struct tu_proposals_unread) list;
	} unread; /* of all devices; of one that is asked for by name it is an error */
};

/* All of a device, or of all devices ("") in `scope` (NULL: everything), the oldest first.
 * TU_E_NOTFOUND: there is no such device, or it is not in the scope. */
TU_NODISCARD enum tu_status tu_proposal_list(struct tu_work *w, struct tu_str device,
	const struct tu_list_scope *scope, struct tu_proposals *out, struct tu_error *err);

/* The one of a device that has this name, with or without ".yaml", this id or this public id.
 * TU_E_NOTFOUND says what of the name is there instead. */
TU_NODISCARD enum tu_status tu_proposal_find(struct tu_work *w, struct tu_str device,
	struct tu_str named, struct tu_proposal *out, struct tu_error *err);

#endif
