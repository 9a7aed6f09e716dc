/*
 * A device folder into the store, and back: docs/formats/push.md says who owns what.
 *
 * All or nothing: what a push changes is one transaction; a pull looks at everything before it
 * writes the first file.
 */
#ifndef TU_PORTFOLIO_PUSH_H
#define TU_PORTFOLIO_PUSH_H

#include "portfolio/folder.h"
#include "portfolio/settle.h"

struct tu_push {
	const char *folder;
	const struct tu_kb *kb; /* the store's current one */
	const struct tu_sbom_reader *reader; /* NULL: in place */
	const struct tu_list_scope *scope; /* of whoever pushes; NULL: everything */
	bool renew; /* a decision of which the folder has another text takes the place of what the
		       same proposed before; what is approved or of others stays, with a note. Else
		       nothing is pushed */
	bool new_device; /* it is one that the store does not have, also where it looks like one */
	/* what came of it */
	struct tu_arena *arena; /* of the lists below; the caller's */
	struct tu_str device;
	bool device_new, device_changed;
	size_t sboms, files, decisions; /* that were put */
	size_t newer; /* that were left out: the store has a later one than the folder */
	size_t kept; /* decisions that were left as they are, where they have another text here */
	struct {
		TU_VEC(struct tu_str) clashes; /* both changed it: nothing was pushed */
		TU_VEC(struct tu_str) notes; /* what was left as it is in the store, and why */
	} said;
};

/*
 * Push. TU_E_USAGE when folder and store both changed something (`said.clashes` has each, with both
 * values), for a change to a locked release's SBOM without a reason, a decision that is approved, a
 * contradiction; errors of reading device.yaml, decisions and SBOMs, which name the file. Nothing
 * is changed then.
 */
TU_NODISCARD enum tu_status tu_push_folder(struct tu_store *store, const struct tu_act *act,
	struct tu_push *push, struct tu_error *err);

struct tu_pull {
	struct tu_str device; /* its name */
	const char *folder; /* made when it is missing */
	const struct tu_list_scope *scope; /* NULL: everything */
	struct tu_arena *arena; /* as above */
	size_t files; /* that were written */
	struct {
		TU_VEC(struct tu_str) clashes;
	} said;
};

/* Pull. A file of the folder that was changed since the last push or pull is not written over:
 * TU_E_USAGE, and nothing is written; so is all of a folder of another device. Decisions that the
 * store does not have stay. */
TU_NODISCARD enum tu_status tu_pull_folder(struct tu_store *store, const struct tu_act *act,
	struct tu_pull *pull, struct tu_error *err);

#endif
