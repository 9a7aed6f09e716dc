#include "portfolio/proposal.h"

#include <stdlib.h>

#include "portfolio/actor.h"
#include "portfolio/scope.h"

struct listing {
	struct tu_work *w;
	const struct tu_list_scope *scope; /* NULL: everything */
	TU_VEC(struct tu_proposal) list;
};

/* ---- one ---- */

enum tu_status tu_assessment_approved_by(struct tu_work *w, struct tu_str public_id,
	const uint8_t digest[TU_SHA256_BYTES], const struct tu_proposal_approvals *out,
	struct tu_error *err)
{
	const struct tu_str content = tu_str_of((const char *)digest, TU_SHA256_BYTES);
	TU_VEC(struct tu_proposal_approval) by = {0};
	struct tu_str subject;
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status = tu_assessment_subject(w, public_id, &subject, err);

	if (status == TU_OK)
		status = tu_tx_query(w->tx, TU_SQL_APPROVALS_OF,
			TU_BIND(tu_text(subject), tu_blob(content)), &rows, err);
	if (status != TU_OK)
		return status;
	while (status == TU_OK && tu_rows_next(rows)) {
		struct tu_proposal_approval one = {.at = tu_rows_int(rows, 1)};

		status = tu_work_dup(w, tu_rows_text(rows, 0), &one.name, err);
		if (status == TU_OK)
			status = tu_work_dup(w, tu_rows_text(rows, 2), &one.zone, err);
		if (status == TU_OK && !TU_VEC_PUSH_IN(w->arena, &by, one))
			status = tu_no_memory(err);
	}
	closed = tu_rows_close(rows, status ? NULL : err);
	*out->out_by = by.at;
	*out->out_count = by.count;
	return status ? status : closed;
}

static enum tu_status add(struct listing *l, const struct tu_device_row *device, uint32_t needed,
	const struct tu_assessment_row *row, struct tu_error *err)
{
	struct tu_actor_person author;
	struct tu_proposal p = {.public_id = row->public_id,
		.device = device->name,
		.name = row->name,
		.author = row->author,
		.text = row->text,
		.decision = row->decision,
		.version = row->version,
		.created = row->created,
		.needed = needed};
	enum tu_status status = tu_actor_person(l->w, row->author, &author, err);

	memcpy(p.digest, row->digest, sizeof(p.digest));
	p.author_name = author.name.len ? author.name : author.login;
	if (status == TU_OK)
		status = tu_assessment_approvals(l->w, row, &p.approvals, err);
	if (status == TU_OK)
		status = tu_assessment_approved_by(l->w, p.public_id, p.digest,
			&(struct tu_proposal_approvals){&p.by, &p.by_count}, err);
	if (status == TU_OK && !TU_VEC_PUSH_IN(l->w->arena, &l->list, p))
		status = tu_no_memory(err);
	return status;
}

static enum tu_status add_device(struct listing *l, struct tu_str name, struct tu_error *err)
{
	struct tu_assessment_rows rows = {0};
	uint32_t needed = 0;
	struct tu_device_row device;
	enum tu_status status = tu_device_find(l->w, name, &device, err);

	if (status == TU_OK && l->scope && !tu_scope_has(l->scope, device.id))
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no device \"%.*s\"",
			TU_STR_FMT(tu_str_first(name, 100)));
	if (status == TU_OK)
		status = tu_device_approvals(l->w, &device, &needed, err);
	if (status == TU_OK)
		status = tu_assessment_list(l->w, device.id, &rows, err);
	for (size_t i = 0; i < rows.count && status == TU_OK; i++)
		if (!rows.at[i].approved)
			status = add(l, &device, needed, &rows.at[i], err);
	return status;
}

/* ---- all ---- */

struct names {
	TU_VEC(struct tu_str) list;
};

static enum tu_status list_devices(struct listing *l, struct names *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_query(l->w->tx, TU_SQL_DEVICES_WITH_PROPOSALS, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	while (status == TU_OK && tu_rows_next(rows)) {
		struct tu_str name;

		if (l->scope && !tu_scope_has(l->scope, tu_rows_int(rows, 0)))
			continue;
		status = tu_work_dup(l->w, tu_rows_text(rows, 1), &name, err);
		if (status == TU_OK && !TU_VEC_PUSH_IN(l->w->arena, &out->list, name))
			status = tu_no_memory(err);
	}
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

static int by_age(const void *a, const void *b)
{
	const struct tu_proposal *x = a, *y = b;
	int order = tu_str_cmp(x->device, y->device);

	if (x->created != y->created)
		return x->created < y->created ? -1 : 1;
	return order ? order : tu_str_cmp(x->name, y->name);
}

static enum tu_status add_or_name(
	struct listing *l, struct tu_str name, struct tu_proposals *out, struct tu_error *err)
{
	struct tu_proposals_unread unread = {.device = name};
	struct tu_error own = {0};
	char words[TU_ERROR_TEXT_MAX];
	const size_t before = l->list.count;
	enum tu_status status = add_device(l, name, &own);

	if (!tu_device_is_unread(status)) {
		if (status && err)
			*err = own;
		return status;
	}
	l->list.count = before;
	status = tu_work_dup(
		l->w, tu_str_c(tu_error_text(&own, words, sizeof(words))), &unread.why, err);
	if (status == TU_OK && !TU_VEC_PUSH_IN(l->w->arena, &out->unread.list, unread))
		status = tu_no_memory(err);
	return status;
}

enum tu_status tu_proposal_list(struct tu_work *w, struct tu_str device,
	const struct tu_list_scope *scope, struct tu_proposals *out, struct tu_error *err)
{
	struct listing l = {.w = w, .scope = scope};
	struct names names = {0};
	enum tu_status status = TU_OK;

	*out = (struct tu_proposals){0};
	if (device.len)
		status = add_device(&l, device, err);
	else
		status = list_devices(&l, &names, err);
	for (size_t i = 0; i < names.list.count && status == TU_OK; i++)
		status = add_or_name(&l, names.list.at[i], out, err);
	if (status != TU_OK)
		return status;
	if (l.list.count)
		qsort(l.list.at, l.list.count, sizeof(*l.list.at), by_age);
	out->at = l.list.at;
	out->count = l.list.count;
	return TU_OK;
}

/* ---- by name ---- */

static bool is_named(struct tu_str named, struct tu_str public_id, struct tu_str file,
	const struct tu_decision *decision)
{
	struct tu_str stem = file;

	if (tu_str_ends(stem, TU_STR(".yaml")))
		stem.len -= strlen(".yaml");
	return tu_str_eq(named, public_id) || tu_str_eq(named, file) || tu_str_eq(named, stem) ||
		tu_str_eq(named, decision->id);
}

/* What is there of the name, if it is no proposal. */
static enum tu_status tell(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str named, struct tu_error *err)
{
	struct tu_assessment_rows rows;
	enum tu_status status = tu_assessment_list(w, device->id, &rows, err);
	bool approved = false;

	for (size_t i = 0; status == TU_OK && i < rows.count; i++)
		approved |= rows.at[i].approved &&
			is_named(named, rows.at[i].public_id, rows.at[i].name, rows.at[i].decision);
	if (status != TU_OK)
		return status;
	return tu_fail(err, approved ? TU_E_USAGE : TU_E_NOTFOUND, 0,
		approved ? "decision \"%.*s\" of %.*s is approved, not proposed"
			 : "no decision \"%.*s\" of %.*s is proposed",
		TU_STR_FMT(tu_str_first(named, 100)), TU_STR_FMT(device->name));
}

enum tu_status tu_proposal_find(struct tu_work *w, struct tu_str device, struct tu_str named,
	struct tu_proposal *out, struct tu_error *err)
{
	struct tu_proposals all;
	struct tu_device_row row;
	enum tu_status status = tu_device_find(w, device, &row, err);

	if (status == TU_OK)
		status = tu_proposal_list(w, device, NULL, &all, err);
	for (size_t i = 0; status == TU_OK && i < all.count; i++) {
		const struct tu_proposal *p = &all.at[i];

		if (is_named(named, p->public_id, p->name, p->decision)) {
			*out = *p;
			return TU_OK;
		}
	}
	return status ? status : tell(w, &row, named, err);
}
