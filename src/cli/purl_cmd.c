/* tutela purl: package URLs in canonical form. */
#include <stdio.h>

#include <tutela/purl.h>

#include "cli/command.h"
#include "cli/lines.h"

enum { FINE = 0, USAGE = 2, BAD_INPUT = 3, INTERNAL = 4 };

static const char usage[] = "usage: tutela purl PURL\n"
			    "       tutela purl -     one a line on standard input\n";

/* Append the canonical form of `text`; `arena` is emptied first. */
static enum tu_status canonical(
	struct tu_arena *arena, struct tu_str text, struct tu_buf *out, struct tu_error *err)
{
	struct tu_purl purl;
	enum tu_status status;

	tu_arena_reset(arena);
	status = tu_purl_parse(arena, text, &purl, err);
	if (!status)
		tu_purl_write(&purl, out);
	return status;
}

static bool one_line(void *ctx, struct tu_str line, struct tu_buf *out)
{
	struct tu_error err = {0};

	if (canonical(ctx, line, out, &err))
		tu_buf_printf(out, "error: %s (byte %zu)", err.message, err.offset);
	return !out->failed && err.status != TU_E_NOMEM;
}

static int one(struct tu_arena *arena, const char *text)
{
	struct tu_error err = {0};
	struct tu_buf out;
	int code = FINE;

	tu_buf_init(&out, (size_t)TU_PURL_MAX * 4);
	if (canonical(arena, tu_str_c(text), &out, &err)) {
		fprintf(stderr, "tutela: purl: %s (byte %zu)\n", err.message, err.offset);
		code = err.status == TU_E_NOMEM ? INTERNAL : BAD_INPUT;
	} else if (out.failed || printf("%.*s\n", TU_STR_FMT(tu_buf_str(&out))) < 0) {
		code = INTERNAL;
	}
	tu_buf_done(&out);
	return code;
}

int tu_cmd_purl(int argc, char **argv)
{
	struct tu_arena *arena;
	int code;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return printf("%s", usage) < 0 ? INTERNAL : FINE;
	if (argc != 2 || (argv[1][0] == '-' && argv[1][1] != '\0')) {
		fprintf(stderr, "%s", usage);
		return USAGE;
	}
	arena = tu_arena_new(0);
	if (!arena)
		return INTERNAL;
	code = strcmp(argv[1], "-") == 0 ? tu_lines_each(one_line, arena) : one(arena, argv[1]);
	tu_arena_free(arena);
	return code;
}
