#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json_writer.h"
#include "datadir/calls.h"
#include "datadir/frame.h"
#include "datadir/reach.h"

enum { TRIES = 20 }; /* a second, of an owner that does not answer */

struct tu_reach {
	const char *path;
	const struct tu_calls *calls;
	struct tu_datadir *own; /* NULL: by the socket */
};

/* ---- by the socket ---- */

static enum tu_status dial(const char *path, int *out_socket, struct tu_error *err)
{
	unsigned long uid = 0;
	enum tu_status status = tu_frame_open(path, TU_FRAME_CONNECT, out_socket, err);

	if (status)
		return status;
	status = tu_frame_peer(*out_socket, &uid, err);
	if (!status && uid != (unsigned long)geteuid())
		status = tu_fail(err, TU_E_IO, 0,
			"the service on %s is run by user %lu, and this is user %lu: run as its "
			"user",
			path, uid, (unsigned long)geteuid());
	if (status)
		(void)close(*out_socket);
	return status;
}

static void write_request(const char *call, struct tu_str arguments, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "protocol", TU_FRAME_PROTOCOL);
	tu_json_member_str(&json, "call", tu_str_c(call));
	tu_json_key(&json, "arguments");
	tu_json_add_raw(&json, arguments.len ? arguments : TU_STR("{}"));
	tu_json_close_object(&json);
}

static size_t number_of(struct tu_json root, struct tu_str key)
{
	uint64_t number = 0;

	return tu_json_u64(tu_json_get(root, key), SIZE_MAX / 2, &number) ? (size_t)number : 0;
}

/* The error that the owner had. */
static enum tu_status take_error(struct tu_json root, struct tu_error *err)
{
	struct tu_str name = TU_JSON_STR(root, "status");
	enum tu_status status = TU_E_IO;

	for (int i = TU_OK + 1; i <= TU_E_CONSTRAINT; i++)
		if (tu_str_eq(name, tu_str_c(tu_status_name((enum tu_status)i))))
			status = (enum tu_status)i;
	if (!err)
		return status;
	*err = (struct tu_error){.status = status,
		.offset = number_of(root, TU_STR("offset")),
		.line = number_of(root, TU_STR("line")),
		.column = number_of(root, TU_STR("column"))};
	(void)snprintf(err->message, sizeof(err->message), "%.*s",
		TU_STR_FMT(TU_JSON_STR(root, "message")));
	(void)snprintf(err->file, sizeof(err->file), "%.*s", TU_STR_FMT(TU_JSON_STR(root, "file")));
	(void)snprintf(err->pointer, sizeof(err->pointer), "%.*s",
		TU_STR_FMT(TU_JSON_STR(root, "pointer")));
	return status;
}

/* The answer is the last member: from where it begins to the closing brace. */
static enum tu_status take_answer(
	struct tu_str text, struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = TU_FRAME_ANSWER_MAX, .depth = 64};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root, answer;
	size_t at, line, column;
	enum tu_status status =
		parser ? tu_json_parse(parser, text, &limits, &root, err) : tu_no_memory(err);

	if (!status) {
		answer = tu_json_get(root, TU_STR("answer"));
		if (!tu_json_is_object(answer)) {
			status = take_error(root, err);
		} else {
			at = tu_json_position(answer, &line, &column);
			tu_buf_add(out_answer, text.ptr + at, text.len - 1 - at);
			status = out_answer->failed ? tu_no_memory(err) : TU_OK;
		}
	}
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status ask(const char *path, struct tu_str request, int fd,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_buf text;
	int socket;
	enum tu_status status = dial(path, &socket, err);

	if (status)
		return status;
	tu_buf_init(&text, TU_FRAME_ANSWER_MAX + 64);
	status = tu_frame_send(socket, request, fd, err);
	if (!status)
		status = tu_frame_receive(socket, TU_FRAME_ANSWER_MAX, &text, NULL, err);
	if (!status)
		status = take_answer(tu_buf_str(&text), out_answer, err);
	tu_buf_done(&text);
	(void)close(socket);
	return status;
}

static enum tu_status call_owner(struct tu_reach *reach, const struct tu_reach_ask *asked,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_buf request;
	enum tu_status status;

	tu_buf_init(&request, TU_FRAME_REQUEST_MAX);
	write_request(asked->call, asked->arguments, &request);
	status = request.failed
		? tu_fail(err, TU_E_LIMIT, 0, "%s: the arguments are too long", asked->call)
		: ask(reach->path, tu_buf_str(&request), asked->fd, out_answer, err);
	tu_buf_done(&request);
	return status;
}

/* ---- in this process ---- */

static enum tu_status call_here(struct tu_reach *reach, const struct tu_reach_ask *asked,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = TU_FRAME_REQUEST_MAX, .depth = 32};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_call_in in = {.name = tu_str_c(asked->call), .fd = asked->fd};
	enum tu_status status = parser
		? tu_json_parse(parser, asked->arguments.len ? asked->arguments : TU_STR("{}"),
			  &limits, &in.arguments, err)
		: tu_no_memory(err);

	if (!status)
		status = tu_call_dispatch(reach->own, reach->calls, &in, out_answer, err);
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_reach_call(struct tu_reach *reach, const struct tu_reach_ask *ask,
	struct tu_buf *out_answer, struct tu_error *err)
{
	return reach->own ? call_here(reach, ask, out_answer, err)
			  : call_owner(reach, ask, out_answer, err);
}

/* ---- which ---- */

static enum tu_status try_owner(const char *path, struct tu_error *err)
{
	struct tu_error why = {0};
	int socket;
	enum tu_status status = dial(path, &socket, &why);

	if (!status) {
		(void)close(socket);
		return TU_OK;
	}
	(void)tu_error_prefix(
		&why, "%s, and does not answer", err && err->message[0] ? err->message : path);
	if (err)
		*err = why;
	return TU_E_BUSY;
}

enum tu_status tu_datadir_reach(const struct tu_datadir_host *host, const char *path,
	const struct tu_calls *calls, struct tu_reach **out_reach, struct tu_error *err)
{
	static const struct timespec between = {.tv_nsec = 1000000000 / TRIES};
	struct tu_reach *reach = tu_alloc(1, sizeof(*reach));
	struct tu_error own = {0};
	enum tu_status status = TU_E_BUSY;

	if (!reach)
		return tu_no_memory(err);
	*reach = (struct tu_reach){.path = path, .calls = calls};
	/* an owner that ends between the two is not there any more the second time */
	for (unsigned i = 0; status == TU_E_BUSY && i < 2 + host->wait * TRIES; i++) {
		if (i > 1)
			(void)nanosleep(&between, NULL);
		own = (struct tu_error){0};
		status = tu_datadir_open(host, path, &reach->own, &own);
		if (status == TU_E_BUSY)
			status = try_owner(path, &own);
	}
	if (status) {
		own.status = status;
		if (err)
			*err = own;
		tu_free(reach);
		return status;
	}
	*out_reach = reach;
	return TU_OK;
}

void tu_reach_end(struct tu_reach *reach)
{
	if (!reach)
		return;
	tu_datadir_close(reach->own);
	tu_free(reach);
}

struct tu_datadir *tu_reach_own(struct tu_reach *reach)
{
	return reach->own;
}
