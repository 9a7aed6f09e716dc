#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fault.h"
#include "match/kernel_build.h"

#define NONE ((struct tu_str){NULL, 0})
#define FORK "kernel/fork.o\n"
#define CC "CONFIG_CC_IS_GCC=y\n"

static struct tu_kernel_build *build_of(struct tu_str config, struct tu_str compiled)
{
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};

	if (tu_kernel_build_new(config, compiled, &build, &err))
		fail_msg("%s", err.message);
	return build;
}

static void expect(struct tu_str config, struct tu_str compiled, const char *files, const char *why)
{
	struct tu_kernel_build *build = build_of(config, compiled);
	struct tu_buf text;
	bool left_out;

	tu_buf_init(&text, 1 << 16);
	left_out = tu_match__kernel_leaves_out(build, tu_str_c(files), &text);
	tu_buf_byte(&text, '\0');
	assert_int_equal(left_out, why != NULL);
	if (why)
		assert_string_equal(text.ptr, why);
	tu_buf_done(&text);
	tu_kernel_build_free(build);
}

static void a_file_that_is_not_listed_is_not_built(void **state)
{
	(void)state;
	expect(NONE, TU_STR(FORK), "net/a.c", "net/a.c is not among the 1 compiled files");
	expect(NONE, TU_STR(FORK "net/a.o\n"), "net/a.c", NULL);
	expect(NONE, TU_STR(FORK "./net/a.c\n"), "net/a.c", NULL);
	expect(NONE, TU_STR(FORK "/build/linux-6.1/net/a.o\n"), "net/a.c", NULL);
	expect(NONE, TU_STR(FORK "net/a.o\n"), "net/b.c net/a.c", NULL);
	expect(NONE, TU_STR(FORK "arch/x86/entry.o\n"), "arch/x86/entry.S", NULL);
	/* The same name in another folder is another file. */
	expect(NONE, TU_STR(FORK "drivers/net/a.o\n"), "sound/net/a.c",
		"sound/net/a.c is not among the 2 compiled files");
}

static void headers_follow_their_folder(void **state)
{
	(void)state;
	expect(NONE, TU_STR(FORK), "net/x/a.c net/x/a.h",
		"net/x/a.c is not among the 1 compiled files; net/x/a.h is not among the 1 "
		"compiled files");
	expect(NONE, TU_STR(FORK "net/x/b.o\n"), "net/x/a.c net/x/a.h", NULL);
	expect(NONE, TU_STR(FORK), "net/x/a.c include/net/x.h", NULL);
	expect(NONE, TU_STR(FORK), "arch/arm/include/asm/x.h", NULL);
}

static void what_is_no_code_decides_nothing(void **state)
{
	(void)state;
	expect(NONE, TU_STR(FORK), "Documentation/x.rst", NULL);
	expect(NONE, TU_STR(FORK), "", NULL);
	expect(NONE, TU_STR(FORK), "net/a.c Documentation/x.rst net/Kconfig",
		"net/a.c is not among the 1 compiled files");
	/* Built in another way than by a compiler. */
	expect(NONE, TU_STR(FORK), "net/a.c arch/arm/boot/dts/x.dtsi", NULL);
}

static void an_option_that_is_not_set_leaves_its_folder_out(void **state)
{
	(void)state;
	expect(TU_STR(CC "# CONFIG_BT is not set\n"), NONE, "net/bluetooth/hci_core.c",
		"net/bluetooth/hci_core.c: CONFIG_BT is not set");
	expect(TU_STR(CC "CONFIG_BT=n\n"), NONE, "net/bluetooth/hci_core.c",
		"net/bluetooth/hci_core.c: CONFIG_BT is not set");
	expect(TU_STR(CC "CONFIG_BT=m\n"), NONE, "net/bluetooth/hci_core.c", NULL);
	expect(TU_STR(CC "CONFIG_DRM_XE=m\nCONFIG_X86=y\nCONFIG_DRM=y\n"), NONE,
		"drivers/gpu/drm/i915/a.c", NULL);
	/* An option whose name only begins alike. */
	expect(TU_STR(CC "CONFIG_BTRFS_FS=y\n"), NONE, "net/bluetooth/a.c",
		"net/bluetooth/a.c: CONFIG_BT is not set");
	/* Not known to hang on an option. */
	expect(TU_STR(CC), NONE, "net/core/dev.c", NULL);
	/* The list knows better. */
	expect(TU_STR(CC), TU_STR(FORK "net/bluetooth/a.o\n"), "net/bluetooth/a.c", NULL);
}

static void only_the_first_files_are_named(void **state)
{
	(void)state;
	expect(NONE, TU_STR(FORK), "a/1.c a/2.c a/3.c a/4.c a/5.c",
		"a/1.c is not among the 1 compiled files; a/2.c is not among the 1 compiled "
		"files; a/3.c is not among the 1 compiled files; 2 more");
}

static void expect_refusal(struct tu_str config, struct tu_str compiled, const char *words)
{
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};

	assert_int_equal(tu_kernel_build_new(config, compiled, &build, &err), TU_E_SYNTAX);
	assert_non_null(strstr(err.message, words));
	assert_null(build);
}

static void what_would_clear_everything_is_refused(void **state)
{
	(void)state;
	expect_refusal(NONE, TU_STR(""), "not a list");
	expect_refusal(NONE, TU_STR("<html>\n"), "not a list");
	expect_refusal(NONE, TU_STR("src/main.o\n"), "kernel/fork.c");
	expect_refusal(TU_STR(""), NONE, "not the configuration");
	expect_refusal(TU_STR("CONFIG_BT=y\n"), NONE, "defconfig");
}

static void any_allocation_may_fail(void **state)
{
	enum tu_status status = TU_E_NOMEM;

	(void)state;
	for (size_t nth = 1; status && nth < 1000; nth++) {
		struct tu_kernel_build *build = NULL;

		tu_fault_set(nth);
		status = tu_kernel_build_new(
			TU_STR(CC "CONFIG_BT=y\n"), TU_STR(FORK "net/a.o\n"), &build, NULL);
		tu_fault_set(0);
		assert_true(status == TU_OK || status == TU_E_NOMEM);
		tu_kernel_build_free(build);
	}
	assert_int_equal(status, TU_OK);
}

/* Directories end in a slash and options are words: a slip would clear vulnerabilities. */
static void the_table_is_well_formed(void **state)
{
	(void)state;
	assert_true(tu_match__kernel_option_count > 100);
	for (size_t i = 0; i < tu_match__kernel_option_count; i++) {
		struct tu_str options = tu_match__kernel_options[i].options;

		assert_true(tu_str_ends(tu_match__kernel_options[i].directory, TU_STR("/")));
		assert_true(options.len > 0 && !tu_str_starts(options, TU_STR("CONFIG_")));
		for (size_t k = 0; k < options.len; k++)
			assert_true(tu_char_is_upper(options.ptr[k]) ||
				tu_char_is_digit(options.ptr[k]) || strchr("_|", options.ptr[k]));
		if (i)
			assert_true(tu_str_cmp(tu_match__kernel_options[i - 1].directory,
					    tu_match__kernel_options[i].directory) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_is_not_listed_is_not_built),
		cmocka_unit_test(headers_follow_their_folder),
		cmocka_unit_test(what_is_no_code_decides_nothing),
		cmocka_unit_test(an_option_that_is_not_set_leaves_its_folder_out),
		cmocka_unit_test(only_the_first_files_are_named),
		cmocka_unit_test(what_would_clear_everything_is_refused),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(the_table_is_well_formed),
	};

	return cmocka_run_group_tests_name("kernel build", tests, NULL, NULL);
}
