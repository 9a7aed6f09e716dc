#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/fault.h"
#include "match/kernel_build.h"
#include "match/kernel_options.h"

#define FORK "kernel/fork.o\n"
#define CC "CONFIG_CC_IS_GCC=y\n"
#define UNSET_BT "# CONFIG_BT is not set\n"
#define HEADER(arch, version) "# Linux/" arch " " version " Kernel Configuration\n"

/* One file of the evidence. */
struct piece {
	enum tu_kernel_evidence kind;
	const char *name;
	const char *text;
};

static const struct kernel_stated v6_1 = {TU_STR_INIT("6.1.40"), TU_STR_INIT("")};

static enum tu_status build_of(
	const struct piece *pieces, struct tu_kernel_build **out, struct tu_error *err)
{
	enum tu_status status = tu_kernel_build_new(out, err);

	assert_true((*out != NULL) == (status == TU_OK));
	for (size_t i = 0; status == TU_OK && pieces[i].name; i++)
		status = tu_kernel_build_add(*out, pieces[i].kind, tu_str_c(pieces[i].name),
			tu_str_c(pieces[i].text), err);
	return status ? status : tu_kernel_build_end(*out, err);
}

/* `why` is NULL where nothing shows that all files are left out. */
static void expect_of(const struct piece *pieces, const struct kernel_stated *kernel,
	const char *files, const char *why)
{
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};
	struct tu_buf text;
	bool left_out;

	if (build_of(pieces, &build, &err))
		fail_msg("%s", err.message);
	tu_buf_init(&text, 1 << 16);
	left_out = tu_match__kernel_leaves_out(build, kernel, tu_str_c(files), &text);
	tu_buf_byte(&text, '\0');
	if (left_out != (why != NULL))
		fail_msg("%s: %s", files, text.ptr);
	if (why)
		assert_string_equal(text.ptr, why);
	tu_buf_done(&text);
	tu_kernel_build_free(build);
}

static void expect_list(const char *list, const char *files, const char *why)
{
	struct piece pieces[] = {{TU_KERNEL_COMPILED, "list", list}, {0}};

	expect_of(pieces, &v6_1, files, why);
}

static void expect_config(const char *config, const char *files, const char *why)
{
	struct piece pieces[] = {{TU_KERNEL_CONFIG, ".config", config}, {0}};

	expect_of(pieces, &v6_1, files, why);
}

/* ---- lists ---- */

static void a_file_that_is_not_listed_is_not_built(void **state)
{
	(void)state;
	expect_list(FORK, "net/a.c", "net/a.c is not among the 1 compiled files");
	expect_list(FORK "net/x/a.o\n", "net/x/a.c", NULL);
	expect_list(FORK "./net/x/a.c\n", "net/x/a.c", NULL);
	expect_list(FORK "/build/linux-6.1/net/x/a.o\n", "net/x/a.c", NULL);
	expect_list(FORK "net/x/a.o\n", "net/b.c net/x/a.c", NULL);
	expect_list(FORK "arch/x86/entry.o\n", "arch/x86/entry.S", NULL);
	expect_list(FORK, "lib/x/a.S", "lib/x/a.S is not among the 1 compiled files");
	expect_list("kernel/fork.c\n", "lib/x/a.S", NULL);
	expect_list(FORK "arch/arm64/kernel/pi/map.pi.o\n", "arch/arm64/kernel/pi/map.c", NULL);
}

/* build_policy.c includes deadline.c, which has no object in any kernel. */
static void a_list_of_objects_does_not_clear_what_may_be_included(void **state)
{
	(void)state;
	expect_list(FORK "kernel/sched/core.o\n", "kernel/sched/deadline.c", NULL);
	expect_list(FORK "drivers/usb/host/ehci-hcd.o\n", "drivers/usb/host/ehci-q.c", NULL);
	/* In no other folder is anything that could include it. */
	expect_list(FORK "kernel/sched/core.o\n", "drivers/usb/host/ehci-q.c",
		"drivers/usb/host/ehci-q.c is not among the 2 compiled files");
	/* Included from another folder in some kernel. */
	expect_list(FORK, "arch/x86/kernel/sev-shared.c", NULL);
	/* What names headers comes from the compiler, and so names what is included. */
	expect_list(FORK "kernel/sched/core.c\ninclude/linux/sched.h\n", "kernel/sched/deadline.c",
		"kernel/sched/deadline.c is not among the 2 compiled files");
	expect_list("kernel/fork.c\nkernel/sched/deadline.c\ninclude/linux/sched.h\n",
		"kernel/sched/deadline.c", NULL);
}

/* Records name the paths of the newest kernel. */
static void a_file_may_have_had_another_path(void **state)
{
	(void)state;
	expect_list(FORK "fs/ksmbd/smb2pdu.o\n", "fs/smb/server/smb2pdu.c", NULL);
	expect_list(FORK "fs/ksmbd/smb2pdu.o\n", "fs/smb/server/smb2ops.c",
		"fs/smb/server/smb2ops.c is not among the 2 compiled files");
}

static void headers_follow_their_part_of_the_kernel(void **state)
{
	(void)state;
	expect_list(FORK, "net/x/a.c net/x/a.h",
		"net/x/a.c is not among the 1 compiled files; net/x/a.h is not among the 1 "
		"compiled files");
	expect_list(FORK "net/x/b.o\n", "net/x/y/a.h", NULL);
	expect_list(FORK "drivers/scsi/mpi/b.o\n", "drivers/scsi/mpi/h/a.h", NULL);
	expect_list(FORK "drivers/scsi/b.o\n", "drivers/scsi/mpi/h/a.h",
		"drivers/scsi/mpi/h/a.h is not among the 2 compiled files");
	expect_list(FORK, "net/x/a.c include/net/x.h", NULL);
	expect_list(FORK, "arch/arm/include/asm/x.h", NULL);
}

static void what_is_no_code_decides_nothing(void **state)
{
	(void)state;
	expect_list(FORK, "Documentation/x.rst", NULL);
	expect_list(FORK, "", NULL);
	expect_list(FORK, "net/a.c Documentation/x.rst net/Kconfig",
		"net/a.c is not among the 1 compiled files");
	/* Built in another way than by a compiler. */
	expect_list(FORK, "net/a.c arch/arm/boot/dts/x.dtsi", NULL);
}

static void every_kind_of_source_is_compiled_to_an_object(void **state)
{
	(void)state;
	expect_list(FORK "a/b.rs\n", "a/b.rs", NULL);
	expect_list(FORK "a/b.S\n", "a/b.S", NULL);
	expect_list(FORK "a/b.s\n", "a/b.S", NULL);
	expect_list(FORK "a/b.o\n", "a/b.rs", NULL);
	expect_list(FORK "a/b.rs\n", "z/c.rs", "z/c.rs is not among the 2 compiled files");
}

static void only_the_first_files_are_named(void **state)
{
	(void)state;
	expect_list(FORK, "a/1.c a/2.c a/3.c a/4.c a/5.c",
		"a/1.c is not among the 1 compiled files; a/2.c is not among the 1 compiled "
		"files; a/3.c is not among the 1 compiled files; 2 more");
}

/* ---- .cmd files ---- */

#define COMMANDS \
	{TU_KERNEL_COMMAND, ".vmlinux.cmd", "cmd_vmlinux := sh scripts/link-vmlinux.sh\n"}, \
		{TU_KERNEL_COMMAND, "kernel/.fork.o.cmd", \
			"savedcmd_kernel/fork.o := gcc -c -o kernel/fork.o " \
			"../source/kernel/fork.c\n"}, \
	{ \
		TU_KERNEL_COMMAND, "kernel/sched/.build_policy.o.cmd", \
			"source_kernel/sched/build_policy.o := " \
			"../source/kernel/sched/build_policy.c\n\n" \
			"deps_kernel/sched/build_policy.o := \\\n" \
			"    $(wildcard include/config/SMP) \\\n" \
			"  ../source/kernel/sched/deadline.c \\\n" \
			"  ../source/include/linux/sched.h \\\n" \
			"  ../source/kernel/sched/sched.h \\\n" \
	}

static void command_files_name_all_that_was_compiled(void **state)
{
	struct piece pieces[] = {COMMANDS, {0}};
	struct piece with_names[] = {COMMANDS, {TU_KERNEL_SOURCE, "kernel/fork.c", ""},
		{TU_KERNEL_SOURCE, "Makefile", "VERSION = 6\nPATCHLEVEL = 1\n"},
		{TU_KERNEL_SOURCE, "net/sched/deadline.c", ""}, {0}};

	(void)state;
	expect_of(pieces, &v6_1, "kernel/sched/deadline.c", NULL);
	expect_of(pieces, &v6_1, "kernel/sched/sched.h", NULL);
	expect_of(pieces, &v6_1, "kernel/sched/rt.c",
		"kernel/sched/rt.c is not among the 3 compiled files");
	expect_of(pieces, &v6_1, "kernel/sched/smp.h include/net/x.h",
		"kernel/sched/smp.h is not among the 3 compiled files; include/net/x.h is not "
		"among the 3 compiled files");
	/* A file of the same name may be the one that was meant, unless the tree has both. */
	expect_of(pieces, &v6_1, "net/sched/deadline.c", NULL);
	expect_of(with_names, &v6_1, "net/sched/deadline.c",
		"net/sched/deadline.c is not among the 3 compiled files");
	expect_of(with_names, &v6_1, "net/sched/other.c", NULL);
}

/* ---- configurations ---- */

static void an_option_that_is_not_set_leaves_its_folder_out(void **state)
{
	(void)state;
	expect_config(CC "# CONFIG_BT is not set\n", "drivers/bluetooth/btusb.c",
		"drivers/bluetooth/btusb.c: CONFIG_BT is not set");
	expect_config(CC "CONFIG_BT=n\n", "drivers/bluetooth/btusb.c",
		"drivers/bluetooth/btusb.c: CONFIG_BT is not set");
	expect_config(CC "CONFIG_BT=m\n", "drivers/bluetooth/btusb.c", NULL);
	/* An option whose name only begins alike. */
	expect_config(CC UNSET_BT "CONFIG_BTRFS_FS=y\n", "drivers/bluetooth/a.c",
		"drivers/bluetooth/a.c: CONFIG_BT is not set");
	/* Not known to hang on an option. */
	expect_config(CC, "kernel/fork.c net/core/dev.c", NULL);
	/* Outside MEDIA_SUPPORT, X86_PLATFORM_DEVICES, CFG80211, USB_SUPPORT. */
	expect_config(CC "CONFIG_CEC_CORE=m\n", "drivers/media/cec/core/cec-adap.c", NULL);
	expect_config(CC "CONFIG_RC_CORE=m\n", "drivers/media/rc/rc-main.c", NULL);
	expect_config(CC "CONFIG_X86=y\nCONFIG_P2SB=y\n", "drivers/platform/x86/p2sb.c", NULL);
	expect_config(CC "CONFIG_WIRELESS=y\n", "net/wireless/wext-core.c", NULL);
	expect_config(CC "CONFIG_EARLY_PRINTK_USB=y\n", "drivers/usb/early/xhci-dbc.c", NULL);
	expect_config(CC, "drivers/gpu/drm/drm_panel_orientation_quirks.c", NULL);
	expect_config(CC "CONFIG_ARM64=y\nCONFIG_XEN=y\n", "arch/arm/xen/enlighten.c", NULL);
}

/* What a part of a configuration does not mention may be set; what a whole one does not, is not. */
static void only_a_whole_configuration_leaves_out_what_it_does_not_mention(void **state)
{
	static const struct {
		const char *options;
		size_t others;
		const char *file, *why;
	} rows[] = {
		{"", 10, "drivers/bluetooth/a.c", NULL},
		{"", 400, "drivers/bluetooth/a.c", "drivers/bluetooth/a.c: CONFIG_BT is not set"},
		{"CONFIG_BT=y\n", 400, "drivers/bluetooth/a.c", NULL},
		{"CONFIG_ARM64=y\n", 10, "arch/arm/kernel/setup.c", NULL},
		{"CONFIG_ARM64=y\n", 400, "arch/arm/kernel/setup.c",
			"arch/arm/kernel/setup.c: CONFIG_ARM is not set"},
		{"CONFIG_ARM=y\n", 400, "arch/arm/kernel/setup.c", NULL},
		/* No architecture is set: something is missing. */
		{"", 400, "arch/arm/kernel/setup.c", NULL},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_buf config;

		tu_buf_init(&config, 1 << 16);
		tu_buf_printf(&config, "%s%s", CC, rows[i].options);
		for (size_t k = 0; k < rows[i].others; k++)
			tu_buf_printf(&config,
				k % 2 ? "CONFIG_O%zu=y\n" : "# CONFIG_O%zu is not set\n", k);
		tu_buf_byte(&config, '\0');
		expect_config(config.ptr, rows[i].file, rows[i].why);
		tu_buf_done(&config);
	}
}

static void the_list_knows_better_than_the_configuration(void **state)
{
	struct piece pieces[] = {{TU_KERNEL_CONFIG, ".config", CC UNSET_BT},
		{TU_KERNEL_COMPILED, "list", FORK "drivers/bluetooth/a.o\n"}, {0}};

	(void)state;
	expect_of(pieces, &v6_1, "drivers/bluetooth/a.c", NULL);
	/* Not listed, which alone would not clear it; but the configuration does. */
	expect_of(pieces, &v6_1, "drivers/bluetooth/b.c",
		"drivers/bluetooth/b.c: CONFIG_BT is not set");
}

/* An option that did not exist in that kernel is not "not set". */
static void a_row_holds_for_its_versions(void **state)
{
	static const char *const others[] = {"4.19.300", "2.6.32", "9.9", "", "next"};
	struct piece pieces[] = {{TU_KERNEL_CONFIG, ".config", CC UNSET_BT}, {0}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(others); i++) {
		struct kernel_stated kernel = {.version = tu_str_c(others[i])};

		expect_of(pieces, &kernel, "drivers/bluetooth/btusb.c", NULL);
	}
}

static void evidence_of_another_kernel_says_nothing(void **state)
{
	static const struct {
		const char *config, *version, *architecture;
		bool suits;
	} rows[] = {
		{HEADER("arm64", "6.1.40") "CONFIG_ARM64=y\n" UNSET_BT, "6.1.99", "arm64", true},
		{HEADER("arm64", "6.1.40") "CONFIG_ARM64=y\n" UNSET_BT, "6.1.40", "aarch64", true},
		{HEADER("arm64", "6.1.40") "CONFIG_ARM64=y\n" UNSET_BT, "6.1.40", "", true},
		{HEADER("arm64", "6.1.40") "CONFIG_ARM64=y\n" UNSET_BT, "6.6.40", "arm64", false},
		{HEADER("arm64", "6.1.40") "CONFIG_ARM64=y\n" UNSET_BT, "6.1.40", "amd64", false},
		{HEADER("arm64", "6.1.40") "CONFIG_ARM64=y\n" UNSET_BT, "6.1.40", "armv7l", false},
		{HEADER("x86", "6.1.40") "CONFIG_X86=y\nCONFIG_X86_64=y\n" UNSET_BT, "6.1.40",
			"i686", true},
		{HEADER("x86", "6.1.40") "CONFIG_X86=y\n" UNSET_BT, "6.1.40", "x86_64", false},
		{HEADER("riscv", "6.1.40") "CONFIG_RISCV=y\n" UNSET_BT, "6.1.40", "riscv64", true},
		{HEADER("riscv", "6.1.40") "CONFIG_RISCV=y\n" UNSET_BT, "6.1.40", "ppc64le", false},
		{HEADER("riscv", "6.1.40") "CONFIG_RISCV=y\n" UNSET_BT, "6.1.40", "all", true},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct piece pieces[] = {{TU_KERNEL_CONFIG, ".config", rows[i].config}, {0}};
		struct kernel_stated kernel = {
			tu_str_c(rows[i].version), tu_str_c(rows[i].architecture)};

		expect_of(pieces, &kernel, "drivers/bluetooth/btusb.c",
			rows[i].suits ? "drivers/bluetooth/btusb.c: CONFIG_BT is not set" : NULL);
	}
}

/* ---- a source tree ---- */

#define TREE \
	{TU_KERNEL_SOURCE, "Makefile", \
		"VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 40\n" \
		"include $(srctree)/arch/$(SRCARCH)/Makefile\n"}, \
		{TU_KERNEL_SOURCE, "Kbuild", "obj-y += kernel/ net/ lib/\n"}, \
		{TU_KERNEL_SOURCE, "arch/arm64/Makefile", "core-y += arch/arm64/\n"}, \
		{TU_KERNEL_SOURCE, "arch/arm64/Kbuild", \
			"obj-y += kernel/\nobj-$(CONFIG_XEN) += xen/\n"}, \
		{TU_KERNEL_SOURCE, "arch/arm64/kernel/Makefile", "obj-y := entry.o\n"}, \
		{TU_KERNEL_SOURCE, "arch/arm64/kernel/entry.S", ""}, \
		{TU_KERNEL_SOURCE, "arch/arm64/xen/Makefile", \
			"obj-y += $(addprefix ../../arm/xen/, enlighten.o \\\n\tmm.o)\n"}, \
		{TU_KERNEL_SOURCE, "arch/arm/xen/enlighten.c", ""}, \
		{TU_KERNEL_SOURCE, "arch/arm/kernel/Makefile", "obj-y := setup.o\n"}, \
		{TU_KERNEL_SOURCE, "arch/arm/kernel/setup.c", ""}, \
		{TU_KERNEL_SOURCE, "kernel/Makefile", \
			"obj-y = fork.o sched/\nobj-$(CONFIG_BPF) += bpf.o # a comment\n" \
			"obj-$(subst m,y,$(CONFIG_T)) += t.o\nobj-$(strip $(CONFIG_U)) += u.o\n" \
			"ifdef CONFIG_V\nobj-y += v.o\nendif\n"}, \
		{TU_KERNEL_SOURCE, "kernel/fork.c", ""}, {TU_KERNEL_SOURCE, "kernel/bpf.c", ""}, \
		{TU_KERNEL_SOURCE, "kernel/t.c", ""}, {TU_KERNEL_SOURCE, "kernel/u.c", ""}, \
		{TU_KERNEL_SOURCE, "kernel/v.c", ""}, {TU_KERNEL_SOURCE, "kernel/unnamed.c", ""}, \
		{TU_KERNEL_SOURCE, "kernel/sched/Makefile", \
			"obj-y += build.o\nobj-$(CONFIG_Q) += q.o\n"}, \
		{TU_KERNEL_SOURCE, "kernel/sched/Makefile", /* an archive has it twice */ \
			"obj-y += build.o\nobj-$(CONFIG_Q) += q.o\n"}, \
		{TU_KERNEL_SOURCE, "kernel/sched/build.c", \
			"#include \"rt.c\"\n # include <linux/x.h>\n"}, \
		{TU_KERNEL_SOURCE, "kernel/sched/rt.c", "#include \"rt.h\"\n"}, \
		{TU_KERNEL_SOURCE, "kernel/sched/rt.h", ""}, \
		{TU_KERNEL_SOURCE, "kernel/sched/q.c", \
			"#include \"q.h\"\n#include \"q-part.c\"\n"}, \
		{TU_KERNEL_SOURCE, "kernel/sched/q-part.c", ""}, \
		{TU_KERNEL_SOURCE, "kernel/sched/q.h", ""}, \
		{TU_KERNEL_SOURCE, "net/Makefile", "obj-$(CONFIG_NET) += core.o foo/\n"}, \
		{TU_KERNEL_SOURCE, "net/core.c", ""}, \
		{TU_KERNEL_SOURCE, "net/foo/Makefile", \
			"obj-$(CONFIG_FOO) += foo.o\nfoo-y := main.o\nfoo-$(CONFIG_FOO_X) += " \
			"x.o\n" \
			"D := ../far\nobj-y += $(D)/near.o\n"}, \
		{TU_KERNEL_SOURCE, "net/foo/main.c", ""}, {TU_KERNEL_SOURCE, "net/foo/x.c", ""}, \
		{TU_KERNEL_SOURCE, "net/far/near.c", ""}, \
		{TU_KERNEL_SOURCE, "lib/Makefile", \
			"$(obj)/gen.o: $(srctree)/$(src)/made.c\nobj-y += $(X)/odd.o\n"}, \
		{TU_KERNEL_SOURCE, "lib/made.c", ""}, \
	{ \
		TU_KERNEL_SOURCE, "net/odd.c", "" \
	}

/* Options of the tree that `options` does not set are not set. */
static void expect_tree(const char *options, const char *files, const char *why)
{
	static const char *const known[] = {
		"BPF", "T", "U", "V", "Q", "NET", "FOO", "FOO_X", "XEN"};
	char config[2048];
	struct piece pieces[] = {{TU_KERNEL_CONFIG, ".config", config}, TREE, {0}};

	(void)snprintf(
		config, sizeof(config), "%sCONFIG_ARM64=y\n%s", HEADER("arm64", "6.1.40"), options);
	for (size_t i = 0; i < TU_COUNT(known); i++) {
		size_t len = strlen(config);
		char set[32];

		(void)snprintf(set, sizeof(set), "CONFIG_%s=", known[i]);
		if (!strstr(options, set))
			(void)snprintf(config + len, sizeof(config) - len,
				"# CONFIG_%s is not set\n", known[i]);
	}
	expect_of(pieces, &v6_1, files, why);
}

static void makefiles_say_what_a_configuration_builds(void **state)
{
	(void)state;
	expect_tree("", "kernel/fork.c", NULL);
	expect_tree("", "arch/arm64/kernel/entry.S", NULL);
	expect_tree("", "kernel/bpf.c", "kernel/bpf.c: CONFIG_BPF is not set");
	expect_tree("CONFIG_BPF=y\n", "kernel/bpf.c", NULL);
	expect_tree("", "kernel/t.c", "kernel/t.c: CONFIG_T is not set");
	expect_tree("CONFIG_T=m\n", "kernel/t.c", NULL);
	/* Not understood, and so taken to hold. */
	expect_tree("", "kernel/u.c", NULL);
	expect_tree("", "kernel/v.c", NULL);
	/* A folder that is not entered, a part of an object that is not built. */
	expect_tree("", "net/core.c", "net/core.c: CONFIG_NET is not set");
	expect_tree("CONFIG_NET=y\n", "net/core.c", NULL);
	expect_tree("CONFIG_FOO=y\n", "net/foo/main.c", "net/foo/main.c: CONFIG_NET is not set");
	expect_tree("CONFIG_NET=y\n", "net/foo/main.c",
		"net/foo/main.c: the Makefiles do not build it with this configuration");
	expect_tree("CONFIG_NET=y\nCONFIG_FOO=m\n", "net/foo/main.c", NULL);
	expect_tree("CONFIG_NET=y\nCONFIG_FOO=m\n", "net/foo/x.c",
		"net/foo/x.c: CONFIG_FOO_X is not set");
	expect_tree("CONFIG_NET=y\nCONFIG_FOO_X=y\n", "net/foo/x.c",
		"net/foo/x.c: the Makefiles do not build it with this configuration");
	/* In another folder, by a variable, by a prefix, by a rule, by something unknown. */
	expect_tree("CONFIG_NET=y\n", "net/far/near.c", NULL);
	expect_tree("CONFIG_XEN=y\n", "arch/arm/xen/enlighten.c", NULL);
	expect_tree("", "lib/made.c", NULL);
	expect_tree("", "net/odd.c", NULL);
	/* Another architecture's. */
	expect_tree("", "arch/arm/kernel/setup.c",
		"arch/arm/kernel/setup.c: the Makefiles do not build it with this configuration");
	/* No Makefile names it, or it is not in this tree. */
	expect_tree("", "kernel/unnamed.c", NULL);
	expect_tree("", "kernel/newer.c", NULL);
}

static void what_is_included_is_built(void **state)
{
	(void)state;
	expect_tree("", "kernel/sched/rt.c", NULL);
	expect_tree("", "kernel/sched/rt.h", NULL);
	expect_tree("", "kernel/sched/q-part.c",
		"kernel/sched/q-part.c: the Makefiles do not build it with this configuration");
	expect_tree("", "kernel/sched/q.c kernel/sched/q.h",
		"kernel/sched/q.c: CONFIG_Q is not set; kernel/sched/q.h: the Makefiles do not "
		"build it with this configuration");
	expect_tree("CONFIG_Q=m\n", "kernel/sched/q-part.c", NULL);
}

static void a_tree_shows_which_sources_have_objects(void **state)
{
	struct piece pieces[] = {
		{TU_KERNEL_COMPILED, "list", FORK "kernel/sched/build.o\n"}, TREE, {0}};

	(void)state;
	expect_of(pieces, &v6_1, "kernel/sched/q.c",
		"kernel/sched/q.c is not among the 2 compiled files");
	expect_of(pieces, &v6_1, "kernel/sched/rt.c", NULL);
	expect_of(pieces, &v6_1, "kernel/sched/q-part.c", NULL);
}

/* ---- refusals ---- */

static void expect_refusal(const struct piece *pieces, const char *words)
{
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};

	assert_int_equal(build_of(pieces, &build, &err), TU_E_SYNTAX);
	if (!strstr(err.message, words))
		fail_msg("%s", err.message);
	tu_kernel_build_free(build);
}

static void what_would_clear_everything_is_refused(void **state)
{
	static const struct {
		struct piece pieces[4];
		const char *words;
	} rows[] = {
		{{{TU_KERNEL_COMPILED, "l", ""}}, "not a list"},
		{{{TU_KERNEL_COMPILED, "l", "<html>\n"}}, "not a list"},
		{{{TU_KERNEL_COMPILED, "l", "src/main.o\n"}}, "kernel/fork.c"},
		{{{TU_KERNEL_CONFIG, "c", ""}}, "not the configuration"},
		{{{TU_KERNEL_CONFIG, "c", "CONFIG_BT=y\n"}}, "defconfig"},
		{{{TU_KERNEL_CONFIG, "c", "CONFIG_CC_OPTIMIZE_FOR_SIZE=y\n"}}, "defconfig"},
		{{{TU_KERNEL_CONFIG, "c",
			 "CONFIG_CC_STACKPROTECTOR_STRONG=y\nCONFIG_CC_WERROR=y\n"}},
			"defconfig"},
		{{{TU_KERNEL_CONFIG, "c", "# Linux kernel defconfig\nCONFIG_ARM64=y\n"}},
			"defconfig"},
		{{{TU_KERNEL_COMMAND, "kernel/.fork.o.cmd", "cmd := gcc -c kernel/fork.c\n"}},
			"vmlinux"},
		{{{TU_KERNEL_COMMAND, "kernel/.fork.o.cmd", "cmd := gcc -c kernel/fork.c\n"},
			 {TU_KERNEL_COMMAND, "arch/x86/kernel/.vmlinux.lds.cmd", "cmd := cpp\n"},
			 {TU_KERNEL_COMMAND, ".vmlinux.o.cmd", "cmd := ld\n"}},
			"vmlinux"},
		{{{TU_KERNEL_COMMAND, ".vmlinux.cmd", "cmd := ld\n"}}, "kernel/fork.o"},
		{{{TU_KERNEL_COMMAND, "kernel/.fork.o.cmd", "cmd := gcc -c kernel/fork.c\n"},
			 {TU_KERNEL_COMMAND, ".vmlinux.cmd", "cmd := ld\n"},
			 {TU_KERNEL_CONFIG, ".config", CC "CONFIG_MODULES=y\n"}},
			"modules.order"},
		{{{TU_KERNEL_SOURCE, "kernel/fork.c", ""}}, "not the source tree"},
		{{{TU_KERNEL_SOURCE, "Makefile", "VERSION = 6\nPATCHLEVEL = 1\n"}},
			"not the source tree"},
		{{{TU_KERNEL_SOURCE, "Makefile", "VERSION = 6\nPATCHLEVEL = 1\n"},
			 {TU_KERNEL_SOURCE, "kernel/fork.c", ""},
			 {TU_KERNEL_CONFIG, "c", HEADER("arm64", "6.6.1") "CONFIG_ARM64=y\n"}},
			"6.6"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		expect_refusal(rows[i].pieces, rows[i].words);
}

static void each_sign_of_a_build_is_enough(void **state)
{
	static const char *const signs[] = {"CONFIG_CC_VERSION_TEXT=\"gcc 12\"\n",
		"CONFIG_CC_IS_CLANG=y\n", "CONFIG_GCC_VERSION=120200\n", "CONFIG_CLANG_VERSION=0\n",
		HEADER("mips", "6.1.1")};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(signs); i++) {
		char config[256];

		(void)snprintf(config, sizeof(config), "%s" UNSET_BT, signs[i]);
		expect_config(config, "drivers/bluetooth/a.c",
			"drivers/bluetooth/a.c: CONFIG_BT is not set");
	}
}

static void any_allocation_may_fail(void **state)
{
	struct piece pieces[] = {
		{TU_KERNEL_CONFIG, ".config", HEADER("arm64", "6.1.40") "CONFIG_ARM64=y\n"},
		{TU_KERNEL_COMPILED, "list", FORK "net/a.o\n"}, COMMANDS, TREE, {0}};
	enum tu_status status = TU_E_NOMEM;

	(void)state;
	for (size_t nth = 1; status && nth < 100000; nth++) {
		struct tu_kernel_build *build = NULL;
		bool hit;

		tu_fault_set(nth);
		status = build_of(pieces, &build, NULL);
		hit = tu_fault_count() >= nth;
		tu_fault_set(0);
		/* What could not be read must not look as if it were not there. */
		if (status != (hit ? TU_E_NOMEM : TU_OK))
			fail_msg("allocation %zu", nth);
		tu_kernel_build_free(build);
	}
	assert_int_equal(status, TU_OK);
}

/* ---- tables ---- */

/* Directories end in a slash and options are words: a mistake would clear vulnerabilities. */
static void the_table_is_well_formed(void **state)
{
	size_t count, included_count;
	const struct kernel_option *rows = tu_match__kernel_options(&count);
	const struct tu_str *included = tu_match__kernel_included(&included_count);

	(void)state;
	assert_true(count > 100);
	for (size_t i = 0; i < count; i++) {
		const struct kernel_option *row = &rows[i];

		assert_true(tu_str_ends(row->directory, TU_STR("/")));
		assert_true(
			row->options.len > 0 && !tu_str_starts(row->options, TU_STR("CONFIG_")));
		for (size_t k = 0; k < row->options.len; k++)
			assert_true(tu_char_is_alnum(row->options.ptr[k]) ||
				strchr("_|", row->options.ptr[k]));
		assert_true(row->since.major >= 5);
		assert_true(tu_match__kernel_version_cmp(row->since, row->until) <= 0);
	}
	for (size_t i = 0; i < included_count; i++)
		assert_true(tu_str_find(included[i], '/') < included[i].len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_is_not_listed_is_not_built),
		cmocka_unit_test(a_list_of_objects_does_not_clear_what_may_be_included),
		cmocka_unit_test(a_file_may_have_had_another_path),
		cmocka_unit_test(headers_follow_their_part_of_the_kernel),
		cmocka_unit_test(what_is_no_code_decides_nothing),
		cmocka_unit_test(every_kind_of_source_is_compiled_to_an_object),
		cmocka_unit_test(only_the_first_files_are_named),
		cmocka_unit_test(command_files_name_all_that_was_compiled),
		cmocka_unit_test(an_option_that_is_not_set_leaves_its_folder_out),
		cmocka_unit_test(only_a_whole_configuration_leaves_out_what_it_does_not_mention),
		cmocka_unit_test(the_list_knows_better_than_the_configuration),
		cmocka_unit_test(a_row_holds_for_its_versions),
		cmocka_unit_test(evidence_of_another_kernel_says_nothing),
		cmocka_unit_test(makefiles_say_what_a_configuration_builds),
		cmocka_unit_test(what_is_included_is_built),
		cmocka_unit_test(a_tree_shows_which_sources_have_objects),
		cmocka_unit_test(what_would_clear_everything_is_refused),
		cmocka_unit_test(each_sign_of_a_build_is_enough),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(the_table_is_well_formed),
	};

	return cmocka_run_group_tests_name("kernel build", tests, NULL, NULL);
}
