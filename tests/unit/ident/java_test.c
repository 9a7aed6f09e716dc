/* Versions of Java up to 8, in every form that SBOMs and records have them in. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ident/java.h"

static struct tu_arena *arena;

static int open_arena(void **state)
{
	(void)state;
	arena = tu_arena_new(0);
	return arena ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

/* As the record of a vulnerability has it; what is not of this kind stays as it is. */
static void versions_have_one_text(void **state)
{
	static const struct {
		const char *version, *text;
	} rows[] = {
		{"8u191", "1.8.0-update191"},
		{"8", "1.8.0"},
		{"8.0", "1.8.0"},
		{"8.0.191", "1.8.0-update191"},
		{"8.0.1910.12", "1.8.0-update191"},
		{"8.0.1910", "1.8.0-update191"},
		{"8.0.190", "1.8.0-update190"},
		{"8.0.60.2", "1.8.0-update6"},
		{"8.0.0", "1.8.0"},
		{"8u00", "1.8.0-update0"},
		{"1.8.0_191", "1.8.0-update191"},
		{"1.8.0_191-b12", "1.8.0-update191"},
		{"1.8.0_191+12", "1.8.0-update191"},
		{"1.8.0-191", "1.8.0-update191"},
		{"1.8.0.191", "1.8.0-update191"},
		{"1.8.0-update191", "1.8.0-update191"},
		{"1.8.0u191b12", "1.8.0-update191"},
		{"1.8.0_007", "1.8.0-update7"},
		{"1.8", "1.8.0"},
		{"1.4.2_19", "1.4.2-update19"},
		{"1.4.2", "1.4.2"},
		/* of no such form */
		{"1.8.x", "1.8.x"},
		{"1.8.0_191x", "1.8.0_191x"},
		{"8.1", "8.1"},
		{"8.0x", "8.0x"},
		{"8.0.191.x", "8.0.191.x"},
		{"8x", "8x"},
		{"9.0.1", "9.0.1"},
		{"11", "11"},
		{"1.1.8", "1.1.8"},
		{"1.10", "1.10"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_str text;

		assert_true(tu_java_text(arena, tu_str_c(rows[i].version), &text));
		if (!tu_str_eq(text, tu_str_c(rows[i].text)))
			fail_msg("%s: %.*s", rows[i].version, TU_STR_FMT(text));
	}
}

static void names_say_the_update_apart(void **state)
{
	static const struct {
		const char *name, *component, *settled;
	} rows[] = {
		{"cpe:2.3:a:oracle:jdk:1.8.0_191:*:*:*:*:*:*:*", "",
			"cpe:2.3:a:oracle:jdk:1.8.0:update191:*:*:*:*:*:*"},
		{"cpe:2.3:a:oracle:jre:1.8.0:update_191:*:*:*:*:*:*", "",
			"cpe:2.3:a:oracle:jre:1.8.0:update191:*:*:*:*:*:*"},
		{"cpe:2.3:a:oracle:openjdk:8:u191:*:*:*:*:*:*", "",
			"cpe:2.3:a:oracle:openjdk:1.8.0:update191:*:*:*:*:*:*"},
		/* the component's own version says more */
		{"cpe:2.3:a:oracle:jdk:1.8.0:*:*:*:*:*:*:*", "8u191",
			"cpe:2.3:a:oracle:jdk:1.8.0:update191:*:*:*:*:*:*"},
		{"cpe:2.3:a:oracle:jdk:8:*:*:*:*:*:*:*", "1.8.0_191",
			"cpe:2.3:a:oracle:jdk:1.8.0:update191:*:*:*:*:*:*"},
		{"cpe:2.3:a:oracle:jdk:*:*:*:*:*:*:*:*", "8u191",
			"cpe:2.3:a:oracle:jdk:1.8.0:update191:*:*:*:*:*:*"},
		/* or something else */
		{"cpe:2.3:a:oracle:jdk:1.7.0:*:*:*:*:*:*:*", "8u191",
			"cpe:2.3:a:oracle:jdk:1.7.0:*:*:*:*:*:*:*"},
		{"cpe:2.3:a:oracle:jdk:*:*:*:*:*:*:*:*", "11.0.2",
			"cpe:2.3:a:oracle:jdk:*:*:*:*:*:*:*:*"},
		{"cpe:2.3:a:oracle:jdk:11.0.2:*:*:*:*:*:*:*", "8u191",
			"cpe:2.3:a:oracle:jdk:11.0.2:*:*:*:*:*:*:*"},
		{"cpe:2.3:a:oracle:database:1.8.0_191:*:*:*:*:*:*:*", "8u191",
			"cpe:2.3:a:oracle:database:1.8.0_191:*:*:*:*:*:*:*"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_cpe cpe;
		struct tu_buf out;

		tu_buf_init(&out, 4096);
		assert_int_equal(tu_cpe_parse(arena, tu_str_c(rows[i].name), &cpe, NULL), TU_OK);
		assert_true(tu_java_settle(arena, tu_str_c(rows[i].component), &cpe));
		tu_cpe_write(&cpe, &out);
		if (!tu_str_eq(tu_buf_str(&out), tu_str_c(rows[i].settled)))
			fail_msg("%s with %s: %.*s", rows[i].name, rows[i].component,
				TU_STR_FMT(tu_buf_str(&out)));
		tu_buf_done(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_have_one_text),
		cmocka_unit_test(names_say_the_update_apart),
	};

	return cmocka_run_group_tests_name("java", tests, open_arena, close_arena);
}
