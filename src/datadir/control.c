#define _XOPEN_SOURCE 700
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json_writer.h"
#include "datadir/calls.h"
#include "datadir/control.h"
#include "datadir/frame.h"
#include "datadir/inside.h"

enum { THREADS = 4, PATIENCE_S = 10, PAUSE_MS = 50 };

struct tu_control {
	struct tu_datadir *dir;
	const struct tu_calls *calls;
	int listener;
	pthread_t threads[THREADS];
	size_t thread_count;
};

/* ---- one answer ---- */

static void write_failure(const struct tu_error *err, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "status", tu_str_c(tu_status_name(err->status)));
	tu_json_member_str(&json, "message", tu_str_c(err->message));
	tu_json_member_str(&json, "file", tu_str_c(err->file));
	tu_json_member_str(&json, "pointer", tu_str_c(err->pointer));
	tu_json_member_int(&json, "line", (int64_t)err->line);
	tu_json_member_int(&json, "column", (int64_t)err->column);
	tu_json_member_int(&json, "offset", (int64_t)err->offset);
	tu_json_close_object(&json);
}

static enum tu_status check_request(struct tu_json root, struct tu_error *err)
{
	uint64_t protocol;

	if (!tu_json_u64(tu_json_get(root, TU_STR("protocol")), UINT32_MAX, &protocol) ||
		!tu_json_is_string(tu_json_get(root, TU_STR("call"))))
		return tu_fail(err, TU_E_SYNTAX, 0, "control socket: no request");
	if (protocol != TU_FRAME_PROTOCOL)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the running service has another protocol: use the program of its"
			" version");
	return TU_OK;
}

static enum tu_status run_request(struct tu_control *control, struct tu_str text, int fd,
	struct tu_buf *answer, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = TU_FRAME_REQUEST_MAX, .depth = 32, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_call_in in = {.fd = fd};
	struct tu_json root;
	enum tu_status status =
		parser ? tu_json_parse(parser, text, &limits, &root, err) : tu_no_memory(err);

	if (!status)
		status = check_request(root, err);
	if (!status) {
		in.arguments = tu_json_get(root, TU_STR("arguments"));
		in.name = TU_JSON_STR(root, "call");
		status = tu_call_dispatch(control->dir, control->calls, &in, answer, err);
	}
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status check_peer(int socket, struct tu_error *err)
{
	unsigned long uid = 0;
	enum tu_status status = tu_frame_peer(socket, &uid, err);

	if (!status && uid != (unsigned long)geteuid())
		status = tu_fail(err, TU_E_USAGE, 0,
			"the service answers its own user, %lu, and not user %lu",
			(unsigned long)geteuid(), uid);
	return status;
}

static void answer_one(struct tu_control *control, int socket)
{
	struct tu_buf request, answer, whole;
	struct tu_error err = {0};
	enum tu_status status = check_peer(socket, &err);
	int fd = -1;

	tu_buf_init(&request, TU_FRAME_REQUEST_MAX + 64);
	tu_buf_init(&answer, TU_CALL_ANSWER_MAX);
	tu_buf_init(&whole, TU_FRAME_ANSWER_MAX);
	if (!status)
		status = tu_frame_receive(socket, TU_FRAME_REQUEST_MAX, &request, &fd, &err);
	if (!status)
		status = run_request(control, tu_buf_str(&request), fd, &answer, &err);
	if (status) {
		write_failure(&err, &whole);
	} else {
		tu_buf_c(&whole, "{\"status\":\"\",\"answer\":");
		tu_buf_str_add(&whole, tu_buf_str(&answer));
		tu_buf_byte(&whole, '}');
	}
	/* who asked may have gone: nobody is left who could be answered */
	if (!whole.failed)
		(void)!tu_frame_send(socket, tu_buf_str(&whole), -1, NULL);
	if (fd >= 0)
		(void)close(fd);
	tu_buf_done(&request);
	tu_buf_done(&answer);
	tu_buf_done(&whole);
}

/* ---- the threads ---- */

static void *serve(void *self)
{
	struct tu_control *control = self;
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	const struct timespec pause = {0, PAUSE_MS * 1000000L};

	for (;;) {
		int socket = accept(control->listener, NULL, NULL);

		if (socket < 0 && (errno == EINVAL || errno == EBADF))
			return NULL; /* shut down */
		if (socket < 0) {
			/* such as EMFILE, which passes: they wait in the kernel's queue */
			(void)nanosleep(&pause, NULL);
			continue;
		}
		(void)setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		(void)setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		answer_one(control, socket);
		(void)close(socket);
	}
}

static enum tu_status start_threads(struct tu_control *control, struct tu_error *err)
{
	for (; control->thread_count < THREADS; control->thread_count++) {
		int code = pthread_create(
			&control->threads[control->thread_count], NULL, serve, control);

		if (code)
			return tu_fail(
				err, TU_E_IO, 0, "cannot start a thread: %s", strerror(code));
	}
	return TU_OK;
}

enum tu_status tu_control_start(struct tu_datadir *dir, const struct tu_calls *calls,
	struct tu_control **out_control, struct tu_error *err)
{
	struct tu_control *control = tu_alloc(1, sizeof(*control));
	struct tu_signer *signer;
	struct tu_store *store;
	enum tu_status status;

	if (!control)
		return tu_no_memory(err);
	*control = (struct tu_control){.dir = dir, .calls = calls, .listener = -1};
	/* what cannot be signed is said to whoever asks for it */
	(void)!tu_datadir_signer(dir, &signer, NULL);
	status = tu_datadir_store(dir, &store, err);
	if (!status)
		status = tu_frame_open(dir->path, TU_FRAME_LISTEN, &control->listener, err);
	if (!status)
		status = start_threads(control, err);
	if (status)
		tu_control_stop(control);
	else
		*out_control = control;
	return status;
}

void tu_control_stop(struct tu_control *control)
{
	char name[TU_PATH_MAX];

	if (!control)
		return;
	if (control->listener >= 0) {
		(void)shutdown(control->listener, SHUT_RDWR);
		if (tu_datadir_path(control->dir, "control.sock", name, sizeof(name)))
			(void)unlink(name);
	}
	for (size_t i = 0; i < control->thread_count; i++)
		(void)pthread_join(control->threads[i], NULL);
	if (control->listener >= 0)
		(void)close(control->listener);
	tu_free(control);
}
