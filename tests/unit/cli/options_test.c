#define _GNU_SOURCE /* fork, pipe */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tutela/attr.h>

#include "cli/command.h"
#include "cli/options.h"

/* command.c looks commands up; here there are none. */
const struct tu_command *const tu_commands[1];
const size_t tu_command_count = 0;

enum { ARGS_MAX = 8 };

struct request {
	const char *output, *format, *level;
	bool quiet;
	struct tu_values ids, formats;
};

struct taken {
	bool fine;
	struct request request;
	int argc;
	char *argv[ARGS_MAX];
};

static const char *level_word(size_t index)
{
	static const char *const levels[] = {"low", "high"};

	return index < TU_COUNT(levels) ? levels[index] : NULL;
}

static const struct tu_option options[] = {
	TU_OPTION_OUTPUT(struct request, output),
	TU_OPTION_TEXT_OR_JSON(struct request, format),
	{"level", 0, "LEVEL", "Level", TU_TEXT(struct request, level), .word = level_word,
		.also = "grade"},
	{"quiet", 'q', NULL, "Be quiet", TU_FLAG(struct request, quiet)},
	{"id", 'i', "ID", "Id", TU_LIST(struct request, ids)},
	{"write", 0, "FORMAT", "Write", TU_LIST(struct request, formats), .word = level_word},
};

static const struct tu_command scan = {.name = "scan", TU_OPTIONS(options)};

static const char *option_name(const void *context, size_t index)
{
	(void)context;
	return index < TU_COUNT(options) ? options[index].name : NULL;
}

/* Split at blanks and take the options out; complaints are not shown. */
static struct taken take(char *words)
{
	struct taken taken = {0};
	int keep = dup(STDERR_FILENO);
	FILE *nowhere = freopen("/dev/null", "w", stderr);

	for (char *word = words; word; word = words) {
		char *end = strchr(word, ' ');

		words = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
		taken.argv[taken.argc++] = word;
	}
	taken.fine = tu_options_take(&scan, &taken.argc, taken.argv, &taken.request);
	assert_non_null(nowhere);
	(void)fflush(stderr);
	(void)dup2(keep, STDERR_FILENO);
	(void)close(keep);
	return taken;
}

static void takes_options_in_any_place(void **state)
{
	char words[] = "scan a --output=x=y b -q - --format json";
	struct taken taken = take(words);
	(void)state;

	assert_true(taken.fine && taken.request.quiet);
	assert_string_equal(taken.request.output, "x=y");
	assert_string_equal(taken.request.format, "json");
	assert_int_equal(taken.argc, 4);
	assert_string_equal(taken.argv[0], "scan");
	assert_string_equal(taken.argv[1], "a");
	assert_string_equal(taken.argv[2], "b");
	assert_string_equal(taken.argv[3], "-");
}

static void the_later_one_holds_and_two_hyphens_end_them(void **state)
{
	char words[] = "scan -o 1 --output 2 -- --quiet -o";
	struct taken taken = take(words);
	(void)state;

	assert_true(taken.fine && !taken.request.quiet);
	assert_string_equal(taken.request.output, "2");
	assert_int_equal(taken.argc, 3);
	assert_string_equal(taken.argv[1], "--quiet");
	assert_string_equal(taken.argv[2], "-o");
}

static void a_repeatable_one_keeps_every_value_in_order(void **state)
{
	char words[] = "scan --id a x -i b --id=c";
	struct taken taken = take(words);
	(void)state;

	assert_true(taken.fine);
	assert_int_equal(taken.argc, 2);
	assert_int_equal(taken.request.ids.count, 3);
	assert_string_equal(taken.request.ids.at[0], "a");
	assert_string_equal(taken.request.ids.at[1], "b");
	assert_string_equal(taken.request.ids.at[2], "c");
}

static void a_value_may_be_empty_or_begin_with_a_hyphen(void **state)
{
	char empty[] = "scan --output=";
	char hyphen[] = "scan --output -";
	(void)state;

	assert_string_equal(take(empty).request.output, "");
	assert_string_equal(take(hyphen).request.output, "-");
}

static void refuses_what_it_does_not_know(void **state)
{
	static const char *const cases[] = {"scan --unknown", "scan -x", "scan --output", "scan -o",
		"scan --quiet=yes", "scan --outputs=x", "scan --out x", "scan -oq", "scan --=x",
		"scan -qq", "scan --format=xml", "scan --level lo", "scan --write=middle=x",
		"scan --write"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char words[64];

		(void)snprintf(words, sizeof(words), "%s", cases[i]);
		if (take(words).fine)
			fail_msg("taken: %s", cases[i]);
	}
}

static void a_closed_list_gives_its_own_spelling_and_a_preset(void **state)
{
	char none[] = "scan";
	char given[] = "scan --format JSON --grade=HIGH --write low=a/b --write=High";
	struct taken taken = take(given);
	(void)state;

	assert_string_equal(take(none).request.format, "text");
	assert_null(take(none).request.level);
	assert_true(taken.fine);
	assert_string_equal(taken.request.format, "json");
	assert_string_equal(taken.request.level, "high");
	assert_string_equal(taken.request.formats.at[0], "low=a/b");
	assert_string_equal(taken.request.formats.at[1], "high");
}

static void a_slip_of_the_pen_finds_its_neighbour(void **state)
{
	static const struct {
		const char *typed, *meant;
	} cases[] = {{"formt", "format"}, {"forma", "format"}, {"output-file", NULL},
		{"quit", "quiet"}, {"out", "output"}, {"x", NULL}, {"lvel", "level"},
		{"an-option-that-is-longer-than-every-name", NULL}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const char *found = tu_word_nearest(option_name, NULL, cases[i].typed);

		if (!cases[i].meant)
			assert_null(found);
		else if (!found || strcmp(found, cases[i].meant) != 0)
			fail_msg("%s: %s", cases[i].typed, found ? found : "nothing");
	}
}

static void colour_is_asked_for_or_found(void **state)
{
	(void)state;

	assert_true(tu_options_colour("always", -1));
	assert_false(tu_options_colour("never", -1));
	assert_false(tu_options_colour(NULL, -1));
	assert_int_equal(tu_terminal_width(-1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_options_in_any_place),
		cmocka_unit_test(the_later_one_holds_and_two_hyphens_end_them),
		cmocka_unit_test(a_repeatable_one_keeps_every_value_in_order),
		cmocka_unit_test(a_value_may_be_empty_or_begin_with_a_hyphen),
		cmocka_unit_test(refuses_what_it_does_not_know),
		cmocka_unit_test(a_closed_list_gives_its_own_spelling_and_a_preset),
		cmocka_unit_test(a_slip_of_the_pen_finds_its_neighbour),
		cmocka_unit_test(colour_is_asked_for_or_found),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
