#include "csaf/redate.h"

#include "base/json.h"
#include "base/time.h"

enum { PLACES = 4, DATE_MAX = 64 };

struct redating {
	struct tu_str from, to; /* as they stand in the document, without quotes */
	size_t places[PLACES]; /* of the first digit of each date that changes */
	size_t count;
};

static void put_place(struct redating *r, struct tu_json date)
{
	size_t line, column;

	if (tu_str_eq(tu_json_str(date), r->from))
		r->places[r->count++] = tu_json_position(date, &line, &column) + 1;
}

/* The newest is the last one, as our writer has them. */
static struct tu_json newest(struct tu_json history)
{
	struct tu_json_iter iter = tu_json_iter(history);
	struct tu_json revision, last = {0};

	while (tu_json_next_item(&iter, &revision))
		last = revision;
	return last;
}

static void find_places(struct redating *r, struct tu_json tracking)
{
	struct tu_json history = tu_json_get(tracking, TU_STR("revision_history"));

	put_place(r, tu_json_get(tracking, TU_STR("current_release_date")));
	put_place(r, tu_json_get(tu_json_get(tracking, TU_STR("generator")), TU_STR("date")));
	put_place(r, tu_json_get(newest(history), TU_STR("date")));
	if (tu_json_count(history) == 1)
		put_place(r, tu_json_get(tracking, TU_STR("initial_release_date")));
}

/* The dates are as long as each other, so each is written over the other. */
static enum tu_status write_over(
	const struct redating *r, struct tu_str text, struct tu_buf *out, struct tu_error *err)
{
	size_t start = out->len;

	tu_buf_str_add(out, text);
	if (out->failed)
		return tu_no_memory(err);
	for (size_t i = 0; i < r->count; i++) {
		char *at = out->ptr + start + r->places[i];

		if (r->places[i] + r->from.len > text.len || r->from.len != r->to.len ||
			!tu_str_eq(tu_str_of(at, r->from.len), r->from))
			return tu_fail(err, TU_E_SYNTAX, r->places[i],
				"this is no date as this program writes them");
		memcpy(at, r->to.ptr, r->to.len);
	}
	return TU_OK;
}

enum tu_status tu_csaf_redate(struct tu_str text, const struct tu_csaf_redate *dates,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = (size_t)1 << 30, .depth = 64};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct redating r = {0};
	struct tu_json root, tracking;
	struct tu_buf from, to;
	enum tu_status status =
		parser ? tu_json_parse(parser, text, &limits, &root, err) : tu_no_memory(err);

	tu_buf_init(&from, DATE_MAX);
	tu_buf_init(&to, DATE_MAX);
	tu_time_write(dates->from, &from);
	tu_time_write(dates->to, &to);
	r.from = tu_buf_str(&from);
	r.to = tu_buf_str(&to);
	if (status == TU_OK && (from.failed || to.failed))
		status = tu_no_memory(err);
	if (status == TU_OK) {
		tracking = tu_json_get(tu_json_get(root, TU_STR("document")), TU_STR("tracking"));
		if (tu_json_count(tu_json_get(tracking, TU_STR("revision_history"))) == 0)
			status = tu_fail(err, TU_E_SYNTAX, 0,
				"this is no CSAF document: it has no revision history");
		else
			find_places(&r, tracking);
	}
	if (status == TU_OK)
		status = write_over(&r, text, out, err);
	tu_buf_done(&from);
	tu_buf_done(&to);
	tu_json_parser_free(parser);
	return status;
}
