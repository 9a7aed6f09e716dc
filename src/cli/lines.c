/* Batches over standard input. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/lines.h"

enum { CHUNK = 64 * 1024, OUT_CEILING = 4 * TU_LINE_MAX };

struct batch {
	bool (*line)(void *context, struct tu_str line, struct tu_buf *out);
	void *context;
	struct tu_buf pending; /* an unfinished line */
	struct tu_buf out;
	bool too_long; /* the rest of the unfinished line is skipped */
};

/* Messages quote input: an answer stays on its line and cannot steer a terminal. */
static void put_message(struct tu_buf *out, const char *message)
{
	for (; *message != '\0'; message++) {
		unsigned char c = (unsigned char)*message;
		tu_buf_byte(out, c < 0x20 || c == 0x7f ? '?' : *message);
	}
}

void tu_lines_error(struct tu_buf *out, const char *message)
{
	tu_buf_clear(out);
	tu_buf_c(out, "error: ");
	put_message(out, message);
}

void tu_lines_failed(struct tu_buf *out, const struct tu_error *err)
{
	char text[TU_ERROR_TEXT_MAX];

	tu_lines_error(out, tu_error_text(err, text, sizeof(text)));
	tu_buf_printf(out, " (byte %zu)", err->offset);
}

static bool answer(struct batch *batch)
{
	struct tu_str line = tu_buf_str(&batch->pending);
	bool fine = true;

	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	tu_buf_clear(&batch->out);
	if (batch->too_long)
		tu_lines_error(&batch->out, "the line is longer than 16 MiB");
	else
		fine = batch->line(batch->context, line, &batch->out);
	tu_buf_byte(&batch->out, '\n');
	tu_buf_clear(&batch->pending);
	batch->too_long = false;
	if (!fine || batch->out.failed)
		return false;
	fwrite(batch->out.ptr, 1, batch->out.len, stdout);
	return true;
}

static bool feed(struct batch *batch, struct tu_str bytes)
{
	while (bytes.len > 0) {
		size_t end = tu_str_find(bytes, '\n');
		struct tu_str part = tu_str_first(bytes, end);
		if (batch->pending.len + part.len > TU_LINE_MAX)
			batch->too_long = true;
		if (!batch->too_long)
			tu_buf_str_add(&batch->pending, part);
		if (batch->pending.failed)
			return false;
		if (end < bytes.len && !answer(batch))
			return false;
		bytes = tu_str_from(bytes, end + 1);
	}
	return true;
}

static ssize_t read_some(char chunk[CHUNK])
{
	ssize_t got;

	do
		got = read(STDIN_FILENO, chunk, CHUNK);
	while (got < 0 && errno == EINTR);
	return got;
}

int tu_lines_each(
	bool (*line)(void *context, struct tu_str line, struct tu_buf *out), void *context)
{
	static char chunk[CHUNK];
	struct batch batch = {.line = line, .context = context};
	bool fine = true;
	ssize_t got;

	tu_buf_init(&batch.pending, TU_LINE_MAX + 1);
	tu_buf_init(&batch.out, OUT_CEILING);
	while (fine && (got = read_some(chunk)) > 0) {
		fine = feed(&batch, tu_str_of(chunk, (size_t)got));
		/* who writes a line and waits for its answer gets it; who went away ends it */
		if (fflush(stdout) != 0)
			break;
	}
	if (fine && (batch.pending.len > 0 || batch.too_long))
		fine = answer(&batch);
	tu_buf_done(&batch.pending);
	tu_buf_done(&batch.out);
	if (!fine) {
		fputs("tutela: out of memory\n", stderr);
		return TU_EXIT_INTERNAL;
	}
	if (got < 0) {
		fputs("tutela: standard input cannot be read\n", stderr);
		return TU_EXIT_INPUT;
	}
	return TU_EXIT_OK;
}
