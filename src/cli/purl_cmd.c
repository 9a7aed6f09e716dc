/* tutela purl: package URLs in canonical form. */
#include <stdio.h>
#include <string.h>

#include <tutela/purl.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"

static const char name[] = "purl";

/* Append the canonical form of `text`; `arena` is emptied first. */
static enum tu_status canonical(
	struct tu_arena *arena, struct tu_str text, struct tu_buf *out, struct tu_error *err)
{
	struct tu_purl purl;

	tu_arena_reset(arena);
	enum tu_status status = tu_purl_parse(arena, text, &purl, err);
	if (status == TU_OK)
		tu_purl_write(&purl, out);
	return status;
}

static bool answer_line(void *arena, struct tu_str line, struct tu_buf *out)
{
	struct tu_error err = {0};

	if (canonical(arena, line, out, &err) != TU_OK)
		tu_lines_failed(out, &err);
	return err.status != TU_E_NOMEM;
}

static int answer_one(struct tu_arena *arena, const char *text)
{
	struct tu_error err = {0};
	struct tu_buf out;

	tu_buf_init(&out, (size_t)TU_PURL_MAX * 4);
	(void)!canonical(arena, tu_str_c(text), &out, &err);
	return tu_command_answered(name, &out, &err);
}

static int run_purl(int argc, char **argv)
{
	if (!tu_options_take(&tu_cmd_purl, &argc, argv, NULL))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(name, "expected a package URL or \"-\"");
	struct tu_arena *arena = tu_arena_new(0);
	if (!arena)
		return tu_command_no_memory(name);
	int code = strcmp(argv[1], "-") == 0 ? tu_lines_each(answer_line, arena)
					     : answer_one(arena, argv[1]);
	tu_arena_free(arena);
	return code;
}

const struct tu_command tu_cmd_purl = {
	.name = "purl",
	.summary = "Normalise package URLs",
	.usage = {"PURL", "-"},
	.notes = "Prints the canonical form. \"-\" reads one package URL a line.\n",
	.run = run_purl,
};
