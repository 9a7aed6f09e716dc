#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "match/kernel_name.h"

static void kernels_are_known_by_rule(void **state)
{
	static const struct {
		const char *name, *version;
		bool kernel;
	} rows[] = {
		{"linux-altera", "6.6.20", true},
		{"linux-bb.org", "5.10.168", true},
		{"linux-cip-rt", "4.19.300-cip101", true},
		{"linux-some-board", "6.1", true},
		{"linux-mchp", "v6.6.20+git", true},
		{"linux-qcom", "0+gitAUTOINC+1a2b3c", true},
		{"kernel-rt", "5.14.0", true},
		{"linux-firmware", "20240312", false},
		{"linux-firmware-ath10k", "5.0", false},
		{"linux-libc-headers", "6.6", false},
		{"linux-pam", "1.5.3", false},
		{"linux-base", "4.9", false},
		{"linux-atm", "2.5.2", false},
		{"linux-tools", "6.6", false},
		{"kernel-module-wifi", "6.6.20", false},
		{"kernel-devsrc", "6.6.20", false},
		{"util-linux", "2.39.3", false},
		{"linux-gadget", "0.3.1", false},
		{"linux-", "6.6", false},
		{"linuxptp", "4.2", false},
		{"kernel-rt", "0+git", false},
		{"kernel-", "6.6", false},
		{"linux-foo", "0.9", false},
		{"linux-foo", "1.9", false},
		{"linux-foo", "2.6.32", true},
		{"linux-foo", "9.0", true},
		{"linux-foo", "10.0", false},
		{"linux-foo", "", false},
		{"linux-tools.x", "6.6", true},
		{"linux-tools2", "6.6", false},
		{"linux-toolset", "6.6", true},
		{"linux-6.6", "6.6.20", true},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (tu_match__is_vendor_kernel(tu_str_c(rows[i].name), tu_str_c(rows[i].version)) !=
			rows[i].kernel)
			fail_msg("%s %s", rows[i].name, rows[i].version);
	}
}

static void some_versions_are_none(void **state)
{
	static const char *const none[] = {"0+git", "0.0+git1a2b", "0+gitAUTOINC+1a2b_3c4d", "git",
		"AUTOINC", "AUTOINC+1a2b3c", "gitAUTOINC", "v0.0.0", "0.0.0", "0.0.0+git20240101",
		"0-git", "0~svn123", "HEAD", "git-r0", "0.0.0-git", "svn", "svn123", "svn-r7", "hg",
		"hg_1a2b", "master", "trunk", "unknown", "0+hg", "0+trunk", "0+master", "0_git",
		"0-unknown", "0.0+head", "git0", "v0+git", "0+gitabc", "0.0.0"};
	static const char *const some[] = {"0", "0.1", "0.0.1+git", "1+git", "github", "6.6.20",
		"6.6+gitAUTOINC+1a", "0.0.0-rc1", "2024.git", "v0.0.0-20200101000000-abcdefabcdef",
		"", "heads-up", "0a+git", "v", "vgit", "0.0", "v0", "0.0.0.0", "masterpiece",
		"head1", "trunk-1", "unknown1", "0+trunk1", "svnadmin", "hgweb", "autoincrement",
		"1.0+git", "0+1git", "0=git", "gi"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(none); i++) {
		if (!tu_match__is_no_version(tu_str_c(none[i])))
			fail_msg("%s", none[i]);
	}
	for (size_t i = 0; i < TU_COUNT(some); i++) {
		if (tu_match__is_no_version(tu_str_c(some[i])))
			fail_msg("%s", some[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_are_known_by_rule),
		cmocka_unit_test(some_versions_are_none),
	};

	return cmocka_run_group_tests_name("kernel name", tests, NULL, NULL);
}
