#include "portfolio/decide.h"

#include <stdlib.h>

#include "base/sha256.h"
#include "base/time.h"
#include "portfolio/actor.h"
#include "portfolio/deadlines.h"

enum { TEXT_MAX_BYTES = 1 << 20, NAMES_MAX = 1000 };

struct preparing {
	struct tu_work *w;
	const struct tu_decide_ask *ask;
	struct tu_decide_request stated; /* with who decides */
	struct tu_decide_all *all;
	bool to_write;
};

/* ---- who decides ---- */

char *tu_decide__c_text(struct tu_arena *arena, struct tu_str text)
{
	char *copy = tu_arena_text(arena, text.len + 1);

	if (!copy)
		return NULL;
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return copy;
}

/* The person's name, else login; else the actor as recorded. */
static enum tu_status name_decider(struct preparing *p, struct tu_error *err)
{
	struct tu_actor_person person;
	enum tu_status status;

	p->stated = *p->ask->stated;
	if (p->stated.by)
		return TU_OK;
	status = tu_actor_person(p->w, p->w->act->actor, &person, err);
	if (status != TU_OK)
		return status;
	p->stated.by = tu_decide__c_text(p->w->arena,
		person.name.len		   ? person.name
			: person.login.len ? person.login
					   : p->w->act->actor);
	return p->stated.by ? TU_OK : tu_no_memory(err);
}

/* ---- where ---- */

static struct tu_look *look_of(const struct preparing *p, struct tu_str release)
{
	for (size_t i = 0; i < p->all->count; i++) {
		struct tu_look *look = p->all->at[i].look;

		if (look && tu_str_eq(look->release.public_id, release))
			return look;
	}
	return NULL;
}

static enum tu_status open(struct preparing *p, struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_str release = one->on->finding.release;
	struct tu_look *look = look_of(p, release);
	enum tu_status status = TU_OK;

	if (!look) {
		look = tu_arena_alloc(p->w->arena, sizeof(*look));
		if (!look)
			return tu_no_memory(err);
		look->scope = p->ask->scope;
		look->kb = p->ask->kb;
		look->reader = p->ask->reader;
		look->to_write = p->to_write;
		status = tu_look_open(p->w, release, look, err);
	}
	if (status == TU_OK)
		status = tu_look_find(look, one->on->finding.vulnerability,
			one->on->finding.component, &one->finding, err);
	if (status == TU_OK)
		one->look = look;
	return status;
}

/* ---- what is decided already ---- */

/* Another one has taken its place. */
static bool is_superseded(
	const struct tu_assessment_rows *rows, const struct tu_assessment_row *row)
{
	return tu_decision_is_superseded(row->decision, rows->all, rows->count);
}

static bool is_in_the_way(const struct tu_decide_one *one, const struct tu_assessment_row *row)
{
	const struct tu_look *look = one->look;

	return row != one->supersedes && !is_superseded(&look->settling.assessments, row) &&
		tu_decision_names_release(row->decision, look->release.version) &&
		tu_assess_concerns(&look->answer.input, one->finding.assessment->of, row->decision);
}

/* What it supersedes is current, and about this finding. */
static enum tu_status find_superseded(struct tu_decide_one *one, struct tu_error *err)
{
	const struct tu_look *look = one->look;
	const struct tu_assessment_rows *rows = &look->settling.assessments;
	struct tu_str wanted = one->on->supersedes;

	for (size_t i = 0; wanted.len && i < rows->count; i++)
		if (tu_str_eq(rows->at[i].public_id, wanted))
			one->supersedes = &rows->at[i];
	if (!wanted.len)
		return TU_OK;
	if (!one->supersedes || is_superseded(rows, one->supersedes))
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the decision that it supersedes is not current any more");
	if (!tu_assess_concerns(
		    &look->answer.input, one->finding.assessment->of, one->supersedes->decision))
		return tu_fail(err, TU_E_USAGE, 0,
			"decision %.*s, which it supersedes, is about something else",
			TU_STR_FMT(one->supersedes->name));
	return TU_OK;
}

static enum tu_status look_around(struct tu_decide_one *one, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &one->look->settling.assessments;
	enum tu_status status = find_superseded(one, err);

	for (size_t i = 0; i < rows->count && status == TU_OK && !one->obstacle; i++)
		if (is_in_the_way(one, &rows->at[i]))
			one->obstacle = &rows->at[i];
	if (status != TU_OK || !one->obstacle)
		return status;
	return tu_fail(err, TU_E_CONFLICT, 0,
		"decision %.*s (%s, %s) is about this finding already: look at it, and supersede "
		"it",
		TU_STR_FMT(one->obstacle->name), one->obstacle->approved ? "approved" : "proposed",
		tu_claim_status_name(one->obstacle->decision->status));
}

/* ---- the text ---- */

static bool is_taken(const struct preparing *p, const struct tu_decide_one *one, struct tu_str name)
{
	if (tu_assessment_named(&one->look->settling.assessments, name))
		return true;
	for (size_t i = 0; i < p->all->count; i++) {
		const struct tu_decide_one *other = &p->all->at[i];

		if (other != one && other->look && other->look->device.id == one->look->device.id &&
			tu_str_eq(other->name, name))
			return true;
	}
	return false;
}

/* That of the proposal whose place it takes; else one that is free. */
static enum tu_status choose_name(
	struct preparing *p, struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_buf text;
	size_t stem;
	bool free_one = false, fine = true;

	if (one->supersedes && !one->supersedes->approved) {
		one->name = one->supersedes->name;
		return TU_OK;
	}
	tu_buf_init(&text, 4096);
	tu_decide_file_name(&one->deciding, &text);
	stem = text.len;
	for (int n = 1; n < NAMES_MAX && !free_one && fine; n++) {
		text.len = stem;
		if (n > 1)
			tu_buf_printf(&text, "-%d", n);
		tu_buf_c(&text, ".yaml");
		free_one = !text.failed && !is_taken(p, one, tu_buf_str(&text));
		fine = !text.failed;
	}
	fine = fine && tu_arena_dup(p->w->arena, tu_buf_str(&text), &one->name);
	tu_buf_done(&text);
	if (!fine)
		return tu_no_memory(err);
	return free_one ? TU_OK : tu_fail(err, TU_E_LIMIT, 0, "too many decisions have this name");
}

static enum tu_status write_text(
	struct preparing *p, struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	tu_decision_write(&one->deciding.decision, &text);
	fine = !text.failed && tu_arena_dup(p->w->arena, tu_buf_str(&text), &one->text) &&
		tu_sha256(one->text, one->digest) == TU_OK;
	tu_buf_done(&text);
	if (!fine)
		return tu_fail(err, TU_E_LIMIT, 0, "the decision is larger than it may be");
	return tu_decision_read(p->w->arena, one->name, one->text, NULL, &one->decision, err);
}

/* Those that will be beside it. */
static enum tu_status gather_others(
	struct preparing *p, struct tu_decide_one *one, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &one->look->settling.assessments;
	struct tu_device_folder *folder = &one->deciding.assessing.folder;
	const struct tu_decision **others =
		tu_arena_array(p->w->arena, rows->count, sizeof(*others));

	if (!others)
		return tu_no_memory(err);
	folder->decisions = others;
	folder->decision_count = 0;
	for (size_t i = 0; i < rows->count; i++)
		if (&rows->at[i] != one->supersedes || one->supersedes->approved)
			others[folder->decision_count++] = rows->at[i].decision;
	return TU_OK;
}

/* What people recorded in the cases of the device: it meets deadlines, too. */
static enum tu_status gather_events(
	struct preparing *p, struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_deadlines_of of = {0};
	enum tu_status status = tu_case_more_events(p->w, one->look->device.id, &of, err);

	one->deciding.more_events = of.more;
	one->deciding.more_event_count = of.more_count;
	return status;
}

/* Where nobody states when the maker learned of it, the case of the device does: deadlines run from
 * then, not from the decision. `*out_us` 0: there is no case. */
static enum tu_status find_learned(const struct preparing *p, const struct tu_decide_one *one,
	int64_t *out_us, struct tu_error *err)
{
	struct tu_error none = {0};
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(p->w->tx, TU_SQL_CASE_LEARNED,
		TU_BIND(tu_int(one->look->device.id),
			tu_text(one->finding.assessment->of->facts.id)),
		&rows, &none);

	*out_us = 0;
	if (status == TU_E_NOTFOUND)
		return TU_OK;
	if (status != TU_OK) {
		if (err)
			*err = none;
		return status;
	}
	*out_us = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

/* What is stated, for this finding. */
static enum tu_status take_stated(const struct preparing *p, const struct tu_decide_one *one,
	struct tu_decide_request **out, struct tu_error *err)
{
	struct tu_decide_request *stated = tu_arena_alloc(p->w->arena, sizeof(*stated));
	struct tu_buf text;
	int64_t learned_us = 0;
	enum tu_status status = stated ? TU_OK : tu_no_memory(err);

	if (status != TU_OK)
		return status;
	*stated = one->on->stated ? *one->on->stated : p->stated;
	if (!stated->by)
		stated->by = p->stated.by;
	if (!stated->learned)
		status = find_learned(p, one, &learned_us, err);
	if (status != TU_OK)
		return status;
	*out = stated;
	if (!learned_us)
		return TU_OK;
	tu_buf_init(&text, 64);
	tu_time_write(learned_us / 1000000, &text);
	stated->learned = text.failed ? NULL : tu_decide__c_text(p->w->arena, tu_buf_str(&text));
	tu_buf_done(&text);
	return stated->learned ? TU_OK : tu_no_memory(err);
}

static enum tu_status compose(struct preparing *p, struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_deciding *d = &one->deciding;
	struct tu_decide_request *stated;
	enum tu_status status = take_stated(p, one, &stated, err);

	if (status != TU_OK)
		return status;
	*d = (struct tu_deciding){.request = stated,
		.assessing = one->look->answer,
		.assessment = one->finding.assessment,
		.decision = {.validity.carry = true},
		.now = tu_work_seconds(p->w)};
	status = gather_others(p, one, err);
	if (status == TU_OK)
		status = gather_events(p, one, err);
	if (status == TU_OK)
		status = tu_decide_fill(d, err);
	if (status != TU_OK)
		return status;
	if (one->supersedes)
		d->decision.supersedes = one->supersedes->approved
			? one->supersedes->decision->id
			: one->supersedes->decision->supersedes;
	status = choose_name(p, one, err);
	if (status == TU_OK)
		status = write_text(p, one, err);
	return status ? status : tu_decide_check(d, one->decision, err);
}

static enum tu_status prepare_one(
	struct preparing *p, struct tu_decide_one *one, struct tu_error *err)
{
	enum tu_status status = open(p, one, err);

	if (status == TU_OK)
		status = look_around(one, err);
	return status ? status : compose(p, one, err);
}

/* ---- all ---- */

static enum tu_status check_list(const struct tu_decide_ask *ask, struct tu_error *err)
{
	if (ask->count < 1 || ask->count > TU_DECIDE_FINDINGS_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "decide on 1 to %d findings at once",
			TU_DECIDE_FINDINGS_MAX);
	for (size_t i = 0; i < ask->count; i++)
		for (size_t k = 0; k < i; k++)
			if (tu_str_eq(ask->on[i].finding.component, ask->on[k].finding.component) &&
				tu_str_eq(ask->on[i].finding.release, ask->on[k].finding.release) &&
				tu_str_ieq(ask->on[i].finding.vulnerability,
					ask->on[k].finding.vulnerability))
				return tu_fail(err, TU_E_USAGE, 0,
					"findings %zu and %zu are the same", k, i);
	return TU_OK;
}

/* An error of one is part of the answer; that of the store or of memory is not. */
static bool is_of_one(enum tu_status status)
{
	return status == TU_E_NOTFOUND || status == TU_E_USAGE || status == TU_E_SYNTAX ||
		status == TU_E_LIMIT || status == TU_E_CONFLICT;
}

enum tu_status tu_decide_prepare(struct tu_work *w, const struct tu_decide_ask *ask, bool to_write,
	struct tu_decide_all *out, struct tu_error *err)
{
	struct preparing p = {.w = w, .ask = ask, .all = out, .to_write = to_write};
	struct tu_decide_request *stated = tu_arena_alloc(w->arena, sizeof(*stated));
	enum tu_status status = check_list(ask, err);

	*out = (struct tu_decide_all){0};
	if (status == TU_OK)
		status = name_decider(&p, err);
	if (status != TU_OK)
		return status;
	out->at = tu_arena_array(w->arena, ask->count, sizeof(*out->at));
	if (!out->at || !stated)
		return tu_no_memory(err);
	*stated = p.stated;
	for (size_t i = 0; i < ask->count && status == TU_OK; i++) {
		struct tu_decide_one *one = &out->at[i];

		one->on = &ask->on[i];
		status = prepare_one(&p, one, &one->error);
		one->deciding.request = stated;
		out->count++;
		out->errors += status != TU_OK;
		if (status != TU_OK && !is_of_one(status) && err)
			*err = one->error;
		if (is_of_one(status)) {
			one->decision = NULL;
			status = TU_OK;
		}
	}
	return status;
}

/* ---- proposing ---- */

/* Those of one device, from its first on. */
static enum tu_status propose_device(
	struct tu_work *w, struct tu_decide_all *all, size_t first, struct tu_error *err)
{
	struct tu_look *look = all->at[first].look;
	struct tu_assessment_text *list = tu_arena_array(w->arena, all->count, sizeof(*list));
	struct tu_assessment_texts texts = {list, 0};
	size_t added;
	enum tu_status status;

	if (!list)
		return tu_no_memory(err);
	for (size_t i = first; i < all->count; i++)
		if (all->at[i].look->device.id == look->device.id)
			list[texts.count++] =
				(struct tu_assessment_text){all->at[i].name, all->at[i].text};
	status = tu_assessment_propose(w, &look->device, &texts, &added, err);
	if (status == TU_OK)
		status = tu_assessment_list(w, look->device.id, &look->settling.assessments, err);
	look->settling.strict = true;
	return status ? status : tu_settle_device(w, &look->settling, err);
}

static bool is_first_of_device(const struct tu_decide_all *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (all->at[i].look->device.id == all->at[at].look->device.id)
			return false;
	return true;
}

/* The rows that were made, in the settled list of the first look of each device. */
static enum tu_status find_ids(struct tu_work *w, const struct tu_decide_all *all,
	struct tu_str *out_ids, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < all->count && status == TU_OK; i++) {
		struct tu_assessment_rows rows;
		const struct tu_assessment_row *row;

		status = tu_assessment_list(w, all->at[i].look->device.id, &rows, err);
		row = status ? NULL : tu_assessment_named(&rows, all->at[i].name);
		if (row)
			out_ids[i] = row->public_id;
	}
	return status;
}

enum tu_status tu_decide_propose(struct tu_work *w, const struct tu_decide_ask *ask,
	struct tu_decide_all *out, struct tu_str *out_ids, struct tu_error *err)
{
	enum tu_status status = tu_decide_prepare(w, ask, true, out, err);

	for (size_t i = 0; i < out->count && status == TU_OK; i++)
		if (out->at[i].error.status != TU_OK) {
			if (err)
				*err = out->at[i].error;
			return tu_error_prefix(err, "findings/%zu", i);
		}
	for (size_t i = 0; i < out->count && status == TU_OK; i++)
		if (is_first_of_device(out, i))
			status = propose_device(w, out, i, err);
	return status ? status : find_ids(w, out, out_ids, err);
}
