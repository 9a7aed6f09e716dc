/* The .config of a kernel: architectures, versions, what a line says. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "match/kernel_build.h"
#include "match/kernel_config.h"

#define CC "CONFIG_CC_IS_GCC=y\n"

/* Folders below arch/ of Linux 5.10 to 7.2 and the option that each Kconfig there selects. */
static const struct {
	const char *folder, *option;
} architectures[] = {
	{"alpha", "ALPHA"},
	{"arc", "ARC"},
	{"arm", "ARM"},
	{"arm64", "ARM64"},
	{"csky", "CSKY"},
	{"hexagon", "HEXAGON"},
	{"ia64", "IA64"},
	{"loongarch", "LOONGARCH"},
	{"m68k", "M68K"},
	{"microblaze", "MICROBLAZE"},
	{"mips", "MIPS"},
	{"nios2", "NIOS2"},
	{"openrisc", "OPENRISC"},
	{"parisc", "PARISC"},
	{"powerpc", "PPC"},
	{"riscv", "RISCV"},
	{"s390", "S390"},
	{"sh", "SUPERH"},
	{"sparc", "SPARC"},
	{"um", "UML"},
	{"x86", "X86"},
	{"xtensa", "XTENSA"},
};

enum { ARCHITECTURES = TU_COUNT(architectures) };

static void add(struct tu_kernel_build *build, enum tu_kernel_evidence kind, const char *name,
	const char *text)
{
	struct tu_error err = {0};

	if (tu_kernel_build_add(build, kind, tu_str_c(name), tu_str_c(text), &err))
		fail_msg("%s: %s", name, err.message);
}

/* A tree in which every architecture has an x.c, built of one's configuration. */
static struct tu_kernel_build *build_for(size_t architecture)
{
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};
	char text[200], path[64];

	assert_int_equal(tu_kernel_build_new(&build, &err), TU_OK);
	assert_non_null(build);
	(void)snprintf(text, sizeof(text), CC "CONFIG_%s=y\n", architectures[architecture].option);
	add(build, TU_KERNEL_CONFIG, ".config", text);
	add(build, TU_KERNEL_SOURCE, "Makefile",
		"VERSION = 6\nPATCHLEVEL = 1\nobj-y += arch/$(SRCARCH)/\n");
	add(build, TU_KERNEL_SOURCE, "kernel/fork.c", "");
	for (size_t i = 0; i < ARCHITECTURES; i++) {
		(void)snprintf(path, sizeof(path), "arch/%s/Kbuild", architectures[i].folder);
		add(build, TU_KERNEL_SOURCE, path, "obj-y += x.o\n");
		(void)snprintf(path, sizeof(path), "arch/%s/x.c", architectures[i].folder);
		add(build, TU_KERNEL_SOURCE, path, "");
	}
	if (tu_kernel_build_end(build, &err))
		fail_msg("%s: %s", architectures[architecture].option, err.message);
	return build;
}

static void the_folder_of_one_architecture_is_entered(void **state)
{
	const struct kernel_stated kernel = {.version = TU_STR("6.1.40")};
	(void)state;

	for (size_t i = 0; i < ARCHITECTURES; i++) {
		struct tu_kernel_build *build = build_for(i);

		for (size_t k = 0; k < ARCHITECTURES; k++) {
			struct tu_buf why;
			char path[64];

			(void)snprintf(path, sizeof(path), "arch/%s/x.c", architectures[k].folder);
			tu_buf_init(&why, 4096);
			if (tu_match__kernel_leaves_out(build, &kernel, tu_str_c(path), &why) !=
				(i != k))
				fail_msg("%s: %s", architectures[i].option, path);
			tu_buf_done(&why);
		}
		tu_kernel_build_free(build);
	}
}

static void only_its_own_architecture_s_packages_fit_a_configuration(void **state)
{
	static const struct {
		const char *package, *option, *other;
	} rows[] = {
		{"amd64", "X86_64", "X86_32"},
		{"x86_64", "X86_64", "X86_32"},
		{"x86", "X86", "ARM"},
		{"i386", "X86", "ARM"},
		{"i486", "X86", "ARM"},
		{"i586", "X86", "ARM"},
		{"i686", "X86", "ARM"},
		{"aarch64", "ARM64", "ARM"},
		{"arm64", "ARM64", "ARM"},
		{"arm", "ARM", "ARM64"},
		{"armhf", "ARM", "ARM64"},
		{"armv7l", "ARM", "ARM64"},
		{"riscv64", "RISCV", "X86"},
		{"ppc64le", "PPC", "X86"},
		{"powerpc", "PPC", "X86"},
		{"mipsel", "MIPS", "X86"},
		{"s390x", "S390", "X86"},
		{"loong64", "LOONGARCH", "X86"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++)
		for (size_t own = 0; own < 2; own++) {
			struct kernel_config config;
			struct tu_error err = {0};
			char text[200];

			(void)snprintf(text, sizeof(text), CC "CONFIG_%s=y\n%s",
				own ? rows[i].option : rows[i].other,
				strstr(rows[i].option, "X86") ? "CONFIG_X86=y\n" : "");
			if (!own && !strcmp(rows[i].other, "ARM") && rows[i].option[0] == 'X')
				(void)snprintf(text, sizeof(text), CC "CONFIG_ARM=y\n");
			assert_int_equal(
				tu_match__kernel_config_read(&config, tu_str_c(text), &err), TU_OK);
			if (tu_match__kernel_suits(&config, tu_str_c(rows[i].package)) != own)
				fail_msg("%s with %s", rows[i].package, text);
			tu_match__kernel_config_done(&config);
		}
}

/* What is not known to be another architecture may be this one. */
static void an_unknown_architecture_fits(void **state)
{
	static const char *const texts[] = {CC "CONFIG_ARM64=y\n", CC, CC "CONFIG_ARM64=n\n"};
	static const char *const packages[] = {"", "all", "noarch", "sparc64", "vax"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(texts); i++)
		for (size_t k = 0; k < TU_COUNT(packages); k++) {
			struct kernel_config config;
			struct tu_error err = {0};

			assert_int_equal(
				tu_match__kernel_config_read(&config, tu_str_c(texts[i]), &err),
				TU_OK);
			assert_true(tu_match__kernel_suits(&config, tu_str_c(packages[k])));
			if (i)
				assert_true(tu_match__kernel_suits(&config, TU_STR("amd64")));
			tu_match__kernel_config_done(&config);
		}
}

static void versions_are_two_numbers(void **state)
{
	static const struct {
		const char *text;
		uint32_t major, minor;
	} rows[] = {
		{"6.1", 6, 1},
		{"6.1.40", 6, 1},
		{"v6.12-rc3", 6, 12},
		{"V5.10", 5, 10},
		{"6.1+git", 6, 1},
		{"06.01", 6, 1},
		{"9999.9999", 9999, 9999},
		{"6", 0, 0},
		{"6.", 0, 0},
		{"6.x", 0, 0},
		{"6-1", 0, 0},
		{"10000.1", 0, 1},
		{"6.10000", 0, 0},
		{".5", 0, 5},
		{"vv6.1", 0, 0},
		{"next", 0, 0},
		{"", 0, 0},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct kernel_version found = tu_match__kernel_version(tu_str_c(rows[i].text));

		if (found.major != rows[i].major || (found.major && found.minor != rows[i].minor))
			fail_msg("%s: %u.%u", rows[i].text, found.major, found.minor);
	}
}

static void versions_have_an_order(void **state)
{
	static const struct kernel_version rising[] = {
		{4, 19}, {5, 4}, {5, 10}, {5, 15}, {6, 1}, {6, 12}, {7, 2}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rising); i++)
		for (size_t k = 0; k < TU_COUNT(rising); k++)
			assert_int_equal(tu_match__kernel_version_cmp(rising[i], rising[k]),
				(i > k) - (i < k));
}

/* One line of a configuration about option X. */
static void a_line_sets_an_option_or_says_that_it_is_not(void **state)
{
	enum answer { SET, UNSET, NEITHER };
	static const struct {
		const char *line;
		enum answer answer;
	} rows[] = {
		{"CONFIG_X=y", SET},
		{"CONFIG_X=m", SET},
		{"CONFIG_X=\"text\"", SET},
		{"CONFIG_X=0x1000", SET},
		{"  CONFIG_X=y\r", SET},
		{"CONFIG_X=n", UNSET},
		{"CONFIG_X=", UNSET},
		{"# CONFIG_X is not set", UNSET},
		{"# CONFIG_X is not set\r", UNSET},
		{"CONFIG_X=no", SET},
		{"# CONFIG_X is not set here", NEITHER},
		{"# CONFIG_X", NEITHER},
		{"#CONFIG_X is not set", NEITHER},
		{"# X is not set", NEITHER},
		{"CONFIG_XY=y", NEITHER},
		{"# CONFIG_XY is not set", NEITHER},
		{"X=y", NEITHER},
		{"", NEITHER},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct kernel_config config;
		struct tu_error err = {0};
		char text[200];

		(void)snprintf(text, sizeof(text), "%s\n" CC, rows[i].line);
		assert_int_equal(
			tu_match__kernel_config_read(&config, tu_str_c(text), &err), TU_OK);
		if (tu_match__kernel_is_set(&config, TU_STR("X")) != (rows[i].answer == SET) ||
			tu_match__kernel_are_unset(&config, TU_STR("X")) !=
				(rows[i].answer == UNSET))
			fail_msg("%s", rows[i].line);
		tu_match__kernel_config_done(&config);
	}
}

static void alternatives_are_unset_when_all_are(void **state)
{
	static const struct {
		const char *text, *options;
		bool unset;
	} rows[] = {
		{"# CONFIG_A is not set\n# CONFIG_B is not set\n", "A|B", true},
		{"# CONFIG_A is not set\nCONFIG_B=y\n", "A|B", false},
		{"CONFIG_A=y\n# CONFIG_B is not set\n", "A|B", false},
		{"# CONFIG_A is not set\n", "A|B", false},
		{"# CONFIG_B is not set\n", "A|B", false},
		{"# CONFIG_B is not set\n", "B", true},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct kernel_config config;
		struct tu_error err = {0};
		char text[200];

		(void)snprintf(text, sizeof(text), CC "%s", rows[i].text);
		assert_int_equal(
			tu_match__kernel_config_read(&config, tu_str_c(text), &err), TU_OK);
		if (tu_match__kernel_are_unset(&config, tu_str_c(rows[i].options)) != rows[i].unset)
			fail_msg("row %zu", i);
		tu_match__kernel_config_done(&config);
	}
}

/* From 300 options on it is whole, and what it does not mention is not set. */
static void a_configuration_is_whole_from_300_options(void **state)
{
	(void)state;
	for (size_t count = 298; count <= 301; count++) {
		struct kernel_config config;
		struct tu_error err = {0};
		struct tu_buf text;

		tu_buf_init(&text, 1 << 16);
		tu_buf_c(&text, CC);
		for (size_t i = 1; i < count; i++)
			tu_buf_printf(
				&text, i % 3 ? "CONFIG_O%zu=y\n" : "# CONFIG_O%zu is not set\n", i);
		assert_int_equal(
			tu_match__kernel_config_read(&config, tu_buf_str(&text), &err), TU_OK);
		assert_int_equal(
			tu_match__kernel_are_unset(&config, TU_STR("OTHER")), count >= 300);
		tu_match__kernel_config_done(&config);
		tu_buf_done(&text);
	}
}

static void the_header_states_the_version(void **state)
{
	static const struct {
		const char *line;
		uint32_t major; /* 0: not a header; then it is no configuration of a build */
	} rows[] = {
		{"# Linux/arm64 6.6.20 Kernel Configuration", 6},
		{"# Linux/x86 5.10.0-28-amd64 Kernel Configuration", 5},
		{"# Linux/arm64 Kernel Configuration", 0},
		{"# Linux/arm64 6.6.20 Kernel", 0},
		{"# Linux kernel version: 6.6.20 Kernel Configuration", 0},
		{"# Linux/arm64 next Kernel Configuration", 0},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct kernel_config config;
		struct tu_error err = {0};
		char text[200];

		(void)snprintf(
			text, sizeof(text), "#\n%s\n#\nCONFIG_X=y\nCONFIG_Y=y\n", rows[i].line);
		config = (struct kernel_config){0};
		if (tu_match__kernel_config_read(&config, tu_str_c(text), &err) !=
			(rows[i].major ? TU_OK : TU_E_SYNTAX))
			fail_msg("%s: %s", rows[i].line, err.message);
		assert_int_equal(config.version.major, rows[i].major);
		if (!rows[i].major) /* shown at the first option */
			assert_int_equal(err.line, 4);
		tu_match__kernel_config_done(&config);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_folder_of_one_architecture_is_entered),
		cmocka_unit_test(only_its_own_architecture_s_packages_fit_a_configuration),
		cmocka_unit_test(an_unknown_architecture_fits),
		cmocka_unit_test(versions_are_two_numbers),
		cmocka_unit_test(versions_have_an_order),
		cmocka_unit_test(a_line_sets_an_option_or_says_that_it_is_not),
		cmocka_unit_test(alternatives_are_unset_when_all_are),
		cmocka_unit_test(a_configuration_is_whole_from_300_options),
		cmocka_unit_test(the_header_states_the_version),
	};

	return cmocka_run_group_tests_name("kernel config", tests, NULL, NULL);
}
