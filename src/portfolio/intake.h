/*
 * The intake: devices that nobody described, for what a build server sends of its own accord.
 *
 * A name and version that no release of the scope has goes to the intake device of that name, which
 * is made when there is none: "intake-NAME-DIGITS", a device without hazards, so that every harm by
 * it is taken for the worst. It never takes the place of a family: device.yaml of a family says
 * which releases it has, and a client does not write in it. A person lists the release there and
 * moves it to its family (tu_intake_move()); id, SBOM, builds and its name for clients stay.
 *
 * The intake is of a team, or of those who see everything: two teams that use one name do not hear
 * of each other.
 */
#ifndef TU_PORTFOLIO_INTAKE_H
#define TU_PORTFOLIO_INTAKE_H

#include "portfolio/project.h"

struct tu_intake_ask {
	const struct tu_list_scope *scope;
	struct tu_str name, version;
	bool create; /* else TU_E_NOTFOUND */
	/* who creates: a machine's team, or the person whose only team it is; both 0: the scope
	 * must be everything */
	int64_t team, person;
	/* what came of it */
	struct tu_str release; /* public id, in the work's arena */
	bool created;
};

/*
 * The release of a name and version. TU_E_NOTFOUND: there is none, and it is not to be created.
 * TU_E_USAGE: name or version are not as they should be, or the person is in several teams, of
 * which none can be chosen. TU_E_CONFLICT: somebody else creates it at this moment: do it again.
 * TU_E_CONSTRAINT: no intake of that name is there yet, and it differs from name or title of a
 * described device of the scope only in case, spaces, hyphens and underscores.
 */
TU_NODISCARD enum tu_status tu_intake_find(
	struct tu_work *w, struct tu_intake_ask *ask, struct tu_error *err);

/* Is the device one of the intake? */
TU_NODISCARD enum tu_status tu_intake_has(
	struct tu_work *w, int64_t device_id, bool *out_has, struct tu_error *err);

struct tu_intake_move {
	const struct tu_list_scope *scope;
	struct tu_str release; /* public id, of the intake */
	struct tu_str device; /* name of the family */
	int64_t based_on; /* version of the release's row; 0: any */
};
/*
 * Move a release to a family whose device.yaml lists its version and has no SBOM for it yet. It
 * keeps its id; it is to be settled by the family's safety model and decisions. What was decided in
 * the intake stays there and is not carried. TU_E_NOTFOUND: no such release or device; TU_E_USAGE:
 * the release is not in the intake, or the device is, or does not list it; TU_E_CONSTRAINT: it has
 * an SBOM there; TU_E_CONFLICT.
 */
TU_NODISCARD enum tu_status tu_intake_move(
	struct tu_work *w, const struct tu_intake_move *move, struct tu_error *err);

/* Remove a release that is a draft of the intake, with its SBOM, builds and decisions; the ledger
 * keeps its records. TU_E_NOTFOUND; TU_E_CONSTRAINT: it is not of the intake, is locked, or a case
 * or an approved decision is about its device. */
TU_NODISCARD enum tu_status tu_intake_remove(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str release, struct tu_error *err);

#endif
