/*
 * Push, inside src/portfolio.
 */
#ifndef TU_PORTFOLIO_PUSH_INSIDE_H
#define TU_PORTFOLIO_PUSH_INSIDE_H

#include "portfolio/push.h"

/* Add a line to the clashes, or to the notes. False: no memory. */
bool tu_push__say(struct tu_push *push, bool clash, const char *fmt, ...) TU_PRINTF(3, 4);

/* Decisions that name what the device does not have, such as a release: TU_E_USAGE, and
 * `said.clashes` has each. By the rules of `device check` that are errors. */
TU_NODISCARD enum tu_status tu_push__check_decisions(const struct tu_device_folder *folder,
	int64_t at, struct tu_push *push, struct tu_error *err);
/* Read the design of the folder as the store's readers will. Errors of them, with file and place.
 */
TU_NODISCARD enum tu_status tu_push__check_design(const struct tu_device_folder *folder,
	const struct tu_items *items, int64_t at, struct tu_error *err);
/* Where it is threats.yaml: note how many of its decisions nobody has approved in the store. */
TU_NODISCARD enum tu_status tu_push__note_proposed(struct tu_work *w, int64_t device_id,
	const struct tu_item *item, struct tu_push *push, struct tu_error *err);

/* Note each decision on a component that is in no SBOM of the folder. */
TU_NODISCARD enum tu_status tu_push__note_decisions(const struct tu_device_folder *folder,
	const struct tu_items *items, struct tu_push *push, struct tu_error *err);

/* Of decisions that another tool writes each time (`push->renew`): one that has changed takes the
 * place of what the same proposed before, and then `*out_own` is true. What is signed, or somebody
 * else proposed, stays; both are noted. `old`: what the store has. False: no memory. */
bool tu_push__renew(struct tu_work *w, const struct tu_item *item,
	const struct tu_assessment_row *old, struct tu_push *push, bool *out_own);

/* Note each deadline that the decisions meet by what happened before it began (app/early.h). */
TU_NODISCARD enum tu_status tu_push__note_dates(const struct tu_device_folder *folder, int64_t at,
	struct tu_push *push, struct tu_error *err);

/* The store has no device of this name. Has it one with a UDI-DI or a release of this folder (its
 * version with the same SBOM), then it is that device by another name: TU_E_USAGE, or a note where
 * `push->new_device` says that it is another one. */
TU_NODISCARD enum tu_status tu_push__check_same(struct tu_work *w, const struct tu_device *model,
	const struct tu_items *items, struct tu_push *push, struct tu_error *err);

/* What the ledger says of two texts of one thing: the folder's and the store's. */
struct tu_push_history {
	bool was_there; /* the folder's was in the store before */
	struct tu_str writer; /* who put the store's there; empty: not known */
};
TU_NODISCARD enum tu_status tu_push__history(struct tu_work *w, struct tu_str subject,
	const uint8_t *const digests[2], struct tu_push_history *out, struct tu_error *err);

#endif
