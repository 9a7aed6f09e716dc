#include "api/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "api/inside.h"
#include "api/validate.h"
#include "base/sha256.h"
#include "base/time.h"
#include "list/list.h"
#include "service/service.h"

enum { ANSWER_MAX = 64 << 20, PATH_MAX_BYTES = 500, SECOND = 1000000 };

/* ---- what was asked ---- */

static const struct tu_str *value_of(const struct tu_api_call *call, const char *name)
{
	const struct tu_api_parameter *row = call->route->query;

	for (size_t i = 0; row && row[i].name; i++)
		if (strcmp(row[i].name, name) == 0)
			return &call->query[i];
	return NULL;
}

struct tu_str tu_api_query(const struct tu_api_call *call, const char *name)
{
	const struct tu_str *value = value_of(call, name);

	return value ? *value : (struct tu_str){0};
}

bool tu_api_query_given(const struct tu_api_call *call, const char *name)
{
	return tu_api_query(call, name).ptr != NULL;
}

int64_t tu_api_query_int(const struct tu_api_call *call, const char *name, int64_t otherwise)
{
	int64_t number;

	return tu_api_read_int(tu_api_query(call, name), &number) ? number : otherwise;
}

bool tu_api_query_true(const struct tu_api_call *call, const char *name)
{
	return tu_str_eq(tu_api_query(call, name), TU_STR("true"));
}

struct tu_str tu_api_body_str(const struct tu_api_call *call, const char *name)
{
	return tu_json_str(tu_json_get(call->body, tu_str_c(name)));
}

int64_t tu_api_time_of(struct tu_str text)
{
	int64_t seconds = 0;

	return tu_time_parse(text, &seconds) ? seconds * SECOND : 0;
}

/* ---- what the service has ---- */

enum tu_status tu_api_list(struct tu_api_call *call, struct tu_error *err)
{
	return call->list ? TU_OK : tu_service_list(call->service, &call->list, err);
}

enum tu_status tu_api_kb(struct tu_api_call *call, struct tu_error *err)
{
	if (!call->kb)
		call->kb = tu_service_kb_hold(call->service);
	return call->kb ? TU_OK
			: tu_fail(err, TU_E_BUSY, 0, "there is no knowledge base in use yet");
}

struct tu_store *tu_api_store(const struct tu_api_call *call)
{
	return tu_service_store(call->service);
}

enum tu_status tu_api_write(
	struct tu_api_call *call, tu_work_call *work, void *self, struct tu_error *err)
{
	enum tu_status status = tu_work_run(tu_api_store(call), &call->act, work, self, err);

	call->wrote |= status == TU_OK;
	return status;
}

enum tu_status tu_api_read(
	struct tu_api_call *call, tu_work_call *work, void *self, struct tu_error *err)
{
	return tu_work_read(tu_api_store(call), &call->act, work, self, err);
}

void tu_api__drop(struct tu_api_call *call)
{
	if (call->list)
		tu_list_drop(call->list);
	tu_service_kb_drop(call->kb);
	if (call->mapped)
		(void)munmap(call->mapped, call->mapped_len);
	call->mapped = NULL;
	call->bytes = (struct tu_str){0};
	call->list = NULL;
	call->kb = NULL;
}

/* ---- the answer ---- */

void tu_api__answer_begin(struct tu_api_call *call)
{
	tu_buf_done(&call->answer.body);
	memset(&call->answer, 0, sizeof(call->answer));
	tu_buf_init(&call->answer.body, ANSWER_MAX);
	call->answer.json = tu_json_writer(&call->answer.body, false);
}

struct tu_json_writer *tu_api_json(struct tu_api_call *call)
{
	return &call->answer.json;
}

enum tu_status tu_api_answer_row(struct tu_api_call *call, const void *row, struct tu_error *err)
{
	const struct tu_api_table *table = call->route->table;
	tu_api_columns columns;
	enum tu_status status =
		tu_api_columns_choose(table, tu_api_query(call, "fields"), &columns, err);

	if (status == TU_OK)
		tu_api_row_json(table, columns, row, tu_api_json(call));
	return status;
}

static struct tu_str format_path(struct tu_api_call *call, const char *format, va_list args)
	TU_PRINTF(2, 0);

static struct tu_str format_path(struct tu_api_call *call, const char *format, va_list args)
{
	char *text = tu_arena_text(call->arena, PATH_MAX_BYTES);
	int len = text ? vsnprintf(text, PATH_MAX_BYTES, format, args) : 0;

	return len > 0 && len < PATH_MAX_BYTES ? tu_str_of(text, (size_t)len) : (struct tu_str){0};
}

void tu_api_created(struct tu_api_call *call, const char *path, ...)
{
	va_list args;

	va_start(args, path);
	call->answer.location = format_path(call, path, args);
	va_end(args);
	call->answer.status = 201;
}

static void job_location(struct tu_api_call *call, const char *path, ...) TU_PRINTF(2, 3);

static void job_location(struct tu_api_call *call, const char *path, ...)
{
	va_list args;

	va_start(args, path);
	call->answer.location = format_path(call, path, args);
	va_end(args);
}

void tu_api_accepted(struct tu_api_call *call, struct tu_str job)
{
	struct tu_json_writer *json = tu_api_json(call);

	tu_json_open_object(json);
	tu_json_member_str(json, "job", job);
	tu_json_close_object(json);
	job_location(call, "/v1/jobs/%.*s", TU_STR_FMT(job));
	call->answer.status = 202;
	tu_service_wake(call->service);
}

void tu_api_etag_version(struct tu_api_call *call, int64_t version)
{
	(void)snprintf(call->answer.etag, sizeof(call->answer.etag), "v%lld", (long long)version);
}

void tu_api_etag_answer(struct tu_api_call *call, int64_t version)
{
	uint8_t digest[TU_SHA256_BYTES] = {0};

	if (tu_sha256(tu_buf_str(&call->answer.body), digest) != TU_OK)
		return; /* without one */
	(void)snprintf(call->answer.etag, sizeof(call->answer.etag),
		"v%lld-%02x%02x%02x%02x%02x%02x", (long long)version, digest[0], digest[1],
		digest[2], digest[3], digest[4], digest[5]);
}

void tu_api_etag_text(struct tu_api_call *call, struct tu_str etag)
{
	static const char *const formats[] = {
		[TU_API_AS_JSON] = "", [TU_API_AS_CSV] = "-csv", [TU_API_AS_XLSX] = "-xlsx"};

	(void)snprintf(call->answer.etag, sizeof(call->answer.etag), "%.*s%s", TU_STR_FMT(etag),
		formats[call->export]);
}

void tu_api_answer_file(
	struct tu_api_call *call, const char *type, struct tu_str bytes, struct tu_str name)
{
	call->answer.type = type;
	(void)snprintf(
		call->answer.file_name, sizeof(call->answer.file_name), "%.*s", TU_STR_FMT(name));
	tu_buf_clear(&call->answer.body);
	tu_buf_str_add(&call->answer.body, bytes);
}

void tu_api_answer_buf(
	struct tu_api_call *call, const char *type, struct tu_buf *buf, struct tu_str name)
{
	tu_api_answer_file(call, type, TU_STR(""), name);
	tu_buf_done(&call->answer.body);
	call->answer.body = *buf;
	*buf = (struct tu_buf){0};
}

void tu_api_answer_header(struct tu_api_call *call, const char *name, struct tu_str value)
{
	for (size_t i = 0; i < TU_API_HEADERS; i++) {
		if (call->answer.headers[i].name)
			continue;
		call->answer.headers[i] = (struct tu_api_header){name, value};
		return;
	}
}

void tu_api_answer_static(struct tu_api_call *call, const char *type, struct tu_str bytes)
{
	call->answer.type = type;
	call->answer.fixed = bytes;
}

enum tu_status tu_api_unknown(struct tu_error *err, const char *what)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such %s", what);
}
