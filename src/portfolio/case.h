/*
 * Cases: the work on one vulnerability over all releases of all devices.
 *
 * Which releases it is about, and how they stand, follows from facts and decisions; its deadlines
 * follow from the events of the decisions and the rows of src/deadline. A case closes by rule: who
 * closes it gets the list of conditions that are still open.
 */
#ifndef TU_PORTFOLIO_CASE_H
#define TU_PORTFOLIO_CASE_H

#include "portfolio/assessment.h"

/* Texts are in the work's arena. */
struct tu_case_row {
	int64_t id, vuln_id;
	struct tu_str public_id, vuln;
	int64_t owner_id; /* 0: nobody */
	bool closed;
	int64_t learned_at; /* us */
	int64_t version;
};

/* Open the case of a vulnerability that the store knows. TU_E_NOTFOUND; TU_E_USAGE when it has one.
 * What follows is filled in. `learned_at` in us. */
TU_NODISCARD enum tu_status tu_case_open(struct tu_work *w, struct tu_str vuln, int64_t learned_at,
	struct tu_case_row *out_row, struct tu_error *err);
/* By the vulnerability's name. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_case_find(
	struct tu_work *w, struct tu_str vuln, struct tu_case_row *out_row, struct tu_error *err);

/* Who answers for it. TU_E_CONFLICT when row->version is not the present one; `row` is as it is
 * then. */
TU_NODISCARD enum tu_status tu_case_assign(
	struct tu_work *w, struct tu_case_row *row, int64_t owner_id, struct tu_error *err);

struct tu_case_item {
	const char *kind; /* "note", "event", "evidence", "communication", "statement" */
	struct tu_str name, text;
	int64_t document_id; /* 0: none */
};
/* Items are added, never changed. */
TU_NODISCARD enum tu_status tu_case_add(struct tu_work *w, const struct tu_case_row *row,
	const struct tu_case_item *item, struct tu_error *err);

/* Bring releases, which later release fixes each, and deadlines up to what facts and decisions say.
 * A release fixes an earlier one that is affected when it was released, has a settled SBOM, needs
 * nothing for the vulnerability, and the data know its versions of the affected packages. A closed
 * case that could not be closed now, by any of its conditions, is opened, and recorded. Deadlines
 * that have started stay.
 */
TU_NODISCARD enum tu_status tu_case_follow(
	struct tu_work *w, struct tu_case_row *row, struct tu_error *err);

/* What keeps a case open, in words: an owner, a release that is not assessed, one that is affected
 * and whose risk is uncontrolled as long as units have it, a deadline that is not met. */
struct tu_case_conditions {
	TU_VEC(struct tu_str) list; /* in the work's arena */
};
TU_NODISCARD enum tu_status tu_case_open_conditions(struct tu_work *w,
	const struct tu_case_row *row, struct tu_case_conditions *out, struct tu_error *err);
/* Close it after it was brought up to date. TU_E_USAGE when a condition is open; they are in
 * `*out`. TU_E_CONFLICT as above. */
TU_NODISCARD enum tu_status tu_case_close(struct tu_work *w, struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err);

/* Part of tu_case_follow(), of case_deadlines.c. */
TU_NODISCARD enum tu_status tu_case__follow_deadlines(
	struct tu_work *w, const struct tu_case_row *row, struct tu_error *err);

#endif
