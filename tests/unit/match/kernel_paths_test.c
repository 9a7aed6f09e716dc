/* Lists of compiled files and .cmd files: which names stand for which source. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "match/kernel_build.h"

static struct tu_kernel_build *begin(void)
{
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};

	assert_int_equal(tu_kernel_build_new(&build, &err), TU_OK);
	assert_non_null(build);
	return build;
}

static void add(struct tu_kernel_build *build, enum tu_kernel_evidence kind, const char *name,
	const char *text)
{
	struct tu_error err = {0};

	assert_int_equal(
		tu_kernel_build_add(build, kind, tu_str_c(name), tu_str_c(text), &err), TU_OK);
}

/* `count`: of how many compiled files none is this one; 0: it may be in the build. */
static void ask(struct tu_kernel_build *build, const char *files, size_t count, const char *where)
{
	const struct kernel_stated kernel = {.version = TU_STR("6.1.40")};
	struct tu_error err = {0};
	struct tu_buf why;
	char wanted[64];
	bool out;

	if (tu_kernel_build_end(build, &err))
		fail_msg("%s: %s", where, err.message);
	tu_buf_init(&why, 1 << 16);
	out = tu_match__kernel_leaves_out(build, &kernel, tu_str_c(files), &why);
	if (out != (count > 0))
		fail_msg("%s: %s is %s", where, files, out ? "left out" : "not left out");
	(void)snprintf(wanted, sizeof(wanted), "is not among the %zu compiled files", count);
	if (out && tu_str_search(tu_buf_str(&why), tu_str_c(wanted)) == why.len)
		fail_msg("%s: %.*s", where, TU_STR_FMT(tu_buf_str(&why)));
	tu_buf_done(&why);
	tu_kernel_build_free(build);
}

struct row {
	const char *text; /* of the evidence */
	const char *files;
	size_t count;
};

/* Each row's text after `first` as a list of what was compiled. */
static void ask_lists(const char *first, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct tu_kernel_build *build = begin();
		char text[256];

		(void)snprintf(text, sizeof(text), "%s%s", first, rows[i].text);
		add(build, TU_KERNEL_COMPILED, "list", text);
		ask(build, rows[i].files, rows[i].count, rows[i].text);
	}
}

static void a_list_names_sources_in_many_ways(void **state)
{
	static const struct row rows[] = {
		/* what may come before the path, and how a line ends */
		{"net/x/a.o\n", "net/x/a.c", 0},
		{"./net/x/a.o\n", "net/x/a.c", 0},
		{"../net/x/a.c\n", "net/x/a.c", 0},
		{"../../net/x/a.c\n", "net/x/a.c", 0},
		{"./../net/x/a.c\n", "net/x/a.c", 0},
		{"/build/linux/net/x/a.c\n", "net/x/a.c", 0},
		{"  net/x/a.o \r\n", "net/x/a.c", 0},
		{"net/x/a.o", "net/x/a.c", 0},
		{"\n\n# net/x/a.o\n", "net/x/a.c", 1},
		{"#net/x/a.o\n", "net/x/a.c", 1},
		{"net/x/b.o\n", "net/y/a.c", 2},
		{"other-net/x/a.o\n", "net/y/b.c", 2},
		/* a file counts once, however it is named */
		{"net/x/a.o\nnet/x/a.o\n./net/x/a.o\n", "net/y/b.c", 2},
		{"net/x/a.o\nnet/x/a.c\n", "net/y/b.c", 3},
		{"net/x/a.h\n", "net/y/b.c", 1},
		/* objects whose names have more in them */
		{"net/x/a.pi.o\n", "net/x/a.c", 0},
		{"net/x/a.nvhe.tmp.o\n", "net/x/a.c", 0},
		{"a.pi.o\n", "net/x/a.c", 0},
		{"net/v1.2/a.o\n", "net/v1.c", 2},
		{"net/x/.a.o\n", "net/y/b.c", 2},
		{"net/x/a.pi.c\n", "net/y/a.c", 2},
		{"net/x/a.pi.c\n", "net/y/pi.c", 2},
		/* a list without assembler says nothing about assembler */
		{"net/x/b.o\n", "net/y/a.S", 2},
		{"net/x/b.c\n", "net/y/a.S", 2},
		{"net/x/a.s\n", "net/x/a.S", 0},
		/* a name without a folder, or a part of one */
		{"a.o\n", "net/x/a.c", 0},
		{"a.o\n", "net/x/aa.c", 2},
		{"x/a.o\n", "net/x/a.c", 0},
		/* in the same folder it may be included by what is compiled there */
		{"net/x/b.o\n", "net/x/a.c", 0},
		{"net/x/y/b.o\n", "net/x/a.c", 2},
		{"net/x/b.o\n", "net/x/y/a.c", 2},
	};
	(void)state;

	ask_lists("kernel/fork.o\n", rows, TU_COUNT(rows));
}

static void a_list_of_c_files_says_nothing_about_assembler(void **state)
{
	static const struct row rows[] = {
		{"kernel/fork.c\n", "net/y/a.S", 0},
		{"kernel/fork.c\nnet/x/b.rs\n", "net/y/a.S", 0},
		{"kernel/fork.c\nnet/x/b.S\n", "net/y/a.S", 2},
		{"kernel/fork.c\n", "net/y/a.c", 1},
		{"kernel/fork.c\n", "net/y/a.rs", 1},
	};
	(void)state;

	ask_lists("", rows, TU_COUNT(rows));
}

/* A header of a part of the kernel of which nothing is compiled is not read either: the part is the
 * first two folders, of a driver the first three. */
static void headers_follow_their_part(void **state)
{
	static const struct row rows[] = {
		{"fs/xfs/a.o\n", "fs/xfs/libxfs/x.h", 0},
		{"fs/xfs/libxfs/a.o\n", "fs/xfs/x.h", 0},
		{"fs/ext4/a.o\n", "fs/xfs/x.h", 2},
		{"fs/a.o\n", "fs/xfs/x.h", 2},
		{"drivers/net/wifi/a.o\n", "drivers/net/wifi/sub/x.h", 0},
		{"drivers/net/wifi/sub/a.o\n", "drivers/net/wifi/x.h", 0},
		{"drivers/net/phy/a.o\n", "drivers/net/wifi/x.h", 2},
		{"drivers/net/a.o\n", "drivers/net/wifi/x.h", 2},
		{"/b/drivers/net/wifi/sub/a.o\n", "drivers/net/wifi/x.h", 0},
		{"/b/drivers/net/phy/a.o\n", "drivers/net/wifi/x.h", 2},
		{"fs/xfs/a.o\n", "include/linux/x.h", 0},
		{"fs/xfs/a.o\n", "drivers/gpu/include/x.h", 0},
		/* a list that names headers is of what was read */
		{"fs/xfs/a.o\ninclude/linux/sched.h\n", "fs/xfs/libxfs/x.h", 2},
		{"fs/xfs/a.o\ninclude/linux/sched.h\n", "fs/xfs/x.h", 0},
		{"fs/xfs/a.o\ninclude/linux/sched.h\n", "fs/xfs/b.c", 2},
		{"fs/xfs/a.o\ninclude/linux/sched.h\nfs/xfs/x.h\n", "fs/xfs/x.h", 0},
		{"fs/xfs/a.o\nx/sched.h\n", "fs/xfs/b.c", 0},
		{"fs/xfs/a.o\ninclude/linux/sched.c\n", "fs/xfs/b.c", 0},
	};
	(void)state;

	ask_lists("kernel/fork.o\n", rows, TU_COUNT(rows));
}

/* Files that no build compiles are passed over; what is not understood is never left out. */
static void kinds_of_files(void **state)
{
	static const struct row rows[] = {
		{"", "net/a.c", 1},
		{"", "net/a.S", 1},
		{"", "net/a.rs", 1},
		{"", "net/a.h", 1},
		{"", "net/a.c net/b.rst", 1},
		{"", "net/a.c net/b.txt", 1},
		{"", "net/a.c net/Kconfig", 1},
		{"", "net/a.c net/Makefile", 1},
		{"", "net/a.c MAINTAINERS", 1},
		{"", "net/a.c Documentation/b.c", 1},
		{"", "net/a.c tools/b.c", 1},
		{"", "net/a.c samples/b.c", 1},
		{"", "net/a.c  ", 1},
		{"", "net/b.rst net/Kconfig", 0},
		{"", "net/a.c net/b.dtsi", 0},
		{"", "net/a.c net/b.inc", 0},
		{"", "net/a.c net/b", 0},
		{"", "net/a.c net/b.ch", 0},
		{"", "net/a.c net/xKconfig", 0},
		{"", "net/a.c net/tools/b.c", 1},
		{"net/tools/b.o\n", "net/a.c net/tools/b.c", 0},
		{"net/samples/b.o\n", "net/a.c net/samples/b.c", 0},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_kernel_build *build = begin();
		char text[256];

		(void)snprintf(text, sizeof(text), "kernel/fork.o\n%s", rows[i].text);
		add(build, TU_KERNEL_COMPILED, "list", text);
		ask(build, rows[i].files,
			rows[i].count ? rows[i].count + (rows[i].text[0] != 0) : 0, rows[i].files);
	}
}

/* The words of a .cmd file beside kernel/.fork.o.cmd. */
static void command_files_name_sources_and_headers(void **state)
{
	static const struct row rows[] = {
		{"cmd_net/a.o := gcc -c -o net/a.o net/a.c\n", "net/a.c", 0},
		{"cmd_net/a.o := gcc -c -o net/a.o net/a.c", "net/a.c", 0},
		{"cmd_net/a.o := gcc -c net/a.c; objtool net/a.o\n", "net/a.c", 0},
		{"cmd_net/a.o := (gcc -c net/a.c)\n", "net/a.c", 0},
		{"cmd_net/a.o := (gcc -c net/a.c);\n", "net/a.c", 0},
		{"cmd_net/a.o := rustc net/a.rs\n", "net/a.rs", 0},
		{"cmd_net/a.o := as net/a.S\n", "net/a.S", 0},
		{"deps_net/a.o := \\\n\tnet/a.c \\\n  net/a.h \\\n", "net/a.h", 0},
		{"deps_net/a.o := net/a.c\tnet/b.h\n", "net/b.h", 0},
		{"deps_net/a.o := $(wildcard net/b.h)\n", "net/b.h", 0},
		/* an object is not a source */
		{"cmd_net/built-in.a := ar net/a.o net/b.o\n", "net/b.c", 1},
		{"cmd_net/a.o := gcc -c net/a.c\n", "net/b.c", 2},
		{"cmd_net/a.o := gcc -c net/a.c\n", "net/b.h", 2},
		{"cmd_net/a.o := gcc -c net/a.c\n", "include/linux/b.h", 2},
	};
	static const char *const ends[] = {".vmlinux.cmd", ".vmlinux.unstripped.cmd"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++)
		for (size_t k = 0; k < TU_COUNT(ends); k++) {
			struct tu_kernel_build *build = begin();

			add(build, TU_KERNEL_COMMAND, "kernel/.fork.o.cmd",
				"cmd_kernel/fork.o := gcc -c kernel/fork.c\n");
			add(build, TU_KERNEL_COMMAND, ends[k], "cmd_vmlinux := ld\n");
			add(build, TU_KERNEL_COMMAND, "net/.a.o.cmd", rows[i].text);
			ask(build, rows[i].files, rows[i].count, rows[i].text);
		}
}

/* A build with modules is at its end when the list of modules is there. */
static void modules_complete_a_build(void **state)
{
	struct tu_kernel_build *build = begin();
	(void)state;

	add(build, TU_KERNEL_CONFIG, ".config", "CONFIG_CC_IS_GCC=y\nCONFIG_MODULES=y\n");
	add(build, TU_KERNEL_COMMAND, "kernel/.fork.o.cmd", "cmd := gcc -c kernel/fork.c\n");
	add(build, TU_KERNEL_COMMAND, ".vmlinux.cmd", "cmd := ld\n");
	add(build, TU_KERNEL_SOURCE, "modules.order", "net/a.ko\n");
	ask(build, "net/b.c", 1, "modules.order");
}

static void only_what_decides_is_read_of_a_tree(void **state)
{
	static const char *const wanted[] = {"Makefile", "Kbuild", "a/Makefile", "a/Makefile.more",
		"a/Kbuild", "arch/mips/Kbuild.platforms", "arch/mips/x/Platform", "a/b.mk", "a/b.c",
		"a/b.S", "a/b.rs", "a/b.h", "a/b.inc", "a/tools/b.c"};
	static const char *const unwanted[] = {"a/b.o", "a/Kconfig", "README", "a/b.dts",
		"Documentation/a.c", "tools/a.c", "tools/Makefile", "samples/a.c", "scripts/a.c",
		"scripts/Makefile", "a/xMakefile", "a/b.mkd"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(wanted); i++)
		if (!tu_kernel_source_wanted(tu_str_c(wanted[i])))
			fail_msg("%s", wanted[i]);
	for (size_t i = 0; i < TU_COUNT(unwanted); i++)
		if (tu_kernel_source_wanted(tu_str_c(unwanted[i])))
			fail_msg("%s", unwanted[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_names_sources_in_many_ways),
		cmocka_unit_test(a_list_of_c_files_says_nothing_about_assembler),
		cmocka_unit_test(headers_follow_their_part),
		cmocka_unit_test(kinds_of_files),
		cmocka_unit_test(command_files_name_sources_and_headers),
		cmocka_unit_test(modules_complete_a_build),
		cmocka_unit_test(only_what_decides_is_read_of_a_tree),
	};

	return cmocka_run_group_tests_name("kernel paths", tests, NULL, NULL);
}
