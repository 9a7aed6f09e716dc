/*
 * What another device.yaml would do to the findings of a device, before anybody puts it: nothing is
 * written. Settling would say the same (portfolio/settle.h): each release is looked at by the
 * device as it is and by the new one, with the same assessments and knowledge base.
 */
#ifndef TU_PORTFOLIO_DEVICE_TRY_H
#define TU_PORTFOLIO_DEVICE_TRY_H

#include "portfolio/look.h"

enum { TU_DEVICE_TRY_RELEASES = 40 }; /* looked at; the others are counted */

/* Findings count by their risk as it is decided, else as it is proposed. */
struct tu_try_release {
	struct tu_str name;
	bool looked; /* false: nothing is known of it; all that follows is 0 */
	int64_t findings;
	int64_t uncontrolled_now, uncontrolled_then;
	int64_t to_uncontrolled, to_controlled; /* that are it then and are not now */
	int64_t reopened; /* whose decision is in force now and not then */
};

struct tu_device_try {
	/* set before */
	const struct tu_list_scope *scope;
	struct tu_str device, text; /* its name; the new device.yaml */
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	/* what would be, in the work's arena */
	const struct tu_str *lowers; /* what of its protection (device/policy_lowers.h) */
	size_t lower_count;
	const struct tu_try_release *releases; /* those with an SBOM */
	size_t release_count;
	size_t without_sbom;
};

/* TU_E_NOTFOUND: no such device in the scope; errors of the text as of tu_device_put();
 * TU_E_USAGE: it is that of another device. */
TU_NODISCARD enum tu_status tu_device_try(
	struct tu_work *w, struct tu_device_try *out, struct tu_error *err);

#endif
