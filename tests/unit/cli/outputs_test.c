#define _XOPEN_SOURCE 700
/* Several outputs of one run: all are written, or no file is replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/outputs.h"

/* Commands of the program are not part of the test. */
const struct tu_command *const tu_commands[1];
const size_t tu_command_count = 0;

static int in_a_new_folder(void **state)
{
	static char folder[] = "/tmp/tutela-outputs-XXXXXX";

	*state = folder;
	return !mkdtemp(folder) || chdir(folder) != 0;
}

static int remove_folder(void **state)
{
	(void)unlink("a");
	(void)unlink("b");
	return chdir("/") != 0 || rmdir(*state) != 0;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void expect(const char *path, const char *text)
{
	char line[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_int_equal(fclose(file), 0);
	assert_string_equal(line, text);
}

/* The format's name; the output `*context` fails. */
static enum tu_status write_name(
	void *context, size_t index, struct tu_sink *sink, struct tu_error *err)
{
	static const char *const names[] = {"first", "second"};

	if (*(size_t *)context == index)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	tu_buf_c(&sink->buf, names[index]);
	return TU_OK;
}

static void all_or_none(void **state)
{
	static const struct tu_values formats = {.at = {"json=a", "csv"}, .count = 2};
	struct tu_outputs outputs;
	struct tu_error err = {0};
	(void)state;

	put("a", "old");
	put("b", "old");
	for (size_t failing = 0; failing < 3; failing++) {
		enum tu_status wanted = failing < 2 ? TU_E_NOMEM : TU_OK;

		assert_true(tu_outputs_take("test", &formats, "table", "b", &outputs));
		assert_int_equal(tu_outputs_write(&outputs, write_name, &failing, &err), wanted);
		expect("a", failing < 2 ? "old" : "first");
		expect("b", failing < 2 ? "old" : "second");
	}
}

static void places_are_told_apart(void **state)
{
	static const struct {
		struct tu_values formats;
		const char *output;
		bool fine;
	} cases[] = {
		{{.count = 0}, NULL, true},
		{{.count = 0}, "b", true},
		{{.at = {"json"}, .count = 1}, "b", true},
		{{.at = {"json=a"}, .count = 1}, NULL, true},
		{{.at = {"json=a", "csv=b", "sarif"}, .count = 3}, NULL, true},
		{{.at = {"json", "csv"}, .count = 2}, NULL, false},
		{{.at = {"json", "csv"}, .count = 2}, "b", false},
		{{.at = {"json", "csv=-"}, .count = 2}, NULL, false},
		{{.at = {"json", "csv=-"}, .count = 2}, "b", true},
		{{.at = {"json=a", "csv=a"}, .count = 2}, NULL, false},
		{{.at = {"json", "csv=b"}, .count = 2}, "b", false},
		{{.at = {"json=a"}, .count = 1}, "b", false},
		{{.at = {"json="}, .count = 1}, NULL, false},
	};
	struct tu_outputs outputs;
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (tu_outputs_take("test", &cases[i].formats, "table", cases[i].output,
			    &outputs) != cases[i].fine)
			fail_msg("case %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_or_none),
		cmocka_unit_test(places_are_told_apart),
	};

	return cmocka_run_group_tests_name("outputs", tests, in_a_new_folder, remove_folder);
}
