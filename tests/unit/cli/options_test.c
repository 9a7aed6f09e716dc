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
const struct tu_command tu_commands[1];
const size_t tu_command_count = 0;

enum { ARGS_MAX = 8 };

struct taken {
	bool fine;
	const char *output, *format;
	bool quiet;
	struct tu_values ids;
	int argc;
	char *argv[ARGS_MAX];
};

/* Split at blanks and take the options out; complaints are not shown. */
static struct taken take(char *words)
{
	struct taken taken = {0};
	const struct tu_option options[] = {{"output", 'o', &taken.output, NULL},
		{"format", '\0', &taken.format, NULL}, {"quiet", 'q', NULL, &taken.quiet},
		{.name = "id", .letter = 'i', .values = &taken.ids}};
	int keep = dup(STDERR_FILENO);
	FILE *nowhere = freopen("/dev/null", "w", stderr);

	for (char *word = words; word; word = words) {
		char *end = strchr(word, ' ');

		words = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
		taken.argv[taken.argc++] = word;
	}
	taken.fine = tu_options_take(&taken.argc, taken.argv, options, (int)TU_COUNT(options));
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

	assert_true(taken.fine && taken.quiet);
	assert_string_equal(taken.output, "x=y");
	assert_string_equal(taken.format, "json");
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

	assert_true(taken.fine && !taken.quiet);
	assert_string_equal(taken.output, "2");
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
	assert_int_equal(taken.ids.count, 3);
	assert_string_equal(taken.ids.at[0], "a");
	assert_string_equal(taken.ids.at[1], "b");
	assert_string_equal(taken.ids.at[2], "c");
}

static void a_value_may_be_empty_or_begin_with_a_hyphen(void **state)
{
	char empty[] = "scan --output=";
	char hyphen[] = "scan --output -";
	(void)state;

	assert_string_equal(take(empty).output, "");
	assert_string_equal(take(hyphen).output, "-");
}

static void refuses_what_it_does_not_know(void **state)
{
	static const char *const cases[] = {"scan --unknown", "scan -x", "scan --output", "scan -o",
		"scan --quiet=yes", "scan --outputs=x", "scan --out x", "scan -oq", "scan --=x",
		"scan -qq"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char words[64];

		(void)snprintf(words, sizeof(words), "%s", cases[i]);
		if (take(words).fine)
			fail_msg("taken: %s", cases[i]);
	}
}

static void colour_is_asked_for_or_found(void **state)
{
	bool colour = false;
	int nowhere;
	(void)state;

	assert_true(tu_options_colour("x", "always", -1, &colour) && colour);
	assert_true(tu_options_colour("x", "never", -1, &colour) && !colour);
	assert_true(tu_options_colour("x", NULL, -1, &colour) && !colour);
	(void)fflush(stderr);
	nowhere = dup(STDERR_FILENO);
	assert_non_null(freopen("/dev/null", "w", stderr));
	assert_false(tu_options_colour("x", "yes", -1, &colour));
	(void)fflush(stderr);
	(void)dup2(nowhere, STDERR_FILENO);
	(void)close(nowhere);
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
		cmocka_unit_test(colour_is_asked_for_or_found),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
