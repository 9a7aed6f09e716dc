/*
 * Decide on a finding: find it, make a decision of what is stated, check it against what is there,
 * write it. Or amend a decision: an event, a corrected date.
 */
#ifndef TU_APP_DECIDE_H
#define TU_APP_DECIDE_H

#include "app/assess.h"
#include "app/deadlines.h"
#include "base/vec.h"

struct tu_deciding;

/* The options, as typed; NULL: not given. */
struct tu_decide_request {
	struct tu_assess_request assessing;
	const char *vulnerability;
	const char *component;
	const char *status;
	const char *justification;
	const char *impact;
	const char *rationale;
	const char *exploitability;
	const char *harm;
	const char *privacy;
	const char *risk;
	const char *controls;
	const char *remedy;
	const char *action;
	const char *fix_release;
	const char *due;
	const char *range;
	const char *configuration;
	const char *expires;
	const char *by;
	const char *role;
	const char *at;
	const char *learned;
	const char *correct_learned;
	const char *reason;
	const char *correct_event; /* "EVENT" or "EVENT@TIME" */
	const char *event;
	const char *evidence;
	const char *contents;
	const char *supersedes;
	const char *file;
	int64_t now; /* when something is corrected; assessing.at may be when it happened */
	bool taken_back;
	bool no_carry;
	bool dry_run; /* check everything, write nothing */
	bool members; /* what is stated came as members of a body: messages call them so */
	/* Called when there is no status: fills in what is not given. NULL: that is an error. */
	enum tu_status (*ask)(struct tu_deciding *deciding, struct tu_error *err);
};

struct tu_deciding {
	struct tu_decide_request *request;
	struct tu_assess_answer assessing;
	const struct tu_assessment *assessment;
	/* deadlines that had started and that the device has no longer: events may end them */
	const struct tu_deadline_rule *const *more_rules;
	size_t more_rule_count;
	/* events of the same device that no decision states */
	const struct tu_more_event *more_events;
	size_t more_event_count;
	struct tu_decision decision;
	const struct tu_app_context *context; /* NULL: not of tu_app_decide() */
	const struct tu_case_event *event; /* that is recorded or said instead; NULL: none */
	int64_t now;
	uint64_t stamp; /* of the folder when it was read */
	struct tu_buf path; /* of the decision's file, NUL-terminated */
	struct tu_buf text; /* what the file contains */
	TU_VEC(struct tu_str) warnings; /* for the person who decides; none stops the writing */
};

static inline const struct tu_component *tu_deciding_component(
	const struct tu_deciding *d, const struct tu_assessment *a)
{
	return &d->assessing.input.inventory->components[a->of->distinct->first];
}

/* What a message has before the name of an option. */
static inline const char *tu_decide_dashes(const struct tu_deciding *d)
{
	return d->request->members ? "" : "--";
}

/* With `event`, `correct_event` or `correct_learned` amend the decision that `vulnerability` names,
 * else decide. TU_E_USAGE for what is not stated or contradicts; TU_E_NOTFOUND when there is no
 * such finding or decision; TU_E_IO when somebody changed device.yaml or a decision meanwhile;
 * others as of tu_app_assess(). Others who decide in the same folder wait. Whatever the
 * status, end with tu_decide_done(). */
TU_NODISCARD enum tu_status tu_app_decide(const struct tu_app_context *context,
	struct tu_decide_request *request, struct tu_deciding *deciding, struct tu_error *err);
void tu_decide_done(struct tu_deciding *deciding);

/* ---- parts ---- */

/* The options, what is proposed and the premises as a decision on d->assessment. TU_E_USAGE names
 * the option. */
TU_NODISCARD enum tu_status tu_decide_fill(struct tu_deciding *d, struct tu_error *err);

/* Parts of it: what is stated alone; when it was decided and learned of, and that somebody did. */
TU_NODISCARD enum tu_status tu_decide_fill_stated(struct tu_deciding *d, struct tu_error *err);
TU_NODISCARD enum tu_status tu_decide_fill_times(struct tu_deciding *d, struct tu_error *err);

/* Refuse what a later command would refuse: everything that `device check` calls an error, and what
 * contradicts another decision. `decision` is what was read back. Adds warnings. TU_E_USAGE;
 * TU_E_SYNTAX where another decision is in the way: the message says how to supersede it. */
TU_NODISCARD enum tu_status tu_decide_check(
	struct tu_deciding *d, const struct tu_decision *decision, struct tu_error *err);
/* The same for an event: TU_E_USAGE for contents that its deadlines do not know; warns where it has
 * no evidence, or no deadline of the device knows it. */
TU_NODISCARD enum tu_status tu_decide_check_event(
	struct tu_deciding *d, const struct tu_case_event *event, struct tu_error *err);
/* Warn of the deadlines of the vulnerability that count as met by what happened before they began
 * (app/early.h). `all` is what the folder would have; `stated` is the one of these that is new or
 * changed, `event` what is recorded in it; NULL: its learned_at is stated. TU_E_NOMEM. */
struct tu_decide_dates {
	const struct tu_decision *const *all;
	size_t count;
	const struct tu_decision *stated;
	const struct tu_case_event *event;
	const struct tu_kb *kb; /* NULL: exploitation is what decisions know of it */
};
TU_NODISCARD enum tu_status tu_decide_check_dates(
	struct tu_deciding *d, const struct tu_decide_dates *dates, struct tu_error *err);
/* Add a warning. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_decide_warn(
	struct tu_deciding *d, struct tu_error *err, const char *fmt, ...) TU_PRINTF(3, 4);

/* Append "CVE-2022-0847-linux-yocto-4.3.1": the name that a decision's file has where none is
 * given. */
void tu_decide_file_name(const struct tu_deciding *d, struct tu_buf *out);

/* A time with its zone; NULL leaves `*out_seconds` as it is. */
TU_NODISCARD enum tu_status tu_decide_time(
	const char *option, const char *text, int64_t *out_seconds, struct tu_error *err);
/* "a,b" as a list; NULL is an empty one. */
TU_NODISCARD enum tu_status tu_decide_list(
	struct tu_deciding *d, const char *text, struct tu_texts *out, struct tu_error *err);

#endif
