/* Pages of lists: JSON of one page; CSV and XLSX of all rows. */
#include <stdio.h>
#include <string.h>

#include "api/inside.h"
#include "api/sheet.h"
#include "api/validate.h"

/* ---- Link (RFC 8288) ---- */

static bool is_plain(char c)
{
	return tu_char_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void add_escaped(struct tu_buf *out, struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_plain(text.ptr[i]))
			tu_buf_byte(out, text.ptr[i]);
		else
			tu_buf_printf(out, "%%%02X", (unsigned char)text.ptr[i]);
	}
}

/* The same address with another cursor. Where that is too long for a header there is none: the body
 * has the cursor. */
static void set_link(struct tu_api_call *call, struct tu_str next)
{
	const struct tu_api_parameter *row = call->route->query;
	struct tu_buf buf;

	if (next.len == 0)
		return;
	tu_buf_init(&buf, TU_HTTP_HEADER_VALUE);
	tu_buf_byte(&buf, '<');
	tu_buf_str_add(&buf, call->http->path);
	tu_buf_c(&buf, "?cursor=");
	add_escaped(&buf, next);
	for (size_t i = 0; row && row[i].name; i++) {
		if (!call->query[i].ptr || strcmp(row[i].name, "cursor") == 0)
			continue;
		tu_buf_printf(&buf, "&%s=", row[i].name);
		add_escaped(&buf, call->query[i]);
	}
	tu_buf_c(&buf, ">; rel=\"next\"");
	if (buf.failed || !tu_arena_dup(call->arena, tu_buf_str(&buf), &call->answer.link))
		call->answer.link = (struct tu_str){0};
	tu_buf_done(&buf);
}

/* ---- JSON ---- */

static void write_page(
	struct tu_api_call *call, const struct tu_api_page *page, tu_api_columns columns)
{
	const struct tu_api_table *table = call->route->table;
	struct tu_json_writer *json = tu_api_json(call);

	tu_json_open_object(json);
	tu_json_key(json, "items");
	tu_json_open_array(json);
	for (size_t i = 0; i < page->rows.count; i++)
		tu_api_row_json(
			table, columns, (const char *)page->rows.at + i * table->row_size, json);
	tu_json_close_array(json);
	tu_json_key(json, "next");
	if (page->next.len)
		tu_json_add_str(json, page->next);
	else
		tu_json_add_null(json);
	tu_json_key(json, "total");
	tu_json_open_object(json);
	tu_json_member_int(json, "count", (int64_t)page->total);
	tu_json_member_bool(json, "exact", page->exact);
	tu_json_close_object(json);
	if (page->more)
		page->more(call, page->self, json);
	tu_json_close_object(json);
	set_link(call, page->next);
}

/* ---- all rows ---- */

struct fetching_rows {
	tu_api_fetch *fetch;
	void *self;
};

struct exporting {
	const struct tu_api_table *table;
	tu_api_columns columns;
	struct tu_api_sheet *sheet; /* XLSX */
	uint64_t count;
};

static enum tu_status put_rows(struct tu_api_call *call, struct exporting *e,
	const struct tu_api_rows *rows, struct tu_error *err)
{
	const char *row = rows->at;

	e->count += rows->count;
	if (e->count > TU_API_EXPORT_MAX)
		return tu_fail(err, TU_E_LIMIT, 0,
			"the list has more than %d rows: filter it, or fetch it in pages as JSON",
			TU_API_EXPORT_MAX);
	if (e->sheet)
		return tu_api_sheet_rows(e->sheet, rows, err);
	for (size_t i = 0; i < rows->count; i++, row += e->table->row_size)
		tu_api_csv_row(e->table, e->columns, row, &call->answer.body);
	return TU_OK;
}

static enum tu_status each_page(struct tu_api_call *call, struct exporting *e,
	const struct fetching_rows *fetching, struct tu_error *err)
{
	struct tu_str cursor = tu_api_query(call, "cursor");
	enum tu_status status;

	do {
		struct tu_api_page page = {.limit = TU_API_PAGE_MAX, .cursor = cursor};

		status = fetching->fetch(call, fetching->self, &page, err);
		if (status == TU_OK)
			status = put_rows(call, e, &page.rows, err);
		cursor = page.next;
	} while (status == TU_OK && cursor.len);
	return status;
}

static enum tu_status export_csv(struct tu_api_call *call, struct exporting *e,
	const struct fetching_rows *fetching, struct tu_error *err)
{
	call->answer.type = "text/csv; charset=utf-8; header=present";
	tu_api_csv_head(e->table, e->columns, &call->answer.body);
	return each_page(call, e, fetching, err);
}

static enum tu_status export_xlsx(struct tu_api_call *call, struct exporting *e,
	const struct fetching_rows *fetching, struct tu_error *err)
{
	enum tu_status status = tu_api_sheet_new(e->table, e->columns, &e->sheet, err);

	call->answer.type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	if (status == TU_OK)
		status = each_page(call, e, fetching, err);
	if (status == TU_OK && call->gaps.words.len)
		status = tu_api_sheet_facts(e->sheet, "gaps", call->gaps.words, err);
	return tu_api_sheet_end(e->sheet, status, &call->answer.body, err);
}

enum tu_status tu_api_answer_page(
	struct tu_api_call *call, tu_api_fetch *fetch, void *self, struct tu_error *err)
{
	const struct fetching_rows fetching = {fetch, self};
	struct exporting e = {.table = call->route->table};
	struct tu_api_page page = {
		.limit = (uint32_t)tu_api_query_int(call, "limit", TU_API_PAGE_DEFAULT),
		.cursor = tu_api_query(call, "cursor")};
	enum tu_status status =
		tu_api_columns_choose(e.table, tu_api_query(call, "fields"), &e.columns, err);

	if (status != TU_OK)
		return status;
	if (call->export != TU_API_AS_JSON) {
		(void)snprintf(call->answer.file_name, sizeof(call->answer.file_name), "%s%s.%s",
			call->route->operation,
			call->gaps.json.len && !call->gaps.none ? "-incomplete" : "",
			call->export == TU_API_AS_CSV ? "csv" : "xlsx");
		return call->export == TU_API_AS_CSV ? export_csv(call, &e, &fetching, err)
						     : export_xlsx(call, &e, &fetching, err);
	}
	status = fetch(call, self, &page, err);
	if (status == TU_OK)
		write_page(call, &page, e.columns);
	return status;
}

/* ---- rows that are all there ---- */

enum tu_status tu_api_page_of(struct tu_api_call *call, struct tu_api_page *page,
	const struct tu_api_rows *all, struct tu_error *err)
{
	size_t size = call->route->table->row_size;
	uint64_t from = 0;
	char text[24];
	int len;

	if (page->cursor.len && !tu_str_to_u64(page->cursor, INT32_MAX, &from))
		return tu_fail(err, TU_E_USAGE, 0, "cursor: it is of no page of this list");
	if (from > all->count)
		from = all->count;
	page->rows.at = (const char *)all->at + from * size;
	page->rows.count = all->count - from < page->limit ? all->count - from : page->limit;
	page->total = all->count;
	page->exact = true;
	if (from + page->rows.count == all->count)
		return TU_OK;
	len = snprintf(text, sizeof(text), "%llu", (unsigned long long)(from + page->rows.count));
	return tu_arena_dup(call->arena, tu_str_of(text, (size_t)len), &page->next)
		? TU_OK
		: tu_no_memory(err);
}

/* ---- rows that work reads as a whole ---- */

struct whole {
	tu_work_call *read;
};

static enum tu_status fetch_whole(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct whole *whole = self;
	struct tu_api_reading reading = {.call = call};
	enum tu_status status = tu_api_read(call, whole->read, &reading, err);

	return status ? status : tu_api_page_of(call, page, &reading.rows, err);
}

enum tu_status tu_api_answer_whole(
	struct tu_api_call *call, tu_work_call *read, struct tu_error *err)
{
	struct whole whole = {read};

	return tu_api_answer_page(call, fetch_whole, &whole, err);
}

/* A row's value of a column of this name. */
static const void *cell(const struct tu_api_table *table, const char *row, const char *name)
{
	size_t i = 0;

	while (i + 1 < table->count && strcmp(table->columns[i].name, name) != 0)
		i++;
	return row + table->columns[i].at;
}

enum tu_status tu_api_answer_one(struct tu_api_call *call, tu_work_call *read, struct tu_str id,
	const char *what, struct tu_error *err)
{
	const struct tu_api_table *table = call->route->table;
	struct tu_api_reading reading = {.call = call};
	enum tu_status status = tu_api_read(call, read, &reading, err);

	for (size_t i = 0; status == TU_OK && i < reading.rows.count; i++) {
		const char *row = (const char *)reading.rows.at + i * table->row_size;
		const struct tu_str *its = cell(table, row, "id");
		const int64_t *version = cell(table, row, "version");

		if (!tu_str_eq(*its, id))
			continue;
		tu_api_etag_version(call, *version);
		return tu_api_answer_row(call, row, err);
	}
	return status ? status : tu_api_unknown(err, what);
}

/* ---- rows that have a place ---- */

int tu_api_place_compare(const struct tu_api_place *a, const struct tu_api_place *b)
{
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return tu_str_cmp(a->text, b->text);
}

enum { PLACE_MAX = 1024 }; /* bytes of a cursor, as the document has them */

/* "-12 text" */
static bool read_place(struct tu_str cursor, struct tu_api_place *out)
{
	size_t blank = tu_str_find(cursor, ' ');

	if (blank == cursor.len || !tu_api_read_int(tu_str_first(cursor, blank), &out->number))
		return false;
	out->text = tu_str_from(cursor, blank + 1);
	return true;
}

static bool write_place(
	struct tu_api_call *call, const struct tu_api_place *place, struct tu_str *out)
{
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, PLACE_MAX);
	tu_buf_printf(&text, "%lld %.*s", (long long)place->number, TU_STR_FMT(place->text));
	ok = !text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return ok;
}

enum tu_status tu_api_page_from(struct tu_api_call *call, struct tu_api_page *page,
	const struct tu_api_rows *all, tu_api_place_of *place_of, struct tu_error *err)
{
	size_t size = call->route->table->row_size, from = 0;
	const char *rows = all->at;
	struct tu_api_place after = {0}, last;

	if (page->cursor.len && !read_place(page->cursor, &after))
		return tu_fail(err, TU_E_USAGE, 0, "cursor: it is of no page of this list");
	for (; page->cursor.len && from < all->count; from++) {
		last = place_of(rows + from * size);
		if (tu_api_place_compare(&last, &after) > 0)
			break;
	}
	page->rows.at = from < all->count ? rows + from * size : rows;
	page->rows.count = all->count - from < page->limit ? all->count - from : page->limit;
	page->total = all->count;
	page->exact = true;
	if (from + page->rows.count == all->count)
		return TU_OK;
	last = place_of(rows + (from + page->rows.count - 1) * size);
	return write_place(call, &last, &page->next) ? TU_OK : tu_no_memory(err);
}

/* ---- rows that the database pages ---- */

enum tu_status tu_api_page_ask(struct tu_api_call *call, const struct tu_api_page *page,
	struct tu_page_ask *out, struct tu_error *err)
{
	struct tu_api_place after = {0};

	out->scope = &call->who.scope;
	out->limit = page->limit + 1;
	out->has_after = page->cursor.len != 0;
	if (out->has_after && !read_place(page->cursor, &after))
		return tu_fail(err, TU_E_USAGE, 0, "cursor: it is of no page of this list");
	out->after_at = after.number;
	out->after_public = after.text;
	return TU_OK;
}

enum tu_status tu_api_page_put(struct tu_api_call *call, struct tu_api_page *page,
	const struct tu_api_rows *came, tu_api_place_of *place_of, struct tu_error *err)
{
	struct tu_api_place last;

	page->rows = *came;
	page->rows.count = came->count < page->limit ? came->count : page->limit;
	if (page->rows.count == came->count)
		return TU_OK;
	last = place_of(
		(const char *)came->at + (page->rows.count - 1) * call->route->table->row_size);
	return write_place(call, &last, &page->next) ? TU_OK : tu_no_memory(err);
}

void tu_api_page_total(struct tu_api_page *page, const struct tu_page_total *total)
{
	page->total = (uint64_t)total->count;
	page->exact = total->exact;
}
