#include "match/kernel_name.h"

#include "base/any.h"
#include "match/kernel_config.h"

enum { OLDEST_MAJOR = 2, NEWEST_MAJOR = 9 };

/* First words after "linux-" or "kernel-" of what is not the kernel itself, though some of it has
 * the kernel's version. */
static bool is_beside_the_kernel(struct tu_str rest)
{
	static const struct tu_str words[] = {TU_STR_INIT("api"), TU_STR_INIT("atm"),
		TU_STR_INIT("base"), TU_STR_INIT("cpupower"), TU_STR_INIT("dev"),
		TU_STR_INIT("devel"), TU_STR_INIT("devicetree"), TU_STR_INIT("devsrc"),
		TU_STR_INIT("doc"), TU_STR_INIT("docs"), TU_STR_INIT("dummy"),
		TU_STR_INIT("firmware"), TU_STR_INIT("gpib"), TU_STR_INIT("header"),
		TU_STR_INIT("headers"), TU_STR_INIT("input"), TU_STR_INIT("kbuild"),
		TU_STR_INIT("libc"), TU_STR_INIT("man"), TU_STR_INIT("manual"), TU_STR_INIT("meta"),
		TU_STR_INIT("module"), TU_STR_INIT("modules"), TU_STR_INIT("pam"),
		TU_STR_INIT("perf"), TU_STR_INIT("selftest"), TU_STR_INIT("selftests"),
		TU_STR_INIT("serial"), TU_STR_INIT("sgx"), TU_STR_INIT("signatures"),
		TU_STR_INIT("source"), TU_STR_INIT("sysctl"), TU_STR_INIT("tool"),
		TU_STR_INIT("tools"), TU_STR_INIT("user"), TU_STR_INIT("util"),
		TU_STR_INIT("utils"), TU_STR_INIT("vdso"), TU_STR_INIT("wifi"),
		TU_STR_INIT("zigbee")};
	size_t end = 0;

	while (end < rest.len && (tu_char_is_lower(rest.ptr[end]) || rest.ptr[end] == '.'))
		end++;
	rest = tu_str_first(rest, end);
	return tu_str_is_any(rest, words, TU_COUNT(words));
}

bool tu_match__is_vendor_kernel(struct tu_str name, struct tu_str version)
{
	struct kernel_version number = tu_match__kernel_version(version);
	bool linux_name = tu_str_skip(&name, TU_STR("linux-"));

	if (!linux_name && !tu_str_skip(&name, TU_STR("kernel-")))
		return false;
	if (name.len == 0 || is_beside_the_kernel(name))
		return false;
	if (linux_name && tu_match__is_no_version(version))
		return true;
	return number.major >= OLDEST_MAJOR && number.major <= NEWEST_MAJOR;
}

/* "0", "0.0.0": the digits that begin it are all zero. */
static struct tu_str skip_zeros(struct tu_str version)
{
	while (version.len && (version.ptr[0] == '0' || version.ptr[0] == '.'))
		version = tu_str_from(version, 1);
	return version;
}

/* Words that stand for whatever a repository had. */
static bool is_snapshot_word(struct tu_str text, bool whole)
{
	static const struct {
		struct tu_str word;
		bool goes_on; /* a revision may follow */
	} words[] = {
		{TU_STR_INIT("autoinc"), true},
		{TU_STR_INIT("gitautoinc"), true},
		{TU_STR_INIT("git"), true},
		{TU_STR_INIT("svn"), true},
		{TU_STR_INIT("hg"), true},
		{TU_STR_INIT("head"), false},
		{TU_STR_INIT("master"), false},
		{TU_STR_INIT("trunk"), false},
		{TU_STR_INIT("unknown"), false},
	};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		struct tu_str rest = tu_str_from(text, words[i].word.len);

		if (!tu_str_istarts(text, words[i].word))
			continue;
		if (rest.len == 0 || (words[i].goes_on && (!whole || !tu_char_is_alpha(*rest.ptr))))
			return true;
	}
	return false;
}

bool tu_match__is_no_version(struct tu_str version)
{
	struct tu_str rest = version;
	struct tu_str after;

	if (rest.len && tu_char_lower(rest.ptr[0]) == 'v' && rest.len > 1 &&
		tu_char_is_digit(rest.ptr[1]))
		rest = tu_str_from(rest, 1);
	if (is_snapshot_word(rest, true))
		return true;
	after = skip_zeros(rest);
	if (after.len == rest.len)
		return false;
	if (after.len == 0)
		return tu_str_ieq(rest, TU_STR("0.0.0"));
	return strchr("+~-_", after.ptr[0]) && is_snapshot_word(tu_str_from(after, 1), false);
}
