/*
 * tests/tables/advisory/: what ecosystem names, version rows and states mean, one case a line. The
 * folder is the program's argument.
 */
#include "unit/advisory/reading.h"

#include <stdio.h>

#include "base/input.h"
#include "error_text.h"

static const char *folder;

static void read_table(const char *name, struct tu_buf *out)
{
	char path[4096];
	struct tu_error err;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	tu_buf_init(out, 1 << 24);
	if (tu_input_read(path, out, &err))
		fail_msg("%s", error_text(&err));
}

/* The last line tells the affected thing. */
static struct tu_str last_line(const struct reading *reading)
{
	struct tu_str text = tu_str_trim(tu_str_c(reading->text.ptr));

	size_t end = tu_str_rfind(text, '\n');

	return end == text.len ? text : tu_str_trim(tu_str_from(text, end));
}

/* Each line: what goes into the record at "%", a tab, and how the result must end. */
static void check_table(const char *name, const char *record, struct tu_str skip, size_t at_least)
{
	size_t cases = 0, wrong = 0;
	struct tu_buf table;
	struct tu_str rest;
	struct tu_str line;

	read_table(name, &table);
	rest = tu_buf_str(&table);
	while (tu_str_split(&rest, '\n', &line)) {
		size_t tab = tu_str_find(line, '\t');
		struct tu_str expected = tu_str_from(line, tab + 1);
		const char *mark = strchr(record, '%');
		struct reading reading;
		struct tu_buf text;
		struct tu_str got;

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		tu_buf_init(&text, 1 << 16);
		tu_buf_add(&text, record, (size_t)(mark - record));
		tu_buf_str_add(&text, tu_str_first(line, tab));
		tu_buf_c(&text, mark + 1);
		reading_of(&reading, tu_buf_str(&text));
		got = last_line(&reading);
		(void)tu_str_skip(&got, skip);
		cases++;
		if (reading.status || !tu_str_eq(got, expected)) {
			wrong++;
			print_error("%.*s\n\texpected %.*s\n\tgot      %.*s %s%s\n",
				TU_STR_FMT(line), TU_STR_FMT(expected), TU_STR_FMT(got),
				reading.problems.ptr, error_text(&reading.err));
		}
		reading_done(&reading);
		tu_buf_done(&text);
	}
	tu_buf_done(&table);
	print_message("%s: %zu cases, %zu wrong\n", name, cases, wrong);
	assert_true(cases >= at_least);
	assert_int_equal(wrong, 0);
}

static void ecosystems(void **state)
{
	(void)state;
	check_table("ecosystems.tsv",
		"{\"id\":\"A-1\",\"modified\":\"\",\"affected\":[{\"package\":{%}}]}", TU_STR(""),
		45);
}

static void version_rows(void **state)
{
	(void)state;
	check_table("versions.tsv",
		"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2024-0001\","
		"\"state\":"
		"\"PUBLISHED\"},\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"a\","
		"\"product\":\"b\",\"versions\":[{\"status\":\"affected\",%}]}]}}}",
		TU_STR("product 0.0 cpe:2.3:*:a:b:*:*:*:*:*:*:*:* words "), 40);
}

static void states(void **state)
{
	(void)state;
	check_table("states.tsv", "%", TU_STR(""), 9);
}

/* forms/NAME is a document, forms/NAME.out what is read from it, then what was not understood. */
static void check_form(const char *name)
{
	char path[128];
	struct tu_buf document, expected, got;
	struct reading reading;

	(void)snprintf(path, sizeof(path), "forms/%s", name);
	read_table(path, &document);
	(void)snprintf(path, sizeof(path), "forms/%s.out", name);
	read_table(path, &expected);
	reading_of(&reading, tu_buf_str(&document));
	tu_buf_init(&got, 1 << 24);
	tu_buf_printf(&got, "%s, %zu records, %zu left out\n%s%s%s",
		tu_feed_form_name(reading.summary.form), reading.summary.records,
		reading.summary.skipped, reading.text.ptr, reading.problems.len > 1 ? "\n" : "",
		reading.problems.ptr);
	tu_buf_byte(&got, '\0');
	tu_buf_byte(&expected, '\0');
	assert_string_equal(error_text(&reading.err), "");
	assert_string_equal(got.ptr, expected.ptr);
	tu_buf_done(&got);
	tu_buf_done(&expected);
	tu_buf_done(&document);
	reading_done(&reading);
}

static void forms(void **state)
{
	static const char *const names[] = {"csaf.json", "csaf-relationships.json",
		"csaf-suse.json", "debian.json", "secdb.json", "wolfi.json", "rubysec.jsonl",
		"friendsofphp.jsonl", "kev-others.json", "endoflife.json", "kernel.json",
		"bug-fix.json"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(names); i++)
		check_form(names[i]);
}

static void csaf_versions(void **state)
{
	(void)state;
	check_table("csaf_versions.tsv",
		"{\"document\":{\"csaf_version\":\"2.0\",\"tracking\":{\"id\":\"A-1\"}},"
		"\"product_tree\":{\"branches\":[{\"category\":\"vendor\",\"name\":\"a\","
		"\"branches\":[{\"category\":\"product_name\",\"name\":\"b\",\"branches\":[{"
		"\"category\":\"product_version_range\",\"name\":\"%\",\"product\":{"
		"\"product_id\":\"1\"}}]}]}]},\"vulnerabilities\":[{\"cve\":\"CVE-2024-0001\","
		"\"product_status\":{\"known_affected\":[\"1\"]}}]}",
		TU_STR("product 0.0 cpe:2.3:*:a:b:*:*:*:*:*:*:*:* words "), 25);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ecosystems),
		cmocka_unit_test(version_rows),
		cmocka_unit_test(states),
		cmocka_unit_test(csaf_versions),
		cmocka_unit_test(forms),
	};

	folder = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests_name("advisory tables", tests, NULL, NULL);
}
