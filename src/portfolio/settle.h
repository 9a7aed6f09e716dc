/*
 * Settling a release: which decision applies to which of its findings, and how severe the harm by
 * each of its components could be, as tu_assess() has it for the device, its assessments and the
 * knowledge base as they are.
 *
 * So carrying to later releases and re-opening follow by themselves: a release is settled when its
 * SBOM, its device, an assessment or a fact of one of its components changed.
 *
 * Approved assessments decide. A proposed one makes a finding "proposed" where no approved one
 * applies to it. Where assessments contradict each other on a finding, none of them applies: all is
 * open, and the record says why.
 */
#ifndef TU_PORTFOLIO_SETTLE_H
#define TU_PORTFOLIO_SETTLE_H

#include "portfolio/assessment.h"
#include "portfolio/knowledge.h"
#include "portfolio/prepare.h"
#include "portfolio/release.h"

/* Who unpacks and reads an SBOM, as it was received (plain, gzip or zstd): the program in a
 * sandbox. NULL: in place. */
struct tu_sbom_reader {
	enum tu_status (*read)(void *self, struct tu_arena *arena, struct tu_str bytes,
		const struct tu_inventory **out_inventory, struct tu_error *err);
	void *self;
};

/* What settling releases of one device needs. */
struct tu_settling {
	const struct tu_device_row *device;
	const struct tu_device *model;
	struct tu_assessment_rows assessments;
	const struct tu_kb *kb;
	int64_t knowledge_id;
	const struct tu_sbom_reader *reader;
	bool strict; /* a contradiction is an error */
};

struct tu_settled {
	size_t components, new_components, findings;
	size_t decided, carried, reopened, proposed;
	struct tu_str conflict; /* why nothing applies; empty: no contradiction */
};

/* The device's text and assessments, and the current knowledge base, which `kb` must be:
 * TU_E_CONFLICT when it is not (any more). All in the work's arena. Until the transaction ends
 * nobody names another knowledge base, and nobody else settles releases of this device. */
TU_NODISCARD enum tu_status tu_settling_begin(struct tu_work *w, const struct tu_device_row *device,
	const struct tu_kb *kb, struct tu_settling *out, struct tu_error *err);

/* What is made of a vulnerability in a component, by whom. */
struct tu_verdict_row {
	uint32_t component; /* index of the prepared ones */
	struct tu_str vuln;
	const struct tu_assessment_row *by;
	const char *state; /* of the table: "decided", … */
	const char *status, *risk;
	int64_t harm;
	const char *reopen; /* NULL: it applies */
};

struct tu_settle {
	const struct tu_settling *by;
	const struct tu_release_row *release; /* which has an SBOM */
	struct tu_prepared *prepared; /* of its SBOM; NULL: the stored document is read */
	struct tu_settled settled; /* what came of it */
	/* in between */
	const struct tu_verdict_row *rows;
	size_t row_count;
	const uint8_t *harms; /* by prepared component: enum tu_harm, 0 where nothing is found */
};

/* Write references, new components with their facts, and decisions of a release. Puts nothing into
 * the ledger: the caller's record has a change "release". */
TU_NODISCARD enum tu_status tu_settle(
	struct tu_work *w, struct tu_settle *settle, struct tu_error *err);
/* The same with a record "release.settle". */
TU_NODISCARD enum tu_status tu_settle_and_record(
	struct tu_work *w, struct tu_settle *settle, struct tu_error *err);
/* Every release of the device that has an SBOM. */
TU_NODISCARD enum tu_status tu_settle_device(
	struct tu_work *w, const struct tu_settling *settling, struct tu_error *err);

/* Read the bytes of an SBOM as they were received, packed or not. */
TU_NODISCARD enum tu_status tu_settle_read(struct tu_arena *arena,
	const struct tu_settling *settling, struct tu_str bytes,
	const struct tu_inventory **out_inventory, struct tu_error *err);
/* Read a release's SBOM and prepare it. */
TU_NODISCARD enum tu_status tu_settle_prepare(struct tu_work *w, const struct tu_settling *settling,
	const struct tu_release_row *release, struct tu_prepared *out, struct tu_error *err);

/* The member "after" of a record. */
void tu_settled_write(struct tu_json_writer *json, const struct tu_settled *settled);

/* ---- parts ---- */

/* Of assess_release.c: what tu_app_assess_read() asks for, of settle->by, release and prepared,
 * with the approved assessments. `answer` is zeroed before. */
struct tu_assess_answer;
TU_NODISCARD enum tu_status tu_settle__fill(struct tu_work *w, const struct tu_settle *settle,
	struct tu_assess_answer *answer, struct tu_error *err);
/* Of assess_release.c: rows and harms. */
TU_NODISCARD enum tu_status tu_settle__assess(
	struct tu_work *w, struct tu_settle *settle, struct tu_error *err);
/* Of components.c: components and facts that are new, references; fills in the ids. */
TU_NODISCARD enum tu_status tu_settle__components(
	struct tu_work *w, struct tu_settle *settle, struct tu_error *err);
/* Put vulnerabilities that are not there yet; `indexes` of the knowledge base, may repeat. */
TU_NODISCARD enum tu_status tu_settle__vulns(struct tu_work *w, const struct tu_kb *kb,
	uint32_t *indexes, size_t count, struct tu_error *err);

#endif
