/* Cases follow what changed. */
#include "base/json_writer.h"
#include "portfolio/case.h"
#include "service/inside.h"
#include "service/run.h"

enum { CASES = 64, CHANGES_MAX = 1000 };
static const char followed_row[] = "case.followed"; /* of the table schedule */

/* ---- which ---- */

struct page {
	struct tu_arena *arena; /* of the names; the job's */
	int64_t after, to; /* numbers of changes: those between are followed */
	bool all; /* of every case: it cannot be said which a change is about */
	int64_t from; /* the id of the last case */
	struct tu_str names[CASES];
	size_t count;
};

/* Facts that went leave no trace by which a case is found: then all are looked at, as where there
 * is much, where nothing was followed yet, and where the database is that of a backup. */
static enum tu_status read_extent(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct page *page = self;
	int64_t others = 0, all = 0;
	enum tu_status status = tu_tx_int(tx, TU_SQL_SCHEDULE_GET,
		TU_BIND(tu_text(tu_str_c(followed_row))), &page->after, err);

	if (status == TU_E_NOTFOUND)
		page->after = 0;
	if (!status || status == TU_E_NOTFOUND)
		status = tu_tx_int(tx, TU_SQL_CHANGE_NEWEST, TU_NO_BIND, &page->to, err);
	if (!status)
		status = tu_tx_int(tx, TU_SQL_CHANGE_OTHERS,
			TU_BIND(tu_int(page->after), tu_int(page->to)), &others, err);
	if (!status)
		status = tu_tx_int(tx, TU_SQL_CHANGE_COUNT,
			TU_BIND(tu_int(page->after), tu_int(page->to)), &all, err);
	page->all = !page->after || page->after > page->to || others || all > CHANGES_MAX;
	return status;
}

static enum tu_status query_page(
	struct tu_tx *tx, const struct page *page, struct tu_rows **out_rows, struct tu_error *err)
{
	const struct tu_value from = tu_int(page->from), most = tu_int(CASES);

	if (page->all)
		return tu_tx_query(tx, TU_SQL_CASE_NAMES, TU_BIND(from, most), out_rows, err);
	return tu_tx_query(tx, TU_SQL_CASE_NAMES_CHANGED,
		TU_BIND(from, most, tu_int(page->after), tu_int(page->to)), out_rows, err);
}

static enum tu_status read_page(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct page *page = self;
	int64_t from = page->from;
	struct tu_rows *rows;
	enum tu_status status = query_page(tx, page, &rows, err);
	bool ok = true;

	page->count = 0;
	if (status)
		return status;
	while (ok && page->count < CASES && tu_rows_next(rows)) {
		from = tu_rows_int(rows, 0);
		ok = tu_arena_dup(page->arena, tu_rows_text(rows, 1), &page->names[page->count++]);
	}
	status = tu_rows_close(rows, err);
	page->from = from;
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status keep_place(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct page *page = self;
	const struct tu_value row = tu_text(tu_str_c(followed_row));
	enum tu_status status =
		tu_tx_exec(tx, TU_SQL_SCHEDULE_ADD, TU_BIND(row, tu_int(page->after)), NULL, err);

	return status ? status
		      : tu_tx_exec(tx, TU_SQL_SCHEDULE_MOVE,
				TU_BIND(row, tu_int(page->after), tu_int(page->to)), NULL, err);
}

/* ---- one ---- */

struct following {
	const struct tu_kb *kb;
	struct tu_str name;
};

/* Lists have the soonest deadline of a vulnerability: one that is another now is a change. */
static enum tu_status note_deadline(struct tu_work *w, const struct tu_case_row *row,
	int64_t before, int64_t after, struct tu_error *err)
{
	struct tu_record record;

	if (before == after)
		return TU_OK;
	(void)err;
	tu_record_begin(&record, "case.deadline", "case:%.*s", TU_STR_FMT(row->vuln));
	tu_json_member_int(&record.json, "before", before);
	tu_json_member_int(&record.json, "after", after);
	return tu_case__record_add(&record, w, row, err);
}

static enum tu_status follow_case(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct following *f = self;
	struct tu_case_row row;
	int64_t before = 0, after = 0;
	enum tu_status status = tu_case_find(w, f->name, &row, err);

	row.kb = f->kb;
	if (!status)
		status = tu_tx_int(w->tx, TU_SQL_CASE_DUE, TU_BIND(tu_int(row.id)), &before, err);
	if (!status)
		status = tu_case_follow(w, &row, err);
	if (!status)
		status = tu_tx_int(w->tx, TU_SQL_CASE_DUE, TU_BIND(tu_int(row.id)), &after, err);
	return status ? status : note_deadline(w, &row, before, after, err);
}

/* ---- the job ---- */

static enum tu_status follow_page(struct tu_service__run *run, const struct page *page,
	const struct tu_kb *kb, int64_t *followed, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < page->count; i++) {
		const struct tu_act act = tu_service__act(run->service, "system:cases");
		struct following following = {kb, page->names[i]};

		status = tu_service__run_check(run, err);
		if (!status)
			status = tu_work_run(
				run->service->store, &act, follow_case, &following, err);
		*followed += !status;
	}
	return status;
}

enum tu_status tu_service__follow_cases(struct tu_service__run *run, struct tu_error *err)
{
	struct tu_service *service = run->service;
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	struct page page = {.arena = run->arena};
	struct tu_service_kb *kb = tu_service_kb_hold(service);
	int64_t followed = 0;
	enum tu_status status = tu_store_run(service->store, TU_TX_READ, read_extent, &page, err);

	while (!status) {
		status = tu_store_run(service->store, TU_TX_READ, read_page, &page, err);
		if (!status)
			status = follow_page(run, &page, kb ? kb->kb : NULL, &followed, err);
		if (page.count < CASES)
			break;
	}
	tu_service_kb_drop(kb);
	if (!status)
		status = tu_store_run(service->store, TU_TX_WRITE, keep_place, &page, err);
	tu_json_open_object(&json);
	tu_json_member_int(&json, "cases", followed);
	tu_json_member_bool(&json, "all", page.all);
	tu_json_close_object(&json);
	return status;
}
