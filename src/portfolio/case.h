/*
 * Cases: the work on one vulnerability over all releases of all devices.
 *
 * Which releases it is about, and how they stand, follows from facts and decisions; its deadlines
 * follow from the events of the decisions and the rows of src/deadline. A case closes by rule: who
 * closes it gets the list of conditions that are still open.
 *
 * A case has a part for each device, with its own owner, state and time at which the maker learned
 * of it. Who sees some devices (`scope`) sees the case of their parts and nothing of the others:
 * without one there is no case. The case of a scope is open while one of its parts is; its version
 * is the sum of theirs, so it changes when any of them does and with nothing else. What is done to
 * it is done to the parts of the scope.
 *
 * A case that was opened by somebody who sees all devices is about every device that has the
 * vulnerability, also later; else about those of the scope, and later about devices that share a
 * team with one of them.
 *
 * A case of our own (case_own.h) is about what no knowledge base has a name for.
 */
#ifndef TU_PORTFOLIO_CASE_H
#define TU_PORTFOLIO_CASE_H

#include "list/query.h"
#include "portfolio/assessment.h"

/* Of one device; texts are in the work's arena. */
struct tu_case_part {
	int64_t device_id;
	struct tu_str device; /* its name */
	int64_t owner_id; /* 0: nobody */
	struct tu_str owner, owner_public; /* login and public id */
	bool closed;
	int64_t learned_at, opened, closed_at; /* us; closed_at 0: it is open */
	int64_t version;
};

/* The case of a scope. Texts are in the work's arena. */
struct tu_case_row {
	int64_t id, vuln_id;
	bool own; /* case_own.h */
	struct tu_str public_id, vuln;
	const struct tu_list_scope *scope; /* NULL: everything */
	const struct tu_kb *kb; /* set before following: who knows of exploitation; NULL: decisions
				   alone */
	struct {
		TU_VEC(struct tu_case_part) list; /* those in the scope, by device; at least one */
	} parts;
	/* of the parts */
	int64_t owner_id; /* the first that there is; 0: nobody */
	struct tu_str owner, owner_public;
	bool closed; /* all of them are */
	int64_t learned_at, opened; /* us; the earliest */
	int64_t closed_at; /* us; the latest; 0: it is open */
	int64_t version;
};

struct tu_case_opening {
	struct tu_str vuln;
	int64_t learned_at; /* us */
	const struct tu_list_scope *scope; /* of who opens it; NULL: everything */
	const struct tu_kb *kb; /* NULL: none */
};

/* Open the case of a vulnerability that a device of the scope has. TU_E_NOTFOUND: none has it;
 * TU_E_CONFLICT when the case is about all of them already; one that is about some of them gets the
 * others. What follows is filled in. */
TU_NODISCARD enum tu_status tu_case_open(struct tu_work *w, const struct tu_case_opening *opening,
	struct tu_case_row *out_row, struct tu_error *err);
/* By the vulnerability's name or the public id, in a scope (NULL: everything). TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_case_find_in(struct tu_work *w, struct tu_str vuln_or_public,
	const struct tu_list_scope *scope, struct tu_case_row *out_row, struct tu_error *err);
/* The same where everything is seen. */
TU_NODISCARD enum tu_status tu_case_find(
	struct tu_work *w, struct tu_str vuln, struct tu_case_row *out_row, struct tu_error *err);

/* Who answers for it: 0 for nobody. TU_E_CONFLICT when row->version is not the present one; `row`
 * is as it is then. */
TU_NODISCARD enum tu_status tu_case_assign(
	struct tu_work *w, struct tu_case_row *row, int64_t owner_id, struct tu_error *err);

struct tu_case_item {
	const char *kind; /* "note", "event", "evidence", "communication", "statement" */
	struct tu_str name, text;
	int64_t document_id; /* 0: none */
	int64_t device_id; /* the one that it is about; 0: whoever sees the case sees it */
};
/* Items are added, never changed. Who does not see everything cannot add one that all see: it is
 * about the only device of the scope, or TU_E_USAGE. */
TU_NODISCARD enum tu_status tu_case_add(struct tu_work *w, const struct tu_case_row *row,
	const struct tu_case_item *item, struct tu_error *err);

/* Bring devices, releases, which later release fixes each, and deadlines up to what facts and
 * decisions say, whatever the scope. A release fixes an earlier one that is affected when it was
 * released, has a settled SBOM, needs nothing for the vulnerability, and the data know its versions
 * of the affected packages. A closed part that could not be closed now, by any of its conditions,
 * is opened, and recorded. Deadlines that have started stay. */
TU_NODISCARD enum tu_status tu_case_follow(
	struct tu_work *w, struct tu_case_row *row, struct tu_error *err);

enum tu_case_need {
	TU_CASE_NEEDS_OWNER,
	TU_CASE_NEEDS_DECISION, /* of a release */
	TU_CASE_NEEDS_FIX,
	TU_CASE_NEEDS_UNITS_KNOWN,
	TU_CASE_NEEDS_UNITS_FIXED,
	TU_CASE_NEEDS_DEADLINE, /* to be met */
	TU_CASE_NEEDS
};
const char *tu_case_need_name(enum tu_case_need need); /* "owner", "decision", … */

/* What keeps a case open: an owner, a release that is not assessed, one that is affected and whose
 * risk is uncontrolled as long as units have it, a deadline that is not met. */
struct tu_case_condition {
	enum tu_case_need need;
	int64_t device_id;
	struct tu_str device;
	struct tu_str of; /* the release or the deadline's rule; empty for an owner */
	struct tu_str words; /* a sentence */
};
struct tu_case_conditions {
	TU_VEC(struct tu_case_condition) list; /* in the work's arena */
};
/* Those of the row's parts. */
TU_NODISCARD enum tu_status tu_case_open_conditions(struct tu_work *w,
	const struct tu_case_row *row, struct tu_case_conditions *out, struct tu_error *err);
/* Close it after it was brought up to date. TU_E_USAGE when a condition is open; they are in
 * `*out`. TU_E_CONFLICT as above. */
TU_NODISCARD enum tu_status tu_case_close(struct tu_work *w, struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err);

/* ---- parts of it ---- */

/* Of case_row.c: whoever writes anything of a case says so (portfolio/case_index.h). */
TU_NODISCARD enum tu_status tu_case__touch(
	struct tu_work *w, int64_t case_id, struct tu_error *err);
/* Read the parts again. TU_E_NOTFOUND: none is in the scope. */
TU_NODISCARD enum tu_status tu_case__read_parts(
	struct tu_work *w, struct tu_case_row *row, struct tu_error *err);
/* Add parts for devices that have the vulnerability: those that the case is about, or where
 * `opening` is not NULL those of its scope. */
TU_NODISCARD enum tu_status tu_case__join(struct tu_work *w, struct tu_case_row *row,
	const struct tu_case_opening *opening, struct tu_error *err);
/* Of case_own.c: how the releases of a case of our own stand, by the decisions that name them. */
TU_NODISCARD enum tu_status tu_case__follow_own(
	struct tu_work *w, const struct tu_case_row *row, struct tu_error *err);
/* Of case_deadlines.c: part of tu_case_follow(). */
TU_NODISCARD enum tu_status tu_case__follow_deadlines(
	struct tu_work *w, const struct tu_case_row *row, struct tu_error *err);
/* The same for one device, whose deadlines were run. */
struct tu_deadlines;
TU_NODISCARD enum tu_status tu_case__store_deadlines(struct tu_work *w,
	const struct tu_case_row *row, int64_t device_id, const struct tu_deadlines *clocks,
	struct tu_error *err);

/* Of a vulnerability without a case, by the name that its decisions give it. */
TU_NODISCARD enum tu_status tu_deadlines__keep(struct tu_work *w, int64_t device_id,
	struct tu_str vuln, const struct tu_deadlines *clocks, struct tu_error *err);

/* A record of the case, as public as a vulnerability's name; which devices, by their ids. `before`
 * NULL: there was none. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_case__record(struct tu_work *w, const struct tu_case_row *row,
	const char *action, const char *before, struct tu_str after);
/* Add a record that changes it: the case and, where lists have it, its vulnerability. The record's
 * member "device" or "devices" says which parts it is about; without, it is about all of them.
 * TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_case__record_add(struct tu_record *record, struct tu_work *w,
	const struct tu_case_row *row, struct tu_error *err);

static inline bool tu_case__has(const struct tu_case_row *row, int64_t device_id)
{
	for (size_t i = 0; i < row->parts.list.count; i++)
		if (row->parts.list.at[i].device_id == device_id)
			return true;
	return false;
}

#endif
