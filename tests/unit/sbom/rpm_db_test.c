/* Databases of rpm that cannot be copied or read: the reason is said.
 */
#define _GNU_SOURCE /* mkdtemp */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>

#include "pack.h"
#include "sbom/read/rpm_db.h"

static const struct tu_sbom_rpm_form sqlite = {"rpmdb.sqlite", "sqlite"};
static const struct tu_sbom_rpm_form ndb = {"Packages.db", "ndb"};
static char long_name[5000];

/* A disk with room for `bytes`. */
static void room(rlim_t bytes)
{
	struct rlimit both;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &both), 0);
	both.rlim_cur = bytes < both.rlim_max ? bytes : both.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &both), 0);
}

static void says_why_it_cannot_be_read(void **state)
{
	const struct {
		const struct tu_sbom_rpm_form *form;
		const char *path;
		rlim_t room;
		const char *why;
	} rows[] = {
		{&sqlite, "absent", RLIM_INFINITY, "cannot be read: No such file"},
		{&sqlite, "link", RLIM_INFINITY, "cannot be read: Too many levels"},
		{&sqlite, "dir", RLIM_INFINITY, "cannot be read: Is a directory"},
		{&sqlite, long_name, RLIM_INFINITY, "its path is too long"},
		{&sqlite, "huge", 70000, "cannot be copied: File too large"},
		{&sqlite, "walled", RLIM_INFINITY, "cannot be read: Is a directory"},
		{&sqlite, "text", RLIM_INFINITY, ""},
		{&ndb, "text", RLIM_INFINITY, ""},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		char why[TU_SBOM_RPM_WHY_MAX] = "";
		enum tu_sbom_rpm_outcome outcome;
		struct tu_buf out;

		tu_buf_init(&out, 1 << 20);
		room(rows[i].room);
		outcome = tu_sbom__rpm_read(rows[i].form, rows[i].path, &out, why);
		room(RLIM_INFINITY);
		assert_int_equal(outcome, TU_SBOM_RPM_UNREAD);
		assert_int_equal(out.len, 0);
		assert_true(why[0] != '\0');
		if (!strstr(why, rows[i].why))
			fail_msg("row %zu: %s", i, why);
		/* the copy's place is nobody's business */
		assert_null(strstr(why, "tutela-rpm-"));
		tu_buf_done(&out);
	}
}

static int set_up(void **state)
{
	static char folder[64];

	*state = folder;
	pack_folder(folder);
	memset(long_name, 'x', sizeof(long_name) - 1);
	pack_file("text", TU_STR("no database"));
	pack_file("walled", TU_STR("no database"));
	pack_file("huge", TU_STR("x"));
	return truncate("huge", 200000) || symlink("text", "link") || mkdir("dir", 0700) ||
		mkdir("walled-wal", 0700) || signal(SIGXFSZ, SIG_IGN) == SIG_ERR;
}

static int tear_down(void **state)
{
	pack_remove(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_why_it_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
