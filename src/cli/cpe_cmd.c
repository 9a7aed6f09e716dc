/* tutela cpe: CPE names in canonical form, and what one is to another. */
#include <stdio.h>

#include <tutela/cpe.h>

#include "cli/command.h"
#include "cli/lines.h"

enum { FINE = 0, USAGE = 2, BAD_INPUT = 3, INTERNAL = 4 };

static const char usage[] =
	"usage: tutela cpe CPE\n"
	"       tutela cpe -              one a line on standard input\n"
	"       tutela cpe match A B      what A is to B: superset, subset, equal, disjoint, "
	"undefined\n"
	"       tutela cpe match -        two a line, with a tab between them\n";

static const char *const relation_names[] = {
	[TU_CPE_UNDEFINED] = "undefined",
	[TU_CPE_DISJOINT] = "disjoint",
	[TU_CPE_EQUAL] = "equal",
	[TU_CPE_SUBSET] = "subset",
	[TU_CPE_SUPERSET] = "superset",
};

/* An answer to the texts that a command or a line has; appends it to `out`. */
typedef enum tu_status answer(struct tu_arena *arena, const struct tu_str *texts,
	struct tu_buf *out, struct tu_error *err);

static enum tu_status canonical(struct tu_arena *arena, const struct tu_str *texts,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_cpe cpe;
	enum tu_status status = tu_cpe_parse(arena, texts[0], &cpe, err);

	if (!status)
		tu_cpe_write(&cpe, out);
	return status;
}

static enum tu_status relation(struct tu_arena *arena, const struct tu_str *texts,
	struct tu_buf *out, struct tu_error *err)
{
	static const char *const which[] = {"first name", "second name"};
	struct tu_cpe names[2];

	for (size_t i = 0; i < TU_COUNT(names); i++) {
		if (tu_cpe_parse(arena, texts[i], &names[i], err))
			return tu_error_prefix(err, "%s", which[i]);
	}
	tu_buf_c(out, relation_names[tu_cpe_compare(&names[0], &names[1])]);
	return TU_OK;
}

struct job {
	struct tu_arena *arena;
	answer *answer;
	size_t texts; /* a line or a command has as many */
};

static bool one_line(void *ctx, struct tu_str line, struct tu_buf *out)
{
	const struct job *job = ctx;
	struct tu_str texts[2] = {line, {NULL, 0}};
	struct tu_error err = {0};

	if (job->texts == 2) {
		size_t tab = tu_str_find(line, '\t');

		texts[0] = tu_str_first(line, tab);
		texts[1] = tu_str_from(line, tab + 1);
	}
	tu_arena_reset(job->arena);
	if (job->answer(job->arena, texts, out, &err))
		tu_buf_printf(out, "error: %s (byte %zu)", err.message, err.offset);
	return !out->failed && err.status != TU_E_NOMEM;
}

static int one(const struct job *job, char **args)
{
	struct tu_str texts[2] = {tu_str_c(args[0])};
	struct tu_error err = {0};
	struct tu_buf out;
	int code = FINE;

	if (job->texts == 2)
		texts[1] = tu_str_c(args[1]);
	tu_buf_init(&out, (size_t)TU_CPE_MAX * 4);
	if (job->answer(job->arena, texts, &out, &err)) {
		fprintf(stderr, "tutela: cpe: %s (byte %zu)\n", err.message, err.offset);
		code = err.status == TU_E_NOMEM ? INTERNAL : BAD_INPUT;
	} else if (out.failed || printf("%.*s\n", TU_STR_FMT(tu_buf_str(&out))) < 0) {
		code = INTERNAL;
	}
	tu_buf_done(&out);
	return code;
}

static int run(struct job *job, int argc, char **args)
{
	bool lines = argc == 1 && strcmp(args[0], "-") == 0;
	int code;

	if (!lines && ((size_t)argc != job->texts || args[0][0] == '-')) {
		fprintf(stderr, "%s", usage);
		return USAGE;
	}
	job->arena = tu_arena_new(0);
	if (!job->arena)
		return INTERNAL;
	code = lines ? tu_lines_each(one_line, job) : one(job, args);
	tu_arena_free(job->arena);
	return code;
}

int tu_cmd_cpe(int argc, char **argv)
{
	struct job read = {.answer = canonical, .texts = 1};
	struct job match = {.answer = relation, .texts = 2};

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return printf("%s", usage) < 0 ? INTERNAL : FINE;
	if (argc > 1 && strcmp(argv[1], "match") == 0)
		return run(&match, argc - 2, argv + 2);
	return run(&read, argc - 1, argv + 1);
}
