/*
 * Decisions as rows: of the whole portfolio or of one device, whatever became of them; and one with
 * its text and its signatures.
 */
#ifndef TU_PORTFOLIO_HISTORY_H
#define TU_PORTFOLIO_HISTORY_H

#include "portfolio/page.h"
#include "portfolio/approve.h"

/* Texts are in the work's arena. Times in us. */
struct tu_decision_row {
	struct tu_str public_id;
	int64_t device_id;
	struct tu_str device, name; /* of the decision's file */
	struct tu_str vulnerability, status, risk;
	int64_t harm; /* enum tu_harm */
	struct tu_str state; /* "proposed", "approved", "rejected", "superseded" */
	struct tu_str author; /* as recorded */
	int64_t created, version;
	struct tu_str signed_by, zone; /* who approved it last; empty: nobody */
	int64_t signed_at; /* 0: nobody */
	int64_t findings, reopened; /* to how many it applies now; in how many it is open again */
};

struct tu_decision_rows {
	const struct tu_decision_row *at;
	size_t count;
};

/* Of a device that whoever asks sees, by its name; the newest first. */
TU_NODISCARD enum tu_status tu_decision_rows(struct tu_work *w, struct tu_str device,
	struct tu_decision_rows *out, struct tu_error *err);

/* A page of them (portfolio/page.h): by when they were written; filters device, state and
 * vulnerability, in any case. */
TU_NODISCARD enum tu_status tu_decision_page(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_decision_rows *out, struct tu_page_total *out_total, struct tu_error *err);

struct tu_decision_seen {
	struct tu_decision_row row;
	struct tu_str author_name; /* printed name, else login; may be empty */
	struct tu_str text;
	const struct tu_decision *decision;
	uint8_t digest[TU_SHA256_BYTES];
	uint32_t approvals, needed;
	const struct tu_proposal_approval *by;
	size_t by_count; /* also an approval that does not count any more */
};

/* By public id. TU_E_NOTFOUND: there is none, or it is not in the scope. */
TU_NODISCARD enum tu_status tu_decision_open(struct tu_work *w, struct tu_str public_id,
	const struct tu_list_scope *scope, struct tu_decision_seen *out, struct tu_error *err);

#endif
