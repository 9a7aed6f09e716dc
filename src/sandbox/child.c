/* A child: gives up everything, reads one upload, answers, ends. */
#define _GNU_SOURCE /* F_GET_SEALS, close_range */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/input.h"
#include "base/input_file.h"
#include "base/json.h"
#include "base/landlock.h"
#include "base/unpack.h"
#include "sandbox/wire.h"
#include "sbom/flat/flat.h"

/* ---- giving up ---- */

static bool limit(int what, rlim_t soft, rlim_t hard)
{
	struct rlimit both;

	if (getrlimit((__rlimit_resource_t)what, &both) != 0)
		return false;
	if (both.rlim_max > hard)
		both.rlim_max = hard;
	both.rlim_cur = soft < both.rlim_max ? soft : both.rlim_max;
	return setrlimit((__rlimit_resource_t)what, &both) == 0;
}

bool tu_sandbox__confine(const struct tu_sandbox_options *options, size_t memory_now,
	bool *out_landlock, char problem[TU_ERROR_MESSAGE_MAX])
{
	enum { FILES = 16 };
	const struct tu_landlock_rights everything = {
		TU_LANDLOCK_FILES, TU_LANDLOCK_NETWORK, TU_LANDLOCK_SCOPES};
	struct tu_landlock set = tu_landlock_begin(&everything);
	bool limited = limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) &&
		limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_NOFILE, FILES, FILES) &&
		limit(RLIMIT_CPU, options->cpu_seconds, options->cpu_seconds + 1) &&
		(TU_SANDBOX_SANITIZED ||
			limit(RLIMIT_AS, memory_now + options->memory,
				memory_now + options->memory));

	(void)prctl(PR_SET_DUMPABLE, 0);
	*out_landlock = tu_landlock_enter(&set);
	if (!limited) {
		(void)snprintf(problem, TU_ERROR_MESSAGE_MAX,
			"the limits of a reader's process cannot be set");
		return false;
	}
	return tu_sandbox__filter_enter(problem);
}

/* ---- an upload ---- */

/* Sealed, so that it cannot change while it is read, and of the size that was said. */
static bool take_upload(int fd, const struct tu_sandbox_request *request, struct tu_str *out_upload)
{
	const int needed = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int seals = fcntl(fd, F_GET_SEALS);
	off_t size = lseek(fd, 0, SEEK_END);
	void *bytes;

	if (seals < 0 || (seals & needed) != needed || size < TU_JSON_PADDING ||
		(uint64_t)size - TU_JSON_PADDING != request->bytes)
		return false;
	bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return false;
	*out_upload = tu_str_of(bytes, (size_t)request->bytes);
	return true;
}

static void answer(int socket, const struct tu_error *err, struct tu_str packed)
{
	struct tu_sandbox_reply reply = {.magic = TU_SANDBOX_REPLY,
		.bytes = packed.len,
		.offset = err->offset,
		.line = err->line,
		.column = err->column,
		.status = err->status};

	memcpy(reply.pointer, err->pointer, sizeof(reply.pointer));
	memcpy(reply.message, err->message, sizeof(reply.message));
	if (tu_sandbox__send(socket, &reply, sizeof(reply), -1))
		(void)tu_sandbox__send(socket, packed.ptr, packed.len, -1);
}

void tu_sandbox__child(int socket, size_t memory, tu_sandbox_work *work)
{
	struct tu_sandbox_job job = {.socket = socket, .memory = memory};
	struct tu_sandbox_request request;
	struct tu_error err = {0};
	int fd;

	if (!tu_sandbox__receive(socket, &request, sizeof(request), &fd) ||
		request.magic != TU_SANDBOX_REQUEST)
		_exit(1);
	job.limits = request.limits;
	if (take_upload(fd, &request, &job.upload)) {
		work(&job);
	} else {
		(void)tu_fail(&err, TU_E_USAGE, 0,
			"the upload is not sealed, of another size, or does not fit into the "
			"memory of a reader");
		answer(socket, &err, TU_STR(""));
	}
	_exit(0);
}

/* ---- reading an SBOM ---- */

static bool is_packed(struct tu_str upload)
{
	return tu_unpack_is_gzip(upload) || tu_unpack_is_zstd(upload);
}

static enum tu_status read_and_pack(const struct tu_sandbox_job *job, struct tu_arena *arena,
	struct tu_buf *packed, struct tu_error *err)
{
	const struct tu_inventory *inventory = NULL;
	struct tu_str text = job->upload;
	enum tu_status status = TU_OK;
	struct tu_buf unpacked;

	tu_buf_init(&unpacked, job->limits.bytes);
	if (is_packed(text)) {
		status = tu_input_unpack(text, &unpacked, err);
		text = tu_buf_str(&unpacked);
	}
	if (!status)
		status = tu_sbom_read(arena, text, true, &job->limits, &inventory, err);
	tu_buf_done(&unpacked);
	return status ? status : tu_inventory_pack(inventory, packed, err);
}

void tu_sandbox__read(const struct tu_sandbox_job *job)
{
	struct tu_arena *arena = tu_arena_new(job->memory);
	struct tu_error err = {0};
	struct tu_buf packed;
	enum tu_status status;

	tu_buf_init(&packed, job->memory);
	status = arena ? read_and_pack(job, arena, &packed, &err) : tu_no_memory(&err);
	err.status = status;
	answer(job->socket, &err, status ? TU_STR("") : tu_buf_str(&packed));
}
