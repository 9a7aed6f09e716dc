/*
 * The deadlines of the portfolio: those of every device in a scope, by its decisions, the events
 * that decisions and people record, and the knowledge base.
 *
 * Reports from outside have one, too: to be acknowledged. One that is about no device is seen by
 * who sees everything.
 *
 * One that has started is listed for ever: also one whose row device.yaml has no longer. What is
 * not known is said: markets without rules, events that no row knows, findings that nobody has
 * decided.
 */
#ifndef TU_PORTFOLIO_DEADLINES_H
#define TU_PORTFOLIO_DEADLINES_H

#include "app/deadlines.h"
#include "portfolio/case.h"

/* The device of which it is, as its deadlines need it. In the work's arena. */
struct tu_deadline_device {
	struct tu_device_row row;
	/* Why they are not computed: what the store has of it cannot be read; empty: they are.
	 * Only what is stored of them is listed then, and `model` says nothing. */
	struct tu_str unread;
	const struct tu_device *model;
	struct tu_deadlines_of of; /* cases, gaps */
};

/* Texts are in the work's arena. */
struct tu_deadline_seen {
	/* of a signal about none: one without id and name, whose days end by UTC */
	const struct tu_deadline_device *device;
	struct tu_str vuln; /* empty: of a signal that is not confirmed */
	struct tu_str signal; /* public id of the report to be acknowledged; empty: of none */
	struct tu_str case_public; /* empty: no case is open on it */
	const struct tu_deadline *deadline;
	const struct tu_deadline_case *of; /* NULL: it is gone */
	struct tu_str key; /* names it: device, vulnerability, rule, start */
	bool gone; /* device.yaml has no such row any more */
};

struct tu_deadline_filter {
	const struct tu_list_scope *scope; /* NULL: everything */
	struct tu_str device; /* empty: all */
	struct tu_str vuln; /* empty: all */
	struct tu_str rule;
	uint32_t states; /* 1 << enum tu_deadline_state; 0: all */
	bool open_only; /* something is still to be done */
	int64_t due_before, due_after; /* seconds; 0: any */
};

struct tu_deadlines_seen {
	TU_VEC(struct tu_deadline_seen) list; /* the most urgent first */
	TU_VEC(const struct tu_deadline_device *) devices; /* that were looked at, by name */
};

/* What it is about, for a line of text: the vulnerability, or "report 0a1b2c…" of a signal. In
 * `storage` where it has no place of its own. */
enum { TU_DEADLINE_SUBJECT = 64 };
struct tu_str tu_deadline_subject(
	const struct tu_deadline_seen *seen, char storage[TU_DEADLINE_SUBJECT]);

/* TU_E_NOTFOUND: a device that is named is not in the scope. `kb` NULL: as of
 * tu_deadlines_of_folder(). */
TU_NODISCARD enum tu_status tu_deadline_list(struct tu_work *w, const struct tu_kb *kb,
	const struct tu_deadline_filter *filter, struct tu_deadlines_seen *out,
	struct tu_error *err);

/* What tu_deadline_list() would give for a filter, from what it gave without any; `*out` is in the
 * arena and of the same devices. TU_E_NOTFOUND as above. */
struct tu_deadline_picking {
	const struct tu_kb *kb;
	const struct tu_deadlines_seen *all;
	const struct tu_deadline_filter *filter;
};
TU_NODISCARD enum tu_status tu_deadline_pick(struct tu_arena *arena,
	const struct tu_deadline_picking *from, struct tu_deadlines_seen *out,
	struct tu_error *err);

/* Model, cases and deadlines of one device; an error where they cannot be read. */
TU_NODISCARD enum tu_status tu_deadline_device(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_kb *kb, struct tu_deadline_device *out, struct tu_error *err);
/* The same, for who asks for others, too: what cannot be read is out->unread. */
TU_NODISCARD enum tu_status tu_deadline_device_or_gap(struct tu_work *w,
	const struct tu_device_row *row, const struct tu_kb *kb, struct tu_deadline_device *out,
	struct tu_error *err);

/* The first instant after `now` at which something happens that is stated for later: what the case
 * is of, or what the knowledge base says of it (NULL: nothing). Seconds; 0: nothing does. */
int64_t tu_deadline_case_next(
	const struct tu_kb *kb, const struct tu_deadline_case *c, int64_t now);

/* ---- what was kept ---- */

/* One that is stored and that the engine gives no more: of a rule that device.yaml has no longer,
 * or one that nothing starts any more (an exploitation that no catalogue lists now). It stays, and
 * events meet and waive it as before. */
struct tu_deadline_kept {
	struct tu_str vuln, case_public;
	int64_t case_id; /* 0: it is kept without one */
	int64_t stored; /* when it was over, as it is stored; us, 0: it was not */
	int64_t met; /* as it is by the events; us, 0: it is not */
	struct tu_deadline deadline;
	bool gone; /* as of struct tu_deadline_seen */
};
struct tu_deadlines_kept {
	TU_VEC(struct tu_deadline_kept) list; /* by vulnerability, rule and start */
};
/* Those of a device; its model, cases and further events are read. */
TU_NODISCARD enum tu_status tu_deadline_kept(struct tu_work *w,
	const struct tu_deadline_device *device, const struct tu_kb *kb,
	struct tu_deadlines_kept *out, struct tu_error *err);
/* The same vulnerability, by its name or what the knowledge base knows it by? `kb` NULL: by name.
 */
bool tu_deadline_same_vuln(const struct tu_kb *kb, struct tu_str a, struct tu_str b);

/* ---- events ---- */

/* An event stays as it was recorded. What was wrong is corrected by another one, which names it and
 * says why; `taken_back`: it says that what it names did not happen, and is none itself. */
struct tu_case_event_seen {
	struct tu_str public_id, vuln, author;
	struct tu_case_event event; /* at: seconds; `corrected` where another one replaces it */
	int64_t recorded; /* us */
	int64_t id, replaces_id; /* of rows; 0: it replaces none */
	struct tu_str replaces, replaced_by; /* public ids, or empty */
	struct tu_str reason; /* of a correction */
	bool taken_back;
	const struct tu_case_part *part; /* of tu_case_event_find(); else NULL */
};
struct tu_case_events {
	TU_VEC(struct tu_case_event_seen) list;
};
/* Those that people recorded for a device, in that order, with the corrections. */
TU_NODISCARD enum tu_status tu_case_events(
	struct tu_work *w, int64_t device_id, struct tu_case_events *out, struct tu_error *err);
/* The same as what deadlines are run with: `of->more`. */
TU_NODISCARD enum tu_status tu_case_more_events(
	struct tu_work *w, int64_t device_id, struct tu_deadlines_of *of, struct tu_error *err);

/* Record one for a device of a case, as `decide --event` does for a decision. TU_E_USAGE: no
 * deadline of the device knows it, it states what is no word for it, it is of the future or of
 * 1970; the message names what there is. `*out_warning`: why it ends no deadline, or that it ends
 * one that had not begun; empty: nothing is missing. The case is followed. */
struct tu_case_recording {
	const struct tu_case_row *row;
	const struct tu_case_part *part;
	const struct tu_kb *kb;
	struct tu_case_event event;
	const struct tu_case_event_seen *replaces; /* NULL: it is a new one */
	bool taken_back;
};
TU_NODISCARD enum tu_status tu_case_record_event(struct tu_work *w,
	const struct tu_case_recording *recording, struct tu_str *out_warning,
	struct tu_error *err);

/* An event of the case's parts by its public id, with the part. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_case_event_find(struct tu_work *w, const struct tu_case_row *row,
	struct tu_str public_id, struct tu_case_event_seen *out_event, struct tu_error *err);
/* Correct recording->replaces by recording->event, or take it back, for the act's reason; both
 * stay. TU_E_USAGE as above, without a reason, or where what is taken back is no event;
 * TU_E_CONFLICT: somebody has corrected it already. */
TU_NODISCARD enum tu_status tu_case_correct_event(struct tu_work *w,
	const struct tu_case_recording *recording, struct tu_str *out_warning,
	struct tu_error *err);

#endif
