/*
 * Any bytes as packed input: unpacking never crashes, stays below the ceiling, and leaves zeros
 * behind the text; an archive's members do, too.
 */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/input.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { UNPACKED_MAX = 1 << 20, ENTRIES_MAX = 64 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void check_text(struct tu_str text)
{
	demand(text.len <= UNPACKED_MAX);
	for (size_t i = 0; i < TU_JSON_PADDING; i++)
		demand(text.ptr[text.len + i] == '\0');
}

static void unpack(struct tu_str packed)
{
	struct tu_error err = {0};
	struct tu_buf out;
	enum tu_status status;

	tu_buf_init(&out, UNPACKED_MAX);
	status = tu_input_unpack(packed, &out, &err);
	if (status == TU_OK)
		check_text(tu_buf_str(&out));
	else
		demand(err.status == status && err.message[0]);
	tu_buf_done(&out);
}

static enum tu_status visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	size_t *visits = context;

	(void)err;
	demand(name.len > 0);
	check_text(text);
	demand(++*visits <= ENTRIES_MAX);
	return TU_OK;
}

static void problem(void *context, struct tu_str name, const struct tu_error *err)
{
	(void)context;
	demand(name.len > 0 && err->status != TU_OK && err->message[0]);
}

/* The walker reads files: this one is in memory. */
static void walk(const uint8_t *data, size_t size)
{
	size_t visits = 0;
	const struct tu_input_walk walk = {.visit = visit,
		.problem = problem,
		.context = &visits,
		.limits = {.bytes = UNPACKED_MAX, .entries = ENTRIES_MAX}};
	struct tu_error err = {0};
	char path[64];
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0)
		return;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, data, size) == (ssize_t)size && tu_input_each(path, &walk, &err))
		demand(err.message[0] != '\0');
	(void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unpack((struct tu_str){(const char *)data, size});
	walk(data, size);
	return 0;
}
