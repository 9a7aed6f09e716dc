#include "portfolio/case_own.h"

#include <tutela/kb.h>

#include "base/time.h"
#include "portfolio/release.h"

enum { SCORE_UNSTATED = 255, MADE_DIGITS = 6, DIGITS_OF_AN_ID = 32 };

/* ---- its id ---- */

static bool is_id(struct tu_str id)
{
	const struct tu_str marks = TU_STR("-._:");
	bool fine = id.len && id.len <= TU_CASE_OWN_ID_MAX && id.len != DIGITS_OF_AN_ID &&
		tu_char_is_alnum(id.ptr[0]);

	for (size_t i = 0; fine && i < id.len; i++)
		fine = tu_char_is_alnum(id.ptr[i]) || tu_str_find(marks, id.ptr[i]) < marks.len;
	return fine;
}

/* Random, for a number would count the cases of others. */
static enum tu_status make_id(struct tu_work *w, struct tu_str *out, struct tu_error *err)
{
	enum { YEAR = 4 };
	struct tu_str random;
	struct tu_buf date, text;
	enum tu_status status = tu_work_new_id(w, &random, err);

	if (status != TU_OK)
		return status;
	tu_buf_init(&date, TU_CASE_OWN_ID_MAX);
	tu_buf_init(&text, TU_CASE_OWN_ID_MAX);
	tu_time_write_date(tu_work_seconds(w), &date);
	tu_buf_printf(&text, "VULN-%.*s-", TU_STR_FMT(tu_str_first(tu_buf_str(&date), YEAR)));
	for (size_t i = 0; i < MADE_DIGITS; i++)
		tu_buf_byte(&text,
			tu_char_is_lower(random.ptr[i]) ? (char)(random.ptr[i] - 'a' + 'A')
							: random.ptr[i]);
	if (date.failed || text.failed || !tu_arena_dup(w->arena, tu_buf_str(&text), out))
		status = tu_no_memory(err);
	tu_buf_done(&date);
	tu_buf_done(&text);
	return status;
}

static enum tu_status refuse(struct tu_error *err, struct tu_str id, const char *why)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/vulnerability"},
		"%.*s %s", TU_STR_FMT(id), why);
}

static enum tu_status check_known(
	struct tu_work *w, const struct tu_case_own *own, int64_t vuln_id, struct tu_error *err)
{
	int64_t facts = 0;
	enum tu_status status = TU_OK;

	if (vuln_id)
		status = tu_tx_int(w->tx, TU_SQL_VULN_FACTS, TU_BIND(tu_int(vuln_id)), &facts, err);
	if (status == TU_OK && facts)
		return refuse(err, own->id,
			"is found in components: its case is about the devices that have it, which "
			"are not named");
	return status;
}

/* The vulnerability of this id, which is made where there is none. */
static enum tu_status find_vuln(struct tu_work *w, const struct tu_case_own *own, struct tu_str id,
	int64_t *out_id, struct tu_error *err)
{
	struct tu_error none = {0};
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_VULN_ID, TU_BIND(tu_text(id)), out_id, &none);

	if (status == TU_OK)
		return check_known(w, own, *out_id, err);
	if (status != TU_E_NOTFOUND) {
		if (err)
			*err = none;
		return status;
	}
	status = tu_work_exec(w, TU_SQL_VULN_PUT,
		TU_BIND(tu_text(id), tu_text_opt(own->title), tu_int(own->severity),
			tu_int(SCORE_UNSTATED), tu_int(0), tu_int(UINT32_MAX), tu_int(0), tu_int(0),
			tu_text(TU_STR(""))),
		err);
	return status ? status
		      : tu_tx_int(w->tx, TU_SQL_VULN_ID, TU_BIND(tu_text(id)), out_id, err);
}

/* ---- opening ---- */

static enum tu_status add_case(struct tu_work *w, const struct tu_case_own *own, struct tu_str id,
	struct tu_case_row *row, struct tu_error *err)
{
	struct tu_str public_id;
	int64_t vuln_id = 0;
	enum tu_status status = find_vuln(w, own, id, &vuln_id, err);

	if (status == TU_OK)
		status = tu_work_new_id(w, &public_id, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CASE_ADD,
			TU_BIND(tu_text(public_id), tu_int(vuln_id), tu_int(0), tu_int(w->act->at),
				tu_int(1)),
			err);
	if (status == TU_OK) /* as yet without a part */
		status = tu_case_find_in(w, id, own->scope, row, err);
	return status == TU_E_NOTFOUND && row->id ? TU_OK : status;
}

static enum tu_status find_or_add(struct tu_work *w, const struct tu_case_own *own,
	struct tu_str id, struct tu_case_row *row, struct tu_error *err)
{
	struct tu_error none = {0};
	enum tu_status status = tu_case_find_in(w, id, own->scope, row, &none);

	if (status == TU_E_NOTFOUND && row->id)
		return refuse(err, id, "cannot be the id of a case: leave it out, and one is made");
	if (status == TU_E_NOTFOUND)
		return add_case(w, own, id, row, err);
	if (status != TU_OK) {
		if (err)
			*err = none;
		return status;
	}
	status = row->own ? TU_OK : check_known(w, own, row->vuln_id, err);
	return status || row->own
		? status
		: tu_work_exec(w, TU_SQL_CASE_MAKE_OWN, TU_BIND(tu_int(row->id)), err);
}

static enum tu_status add_parts(struct tu_work *w, const struct tu_case_own *own,
	struct tu_case_row *row, struct tu_error *err)
{
	enum tu_status status = tu_case__touch(w, row->id, err);

	for (size_t i = 0; i < own->device_count && status == TU_OK; i++) {
		bool has = tu_case__has(row, own->devices[i]);

		for (size_t k = 0; k < i && !has; k++)
			has = own->devices[k] == own->devices[i];
		if (!has)
			status = tu_work_exec(w, TU_SQL_CASE_PART_ADD,
				TU_BIND(tu_int(row->id), tu_int(own->devices[i]),
					tu_int(own->learned_at), tu_int(w->act->at)),
				err);
	}
	return status ? status : tu_case__read_parts(w, row, err);
}

enum tu_status tu_case_open_own(struct tu_work *w, const struct tu_case_own *own,
	struct tu_case_row *row, struct tu_error *err)
{
	struct tu_str id = own->id;
	enum tu_status status = TU_OK;

	*row = (struct tu_case_row){0};
	if (!own->device_count)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/devices"},
			"name the devices that it is about");
	if (!id.len)
		status = make_id(w, &id, err);
	if (status == TU_OK && !is_id(id))
		return refuse(err, id, "is no id: letters, digits, \"-\", \".\", \"_\" and \":\"");
	if (status == TU_OK && own->kb && tu_kb_find(own->kb, id) != TU_KB_NONE)
		return refuse(err, id,
			"is in the knowledge base: its case is about the devices that have it, "
			"which "
			"are not named");
	if (status == TU_OK)
		status = find_or_add(w, own, id, row, err);
	row->scope = own->scope;
	row->kb = own->kb;
	row->own = true;
	if (status == TU_OK)
		status = add_parts(w, own, row, err);
	if (status == TU_OK)
		status = tu_case_follow(w, row, err);
	if (status == TU_OK && tu_case__record(w, row, "case.open", NULL, TU_STR("open")))
		status = tu_no_memory(err);
	return status;
}

/* ---- how its releases stand ---- */

/* Of several decisions that name a release the last one here counts. */
enum standing { NOT_AFFECTED, FIXED, AFFECTED, UNDECIDED };

static const char *const standing_words[] = {"not affected", "fixed", "affected", "undecided"};

struct following {
	struct tu_work *w;
	const struct tu_case_row *row;
	const struct tu_device *model;
	struct tu_assessment_rows assessments;
	bool unread; /* what is stored of the device: nothing is decided */
};

static bool is_in_force(const struct following *f, const struct tu_decision *decision)
{
	int64_t now = tu_work_seconds(f->w), end = tu_decision_expires(decision, f->model);

	return tu_decision_is_about(decision, f->row->vuln) && decision->decided_at <= now &&
		!(end && end <= now) &&
		!tu_decision_is_superseded(
			decision, f->assessments.approved, f->assessments.approved_count);
}

static enum standing standing_of(const struct tu_decision *decision)
{
	if (decision->status == TU_CLAIM_NOT_AFFECTED)
		return NOT_AFFECTED;
	if (decision->status == TU_CLAIM_FIXED)
		return FIXED;
	return decision->status == TU_CLAIM_AFFECTED ? AFFECTED : UNDECIDED;
}

static enum tu_status follow_release(
	struct following *f, const struct tu_release_row *release, struct tu_error *err)
{
	enum standing standing = NOT_AFFECTED;
	bool decided = false, uncontrolled = false;

	for (size_t i = 0; !f->unread && i < f->assessments.approved_count; i++) {
		const struct tu_decision *decision = f->assessments.approved[i];
		enum standing one = standing_of(decision);

		if (!tu_decision_names_release(decision, release->version) ||
			!is_in_force(f, decision))
			continue;
		decided = true;
		standing = one > standing ? one : standing;
		uncontrolled |= one == AFFECTED && decision->risk != TU_RISK_CONTROLLED;
	}
	if (!decided)
		standing = UNDECIDED;
	return tu_work_exec(f->w, TU_SQL_CASE_RELEASE_OWN_PUT,
		TU_BIND(tu_int(f->row->id), tu_int(release->id),
			tu_text(tu_str_c(standing_words[standing])), tu_int(uncontrolled)),
		err);
}

static enum tu_status open_device(
	struct following *f, struct tu_str name, struct tu_device_row *device, struct tu_error *err)
{
	struct tu_error own = {0};
	enum tu_status status = tu_device_find(f->w, name, device, err);

	if (status != TU_OK)
		return status;
	status = tu_device_load(f->w, device, &f->model, NULL, &own);
	if (status == TU_OK)
		status = tu_assessment_list(f->w, device->id, &f->assessments, &own);
	f->unread = tu_device_is_unread(status);
	if (status && !f->unread && err)
		*err = own;
	return f->unread ? TU_OK : status;
}

static enum tu_status follow_part(
	struct following *f, const struct tu_case_part *part, struct tu_error *err)
{
	struct tu_release_rows releases = {0};
	struct tu_device_row device;
	enum tu_status status = open_device(f, part->device, &device, err);

	if (status == TU_OK)
		status = tu_release_list(f->w, device.id, &releases, err);
	for (size_t i = 0; i < releases.count && status == TU_OK; i++)
		status = follow_release(f, &releases.at[i], err);
	return status;
}

enum tu_status tu_case__follow_own(
	struct tu_work *w, const struct tu_case_row *row, struct tu_error *err)
{
	enum tu_status status = tu_case__touch(w, row->id, err);

	for (size_t i = 0; i < row->parts.list.count && status == TU_OK; i++) {
		struct following f = {.w = w, .row = row};

		status = follow_part(&f, &row->parts.list.at[i], err);
	}
	return status ? status
		      : tu_work_exec(w, TU_SQL_CASE_FIX_OWN_PUT, TU_BIND(tu_int(row->id)), err);
}
