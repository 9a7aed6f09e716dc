/* tutela cpe: CPE names in canonical form, and what one is to another. */
#include <stdio.h>
#include <string.h>

#include <tutela/cpe.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"

static const char name[] = "cpe";

static const char *const relations[] = {
	[TU_CPE_UNDEFINED] = "undefined",
	[TU_CPE_DISJOINT] = "disjoint",
	[TU_CPE_EQUAL] = "equal",
	[TU_CPE_SUBSET] = "subset",
	[TU_CPE_SUPERSET] = "superset",
};

/* An answer to the one or two names that a command or a line has; appends it to `out`. */
typedef enum tu_status asker(struct tu_arena *arena, const struct tu_str *texts, struct tu_buf *out,
	struct tu_error *err);

static enum tu_status ask_canonical(struct tu_arena *arena, const struct tu_str *texts,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_cpe cpe;
	enum tu_status status = tu_cpe_parse(arena, texts[0], &cpe, err);

	if (status == TU_OK)
		tu_cpe_write(&cpe, out);
	return status;
}

static enum tu_status ask_relation(struct tu_arena *arena, const struct tu_str *texts,
	struct tu_buf *out, struct tu_error *err)
{
	static const char *const which[] = {"first name", "second name"};
	struct tu_cpe names[2];

	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (tu_cpe_parse(arena, texts[i], &names[i], err) != TU_OK)
			return tu_error_prefix(err, "%s", which[i]);
	tu_buf_c(out, relations[tu_cpe_compare(&names[0], &names[1])]);
	return TU_OK;
}

struct question {
	asker *ask;
	int names; /* a line or a command has as many */
	struct tu_arena *arena; /* reset for every line */
};

static bool answer_line(void *context, struct tu_str line, struct tu_buf *out)
{
	const struct question *question = context;
	struct tu_str texts[2] = {line, {NULL, 0}};
	struct tu_error err = {0};
	size_t tab = tu_str_find(line, '\t');

	if (question->names == 2 && tab == line.len) {
		tu_lines_error(out, "expected two names with a tab between them");
		return true;
	}
	if (question->names == 2) {
		texts[0] = tu_str_first(line, tab);
		texts[1] = tu_str_from(line, tab + 1);
	}
	tu_arena_reset(question->arena);
	if (question->ask(question->arena, texts, out, &err) != TU_OK)
		tu_lines_failed(out, &err);
	return err.status != TU_E_NOMEM;
}

static int answer_one(const struct question *question, char **args)
{
	struct tu_str texts[2] = {
		tu_str_c(args[0]), tu_str_c(question->names == 2 ? args[1] : NULL)};
	struct tu_error err = {0};
	struct tu_buf out;

	tu_buf_init(&out, (size_t)TU_CPE_MAX * 4);
	(void)!question->ask(question->arena, texts, &out, &err);
	return tu_command_answered(name, &out, &err);
}

static int run(struct question *question, int argc, char **args)
{
	bool batch = argc == 1 && strcmp(args[0], "-") == 0;

	if (!batch && argc != question->names)
		return tu_command_misused(name, "expected %s or \"-\"",
			question->names == 2 ? "two names" : "a name");
	question->arena = tu_arena_new(0);
	if (!question->arena)
		return tu_command_no_memory(name);
	int code = batch ? tu_lines_each(answer_line, question) : answer_one(question, args);
	tu_arena_free(question->arena);
	return code;
}

static int run_canonical(int argc, char **argv)
{
	struct question question = {.ask = ask_canonical, .names = 1};

	return tu_options_take(&tu_cmd_cpe, &argc, argv, NULL) ? run(&question, argc - 1, argv + 1)
							       : TU_EXIT_USAGE;
}

static int run_match(int argc, char **argv)
{
	struct question question = {.ask = ask_relation, .names = 2};

	return tu_options_take(&tu_cmd_cpe_match, &argc, argv, NULL)
		? run(&question, argc - 1, argv + 1)
		: TU_EXIT_USAGE;
}

const struct tu_command tu_cmd_cpe = {
	.name = "cpe",
	.summary = "Normalise CPE names and compare them",
	.usage = {"CPE", "-"},
	.notes = "Prints the name as a CPE 2.3 formatted string. \"-\" reads one name a line.\n",
	.run = run_canonical,
};

const struct tu_command tu_cmd_cpe_match = {
	.name = "cpe match",
	.summary = "Print whether one CPE name covers another",
	.usage = {"A B", "-"},
	.notes = "Prints superset, subset, equal, disjoint or undefined. \"-\" reads lines of A, "
		 "tab, B.\n",
	.run = run_match,
};
