#include "portfolio/case.h"

enum { CONDITION_MAX = 512 };

/* Those of its parts, or the one that something is about. */
static void write_devices(
	struct tu_json_writer *json, const struct tu_case_row *row, int64_t only_device)
{
	tu_json_key(json, "devices");
	tu_json_open_array(json);
	for (size_t i = 0; i < row->parts.list.count; i++)
		if (!only_device || row->parts.list.at[i].device_id == only_device)
			tu_json_add_str(json, row->parts.list.at[i].device);
	tu_json_close_array(json);
}

enum tu_status tu_case__record(struct tu_work *w, const struct tu_case_row *row, const char *action,
	const char *before, struct tu_str after)
{
	struct tu_record record;

	tu_record_begin(&record, action, "case:%.*s", TU_STR_FMT(row->vuln));
	tu_json_key(&record.json, "before");
	if (before)
		tu_json_add_str(&record.json, tu_str_c(before));
	else
		tu_json_add_null(&record.json);
	tu_json_member_str(&record.json, "after", after);
	write_devices(&record.json, row, 0);
	return tu_case__record_add(&record, w, row, NULL);
}

/* ---- opening ---- */

/* A case may be there: of others, whose parts are not in the scope, or of some of the devices. */
static enum tu_status find_or_add(struct tu_work *w, const struct tu_case_opening *opening,
	struct tu_case_row *row, struct tu_error *err)
{
	struct tu_str public_id;
	bool everywhere = !opening->scope || opening->scope->everything;
	enum tu_status status = tu_case_find_in(w, opening->vuln, opening->scope, row, err);

	if (row->id && everywhere && (status == TU_OK || status == TU_E_NOTFOUND))
		status = tu_work_exec(w, TU_SQL_CASE_WIDEN, TU_BIND(tu_int(row->id)), err);
	if (status != TU_E_NOTFOUND || row->id)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	row->vuln = opening->vuln;
	status = tu_tx_int(
		w->tx, TU_SQL_VULN_ID, TU_BIND(tu_text(opening->vuln)), &row->vuln_id, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no component of the portfolio has %.*s",
			TU_STR_FMT(opening->vuln));
	if (status == TU_OK)
		status = tu_work_new_id(w, &public_id, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CASE_ADD,
			TU_BIND(tu_text(public_id), tu_int(row->vuln_id), tu_int(everywhere),
				tu_int(w->act->at), tu_int(0)),
			err);
	if (status == TU_OK) /* as yet without a part */
		status = tu_case_find_in(w, opening->vuln, opening->scope, row, err);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

enum tu_status tu_case_open(struct tu_work *w, const struct tu_case_opening *opening,
	struct tu_case_row *out_row, struct tu_error *err)
{
	enum tu_status status = find_or_add(w, opening, out_row, err);
	size_t before = out_row->parts.list.count;

	out_row->scope = opening->scope;
	out_row->kb = opening->kb;
	if (status == TU_OK)
		status = tu_case__join(w, out_row, opening, err);
	if (status == TU_OK)
		status = tu_case__read_parts(w, out_row, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no component of the portfolio has %.*s",
			TU_STR_FMT(opening->vuln));
	if (status == TU_OK && out_row->parts.list.count == before)
		return tu_fail(err, TU_E_CONFLICT, 0, "there is a case on %.*s already",
			TU_STR_FMT(opening->vuln));
	if (status == TU_OK)
		status = tu_case_follow(w, out_row, err);
	if (status == TU_OK && tu_case__record(w, out_row, "case.open", NULL, TU_STR("open")))
		status = tu_no_memory(err);
	return status;
}

/* ---- changing ---- */

static enum tu_status change_part(struct tu_work *w, const struct tu_case_row *row,
	const struct tu_case_part *part, struct tu_error *err)
{
	enum tu_status status = tu_case__touch(w, row->id, err);

	return status
		? status
		: tu_work_update(w, TU_SQL_CASE_PART_CHANGE,
			  TU_BIND(tu_int(row->id), tu_int(part->device_id), tu_int(part->version),
				  part->owner_id ? tu_int(part->owner_id) : tu_null(),
				  tu_text(part->closed ? TU_STR("closed") : TU_STR("open")),
				  part->closed_at ? tu_int(part->closed_at) : tu_null()),
			  "case", err);
}

/* The parts as they are now, if they are those that somebody read. */
static enum tu_status read_again(struct tu_work *w, struct tu_case_row *row, struct tu_error *err)
{
	int64_t version = row->version;
	enum tu_status status = tu_case__read_parts(w, row, err);

	if (status == TU_OK && row->version != version)
		return tu_fail(err, TU_E_CONFLICT, 0, "case: changed since you read it");
	return status;
}

enum tu_status tu_case_assign(
	struct tu_work *w, struct tu_case_row *row, int64_t owner_id, struct tu_error *err)
{
	struct tu_record record;
	enum tu_status status = read_again(w, row, err);
	int64_t before = row->owner_id;

	for (size_t i = 0; i < row->parts.list.count && status == TU_OK; i++) {
		row->parts.list.at[i].owner_id = owner_id;
		status = change_part(w, row, &row->parts.list.at[i], err);
	}
	if (status == TU_OK)
		status = tu_case__read_parts(w, row, err);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "case.assign", "case:%.*s", TU_STR_FMT(row->vuln));
	tu_json_member_int(&record.json, "before", before);
	tu_json_member_int(&record.json, "after", owner_id);
	write_devices(&record.json, row, 0);
	return tu_case__record_add(&record, w, row, err);
}

/* ---- items ---- */

static enum tu_status device_of(const struct tu_case_row *row, const struct tu_case_item *item,
	int64_t *out_device, struct tu_error *err)
{
	*out_device = item->device_id;
	if (item->device_id)
		return tu_case__has(row, item->device_id)
			? TU_OK
			: tu_fail(err, TU_E_USAGE, 0, "the case is not about this device");
	if (!row->scope || row->scope->everything)
		return TU_OK;
	*out_device = row->parts.list.count == 1 ? row->parts.list.at[0].device_id : 0;
	return *out_device ? TU_OK
			   : tu_fail(err, TU_E_USAGE, 0,
				     "the case is about several devices: name the one that this is "
				     "about");
}

enum tu_status tu_case_add(struct tu_work *w, const struct tu_case_row *row,
	const struct tu_case_item *item, struct tu_error *err)
{
	struct tu_str public_id;
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_record record;
	int64_t device = 0;
	enum tu_status status = device_of(row, item, &device, err);

	if (status == TU_OK)
		status = tu_work_new_id(w, &public_id, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CASE_ITEM_ADD,
			TU_BIND(tu_text(public_id), tu_int(row->id), tu_text(tu_str_c(item->kind)),
				tu_text(item->name), tu_text(item->text),
				item->document_id ? tu_int(item->document_id) : tu_null(),
				tu_int(w->act->at), tu_text(w->act->actor),
				device ? tu_int(device) : tu_null()),
			err);
	if (status != TU_OK)
		return status;
	if (tu_sha256(item->text, digest) != TU_OK)
		return tu_no_memory(err);
	/* the text may name persons: the ledger has its digest */
	tu_record_begin(&record, "case.item", "case:%.*s", TU_STR_FMT(row->vuln));
	tu_json_member_str(&record.json, "kind", tu_str_c(item->kind));
	tu_record_digest(&record.json, "after", digest);
	if (device) /* else whoever sees the case sees it */
		write_devices(&record.json, row, device);
	return tu_case__record_add(&record, w, row, err);
}

/* ---- releases ---- */

/* From what needs nothing to what needs most: the worst of its components counts. */
/* In rising order: of several findings in a release the last one counts, so that one that nobody
 * has decided keeps the case open whatever was decided of the others. */
enum standing { NOT_AFFECTED, FIXED, AFFECTED, UNDECIDED };

static const char *const standing_words[] = {"not affected", "fixed", "affected", "undecided"};

struct release_standing {
	int64_t release_id;
	enum standing standing;
};

struct standings {
	TU_VEC(struct release_standing) list;
};

/* An approved decision that applies counts before the matcher's verdict. */
static enum standing standing_of(const struct tu_rows *rows)
{
	struct tu_str state = tu_rows_text(rows, 2), status = tu_rows_text(rows, 3);
	bool applies = tu_str_eq(state, TU_STR("decided")) || tu_str_eq(state, TU_STR("carried"));

	if (applies && tu_str_eq(status, tu_str_c(tu_claim_status_name(TU_CLAIM_NOT_AFFECTED))))
		return NOT_AFFECTED;
	if (applies && tu_str_eq(status, tu_str_c(tu_claim_status_name(TU_CLAIM_FIXED))))
		return FIXED;
	if (applies && tu_str_eq(status, tu_str_c(tu_claim_status_name(TU_CLAIM_AFFECTED))))
		return AFFECTED;
	return UNDECIDED;
}

static enum tu_status read_standings(struct tu_work *w, const struct tu_case_row *row,
	struct standings *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_CASE_FINDINGS,
		TU_BIND(tu_int(row->vuln_id), tu_int(row->id)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct release_standing next = {tu_rows_int(rows, 0), standing_of(rows)};
		struct release_standing *last =
			out->list.count ? &out->list.at[out->list.count - 1] : NULL;

		if (last && last->release_id == next.release_id)
			last->standing =
				next.standing > last->standing ? next.standing : last->standing;
		else
			ok = TU_VEC_PUSH_IN(w->arena, &out->list, next);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status write_standings(struct tu_work *w, const struct tu_case_row *row,
	const struct standings *standings, struct tu_error *err)
{
	struct tu_batch batch = {.w = w};
	/* one that has no finding any more, by another SBOM or other data */
	enum tu_status status = tu_case__touch(w, row->id, err);

	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CASE_RELEASES_CLEAR, TU_BIND(tu_int(row->id)), err);
	for (size_t i = 0; i < standings->list.count; i++) {
		const struct release_standing *s = &standings->list.at[i];

		tu_batch_add(&batch,
			TU_BIND(tu_int(row->id), tu_int(s->release_id),
				tu_text(tu_str_c(standing_words[s->standing]))));
	}
	if (status == TU_OK)
		status = tu_batch_run(&batch, TU_SQL_CASE_RELEASE_PUT, err);
	return status ? status
		      : tu_work_exec(w, TU_SQL_CASE_FIX_PUT,
				TU_BIND(tu_int(row->id), tu_int(row->vuln_id)), err);
}

static bool is_open_in(const struct tu_case_conditions *conditions, int64_t device_id)
{
	for (size_t i = 0; i < conditions->list.count; i++)
		if (conditions->list.at[i].device_id == device_id)
			return true;
	return false;
}

/* Closed parts that could not be closed now. */
static enum tu_status reopen(struct tu_work *w, struct tu_case_row *all, struct tu_error *err)
{
	struct tu_case_conditions open = {0};
	struct tu_case_row opened = *all;
	enum tu_status status = tu_case_open_conditions(w, all, &open, err);

	memset(&opened.parts, 0, sizeof(opened.parts));
	for (size_t i = 0; i < all->parts.list.count && status == TU_OK; i++) {
		struct tu_case_part *part = &all->parts.list.at[i];

		if (!part->closed || !is_open_in(&open, part->device_id))
			continue;
		part->closed = false;
		part->closed_at = 0;
		status = change_part(w, all, part, err);
		if (status == TU_OK && !TU_VEC_PUSH_IN(w->arena, &opened.parts.list, *part))
			status = tu_no_memory(err);
	}
	if (status == TU_OK && opened.parts.list.count &&
		tu_case__record(w, &opened, "case.reopen", "closed", TU_STR("open")))
		status = tu_no_memory(err);
	return status;
}

static bool has_closed(const struct tu_case_row *row)
{
	for (size_t i = 0; i < row->parts.list.count; i++)
		if (row->parts.list.at[i].closed)
			return true;
	return false;
}

static enum tu_status follow_releases(
	struct tu_work *w, const struct tu_case_row *all, struct tu_error *err)
{
	struct standings standings = {0};
	enum tu_status status;

	if (all->own)
		return tu_case__follow_own(w, all, err);
	status = read_standings(w, all, &standings, err);
	return status ? status : write_standings(w, all, &standings, err);
}

enum tu_status tu_case_follow(struct tu_work *w, struct tu_case_row *row, struct tu_error *err)
{
	struct tu_case_row all = *row;
	enum tu_status status = tu_case__join(w, row, NULL, err);

	all.scope = NULL;
	if (status == TU_OK)
		status = tu_case__read_parts(w, &all, err);
	if (status == TU_OK)
		status = follow_releases(w, &all, err);
	if (status == TU_OK)
		status = tu_case__follow_deadlines(w, &all, err);
	if (status == TU_OK && has_closed(&all))
		status = reopen(w, &all, err);
	return status ? status : tu_case__read_parts(w, row, err);
}

/* ---- conditions ---- */

static const struct {
	const char *name, *words;
} needs[TU_CASE_NEEDS] = {
	[TU_CASE_NEEDS_OWNER] = {"owner", "nobody is named as its owner"},
	[TU_CASE_NEEDS_DECISION] = {"decision", "it is not decided whether it is affected"},
	[TU_CASE_NEEDS_FIX] = {"fix", "its risk is uncontrolled and no release fixes it"},
	[TU_CASE_NEEDS_UNITS_KNOWN] = {"units-known",
		"it is not known how many units still have it"},
	[TU_CASE_NEEDS_UNITS_FIXED] = {"units-fixed", "units still have it"},
	[TU_CASE_NEEDS_DEADLINE] = {"deadline", "the deadline is not met"},
};

const char *tu_case_need_name(enum tu_case_need need)
{
	return needs[need].name;
}

/* Texts are copied. */
static bool add_condition(
	struct tu_work *w, struct tu_case_conditions *out, struct tu_case_condition condition)
{
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, CONDITION_MAX);
	tu_buf_printf(&text, "%.*s%s%.*s: %s", TU_STR_FMT(condition.device),
		condition.of.len ? " " : "", TU_STR_FMT(condition.of), needs[condition.need].words);
	ok = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), &condition.words) &&
		tu_arena_dup(w->arena, condition.device, &condition.device) &&
		tu_arena_dup(w->arena, condition.of, &condition.of) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, condition);
	tu_buf_done(&text);
	return ok;
}

/* What is still to be done for a release; TU_CASE_NEEDS: nothing. */
static enum tu_case_need need_of(const struct tu_rows *rows)
{
	struct tu_str state = tu_rows_text(rows, 1);
	bool uncontrolled = tu_rows_int(rows, 2) != 0;
	bool fix_known = !tu_rows_is_null(rows, 3), units_known = !tu_rows_is_null(rows, 4);

	if (tu_str_eq(state, TU_STR("undecided")))
		return TU_CASE_NEEDS_DECISION;
	if (!tu_str_eq(state, TU_STR("affected")) || !uncontrolled)
		return TU_CASE_NEEDS;
	if (!fix_known)
		return TU_CASE_NEEDS_FIX;
	if (!units_known)
		return TU_CASE_NEEDS_UNITS_KNOWN;
	return tu_rows_int(rows, 4) > 0 ? TU_CASE_NEEDS_UNITS_FIXED : TU_CASE_NEEDS;
}

static bool check_release(struct tu_work *w, const struct tu_rows *rows,
	const struct tu_case_row *row, struct tu_case_conditions *out)
{
	const struct tu_case_condition condition = {.need = need_of(rows),
		.device_id = tu_rows_int(rows, 5),
		.device = tu_rows_text(rows, 6),
		.of = tu_rows_text(rows, 7)};

	return condition.need == TU_CASE_NEEDS || !tu_case__has(row, condition.device_id) ||
		add_condition(w, out, condition);
}

static bool check_deadline(struct tu_work *w, const struct tu_rows *rows,
	const struct tu_case_row *row, struct tu_case_conditions *out)
{
	const struct tu_case_condition condition = {.need = TU_CASE_NEEDS_DEADLINE,
		.device_id = tu_rows_int(rows, 4),
		.device = tu_rows_text(rows, 5),
		.of = tu_rows_text(rows, 0)};

	return !tu_rows_is_null(rows, 1) || !tu_case__has(row, condition.device_id) ||
		add_condition(w, out, condition);
}

static enum tu_status check_rows(struct tu_work *w, enum tu_sql sql, const struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, sql, TU_BIND(tu_int(row->id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = sql == TU_SQL_CASE_RELEASES ? check_release(w, rows, row, out)
						 : check_deadline(w, rows, row, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_case_open_conditions(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err)
{
	enum tu_status status;

	*out = (struct tu_case_conditions){0};
	for (size_t i = 0; i < row->parts.list.count; i++) {
		const struct tu_case_part *part = &row->parts.list.at[i];
		const struct tu_case_condition condition = {.need = TU_CASE_NEEDS_OWNER,
			.device_id = part->device_id,
			.device = part->device};

		if (!part->owner_id && !add_condition(w, out, condition))
			return tu_no_memory(err);
	}
	status = check_rows(w, TU_SQL_CASE_RELEASES, row, out, err);
	return status ? status : check_rows(w, TU_SQL_CASE_DEADLINES, row, out, err);
}

/* ---- closing ---- */

static enum tu_status close_parts(struct tu_work *w, struct tu_case_row *row, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < row->parts.list.count && status == TU_OK; i++) {
		struct tu_case_part *part = &row->parts.list.at[i];

		if (part->closed)
			continue;
		part->closed = true;
		part->closed_at = w->act->at;
		status = change_part(w, row, part, err);
	}
	return status ? status : tu_case__read_parts(w, row, err);
}

enum tu_status tu_case_close(struct tu_work *w, struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err)
{
	enum tu_status status = read_again(w, row, err);

	if (status == TU_OK)
		status = tu_case_follow(w, row, err);
	if (status == TU_OK && row->closed)
		return tu_fail(err, TU_E_USAGE, 0, "the case is closed already");
	if (status == TU_OK)
		status = tu_case_open_conditions(w, row, out, err);
	if (status == TU_OK && out->list.count)
		return tu_fail(err, TU_E_USAGE, 0, "%zu condition%s open; the first: %.*s",
			out->list.count, out->list.count == 1 ? " is" : "s are",
			TU_STR_FMT(out->list.at[0].words));
	if (status == TU_OK)
		status = close_parts(w, row, err);
	if (status == TU_OK && tu_case__record(w, row, "case.close", "open", TU_STR("closed")))
		status = tu_no_memory(err);
	return status;
}
