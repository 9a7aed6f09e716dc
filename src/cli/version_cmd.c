/* tutela version: compare versions, test ranges. */
#include <stdio.h>
#include <string.h>

#include <tutela/range.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"

static const char name[] = "version";

/* One question with the scheme that holds for all lines of a batch. */
struct question {
	enum tu_scheme scheme;
	bool native; /* ranges are in the scheme's own syntax */
	bool strict; /* refuse a vers string that is not in canonical form */
	struct tu_arena *arena; /* reset for every line */
};

static const char *const orders[] = {
	[TU_UNORDERED] = "?", [TU_LESS] = "<", [TU_EQUAL] = "=", [TU_GREATER] = ">"};
static const char *const verdicts[] = {
	[TU_UNDECIDED] = "undecided", [TU_OUTSIDE] = "no", [TU_INSIDE] = "yes"};

/* What a batch's line asks; false: the answer is an error that `err` has. */
typedef bool asker(const struct question *question, struct tu_str a, struct tu_str b,
	struct tu_buf *out, struct tu_error *err);

static bool ask_compare(const struct question *question, struct tu_str a, struct tu_str b,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_str longer = a.len > b.len ? a : b;

	if (longer.len > TU_VERSION_MAX) {
		tu_fail(err, TU_E_LIMIT, 0, "version of %zu bytes; at most %d are read", longer.len,
			TU_VERSION_MAX);
		return false;
	}
	tu_buf_c(out, orders[tu_version_compare(question->scheme, a, b)]);
	return true;
}

static enum tu_status parse_range(const struct question *question, struct tu_str text,
	const struct tu_range **out_range, struct tu_error *err)
{
	if (question->native)
		return tu_range_parse_native(
			question->arena, question->scheme, text, out_range, err);
	return tu_range_parse(question->arena, text, out_range, err);
}

static bool ask_in(const struct question *question, struct tu_str a, struct tu_str b,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_range *range;

	tu_arena_reset(question->arena);
	if (b.len > TU_VERSION_MAX) {
		tu_fail(err, TU_E_LIMIT, 0, "version of %zu bytes; at most %d are read", b.len,
			TU_VERSION_MAX);
		return false;
	}
	if (parse_range(question, a, &range, err) != TU_OK)
		return false;
	tu_buf_c(out, verdicts[tu_range_test(range, b)]);
	return true;
}

static bool ask_canonical(const struct question *question, struct tu_str a, struct tu_str b,
	struct tu_buf *out, struct tu_error *err)
{
	(void)b;
	tu_arena_reset(question->arena);
	if (tu_range_canonical(question->arena, a, out, err) != TU_OK)
		return false;
	if (!question->strict || tu_str_eq(tu_buf_str(out), a))
		return true;
	tu_fail(err, TU_E_SYNTAX, 0, "not in canonical form, which is \"%.*s\"",
		TU_STR_FMT(tu_str_first(tu_buf_str(out), 200)));
	tu_buf_clear(out);
	return false;
}

static bool ask_range(const struct question *question, struct tu_str a, struct tu_str b,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_range *range;

	(void)b;
	tu_arena_reset(question->arena);
	if (parse_range(question, a, &range, err) != TU_OK)
		return false;
	tu_range_write(range, out);
	return true;
}

struct batch {
	const struct question *question;
	asker *ask;
	bool pairs; /* a line holds two texts */
};

static bool answer_line(void *context, struct tu_str line, struct tu_buf *out)
{
	const struct batch *batch = context;
	struct tu_error err = {0};
	/* No version has a tab in it; a native range may. */
	size_t tab = tu_str_rfind(line, '\t');

	if (batch->pairs && tab == line.len) {
		tu_lines_error(out, "expected two texts with a tab between them");
		return true;
	}
	struct tu_str a = batch->pairs ? tu_str_first(line, tab) : line;
	struct tu_str b = batch->pairs ? tu_str_from(line, tab + 1) : TU_STR("");
	if (!batch->ask(batch->question, a, b, out, &err)) {
		if (err.status == TU_E_NOMEM)
			return false;
		tu_lines_failed(out, &err);
	}
	return true;
}

/* Two texts, one text, or "-" for a batch. */
static int run(struct question *question, asker *ask, bool pairs, int argc, char **argv)
{
	struct batch batch = {question, ask, pairs};
	struct tu_error err = {0};
	struct tu_buf out;
	int code = TU_EXIT_OK;

	if (argc == 1 && strcmp(argv[0], "-") == 0)
		return tu_lines_each(answer_line, &batch);
	if (argc != (pairs ? 2 : 1))
		return tu_command_misused(
			name, "expected %s or \"-\"", pairs ? "two texts" : "a range");
	tu_buf_init(&out, TU_LINE_MAX);
	if (ask(question, tu_str_c(argv[0]), tu_str_c(pairs ? argv[1] : NULL), &out, &err))
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&out)));
	else
		code = tu_command_failed_at(name, &err);
	tu_buf_done(&out);
	return code;
}

/* ---- the commands ---- */

struct request {
	const char *native;
	bool strict;
};

static const char *scheme_word(size_t index)
{
	return index + 1 < TU_SCHEME_COUNT_ ? tu_scheme_name((enum tu_scheme)(index + 1)).ptr
					    : NULL;
}

static bool find_scheme(const char *command, const char *text, enum tu_scheme *out_scheme)
{
	if (tu_scheme_by_name(tu_str_c(text), out_scheme))
		return true;
	tu_command_misused(command,
		"unknown version scheme \"%s\"; \"tutela version schemes\" lists them", text);
	return false;
}

static int run_question(struct question *question, asker *ask, bool pairs, int argc, char **argv)
{
	int code;

	question->arena = tu_arena_new(256 * 1024 * 1024);
	if (!question->arena)
		return tu_command_no_memory(name);
	code = run(question, ask, pairs, argc, argv);
	tu_arena_free(question->arena);
	return code;
}

static int run_compare(int argc, char **argv)
{
	struct question question = {.scheme = TU_SCHEME_NONE};

	if (!tu_options_take(&tu_cmd_version_compare, &argc, argv, NULL))
		return TU_EXIT_USAGE;
	if (argc < 2)
		return tu_command_misused(argv[0], "expected a scheme and two versions");
	if (!find_scheme(argv[0], argv[1], &question.scheme))
		return TU_EXIT_USAGE;
	return run_question(&question, ask_compare, true, argc - 2, argv + 2);
}

static int run_in(int argc, char **argv)
{
	struct request request = {0};
	struct question question = {.scheme = TU_SCHEME_NONE};

	if (!tu_options_take(&tu_cmd_version_in, &argc, argv, &request))
		return TU_EXIT_USAGE;
	question.native = request.native != NULL;
	if (question.native)
		(void)tu_scheme_by_name(tu_str_c(request.native), &question.scheme);
	return run_question(&question, ask_in, true, argc - 1, argv + 1);
}

static int run_range(int argc, char **argv)
{
	struct request request = {0};
	struct question question = {.scheme = TU_SCHEME_NONE};

	if (!tu_options_take(&tu_cmd_version_range, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc < 2)
		return tu_command_misused(argv[0], "expected a scheme and a range");
	question.strict = request.strict;
	question.native = strcmp(argv[1], "vers") != 0;
	if (question.native && request.strict)
		return tu_command_misused(argv[0], "--strict is only for vers");
	if (question.native && !find_scheme(argv[0], argv[1], &question.scheme))
		return TU_EXIT_USAGE;
	return run_question(
		&question, question.native ? ask_range : ask_canonical, false, argc - 2, argv + 2);
}

static int run_schemes(int argc, char **argv)
{
	const char *scheme;

	if (!tu_options_take(&tu_cmd_version_schemes, &argc, argv, NULL))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(argv[0], "expected no operand");
	for (size_t i = 0; (scheme = scheme_word(i)) != NULL; i++)
		printf("%s\n", scheme);
	return TU_EXIT_OK;
}

static const struct tu_option in_options[] = {
	{"native", 0, "SCHEME", "Read the range in this scheme's own syntax instead of vers",
		TU_TEXT(struct request, native), .word = scheme_word},
};

static const struct tu_option range_options[] = {
	{"strict", 0, NULL, "Refuse a vers range that is not in canonical form",
		TU_FLAG(struct request, strict)},
};

const struct tu_command tu_cmd_version = {
	.name = "version", .summary = "Compare versions and test ranges"};

const struct tu_command tu_cmd_version_compare = {
	.name = "version compare",
	.summary = "Compare two versions",
	.usage = {"SCHEME A B", "SCHEME -"},
	.notes = "Prints <, =, > or ?. \"-\" reads lines of A, tab, B. \"--\" comes before a "
		 "version that\n"
		 "begins with a hyphen.\n",
	.run = run_compare,
};

const struct tu_command tu_cmd_version_in = {
	.name = "version in",
	.summary = "Test whether a version is in a range",
	.usage = {"VERS VERSION", "-", "--native SCHEME RANGE VERSION", "--native SCHEME -"},
	TU_OPTIONS(in_options),
	.notes = "Prints yes, no or undecided. \"-\" reads lines of range, tab, version.\n",
	.run = run_in,
};

const struct tu_command tu_cmd_version_range = {
	.name = "version range",
	.summary = "Print a native range as vers, or a vers range in canonical form",
	.usage = {"SCHEME RANGE", "SCHEME -", "vers [--strict] VERS", "vers [--strict] -"},
	TU_OPTIONS(range_options),
	.notes = "\"-\" reads one range a line.\n",
	.run = run_range,
};

const struct tu_command tu_cmd_version_schemes = {
	.name = "version schemes",
	.summary = "List the version schemes",
	.run = run_schemes,
};
