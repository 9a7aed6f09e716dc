/* Where knowledge comes from. */
#include "service/intelligence.h"

#include "api/call.h"
#include "base/hex.h"
#include "service/service.h"

struct source_row {
	struct tu_str name, gives, freshness, last_error;
	int64_t last_success, last_attempt, max_age_seconds, records, bytes;
	bool enabled;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct source_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct source_row, gives, TU_API_TEXT, 0),
	TU_API_COLUMN(struct source_row, enabled, TU_API_BOOL, 0),
	TU_API_COLUMN(struct source_row, freshness, TU_API_WORD, 0),
	TU_API_COLUMN(struct source_row, last_success, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct source_row, last_attempt, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(
		struct source_row, last_error, TU_API_TEXT, TU_API_OPT | TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct source_row, max_age_seconds, TU_API_INT, 0),
	TU_API_COLUMN(struct source_row, records, TU_API_INT, 0),
	TU_API_COLUMN(struct source_row, bytes, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_source = TU_API_TABLE("Source", struct source_row, columns);

/* ---- sources ---- */

static struct source_row row_of(const struct tu_service_source *from)
{
	const int64_t us = 1000000;

	return (struct source_row){.name = from->name,
		.gives = from->gives,
		.enabled = from->enabled,
		.freshness = tu_str_c(tu_freshness_name(from->freshness)),
		.last_success = from->last_success * us,
		.last_attempt = from->last_attempt * us,
		.last_error = from->last_error,
		.max_age_seconds = from->max_age,
		.records = from->records,
		.bytes = from->bytes};
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct tu_service_intelligence seen;
	struct source_row *rows;
	struct tu_api_rows all;
	enum tu_status status = tu_service_intelligence(call->service, call->arena, &seen, err);

	(void)self;
	if (status != TU_OK)
		return status;
	rows = tu_arena_array(call->arena, seen.source_count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < seen.source_count; i++)
		rows[i] = row_of(&seen.sources[i]);
	all = (struct tu_api_rows){rows, seen.source_count};
	return tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_sources(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_page(call, fetch, NULL, err);
}

/* ---- as a whole ---- */

static void write_knowledge(struct tu_api_call *call, struct tu_json_writer *json)
{
	char time[TU_API_TIME_TEXT];
	struct tu_kb_info info;
	size_t start;

	tu_json_key(json, "knowledge_base");
	if (!call->kb) {
		tu_json_add_null(json);
		return;
	}
	tu_kb_info(call->kb->kb, &info);
	tu_json_open_object(json);
	tu_json_key(json, "digest");
	start = tu_json_open_text(json);
	tu_hex_write(info.sha256, sizeof(info.sha256), json->buf);
	tu_json_close_text(json, start);
	tu_json_member_bool(json, "starter", call->kb->is_starter);
	tu_json_member_str(json, "newest", tu_api_time_text(info.newest * 1000000, time));
	tu_json_member_int(json, "age_seconds", call->now / 1000000 - info.newest);
	tu_json_member_int(json, "bytes", (int64_t)info.bytes);
	tu_json_member_int(json, "vulnerabilities", info.vulnerabilities);
	tu_json_member_int(json, "advisories", info.advisories);
	tu_json_member_int(json, "packages", info.packages);
	tu_json_member_int(json, "products", info.products);
	tu_json_close_object(json);
}

static void write_time(struct tu_json_writer *json, const char *name, int64_t at)
{
	char time[TU_API_TIME_TEXT];

	tu_json_key_str(json, tu_str_c(name));
	if (at)
		tu_json_add_str(json, tu_api_time_text(at, time));
	else
		tu_json_add_null(json);
}

static void copy_count(struct tu_json_writer *json, struct tu_json from, const char *name)
{
	uint64_t count = 0;

	(void)tu_json_u64(tu_json_get(from, tu_str_c(name)), INT64_MAX, &count);
	tu_json_member_int(json, name, (int64_t)count);
}

/* What it brought is about the portfolio as a whole: only for who sees that. */
static enum tu_status write_last(struct tu_api_call *call, struct tu_json_writer *json,
	const struct tu_service_intelligence *seen, struct tu_error *err)
{
	static const char *const counts[] = {"matched", "vulnerabilities", "facts_added",
		"facts_changed", "facts_removed", "new_findings", "new_releases"};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root = {0}, after;
	enum tu_status status = parser ? TU_OK : tu_no_memory(err);

	tu_json_key(json, "last_change");
	if (status == TU_OK && seen->last.len && call->who.scope.everything)
		status = tu_json_parse(parser, seen->last, NULL, &root, err);
	after = tu_json_get(root, TU_STR("after"));
	if (!after.doc) {
		tu_json_add_null(json);
	} else {
		tu_json_open_object(json);
		write_time(json, "at", seen->last_at);
		for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
			copy_count(json, after, counts[i]);
		tu_json_member_str(json, "worst_harm", TU_JSON_STR(after, "worst_harm"));
		tu_json_close_object(json);
	}
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_api_get_intelligence(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_service_intelligence seen;
	enum tu_status status = tu_service_intelligence(call->service, call->arena, &seen, err);

	if (status != TU_OK)
		return status;
	call->kb = tu_service_kb_hold(call->service); /* NULL is an answer here */
	tu_json_open_object(json);
	write_knowledge(call, json);
	tu_json_member_int(json, "late_sources", (int64_t)seen.late);
	tu_json_key(json, "sync_every_seconds");
	if (seen.every)
		tu_json_add_int(json, seen.every);
	else
		tu_json_add_null(json);
	write_time(json, "next_sync", seen.next);
	status = write_last(call, json, &seen, err);
	tu_json_close_object(json);
	return status;
}

/* ---- asking for more ---- */

struct asking {
	struct tu_api_call *call;
	struct tu_str job;
};

static enum tu_status queue(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_str job;
	enum tu_status status = tu_service_sync_queue(w, &job, err);

	if (status == TU_OK && !tu_arena_dup(a->call->arena, job, &a->job))
		status = tu_no_memory(err);
	return status;
}

enum tu_status tu_api_sync_intelligence(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = {.call = call};
	enum tu_status status = tu_api_write(call, queue, &a, err);

	if (status == TU_OK)
		tu_api_accepted(call, a.job);
	return status;
}

enum tu_status tu_api_import_intelligence(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_service_import import = {
		.bytes = call->bytes, .allow_older = tu_api_query_true(call, "allow_older")};
	struct tu_service_put put = {0};
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = tu_service_import(call->service, &import, &call->act, &put, err);

	if (status == TU_E_CORRUPT) {
		call->problem.type = TU_PROBLEM_INVALID;
		return status;
	}
	if (status != TU_OK)
		return status;
	if (!put.is_current) {
		tu_api_accepted(call, tu_str_c(put.job));
		return TU_OK;
	}
	tu_json_open_object(json);
	tu_json_member_bool(json, "current", true);
	tu_json_close_object(json);
	return TU_OK;
}
