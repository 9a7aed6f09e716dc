/* Threats of a design: found in a model, listed, decided on. */
#include "api/designs.h"

#include <string.h>

enum { CHECK_ROWS_MAX = 5000 };

/* ---- lists ---- */

struct listing {
	struct tu_api_rows rows;
	int64_t questions, proposed;
};

static void more(struct tu_api_call *call, void *self, struct tu_json_writer *json)
{
	const struct listing *listing = self;

	(void)call;
	tu_json_member_int(json, "questions", listing->questions);
	tu_json_member_int(json, "proposed", listing->proposed);
}

static enum tu_status fetch_threats(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct listing *listing = self;

	page->more = more;
	page->self = self;
	return tu_api_page_of(call, page, &listing->rows, err);
}

static enum tu_status fetch_questions(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct listing *listing = self;

	return tu_api_page_of(call, page, &listing->rows, err);
}

/* What is a question is listed as one. */
static bool is_listed(const struct tu_threat *threat, struct tu_str outcome)
{
	return threat->outcome != TU_THREAT_UNKNOWN &&
		(!outcome.len ||
			tu_str_eq(outcome, tu_str_c(tu_threat_outcome_name(threat->outcome))));
}

static enum tu_status make_threats(struct tu_api_call *call, const struct tu_threat_answer *answer,
	struct tu_api_rows *out, struct tu_error *err)
{
	const struct tu_threats *threats = &answer->threats;
	struct tu_api_threat_row *rows = tu_arena_array(call->arena, threats->count, sizeof(*rows));
	struct tu_str outcome = tu_api_query(call, "outcome");
	size_t count = 0;
	enum tu_status status = rows ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < threats->count; i++)
		if (is_listed(&threats->at[i], outcome))
			status = tu_api_threat_row(
				call, answer, &threats->at[i], &rows[count++], err);
	*out = (struct tu_api_rows){rows, count};
	return status;
}

static enum tu_status make_questions(struct tu_api_call *call,
	const struct tu_threat_answer *answer, struct tu_api_rows *out, struct tu_error *err)
{
	size_t count = answer->threats.question_count;
	struct tu_api_question_row *rows = tu_arena_array(call->arena, count, sizeof(*rows));
	enum tu_status status = rows ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < count; i++)
		status = tu_api_question_row(
			call, answer, &answer->threats.questions[i], &rows[i], err);
	*out = (struct tu_api_rows){rows, count};
	return status;
}

enum tu_status tu_api_list_design_threats(struct tu_api_call *call, struct tu_error *err)
{
	struct listing listing = {0};
	struct tu_api_design d;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	if (status == TU_OK)
		status = make_threats(call, &d.answer, &listing.rows, err);
	listing.questions = (int64_t)d.answer.threats.question_count;
	listing.proposed = tu_api_design_proposed(&d.answer);
	if (status == TU_OK)
		status = tu_api_answer_page(call, fetch_threats, &listing, err);
	tu_api_design_close(&d);
	return status;
}

enum tu_status tu_api_list_design_questions(struct tu_api_call *call, struct tu_error *err)
{
	struct listing listing = {0};
	struct tu_api_design d;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	if (status == TU_OK)
		status = make_questions(call, &d.answer, &listing.rows, err);
	if (status == TU_OK)
		status = tu_api_answer_page(call, fetch_questions, &listing, err);
	tu_api_design_close(&d);
	return status;
}

/* ---- a check ---- */

static tu_api_columns all_of(const struct tu_api_table *table)
{
	return ((tu_api_columns)1 << table->count) - 1;
}

struct checking {
	struct tu_api_call *call;
	const struct tu_threat_answer *answer;
	struct tu_json_writer *json;
	bool saved; /* lints have lines */
	bool more;
};

static enum tu_status write_threats(struct checking *c, struct tu_error *err)
{
	const struct tu_threats *threats = &c->answer->threats;
	struct tu_api_threat_row row;
	size_t count = 0;
	enum tu_status status = TU_OK;

	tu_json_key(c->json, "threats");
	tu_json_open_array(c->json);
	for (size_t i = 0; status == TU_OK && i < threats->count; i++) {
		if (threats->at[i].outcome == TU_THREAT_UNKNOWN ||
			threats->at[i].outcome == TU_THREAT_NOT_APPLICABLE)
			continue;
		if (count++ == CHECK_ROWS_MAX) {
			c->more = true;
			break;
		}
		status = tu_api_threat_row(c->call, c->answer, &threats->at[i], &row, err);
		if (status == TU_OK)
			tu_api_row_json(&tu_api_table_design_threat,
				all_of(&tu_api_table_design_threat), &row, c->json);
	}
	tu_json_close_array(c->json);
	return status;
}

static enum tu_status write_questions(struct checking *c, struct tu_error *err)
{
	const struct tu_threats *threats = &c->answer->threats;
	struct tu_api_question_row row;
	enum tu_status status = TU_OK;

	tu_json_key(c->json, "questions");
	tu_json_open_array(c->json);
	for (size_t i = 0; status == TU_OK && i < threats->question_count; i++) {
		if (i == CHECK_ROWS_MAX) {
			c->more = true;
			break;
		}
		status = tu_api_question_row(c->call, c->answer, &threats->questions[i], &row, err);
		if (status == TU_OK)
			tu_api_row_json(&tu_api_table_design_question,
				all_of(&tu_api_table_design_question), &row, c->json);
	}
	tu_json_close_array(c->json);
	return status;
}

static void write_lints(struct checking *c)
{
	const struct tu_lints *lints = &c->answer->lints;

	tu_json_key(c->json, "lints");
	tu_json_open_array(c->json);
	for (size_t i = 0; i < lints->count && i < CHECK_ROWS_MAX; i++) {
		const struct tu_lint *lint = &lints->at[i];

		tu_json_open_object(c->json);
		tu_json_member_str(c->json, "level", tu_str_c(tu_lint_level_name(lint->level)));
		tu_json_member_str(c->json, "rule", tu_str_c(lint->rule));
		tu_json_key(c->json, "line");
		if (c->saved && lint->place.line)
			tu_json_add_int(c->json, lint->place.line);
		else
			tu_json_add_null(c->json);
		tu_json_member_str(c->json, "message", lint->message);
		tu_json_close_object(c->json);
	}
	tu_json_close_array(c->json);
	c->more |= lints->count > CHECK_ROWS_MAX;
}

static void write_counts(const struct checking *c)
{
	static const struct {
		const char *name;
		enum tu_threat_outcome outcome;
	} rows[] = {{"open", TU_THREAT_OPEN}, {"unproven", TU_THREAT_UNPROVEN},
		{"mitigated", TU_THREAT_MITIGATED}, {"accepted", TU_THREAT_ACCEPTED},
		{"transferred", TU_THREAT_TRANSFERRED},
		{"not_applicable", TU_THREAT_NOT_APPLICABLE}};
	const struct tu_threat_answer *answer = c->answer;

	tu_json_key(c->json, "counts");
	tu_json_open_object(c->json);
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		tu_json_member_int(c->json, rows[i].name, (int64_t)answer->counts[rows[i].outcome]);
	tu_json_member_int(c->json, "questions", (int64_t)answer->threats.question_count);
	tu_json_member_int(c->json, "stale", (int64_t)answer->threats.stale.count);
	tu_json_member_int(c->json, "proposed", tu_api_design_proposed(answer));
	tu_json_member_int(c->json, "lints", (int64_t)answer->lints.count);
	tu_json_close_object(c->json);
}

static enum tu_status write_check(struct checking *c, struct tu_error *err)
{
	enum tu_status status;

	tu_json_open_object(c->json);
	status = write_threats(c, err);
	if (status == TU_OK)
		status = write_questions(c, err);
	write_lints(c);
	write_counts(c);
	tu_json_member_bool(c->json, "more", c->more);
	tu_json_close_object(c->json);
	return status;
}

/* What is sent is wrong in what was sent; what is stored is not. */
static enum tu_status judge_sent(struct tu_api_call *call, struct tu_api_design *d,
	struct tu_str model, struct tu_error *err)
{
	struct tu_error own = {0};
	enum tu_status status = tu_api_design_open(call, d, err);

	if (status != TU_OK)
		return status;
	status = tu_design_judge(&d->design, model, call->now / 1000000, &d->answer, &own);
	if (status != TU_OK && err)
		*err = own;
	if (tu_device_is_unread(status) && strcmp(own.file, "model") == 0)
		return tu_api_design_place(call, "model", err);
	if (tu_device_is_unread(status) &&
		own.file[0]) /* without a file: all of it together is too large */
		call->problem.type = TU_PROBLEM_CONFLICT;
	return status;
}

enum tu_status tu_api_check_design(struct tu_api_call *call, struct tu_error *err)
{
	struct checking c = {.call = call};
	struct tu_api_design d = {0};
	struct tu_str model;
	enum tu_status status = tu_api_design_body(call, &model, err);

	if (status == TU_OK)
		status = model.len ? judge_sent(call, &d, model, err)
				   : tu_api_design_judged(call, &d, err);
	c.answer = &d.answer;
	c.saved = !model.len;
	c.json = tu_api_json(call);
	if (status == TU_OK)
		status = write_check(&c, err);
	tu_api_design_close(&d);
	return status;
}

/* ---- deciding ---- */

static enum tu_threat_outcome outcome_of(struct tu_str word)
{
	if (tu_str_eq(word, TU_STR("accepted")))
		return TU_THREAT_ACCEPTED;
	return tu_str_eq(word, TU_STR("transferred")) ? TU_THREAT_TRANSFERRED
						      : TU_THREAT_NOT_APPLICABLE;
}

static enum tu_status decide(
	struct tu_api_call *call, const struct tu_design_decision *decision, struct tu_error *err)
{
	struct tu_error own = {0};
	enum tu_status status;

	call->act.reason = decision->reason;
	status = tu_design_decide(&call->act, decision, &own);
	if (status != TU_OK)
		tu_api_design_failed(&own, err);
	/* the rules of the file: an acceptance has an end, a transfer its place */
	if (status == TU_E_SYNTAX && strcmp(own.file, "threats.yaml") == 0) {
		tu_fail(err, TU_E_USAGE, 0, "%s", own.message);
		return TU_E_USAGE;
	}
	if (tu_device_is_unread(status))
		call->problem.type = TU_PROBLEM_CONFLICT;
	return status;
}

static enum tu_status answer_threat(
	struct tu_api_call *call, struct tu_str key, struct tu_error *err)
{
	struct tu_api_threat_row row;
	struct tu_api_design d;
	enum tu_status status = tu_api_design_judged(call, &d, err);
	bool found = false;

	for (size_t i = 0; status == TU_OK && !found && i < d.answer.threats.count; i++) {
		found = tu_str_eq(d.answer.threats.at[i].key, key);
		if (found)
			status = tu_api_threat_row(
				call, &d.answer, &d.answer.threats.at[i], &row, err);
	}
	if (status == TU_OK && !found)
		status = tu_api_unknown(err, "threat");
	if (status == TU_OK)
		status = tu_api_answer_row(call, &row, err);
	if (status == TU_OK)
		tu_api_etag_version(call, d.design.version);
	tu_api_design_close(&d);
	return status;
}

enum tu_status tu_api_decide_design_threat(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str until = tu_api_body_str(call, "until");
	const struct tu_design_decision decision = {.asked = tu_api_design_asked(call),
		.based_on = call->if_match,
		.key = call->path[1],
		.outcome = outcome_of(tu_api_body_str(call, "outcome")),
		.reason = tu_str_trim(tu_api_body_str(call, "reason")),
		.labelling = tu_str_trim(tu_api_body_str(call, "labelling")),
		.until = until.len ? tu_api_time_of(until) / 1000000 : 0};
	enum tu_status status = decide(call, &decision, err);

	return status ? status : answer_threat(call, call->path[1], err);
}

enum tu_status tu_api_undecide_design_threat(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_design_decision decision = {.asked = tu_api_design_asked(call),
		.based_on = call->if_match,
		.key = call->path[1],
		.take_back = true};

	return decide(call, &decision, err);
}
