/*
 * The findings of a scan as upgrades: which version of each component closes how many of them.
 *
 * A version closes a finding when none of the records that decided it affects that version any
 * more; other vulnerabilities that begin with a later version are not looked for. Versions at or
 * below the installed one are never named. "The same branch" depends on the version scheme: see
 * docs/formats/scan.md.
 *
 * Ownership: lives in the arena, borrows from the report.
 */
#ifndef TU_APP_UPGRADE_H
#define TU_APP_UPGRADE_H

#include "app/findings.h"

struct tu_upgrade_step {
	struct tu_str version; /* as a record writes it */
	bool same_branch;
	size_t closes; /* affected findings, with all steps before it */
	size_t kev; /* of these, known to be exploited */
	enum tu_severity worst; /* of these */
};

struct tu_upgrade {
	const struct tu_report_group *group; /* its affected rows are what can be closed */
	struct tu_str installed; /* the version that was compared; empty: none */
	enum tu_scheme scheme; /* that orders the versions */
	bool ordered; /* false: the installed version has no place in the scheme's order */
	const struct tu_upgrade_step *steps; /* rising versions; each closes more than the one
						before it, those of the same branch first */
	size_t step_count;
	const struct tu_upgrade_step *to; /* what to upgrade to: the lowest version of the same
					     branch that closes most; without one the lowest of
					     another branch; NULL: no fix is known */
	const struct tu_upgrade_step *beyond; /* the lowest of another branch that closes more than
						 `to` in the same branch; or NULL */
	size_t no_fix; /* findings that no version here closes */
	size_t unordered; /* fixes that the scheme cannot order against the installed version */
};

struct tu_upgrades {
	const struct tu_upgrade *at; /* by what `to` closes: known exploitation, then the worst
					severity, then the number; those without a fix last */
	size_t count;
};

/* For each group of the report with affected findings. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_upgrades_build(struct tu_arena *arena,
	const struct tu_report *report, struct tu_upgrades *out_upgrades, struct tu_error *err);

/* Are two versions of one branch? Same leading numbers, how many depends on the scheme. */
bool tu_upgrade_same_branch(enum tu_scheme scheme, struct tu_str a, struct tu_str b);

#endif
