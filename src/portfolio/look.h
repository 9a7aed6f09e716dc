/*
 * Looking at a release: its findings put to the device and its assessments as they are now, as
 * settling it would, with everything that led there. Writes nothing. No statement closes a finding,
 * as in settling: whatever is listed is found, can be decided, and is the same in every report.
 *
 * A finding is named by three texts: the public id of the release, the name of the vulnerability
 * (or another of its names), and the first 32 hexadecimal digits of the component's key
 * (portfolio/identity.h), which is the same in every release and every store.
 *
 * What is not in the scope is TU_E_NOTFOUND, in the words of what does not exist.
 */
#ifndef TU_PORTFOLIO_LOOK_H
#define TU_PORTFOLIO_LOOK_H

#include "app/assess.h"
#include "list/query.h"
#include "portfolio/settle.h"

enum { TU_COMPONENT_DIGITS = 2 * TU_LIST_KEY };

/* All in the work's arena. */
struct tu_look {
	/* set before */
	const struct tu_list_scope *scope; /* NULL: everything */
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	bool to_write; /* nobody else settles this device until the transaction ends, and `kb` must
			  be the current one: as tu_settling_begin() */

	struct tu_device_row device;
	struct tu_release_row release;
	struct tu_settling settling;
	struct tu_prepared prepared;
	struct tu_assess_answer answer; /* by the approved assessments */
	/* With the proposals, too; the same where there are none. NULL: they contradict each other
	 * or an approved one, as `conflict` says. */
	const struct tu_assess_result *with_proposals;
	/* Not empty: two assessments contradict each other. Are both approved, then none is
	 * applied, as in settling. */
	struct tu_str conflict;
};

/* Open a release by its public id. TU_E_NOTFOUND: there is none, or it has no SBOM. */
TU_NODISCARD enum tu_status tu_look_open(
	struct tu_work *w, struct tu_str release, struct tu_look *look, struct tu_error *err);
/* Another release of the same device, with what is known of the device. Copies `from`; `release`
 * has an SBOM. */
TU_NODISCARD enum tu_status tu_look_again(struct tu_work *w, const struct tu_look *from,
	const struct tu_release_row *release, struct tu_look *out, struct tu_error *err);

/* Components that are the same to the matcher may be in the SBOM several times and be decided
 * differently. The one that is least decided counts for all. */
struct tu_look_finding {
	const struct tu_assessment *assessment;
	const struct tu_assessment *proposed; /* the same with the proposals; NULL as above */
	const struct tu_report_row *row;
	const struct tu_prepared_component *component;
};

/* TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_look_find(const struct tu_look *look, struct tu_str vulnerability,
	struct tu_str component, struct tu_look_finding *out, struct tu_error *err);
/* The same in a result of this look with other decisions; NULL: it is not there. */
const struct tu_assessment *tu_look_in(const struct tu_look *look,
	const struct tu_assess_result *result, const struct tu_look_finding *finding);

/* The assessment of a decision; NULL: it is none of this device. */
const struct tu_assessment_row *tu_look_row(
	const struct tu_look *look, const struct tu_decision *decision);

/* Append the digits of a component's key. */
void tu_look_write_component(const uint8_t key[TU_LIST_KEY], struct tu_buf *out);

/* "A finding's id": "CVE-2024-1234/<component>/<release>", as paths and bodies have it. */
struct tu_finding_name {
	struct tu_str vulnerability, component, release;
};
/* False: it is none. Borrows the text. */
bool tu_finding_name_read(struct tu_str text, struct tu_finding_name *out);
void tu_finding_name_write(const struct tu_finding_name *name, struct tu_buf *out);

#endif
