#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/gzip.h"
#include "base/input.h"
#include "base/json_writer.h"
#include "http/answers.h"
#include "http/internal.h"
#include "http/stream.h"

/* Smaller answers fit into one packet as they are. */
enum { GZIP_FROM = 1400, STATIC_MAX = 64 << 20 };

struct tu_str tu_http_header(const struct tu_http_request *request, struct tu_str name)
{
	struct tu_str found = {0};

	for (size_t i = 0; i < request->header_count; i++)
		if (tu_str_ieq(request->headers[i].name, name)) {
			if (found.ptr)
				return (struct tu_str){0};
			found = request->headers[i].value;
		}
	return found;
}

static bool is_text(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
			return false;
	return true;
}

bool tu_http_answer_header(struct tu_http_answer *answer, struct tu_str name, struct tu_str value)
{
	bool can_be = is_text(name) && is_text(value) && name.len > 0 &&
		value.len <= TU_HTTP_HEADER_VALUE && tu_str_find(name, ' ') == name.len &&
		tu_str_find(name, ':') == name.len;

	if (!can_be || answer->header_count == TU_HTTP_ANSWER_HEADERS) {
		answer->status = 500;
		return false;
	}
	answer->headers[answer->header_count++] = (struct tu_http_header){name, value};
	return true;
}

/* ---- headers ---- */

/* libmicrohttpd takes texts with NUL, and copies them. */
static bool add(struct tu_http_exchange *x, const char *name, struct tu_str value)
{
	char text[TU_HTTP_HEADER_VALUE + 1];

	if (value.len >= sizeof(text))
		return false;
	memcpy(text, value.len ? value.ptr : "", value.len);
	text[value.len] = '\0';
	return x->server->mhd->MHD_add_response_header(x->response, name, text) == MHD_YES;
}

static bool has(const struct tu_http_answer *answer, struct tu_str name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (tu_str_ieq(answer->headers[i].name, name))
			return true;
	return false;
}

static bool add_own(struct tu_http_exchange *x, const struct tu_http_answer *answer)
{
	char name[128];

	for (size_t i = 0; i < answer->header_count; i++) {
		const struct tu_http_header *header = &answer->headers[i];

		if (header->name.len >= sizeof(name))
			return false;
		memcpy(name, header->name.ptr, header->name.len);
		name[header->name.len] = '\0';
		if (!add(x, name, header->value))
			return false;
	}
	return true;
}

static bool add_fixed(struct tu_http_exchange *x, const struct tu_http_answer *answer)
{
	bool added = add(x, "X-Request-Id", tu_str_c(x->request.id));

	for (size_t i = 0; i < tu_http_fixed_count; i++) {
		const struct tu_http_fixed *row = &tu_http_fixed[i];
		const char *value = answer->private_page ? row->page : row->other;

		if (value && !has(answer, tu_str_c(row->name)))
			added = add(x, row->name, tu_str_c(value)) && added;
	}
	if (tu_str_eq(x->request.scheme, TU_STR("https")))
		added = add(x, "Strict-Transport-Security", TU_STR("max-age=31536000")) && added;
	if (answer->close || x->close || atomic_load(&x->server->draining))
		added = add(x, "Connection", TU_STR("close")) && added;
	if (answer->etag.len > 0)
		added = add(x, "ETag", answer->etag) && added;
	if (answer->type)
		added = add(x, "Content-Type", tu_str_c(answer->type)) && added;
	return added;
}

/* ---- bodies ---- */

static bool may_gzip(const struct tu_http_exchange *x)
{
	return tu_http_accepts_gzip(tu_http_header(&x->request, TU_STR("Accept-Encoding")));
}

static bool is_compressible(const char *type)
{
	static const char *const types[] = {"application/json", "application/problem+json", "text/",
		"application/vnd.cyclonedx", "application/spdx", "application/xml", "image/svg"};

	for (size_t i = 0; type && i < TU_COUNT(types); i++)
		if (tu_str_starts(tu_str_c(type), tu_str_c(types[i])))
			return true;
	return false;
}

static struct MHD_Response *of_memory(struct tu_http_exchange *x, struct tu_buf *buf)
{
	struct MHD_Response *response;

	x->out = buf->len;
	if (!buf->ptr)
		return x->server->mhd->MHD_create_response_from_buffer(
			0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
	response = x->server->mhd->MHD_create_response_from_buffer_with_free_callback(
		buf->len, buf->ptr, tu_free);
	if (response)
		tu_buf_init(buf, 0);
	return response;
}

/* `*out_encoded`: it is compressed now. */
static struct MHD_Response *of_body(
	struct tu_http_exchange *x, struct tu_http_answer *answer, bool *out_encoded)
{
	struct tu_buf packed;
	struct MHD_Response *response;

	if (answer->body.len < GZIP_FROM || !is_compressible(answer->type) || !may_gzip(x) ||
		has(answer, TU_STR("Content-Encoding")))
		return of_memory(x, &answer->body);
	tu_buf_init(&packed, SIZE_MAX);
	*out_encoded = tu_gzip(tu_buf_str(&answer->body), &packed, NULL) == TU_OK;
	response = of_memory(x, *out_encoded ? &packed : &answer->body);
	tu_buf_done(&packed);
	return response;
}

static struct MHD_Response *of_bytes(struct tu_http_exchange *x, struct tu_str bytes)
{
	x->out = bytes.len;
	return x->server->mhd->MHD_create_response_from_buffer(
		bytes.len, (void *)(uintptr_t)bytes.ptr, MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *of_static(
	struct tu_http_exchange *x, const struct tu_http_static *file, bool *out_encoded)
{
	struct tu_buf plain;
	struct MHD_Response *response = NULL;

	*out_encoded = file->packed && may_gzip(x);
	if (!file->packed || *out_encoded)
		return of_bytes(x, file->bytes);
	tu_buf_init(&plain, STATIC_MAX);
	if (tu_input_unpack(file->bytes, &plain, NULL) == TU_OK)
		response = of_memory(x, &plain);
	tu_buf_done(&plain);
	return response;
}

static struct MHD_Response *of_file(struct tu_http_exchange *x, struct tu_http_answer *answer)
{
	struct MHD_Response *response = NULL;
	struct stat st;

	if (fstat(answer->fd, &st) == 0 && st.st_size >= 0) {
		x->out = (uint64_t)st.st_size;
		response = x->server->mhd->MHD_create_response_from_fd64(x->out, answer->fd);
	}
	if (response)
		answer->fd = -1;
	return response;
}

static struct MHD_Response *of_stream(struct tu_http_exchange *x, struct tu_http_answer *answer)
{
	struct MHD_Response *response;

	if (x->head)
		return of_bytes(x, TU_STR(""));
	response = tu_http__stream_response(answer->stream);
	if (response)
		x->stream = answer->stream;
	if (response)
		answer->stream = NULL;
	return response;
}

static struct MHD_Response *make(
	struct tu_http_exchange *x, struct tu_http_answer *answer, bool *out_encoded)
{
	if (answer->status == 204 || answer->status == 304)
		return of_bytes(x, TU_STR(""));
	if (answer->stream)
		return of_stream(x, answer);
	if (answer->file)
		return of_static(x, answer->file, out_encoded);
	if (answer->fd >= 0)
		return of_file(x, answer);
	if (answer->bytes.ptr)
		return of_bytes(x, answer->bytes);
	return of_body(x, answer, out_encoded);
}

/* ---- the whole answer ---- */

static void prepare_static(struct tu_http_answer *answer)
{
	const struct tu_http_static *file = answer->file;

	answer->type = file->type;
	answer->etag = tu_str_c(file->etag);
	if (file->immutable)
		tu_http_answer_header(answer, TU_STR("Cache-Control"),
			TU_STR("public, max-age=31536000, immutable"));
}

static void prepare(struct tu_http_exchange *x, struct tu_http_answer *answer)
{
	bool is_read = x->head || tu_str_eq(x->request.method, TU_STR("GET"));
	struct tu_str tags = tu_http_header(&x->request, TU_STR("If-None-Match"));

	if (answer->file)
		prepare_static(answer);
	if (answer->stream) {
		answer->type = "text/event-stream";
		tu_http_answer_header(answer, TU_STR("X-Accel-Buffering"), TU_STR("no"));
	} else if (answer->etag.len > 0 && !has(answer, TU_STR("Cache-Control"))) {
		tu_http_answer_header(answer, TU_STR("Cache-Control"), TU_STR("private, no-cache"));
	}
	if (answer->status == 200 && is_read && tu_http_etag_matches(tags, answer->etag))
		answer->status = 304;
	if (answer->status == 304 || answer->status == 204)
		answer->type = NULL;
}

static void done(struct tu_http_answer *answer)
{
	tu_buf_done(&answer->body);
	if (answer->fd >= 0)
		close(answer->fd);
	tu_http__stream_discard(answer->stream);
	answer->fd = -1;
	answer->stream = NULL;
}

static bool respond(struct tu_http_exchange *x, struct tu_http_answer *answer)
{
	bool encoded = false, added;

	prepare(x, answer);
	if (answer->body.failed || answer->status < 200 || answer->status > 599)
		return false;
	x->status = answer->status;
	x->out = 0;
	x->response = make(x, answer, &encoded);
	if (!x->response)
		return false;
	added = add_own(x, answer) && add_fixed(x, answer);
	if (encoded)
		added = add(x, "Content-Encoding", TU_STR("gzip")) && added;
	if (is_compressible(answer->type) && !has(answer, TU_STR("Vary")))
		added = add(x, "Vary", TU_STR("Accept-Encoding")) && added;
	return added;
}

void tu_http__respond(struct tu_http_exchange *exchange, struct tu_http_answer *answer)
{
	if (!respond(exchange, answer)) {
		if (exchange->response)
			exchange->server->mhd->MHD_destroy_response(exchange->response);
		exchange->response = NULL;
		exchange->stream = NULL;
		tu_http__refuse(exchange, 500, "the answer could not be made", 0);
	}
	done(answer);
}

/* ---- refusals ---- */

static const struct {
	unsigned status;
	const char *title;
} titles[] = {
	{400, "Bad Request"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{417, "Expectation Failed"},
	{421, "Misdirected Request"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{503, "Service Unavailable"},
	{505, "HTTP Version Not Supported"},
};

static const char *title(unsigned status)
{
	for (size_t i = 0; i < TU_COUNT(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Error";
}

void tu_http__refuse(
	struct tu_http_exchange *exchange, unsigned status, const char *reason, unsigned seconds)
{
	struct tu_http_answer answer = {
		.status = status, .fd = -1, .type = "application/problem+json"};
	struct tu_json_writer json;
	char after[16];

	exchange->refused = reason;
	tu_buf_init(&answer.body, 4096);
	json = tu_json_writer(&answer.body, false);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "title", tu_str_c(title(status)));
	tu_json_member_int(&json, "status", (int64_t)status);
	tu_json_member_str(&json, "detail", tu_str_c(reason));
	tu_json_close_object(&json);
	snprintf(after, sizeof(after), "%u", seconds);
	if (seconds > 0)
		tu_http_answer_header(&answer, TU_STR("Retry-After"), tu_str_c(after));
	if (!respond(exchange, &answer) && exchange->response) {
		exchange->server->mhd->MHD_destroy_response(exchange->response);
		exchange->response = NULL;
	}
	done(&answer);
}
