/*
 * Deadlines that law, guidance or the maker sets, as rows of data and one engine.
 *
 * A row says from which event on it runs, for how long, what stops it and which evidence it wants.
 * Everything is a pure function of the row, the events and the time that the caller gives: looking
 * at a deadline never moves it. One that has started is listed for ever: it is running, then met,
 * waived for a reason, or missed; what is done after it was missed is shown with its delay. Rows
 * and their sources: src/deadline/rules.c; how they are applied: docs/internals/assess.md.
 *
 * Threads: everything here is pure.
 */
#ifndef TUTELA_DEADLINE_H
#define TUTELA_DEADLINE_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/bod2604.h>
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
	struct tu_zone zone;
	const int64_t *holidays; /* days since 1970, rising */
	size_t holiday_count;
	bool us_federal; /* the legal public holidays of 5 U.S.C. 6103 as well, as observed */
};

/* Which days are no working days of a row, besides Saturdays and Sundays. */
enum tu_deadline_days {
	TU_DAYS_OF_MAKER, /* the policy's `holidays` */
	TU_DAYS_WEEKDAYS, /* none */
	TU_DAYS_US_FEDERAL /* federal holidays: 21 CFR 803.3 */
};

enum tu_deadline_product { TU_DEADLINE_ANY, TU_DEADLINE_DEVICE, TU_DEADLINE_NOT_DEVICE };
enum tu_deadline_when {
	TU_WHEN_ALWAYS,
	TU_WHEN_UNCONTROLLED,
	TU_WHEN_CONTROLLED,
	TU_WHEN_EXPLOITED,
	TU_WHEN_FEDERAL /* BOD 26-04 gives as many days as the row has */
};

enum { TU_DEADLINE_EVIDENCE_MAX = 6, TU_DEADLINE_START_MAX = 5 };

/* Events are named by a word; "WORD:TEXT" is an event whose contents state TEXT. */
struct tu_deadline_rule {
	const char *id; /* "fda-30" */
	const char *title;
	const char *source; /* document and clause */
	const char *jurisdiction; /* "US", "EU", as of tutela/market.h; "" everywhere */
	enum tu_deadline_product product;
	enum tu_deadline_when when;
	const char *catalogue; /* TU_WHEN_EXPLOITED: by this one; NULL: by any */
	const char *start; /* event; "learned" is learned_at */
	const char *start_too[TU_DEADLINE_START_MAX]; /* the earliest of all these starts it */
	bool aware; /* it does not start before the exploitation is known */
	bool each; /* every start event has a deadline of its own, and a stop event ends one */
	bool announced; /* shown before it starts where the risk is uncontrolled */
	bool ahead; /* what stops it may come before the start, as with `announced` rows */
	uint32_t amount;
	enum tu_deadline_unit unit;
	enum tu_deadline_days days;
	const char *stop; /* the event that meets it */
	const char *stop_too; /* another one that does, or NULL */
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
	TU_DEADLINE_MISSED, /* also when everything was done later: `stopped` says when */
	TU_DEADLINE_WAIVED, /* it is not enforced, or the maker has waived it: `note` says why */
	TU_DEADLINE_CONDITIONAL /* whether it is waived is still open */
};

/* What one catalogue says of the exploitation, as a knowledge base has it. */
struct tu_deadline_catalogue {
	struct tu_str name; /* borrowed from the knowledge base */
	bool read; /* the knowledge base has it: what it does not list, it does not know of */
	bool lists;
	int64_t since; /* the earliest date that it states; 0: none */
};
/* One that has no place here is one that was not read: whether it lists something is undecided. */
enum { TU_DEADLINE_CATALOGUES_MAX = 8 };

/* What deadlines run on: one vulnerability in one device, from all its decisions. */
struct tu_deadline_case {
	struct tu_str vulnerability;
	enum tu_risk risk; /* the worst of those that stand */
	/* The history of the risk selects the rows: a later decision ends no deadline. */
	bool was_uncontrolled, was_controlled;
	bool closed; /* decided, and affected nowhere */
	bool exploited; /* known to be exploited */
	struct tu_bod_facts federal; /* what BOD 26-04 asks of the vulnerability */
	int64_t federal_since; /* the date of CISA's catalogue; 0: not stated */
	int64_t exploited_since; /* the date of the catalogue that says so; 0: not stated */
	struct tu_deadline_catalogue catalogues[TU_DEADLINE_CATALOGUES_MAX];
	size_t catalogue_count;
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
	bool assumed; /* no event says when the exploitation became known: learned_at is taken */
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
/* All rows for a device: the built-in ones that its markets and kind have, then its own.
 * TU_E_USAGE: one of these has a word that is not known; none is left out. */
TU_API TU_NODISCARD enum tu_status tu_deadline_rules(struct tu_arena *arena,
	const struct tu_device *device, const struct tu_deadline_rule *const **out_rules,
	size_t *out_count, struct tu_error *err);

/* Why the deadlines of a market are not watched. */
enum tu_unwatched_why {
	TU_UNWATCHED_NO_MARKET, /* the word is not understood; an empty one: no market is stated */
	TU_UNWATCHED_NO_RULES, /* a country whose rules are not known */
	TU_UNWATCHED_PRODUCT /* its rules for devices are known; this is no device */
};

struct tu_unwatched {
	struct tu_str market; /* as the device has it */
	const char *code; /* "JP"; "" where it is not understood */
	const char *name; /* "Japan"; NULL where it is not understood */
	enum tu_unwatched_why why;
};

/* Markets of the device and its variants that have no row. They must be named wherever deadlines
 * are shown: unknown never looks like "no duty". TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_deadline_unwatched(struct tu_arena *arena,
	const struct tu_device *device, const struct tu_unwatched **out_list, size_t *out_count,
	struct tu_error *err);
/* "no rules are known: …": static storage. */
TU_API const char *tu_unwatched_sentence(enum tu_unwatched_why why);

/* Events, and what they may state ("EVENT:WORD"), that no row has and that waive deadlines or keep
 * them from being waived; the last pattern is NULL. `proof`: it needs evidence. */
struct tu_deadline_word {
	const char *pattern;
	bool proof;
};
TU_API extern const struct tu_deadline_word tu_deadline_more_events[];

/* Does any row, built in or the device's own, know an event of this name? One that none knows is
 * probably misspelt and starts nothing. */
TU_API bool tu_deadline_knows_event(const struct tu_device *device, struct tu_str event);
TU_API bool tu_deadline_rule_knows(const struct tu_deadline_rule *rule, struct tu_str event);

/* A row that is not watched, and why: a duty that is not counted must not look like none. */
struct tu_deadline_off {
	const char *id;
	const char *title;
	const char *source;
	const char *why;
};
/* The n-th row that is off for a device; NULL after the last. */
TU_API const struct tu_deadline_off *tu_deadline_off_at(
	const struct tu_device *device, size_t index);

/* Does a row concern a risk, apart from its start event? */
TU_API bool tu_deadline_concerns(
	const struct tu_deadline_rule *rule, enum tu_risk risk, bool exploited);

/* Every deadline of a case at a time: those that concern the case or ever did and, of those that
 * start at an event other than "learned", the ones that have started or are announced.
 * TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_deadlines_run(struct tu_arena *arena,
	const struct tu_device *device, const struct tu_deadline_case *c, int64_t at,
	struct tu_deadlines *out_clocks, struct tu_error *err);

/* A deadline that was kept, of a rule that the device has no longer or whose start is not known any
 * more: rule, start and due stay; the rest is of the case's events. Its
 * other deadlines are not looked at: the four conditions of the guidance waive nothing. Of rules
 * with a deadline for each start begin with `*next` 0 and ask in the order of the starts.
 * TU_E_NOMEM. */
struct tu_deadline_look {
	struct tu_arena *arena;
	const struct tu_device *device;
	const struct tu_deadline_case *of;
	int64_t at;
};
TU_API TU_NODISCARD enum tu_status tu_deadline_look_again(const struct tu_deadline_look *look,
	struct tu_deadline *deadline, size_t *next, struct tu_error *err);

/* Gather cases from decisions: one for each vulnerability, in the order of the decisions.
 * `decisions` that are superseded add their events and their learned_at. */
TU_API TU_NODISCARD enum tu_status tu_deadline_cases(struct tu_arena *arena,
	const struct tu_decision *const *decisions, size_t decision_count,
	const struct tu_deadline_case **out_cases, size_t *out_count, struct tu_error *err);

/* Negative when deadline `a` comes before `b` in a list: missed and still open, missed and done
 * later, running, conditional, waiting, met, waived; within each the earlier due date first. */
TU_API int tu_deadline_compare(const struct tu_deadline *a, const struct tu_deadline *b);
/* 0 to 6: which of these it is. */
TU_API int tu_deadline_rank(const struct tu_deadline *deadline);
/* Is something still to be done for it: running, or missed and not done since? */
TU_API bool tu_deadline_is_open(const struct tu_deadline *deadline);

/* "waiting", "running", "met", …: static storage. */
TU_API const char *tu_deadline_state_name(enum tu_deadline_state state);
TU_API const char *tu_deadline_unit_name(enum tu_deadline_unit unit);

TU_END_C

#endif
