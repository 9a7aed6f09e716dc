/* Time zones: files of the tz database, whole, cut short and garbled. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "app/zone_file.h"
#include "base/time.h"

enum { FILE_MAX = 512 };

/* A file of one change to an hour more at 2020-01-01T00:00:00Z, then the rule. */
struct file {
	char bytes[FILE_MAX];
	size_t len;
};

static void put(struct file *f, uint64_t value, size_t width)
{
	for (size_t i = width; i > 0; i--) {
		uint64_t byte = i > sizeof(value) ? 0 : value >> 8 * (i - 1);

		f->bytes[f->len++] = (char)(unsigned char)byte;
	}
}

static void put_header(struct file *f, char version, uint32_t leaps, uint32_t changes)
{
	const uint32_t counts[] = {0, 0, leaps, changes, 2, 4};

	memcpy(f->bytes + f->len, "TZif", 4);
	f->bytes[f->len + 4] = version;
	memset(f->bytes + f->len + 5, 0, 15);
	f->len += 20;
	for (size_t i = 0; i < TU_COUNT(counts); i++)
		put(f, counts[i], 4);
}

static void put_block(struct file *f, size_t width, uint32_t leaps, uint32_t changes)
{
	for (size_t i = 0; i < changes; i++)
		put(f, 1577836800 + i * 1000, width);
	for (size_t i = 0; i < changes; i++)
		put(f, 1, 1);
	put(f, 0, 6);
	put(f, 3600, 4);
	put(f, 0, 2);
	memcpy(f->bytes + f->len, "LMT", 4);
	f->len += 4;
	for (size_t i = 0; i < leaps; i++)
		put(f, 0, width + 4);
}

static struct file make(char version, uint32_t leaps, uint32_t changes, const char *footer)
{
	struct file f = {.len = 0};

	put_header(&f, version, 0, 0);
	put_block(&f, 4, 0, 0);
	put_header(&f, version, leaps, changes);
	put_block(&f, 8, leaps, changes);
	memcpy(f.bytes + f.len, footer, strlen(footer));
	f.len += strlen(footer);
	return f;
}

static enum tu_status read_zone(struct tu_arena *arena, const struct file *f, struct tu_zone *zone)
{
	struct tu_error err = {0};

	return tu_zone_read(arena, tu_str_of(f->bytes, f->len), zone, &err);
}

static int32_t at(const struct tu_zone *zone, const char *time)
{
	int64_t seconds;

	assert_true(tu_time_parse(tu_str_c(time), &seconds));
	return tu_zone_offset(zone, seconds);
}

static void changes_come_first_then_the_rule(void **state)
{
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct file f = make('2', 0, 1, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
	struct tu_zone zone;
	(void)state;

	assert_int_equal(read_zone(arena, &f, &zone), TU_OK);
	assert_int_equal(at(&zone, "2019-12-31T23:59:59Z"), 0);
	assert_int_equal(at(&zone, "2020-01-01T00:00:00Z"), 3600);
	assert_int_equal(at(&zone, "2026-03-29T00:59:59Z"), 3600);
	assert_int_equal(at(&zone, "2026-03-29T01:00:00Z"), 7200);
	assert_int_equal(at(&zone, "2026-10-25T00:59:59Z"), 7200);
	assert_int_equal(at(&zone, "2026-10-25T01:00:00Z"), 3600);
	assert_int_equal(at(&zone, "9999-07-01T00:00:00Z"), 7200);
	f = make('2', 0, 1, "\n\n");
	assert_int_equal(read_zone(arena, &f, &zone), TU_OK);
	assert_int_equal(at(&zone, "2026-07-01T00:00:00Z"), 3600);
	tu_arena_free(arena);
}

static void what_is_no_such_file_is_refused(void **state)
{
	static const char *const rules[] = {"\nCET\n", "\nC-1\n", "\nCET-1CEST\n",
		"\nCET-1CEST,M13.5.0,M10.5.0\n", "\nCET-1CEST,M3.5.7,M10.5.0\n",
		"\nCET-1CEST,M3.0.0,M10.5.0\n", "\nCET-99\n", "\nCET-1x\n", "\n<CET-1\n",
		"\nCET-1CEST,J0,J300\n", "\nCET-1", "CET-1\n", "\nCET-1CEST,M3.5.0/200,M10.5.0\n"};
	struct tu_arena *arena = tu_arena_new(8 << 20);
	struct file f = make('2', 0, 2, "\nCET-1\n");
	struct tu_zone zone;
	(void)state;

	for (size_t len = 0; len < f.len; len++) {
		struct file cut = f;

		cut.len = len;
		assert_int_equal(read_zone(arena, &cut, &zone), TU_E_SYNTAX);
	}
	for (size_t i = 0; i < TU_COUNT(rules); i++) {
		struct file garbled = make('2', 0, 1, rules[i]);

		if (read_zone(arena, &garbled, &zone) != TU_E_SYNTAX)
			fail_msg("rule %zu", i);
	}
	f = make('1', 0, 1, "\nCET-1\n");
	assert_int_equal(read_zone(arena, &f, &zone), TU_E_SYNTAX);
	f = make('2', 1, 1, "\nCET-1\n"); /* leap seconds */
	assert_int_equal(read_zone(arena, &f, &zone), TU_E_SYNTAX);
	f = make('2', 0, 2, "\nCET-1\n");
	f.bytes[f.len - 7 - 16 - 1] = 2; /* a type that there is not */
	assert_int_equal(read_zone(arena, &f, &zone), TU_E_SYNTAX);
	tu_arena_free(arena);
}

static void names_lead_nowhere_else(void **state)
{
	static const char *const names[] = {"", "/etc/passwd", "../zoneinfo/UTC", "Europe/", "/UTC",
		"Europe/Nowhere", "Europe", "UTC\n", "Europe/Berlin.bak",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	struct tu_arena *arena = tu_arena_new(1 << 20);
	(void)state;

	for (size_t i = 0; i < TU_COUNT(names); i++) {
		struct tu_zone zone;
		struct tu_error err = {0};

		if (tu_zone_files.find(tu_zone_files.context, arena, tu_str_c(names[i]), &zone,
			    &err) != TU_E_NOTFOUND)
			fail_msg("name %zu is found", i);
	}
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_come_first_then_the_rule),
		cmocka_unit_test(what_is_no_such_file_is_refused),
		cmocka_unit_test(names_lead_nowhere_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
