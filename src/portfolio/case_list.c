#include "portfolio/case_list.h"
#include "portfolio/case_would.h"
#include "portfolio/scope.h"

struct listing {
	struct tu_work *w;
	const struct tu_case_filter *filter;
	struct tu_cases_seen *out;
	struct {
		TU_VEC(struct undecided) list;
	} undecided;
};
/* A part with an undecided release; its deadlines are looked at when the rows are read. */
struct undecided {
	size_t at; /* of the case */
	struct tu_would_part part;
	bool wanted; /* but for when it is due */
};

/* ---- the list ---- */

static bool begin_case(struct listing *l, const struct tu_rows *rows)
{
	struct tu_case_seen seen = {
		.id = tu_rows_int(rows, 0),
		.severity = tu_rows_int(rows, 5),
		.score = tu_rows_int(rows, 6),
		.kev = tu_rows_int(rows, 7) != 0,
		.own = tu_rows_int(rows, 24) != 0,
		.closed = true,
	};

	return tu_arena_dup(l->w->arena, tu_rows_text(rows, 2), &seen.public_id) &&
		tu_arena_dup(l->w->arena, tu_rows_text(rows, 3), &seen.vuln) &&
		tu_arena_dup(l->w->arena, tu_rows_text(rows, 4), &seen.title) &&
		TU_VEC_PUSH_IN(l->w->arena, &l->out->list, seen);
}

static int64_t earliest(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* Does a part pass what is asked of parts? */
static bool passes(const struct tu_case_filter *filter, const struct tu_rows *rows)
{
	struct tu_str device = tu_rows_text(rows, 9), owner = tu_rows_text(rows, 12);

	if (filter->device.len && !tu_str_eq(filter->device, device))
		return false;
	if (filter->unowned && !tu_rows_is_null(rows, 10))
		return false;
	if (filter->owner.len && !tu_str_eq(filter->owner, owner) &&
		!tu_str_eq(filter->owner, tu_rows_text(rows, 11)))
		return false;
	return true;
}

static bool in_time(const struct tu_case_filter *filter, int64_t due)
{
	return !filter->deadline_before || (due && due < filter->deadline_before);
}

static bool note_undecided(struct listing *l, const struct tu_rows *rows, bool wanted)
{
	const size_t at = l->out->list.count - 1;
	struct undecided one = {.at = at,
		.wanted = wanted,
		.part = {.vuln = l->out->list.at[at].vuln,
			.learned_at = tu_rows_int(rows, 14),
			.kev = l->out->list.at[at].kev}};

	return tu_arena_dup(l->w->arena, tu_rows_text(rows, 9), &one.part.device) &&
		TU_VEC_PUSH_IN(l->w->arena, &l->undecided.list, one);
}

static bool add_part(struct listing *l, const struct tu_rows *rows, struct tu_case_seen *seen)
{
	bool closed = tu_str_eq(tu_rows_text(rows, 13), TU_STR("closed"));
	int64_t closed_at = tu_rows_int(rows, 16);
	bool wanted = passes(l->filter, rows);

	if (!seen->owner.len &&
		(!tu_arena_dup(l->w->arena, tu_rows_text(rows, 11), &seen->owner_public) ||
			!tu_arena_dup(l->w->arena, tu_rows_text(rows, 12), &seen->owner)))
		return false;
	seen->wanted |= wanted && in_time(l->filter, tu_rows_int(rows, 18));
	seen->closed = seen->closed && closed;
	seen->learned_at = earliest(seen->learned_at, tu_rows_int(rows, 14));
	seen->opened = earliest(seen->opened, tu_rows_int(rows, 15));
	seen->closed_at = closed_at > seen->closed_at ? closed_at : seen->closed_at;
	seen->version += tu_rows_int(rows, 17);
	seen->deadline = earliest(seen->deadline, tu_rows_int(rows, 18));
	seen->deadlines += tu_rows_int(rows, 19);
	seen->affected += tu_rows_int(rows, 20);
	seen->undecided += tu_rows_int(rows, 21);
	seen->fixed += tu_rows_int(rows, 22);
	seen->not_affected += tu_rows_int(rows, 23);
	seen->devices++;
	return !tu_rows_int(rows, 21) || note_undecided(l, rows, wanted);
}

static bool take(struct listing *l, const struct tu_rows *rows)
{
	struct tu_cases_seen *out = l->out;
	const struct tu_list_scope *scope = l->filter->scope;

	if (scope && !tu_scope_has(scope, tu_rows_int(rows, 8)))
		return true;
	if ((!out->list.count || out->list.at[out->list.count - 1].id != tu_rows_int(rows, 0)) &&
		!begin_case(l, rows))
		return false;
	return add_part(l, rows, &out->list.at[out->list.count - 1]);
}

static void drop_others(const struct tu_case_filter *filter, struct tu_cases_seen *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < out->list.count; i++) {
		struct tu_case_seen *seen = &out->list.at[i];

		if (!seen->closed)
			seen->closed_at = 0;
		if (!seen->wanted || (filter->state == TU_CASE_OPEN && seen->closed) ||
			(filter->state == TU_CASE_CLOSED && !seen->closed))
			continue;
		out->list.at[kept++] = *seen;
	}
	out->list.count = kept;
}

static enum tu_status add_would(struct listing *l, struct tu_error *err)
{
	struct tu_would would = {.w = l->w, .kb = l->filter->kb};
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < l->undecided.list.count; i++) {
		const struct undecided *one = &l->undecided.list.at[i];
		struct tu_case_seen *seen = &l->out->list.at[one->at];
		struct tu_would_deadlines deadlines = {0};

		status = tu_would_of(&would, &one->part, &deadlines, err);
		seen->would += (int64_t)deadlines.list.count;
		seen->would_due = earliest(seen->would_due, deadlines.soonest);
		seen->would_unread |= deadlines.unread.list.count > 0;
		seen->wanted |= one->wanted &&
			(in_time(l->filter, deadlines.soonest) || deadlines.unread.list.count);
	}
	return status;
}

enum tu_status tu_case_list(struct tu_work *w, const struct tu_case_filter *filter,
	struct tu_cases_seen *out, struct tu_error *err)
{
	struct listing l = {.w = w, .filter = filter, .out = out};
	struct tu_rows *rows;
	bool ok = true;
	/* what is closed for everybody is closed in every scope, and there is more of it each year
	 */
	const int64_t open_ones = filter->state == TU_CASE_OPEN;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_CASE_OVERVIEW,
		TU_BIND(tu_int(filter->id), tu_int(filter->id ? filter->id : INT64_MAX),
			tu_int(open_ones)),
		&rows, err);

	*out = (struct tu_cases_seen){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take(&l, rows);
	status = tu_rows_close(rows, err);
	if (status == TU_OK)
		status = ok ? add_would(&l, err) : tu_no_memory(err);
	drop_others(filter, out);
	return status;
}

/* ---- what one consists of ---- */

static bool copy(struct tu_work *w, const struct tu_rows *rows, unsigned column, struct tu_str *out)
{
	return tu_arena_dup(w->arena, tu_rows_text(rows, column), out);
}

struct reading {
	struct tu_work *w;
	const struct tu_case_row *row;
	void *out;
};
typedef bool take_row(struct reading *r, const struct tu_rows *rows);

static enum tu_status read_rows(
	struct reading *r, struct tu_rows *rows, take_row *take_one, struct tu_error *err)
{
	bool ok = true;
	enum tu_status status;

	while (ok && tu_rows_next(rows))
		ok = take_one(r, rows);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static bool take_release(struct reading *r, const struct tu_rows *rows)
{
	struct tu_case_releases *out = r->out;
	struct tu_case_release one = {.uncontrolled = tu_rows_int(rows, 2) != 0,
		.units_open = tu_rows_is_null(rows, 4) ? -1 : tu_rows_int(rows, 4)};

	if (!tu_case__has(r->row, tu_rows_int(rows, 5)))
		return true;
	return copy(r->w, rows, 1, &one.state) && copy(r->w, rows, 6, &one.device) &&
		copy(r->w, rows, 7, &one.release) && copy(r->w, rows, 8, &one.public_id) &&
		copy(r->w, rows, 9, &one.fix_public) && copy(r->w, rows, 10, &one.fix) &&
		TU_VEC_PUSH_IN(r->w->arena, &out->list, one);
}

enum tu_status tu_case_releases(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_releases *out, struct tu_error *err)
{
	struct reading r = {w, row, out};
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_CASE_RELEASES, TU_BIND(tu_int(row->id)), &rows, err);

	*out = (struct tu_case_releases){0};
	return status ? status : read_rows(&r, rows, take_release, err);
}

static bool take_decision(struct reading *r, const struct tu_rows *rows)
{
	struct tu_case_decisions *out = r->out;
	struct tu_case_decision one = {
		.harm = tu_rows_int(rows, 5), .created = tu_rows_int(rows, 7)};

	if (!tu_case__has(r->row, tu_rows_int(rows, 8)))
		return true;
	return copy(r->w, rows, 0, &one.public_id) && copy(r->w, rows, 1, &one.name) &&
		copy(r->w, rows, 2, &one.state) && copy(r->w, rows, 3, &one.status) &&
		copy(r->w, rows, 4, &one.risk) && copy(r->w, rows, 6, &one.author) &&
		copy(r->w, rows, 9, &one.device) && TU_VEC_PUSH_IN(r->w->arena, &out->list, one);
}

enum tu_status tu_case_decisions(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_decisions *out, struct tu_error *err)
{
	struct reading r = {w, row, out};
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_CASE_DECISIONS,
		TU_BIND(tu_text(row->vuln), tu_int(row->vuln_id)), &rows, err);

	*out = (struct tu_case_decisions){0};
	return status ? status : read_rows(&r, rows, take_decision, err);
}

static bool take_item(struct reading *r, const struct tu_rows *rows)
{
	struct tu_case_items *out = r->out;
	struct tu_str digest = tu_rows_text(rows, 9);
	struct tu_case_item_seen one = {.document_id = tu_rows_int(rows, 4),
		.at = tu_rows_int(rows, 5),
		.bytes = tu_rows_int(rows, 10)};

	if (!tu_rows_is_null(rows, 7) && !tu_case__has(r->row, tu_rows_int(rows, 7)))
		return true;
	if (digest.len == sizeof(one.digest))
		memcpy(one.digest, digest.ptr, sizeof(one.digest));
	return copy(r->w, rows, 0, &one.public_id) && copy(r->w, rows, 1, &one.kind) &&
		copy(r->w, rows, 2, &one.name) && copy(r->w, rows, 3, &one.text) &&
		copy(r->w, rows, 6, &one.author) && copy(r->w, rows, 8, &one.device) &&
		TU_VEC_PUSH_IN(r->w->arena, &out->list, one);
}

enum tu_status tu_case_items(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_items *out, struct tu_error *err)
{
	struct reading r = {w, row, out};
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_CASE_ITEMS, TU_BIND(tu_int(row->id)), &rows, err);

	*out = (struct tu_case_items){0};
	return status ? status : read_rows(&r, rows, take_item, err);
}
