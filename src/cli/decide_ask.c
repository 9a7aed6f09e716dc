/* `tutela decide` on a terminal. */
#include "cli/decide_ask.h"

#include <stdio.h>
#include <string.h>

#include "show/paint.h"

enum { LINE_MAX_BYTES = 2000 };

struct question {
	const char **slot;
	const char *asks;
	bool (*concerns)(const struct tu_decide_request *request);
};

static bool always(const struct tu_decide_request *r)
{
	(void)r;
	return true;
}

static bool is_status(const struct tu_decide_request *r, enum tu_claim_status wanted)
{
	enum tu_claim_status status;

	return r->status && tu_decision_status_by_name(tu_str_c(r->status), &status) &&
		status == wanted;
}

static bool if_affected(const struct tu_decide_request *r)
{
	return is_status(r, TU_CLAIM_AFFECTED);
}

static bool if_not_affected(const struct tu_decide_request *r)
{
	return is_status(r, TU_CLAIM_NOT_AFFECTED);
}

static bool if_decided(const struct tu_decide_request *r)
{
	return !is_status(r, TU_CLAIM_UNDER_INVESTIGATION);
}

/* A line without its end, in the arena; NULL for an empty one. False at the end of the input. */
static bool read_answer(struct tu_arena *arena, const char **out_answer)
{
	char line[LINE_MAX_BYTES];
	char *copy;

	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	*out_answer = NULL;
	if (!*line)
		return true;
	copy = tu_arena_text(arena, strlen(line) + 1);
	if (copy)
		memcpy(copy, line, strlen(line) + 1);
	*out_answer = copy;
	return copy != NULL;
}

/* Names and texts are strangers': made harmless before a terminal sees them. */
static void say(struct tu_str text)
{
	struct tu_buf line;
	const struct tu_paint paint = {&line, false};

	tu_buf_init(&line, 64 * 1024);
	tu_paint(&paint, TU_HUE_PLAIN, text);
	(void)fwrite(line.ptr ? line.ptr : "", 1, line.len, stderr);
	tu_buf_done(&line);
}

static void say_two(const char *before, struct tu_str text)
{
	fputs(before, stderr);
	say(text);
}

static void show_proposal(const struct tu_deciding *d)
{
	const struct tu_proposal *p = &d->assessment->proposal;
	const struct tu_component *component = tu_deciding_component(d, d->assessment);

	say(d->assessment->of->facts.id);
	say_two(" in ", component->name);
	say_two(" ", component->version);
	for (size_t i = 0; i < p->fact_count; i++) {
		fprintf(stderr, "\n  [%u] ", p->facts[i].level);
		say(p->facts[i].text);
	}
	say_two("\n  proposed: exploitability ",
		d->assessing.folder.device->policy.bands[p->band].name);
	fprintf(stderr, ", harm %s", tu_harm_name(p->harm));
	say_two(" (", p->harm_why);
	fprintf(stderr, "), %s, %s\n", tu_risk_name(p->risk), p->response);
}

enum tu_status tu_decide_ask(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decide_request *r = d->request;
	const struct question questions[] = {
		{&r->status, "status (affected, not_affected, fixed, under_investigation)", always},
		{&r->justification,
			"justification (component_not_present, vulnerable_code_not_present, "
			"vulnerable_code_not_in_execute_path, "
			"vulnerable_code_cannot_be_controlled_by_adversary, "
			"inline_mitigations_already_exist)",
			if_not_affected},
		{&r->exploitability, "exploitability (empty: as proposed)", if_affected},
		{&r->harm, "harm (empty: as proposed)", if_affected},
		{&r->risk, "risk (empty: by the matrix)", if_affected},
		{&r->controls, "controls that it counts on, by id", if_affected},
		{&r->action, "plan or advice for customers", if_affected},
		{&r->rationale, "why", if_decided},
		{&r->by, "decided by", if_decided},
		{&r->learned, "learned at, with zone (empty: now)", always},
	};

	show_proposal(d);
	for (size_t i = 0; i < TU_COUNT(questions); i++) {
		if (*questions[i].slot || !questions[i].concerns(r))
			continue;
		fprintf(stderr, "%s? ", questions[i].asks);
		if (!read_answer(d->assessing.folder.arena, questions[i].slot))
			return tu_fail(err, TU_E_USAGE, 0, "the input ended before all was asked");
	}
	return TU_OK;
}
