/*
 * Clocks: deadlines that law, guidance or the maker sets, as rows of data and one engine.
 *
 * A row says from which event on it runs, for how long, what stops it and which evidence it wants.
 * Everything is a pure function of the row, the events and the time that the caller gives: to look
 * at a clock never moves it. Sources: reference rows in src/deadline/rules.c;
 * docs/internals/assess.md.
 *
 * Threads: everything here is pure.
 */
#ifndef TUTELA_DEADLINE_H
#define TUTELA_DEADLINE_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/decision.h>
#include <tutela/device.h>
#include <tutela/error.h>
#include <tutela/str.h>

TU_BEGIN_C

enum tu_deadline_unit {
	TU_DEADLINE_HOURS, /* to the second */
	TU_DEADLINE_DAYS, /* calendar days: to the end of the last one */
	TU_DEADLINE_WORKING_DAYS, /* Monday to Friday without holidays: to the end of the last one
				   */
	TU_DEADLINE_MONTHS /* the same day of a later month, or that month's last */
};

/* Where days begin and end, and which are no working days. */
struct tu_calendar {
	int32_t zone_minutes; /* east of UTC */
	const int64_t *holidays; /* days since 1970, rising */
	size_t holiday_count;
};

enum tu_deadline_product { TU_DEADLINE_ANY, TU_DEADLINE_DEVICE, TU_DEADLINE_NOT_DEVICE };
enum tu_deadline_when {
	TU_WHEN_ALWAYS,
	TU_WHEN_UNCONTROLLED,
	TU_WHEN_CONTROLLED,
	TU_WHEN_EXPLOITED
};

enum { TU_DEADLINE_EVIDENCE_MAX = 6 };

struct tu_deadline_rule {
	const char *id; /* "fda-30" */
	const char *title;
	const char *source; /* document and clause */
	const char *jurisdiction; /* "US", "EU"; "" everywhere */
	enum tu_deadline_product product;
	enum tu_deadline_when when;
	const char *start; /* event; "learned" is learned_at */
	uint32_t amount;
	enum tu_deadline_unit unit;
	const char *stop; /* the event that meets it */
	/* Further events that must have happened by then, and with "stop:word" what the stop
	 * event's contents must have. */
	const char *evidence[TU_DEADLINE_EVIDENCE_MAX];
	bool waivable; /* by the four conditions of FDA's postmarket guidance, VII.B */
	int64_t from; /* starts before this do not count: the rule was not in force. 0: always */
};

enum tu_deadline_state {
	TU_DEADLINE_WAITING, /* its start event has not happened */
	TU_DEADLINE_RUNNING,
	TU_DEADLINE_MET,
	TU_DEADLINE_MISSED, /* also when everything was done later */
	TU_DEADLINE_WAIVED, /* the conditions under which it is not enforced hold */
	TU_DEADLINE_CONDITIONAL /* whether it is waived is still open */
};

/* What clocks run on: one vulnerability in one device, from all its decisions. */
struct tu_deadline_case {
	struct tu_str vulnerability;
	enum tu_risk risk; /* the worst of them */
	bool closed; /* decided, and affected nowhere */
	bool exploited; /* known to be exploited */
	int64_t exploited_since; /* when that was known, where no event "exploitation-known" says
				    it; 0: not stated, taken as learned */
	int64_t learned; /* the earliest learned_at, corrected; 0: not recorded */
	const struct tu_case_event *const *events; /* of all decisions, by time */
	size_t event_count;
	const struct tu_decision *const *decisions; /* all of it, in the order given */
	size_t decision_count;
};

struct tu_deadline {
	const struct tu_deadline_rule *rule;
	enum tu_deadline_state state;
	int64_t start; /* 0: has not started */
	int64_t due; /* 0: has not started */
	int64_t stopped; /* when the stop event and all evidence were there; 0: not yet */
	const char *const *lacking; /* evidence that is not there, in the words of the rule */
	size_t lacking_count;
	struct tu_str note; /* why it is waived, or what makes it due; may be empty */
};

struct tu_deadlines {
	const struct tu_deadline *at;
	size_t count;
};

/* When a span of time ends. TU_TIME_MAX of base/time.h at the most. */
TU_API int64_t tu_deadline_due(const struct tu_calendar *calendar, int64_t start, uint32_t amount,
	enum tu_deadline_unit unit);

/* The n-th built-in row; NULL after the last. */
TU_API const struct tu_deadline_rule *tu_deadline_rule_at(size_t index);
/* All rows for a device: the built-in ones that its markets and kind have, then its own. */
TU_API TU_NODISCARD enum tu_status tu_deadline_rules(struct tu_arena *arena,
	const struct tu_device *device, const struct tu_deadline_rule *const **out_rules,
	size_t *out_count, struct tu_error *err);

/* Does a row concern a risk, apart from its start event? */
TU_API bool tu_deadline_concerns(
	const struct tu_deadline_rule *rule, enum tu_risk risk, bool exploited);

/* Every clock of a case at a time: those that the case concerns and, of those that start at an
 * event other than "learned", the ones that have started or are waivable. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_deadlines_run(struct tu_arena *arena,
	const struct tu_device *device, const struct tu_deadline_case *c, int64_t at,
	struct tu_deadlines *out_clocks, struct tu_error *err);

/* Gather cases from decisions: one for each vulnerability, in the order of the decisions.
 * `decisions` that are superseded add their events and their learned_at. */
TU_API TU_NODISCARD enum tu_status tu_deadline_cases(struct tu_arena *arena,
	const struct tu_decision *const *decisions, size_t decision_count,
	const struct tu_deadline_case **out_cases, size_t *out_count, struct tu_error *err);

/* Negative when deadline `a` comes before `b` in a list: missed and still open, missed and done
 * later, running, conditional, waiting, met, waived; within each the earlier due date first. */
TU_API int tu_deadline_compare(const struct tu_deadline *a, const struct tu_deadline *b);
/* Is something still to be done for it: running, or missed and not done since? */
TU_API bool tu_deadline_is_open(const struct tu_deadline *deadline);

/* "waiting", "running", "met", …: static storage. */
TU_API const char *tu_deadline_state_name(enum tu_deadline_state state);
TU_API const char *tu_deadline_unit_name(enum tu_deadline_unit unit);

TU_END_C

#endif
