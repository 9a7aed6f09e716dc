#include "portfolio/draft.h"

#include "portfolio/device.h"
#include "portfolio/history.h"
#include "portfolio/look.h"
#include "portfolio/release.h"
#include "portfolio/scope.h"

static enum tu_status unknown(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such form");
}

/* ---- subjects ---- */

static enum tu_status find_finding(
	struct tu_work *w, const struct tu_draft_form *form, struct tu_str id, struct tu_error *err)
{
	struct tu_finding_name name;
	struct tu_release_row release;
	enum tu_status status;

	if (!tu_finding_name_read(id, &name))
		return unknown(err);
	status = tu_release_by_public(w, name.release, &release, err);
	if (status == TU_E_NOTFOUND ||
		(status == TU_OK && !tu_scope_has(form->scope, release.device_id)))
		return unknown(err);
	return status;
}

static enum tu_status find_decision(
	struct tu_work *w, const struct tu_draft_form *form, struct tu_str id, struct tu_error *err)
{
	struct tu_decision_seen seen;
	enum tu_status status = tu_decision_open(w, id, form->scope, &seen, err);

	return status == TU_E_NOTFOUND ? unknown(err) : status;
}

static enum tu_status find_device(struct tu_work *w, const struct tu_draft_form *form,
	struct tu_str name, struct tu_error *err)
{
	struct tu_device_row device;
	enum tu_status status = tu_device_find(w, name, &device, err);

	if (status == TU_E_NOTFOUND || (status == TU_OK && !tu_scope_has(form->scope, device.id)))
		return unknown(err);
	return status;
}

static const struct {
	const char *prefix;
	enum tu_status (*find)(struct tu_work *w, const struct tu_draft_form *form,
		struct tu_str id, struct tu_error *err);
} subjects[] = {
	{"finding:", find_finding},
	{"decision:", find_decision},
	{"device:", find_device},
	{"concept:", find_device},
};

static enum tu_status check(
	struct tu_work *w, const struct tu_draft_form *form, struct tu_error *err)
{
	for (size_t i = 0; i < TU_COUNT(subjects); i++) {
		struct tu_str id = form->subject;

		if (tu_str_skip(&id, tu_str_c(subjects[i].prefix)))
			return subjects[i].find(w, form, id, err);
	}
	return unknown(err);
}

/* ---- reading ---- */

static enum tu_status read_own(struct tu_work *w, const struct tu_draft_form *form,
	struct tu_draft *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool fine;
	enum tu_status status = tu_tx_row(w->tx, TU_SQL_FORM_GET,
		TU_BIND(tu_int(form->person), tu_text(form->subject)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return TU_OK;
	if (status != TU_OK)
		return status;
	fine = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &out->content);
	out->version = tu_rows_int(rows, 1);
	out->changed = tu_rows_int(rows, 2);
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status read_others(struct tu_work *w, const struct tu_draft_form *form,
	struct tu_draft *out, struct tu_error *err)
{
	TU_VEC(struct tu_draft_other) others = {0};
	struct tu_draft_other other;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_FORM_OTHERS,
		TU_BIND(tu_int(form->person), tu_text(form->subject),
			tu_int(w->act->at - TU_DRAFT_OPEN_US)),
		&rows, err);

	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows)) {
		other = (struct tu_draft_other){
			.seen = tu_rows_int(rows, 1), .typed = tu_rows_int(rows, 2) != 0};
		fine = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &other.name) &&
			TU_VEC_PUSH_IN(w->arena, &others, other);
	}
	status = tu_rows_close(rows, err);
	out->others = others.at;
	out->other_count = others.count;
	return status || fine ? status : tu_no_memory(err);
}

enum tu_status tu_draft_read(struct tu_work *w, const struct tu_draft_form *form,
	struct tu_draft *out, struct tu_error *err)
{
	enum tu_status status = check(w, form, err);

	*out = (struct tu_draft){.subject = form->subject};
	if (status == TU_OK)
		status = read_own(w, form, out, err);
	return status ? status : read_others(w, form, out, err);
}

enum tu_status tu_draft_list(
	struct tu_work *w, int64_t person, struct tu_drafts *out, struct tu_error *err)
{
	TU_VEC(struct tu_draft) list = {0};
	struct tu_draft draft;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_FORMS_OF, TU_BIND(tu_int(person)), &rows, err);

	*out = (struct tu_drafts){0};
	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows)) {
		draft = (struct tu_draft){
			.version = tu_rows_int(rows, 1), .changed = tu_rows_int(rows, 2)};
		fine = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &draft.subject) &&
			TU_VEC_PUSH_IN(w->arena, &list, draft);
	}
	status = tu_rows_close(rows, err);
	*out = (struct tu_drafts){list.at, list.count};
	return status || fine ? status : tu_no_memory(err);
}

/* ---- writing ---- */

enum tu_status tu_draft_open(
	struct tu_work *w, const struct tu_draft_form *form, struct tu_error *err)
{
	enum tu_status status = check(w, form, err);

	return status
		? status
		: tu_work_exec(w, TU_SQL_FORM_OPEN,
			  TU_BIND(tu_int(form->person), tu_text(form->subject), tu_int(w->act->at)),
			  err);
}

enum tu_status tu_draft_keep(struct tu_work *w, const struct tu_draft_form *form,
	struct tu_str content, int64_t version, struct tu_error *err)
{
	enum tu_status status = tu_draft_open(w, form, err);

	if (status == TU_OK && content.len > TU_DRAFT_CONTENT_MAX)
		return tu_fail(
			err, TU_E_LIMIT, 0, "a draft has at most %d bytes", TU_DRAFT_CONTENT_MAX);
	if (status != TU_OK)
		return status;
	return tu_work_update(w, TU_SQL_FORM_KEEP,
		TU_BIND(tu_int(form->person), tu_text(form->subject), tu_int(version),
			tu_text(content), tu_int(w->act->at)),
		"draft", err);
}

enum tu_status tu_draft_drop(
	struct tu_work *w, const struct tu_draft_form *form, struct tu_error *err)
{
	enum tu_status status = check(w, form, err);

	return status ? status
		      : tu_work_exec(w, TU_SQL_FORM_DROP,
				TU_BIND(tu_int(form->person), tu_text(form->subject)), err);
}
