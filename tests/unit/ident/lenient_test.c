#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ident/lenient.h"
#include "ident/package.h"

static struct tu_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = tu_arena_new((size_t)1 << 22);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

/* `wanted` NULL: type or name is not clear. */
struct row {
	const char *text;
	const char *wanted;
	bool valid;
};

static void assert_text(struct tu_buf *got, const struct row *row)
{
	tu_buf_byte(got, '\0');
	assert_false(got->failed);
	if (strcmp(got->ptr, row->wanted) != 0)
		fail_msg("%s: %s, not %s", row->text, got->ptr, row->wanted);
	tu_buf_clear(got);
}

static void purls_are_used_as_far_as_they_are_clear(void **state)
{
	static const struct row rows[] = {
		{"pkg:npm/pump@1.0.0", "pkg:npm/pump@1.0.0", true},
		{" \t\r\npkg:npm/pump@1.0.0\xc2\xa0\n", "pkg:npm/pump@1.0.0", true},
		{"PKG://NPM/pump@1", "pkg:npm/pump@1", true},
		{"npm/pump@1", "pkg:npm/pump@1", false},
		{"NPM/pump@1", "pkg:npm/pump@1", false},
		{"acme/pump@1", NULL, false},
		{"pkg%3Amaven%2Forg.acme%2Fpump%401", "pkg:maven/org.acme/pump@1", false},
		{"pkg: npm / pump@1", "pkg:npm/pump@1", false},
		{"pkg:npm/pu\nmp@1", "pkg:npm/pump@1", false},
		{"pkg:npm/pump@%1", "pkg:npm/pump@%251", false},
		{"pkg:npm/pump@1%00", "pkg:npm/pump@1%2500", false},
		{"pkg:npm/pump@%ff", "pkg:npm/pump@%25ff", false},
		{"pkg:golang/a.example%2fb/pump@v1", "pkg:golang/a.example/b/pump@v1", false},
		{"pkg:deb/pump@1?arch=arm64", "pkg:deb/pump@1?arch=arm64", false},
		{"pkg:pypi/acme/Pump@1", "pkg:pypi/pump@1", false},
		{"pkg:cocoapods/Acme/Core@1", "pkg:cocoapods/Acme@1", false},
		{"pkg:swid/acme/pump@1", "pkg:swid/acme/pump@1", false},
		{"pkg:npm/pump@1?a=1&a=1&b=2", "pkg:npm/pump@1?a=1&b=2", false},
		{"pkg:npm/pump@1?a=1&a=2&b=2", "pkg:npm/pump@1?b=2", false},
		{"pkg:npm/pump@1?a=1&a=2&a=1&b=2", "pkg:npm/pump@1?b=2", false},
		{"pkg:npm/pump@1?=2&1x=1&a b=1&c", "pkg:npm/pump@1", false},
		{"pkg:npm/pump@1? a = 1 ", "pkg:npm/pump@1?a=1", false},
		{"pkg:npm/@1", NULL, false},
		{"pkg:npm", NULL, false},
		{"pkg:n_m/pump@1", NULL, false},
		{"", NULL, false},
		{"\xff", NULL, false},
	};
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 4096);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error fault = {0};
		struct tu_purl purl;
		enum tu_status status = tu_purl_read(arena, tu_str_c(rows[i].text), &purl, &fault);

		if ((status == TU_OK) != (rows[i].wanted != NULL) ||
			(fault.status == TU_OK) != rows[i].valid)
			fail_msg("%s: status %d, fault %d", rows[i].text, status, fault.status);
		if (status)
			continue;
		tu_purl_write(&purl, &text);
		assert_text(&text, &rows[i]);
	}
	tu_buf_done(&text);
}

static void more_qualifiers_than_there_is_room_for(void **state)
{
	struct tu_error fault = {0};
	struct tu_purl purl;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1 << 16);
	tu_buf_c(&text, "pkg:npm/pump@1?z=z");
	for (int i = 0; i < 100; i++)
		tu_buf_printf(&text, "&k%d=%d", i, i);
	assert_int_equal(tu_purl_read(arena, tu_buf_str(&text), &purl, &fault), TU_OK);
	assert_int_equal(fault.status, TU_E_LIMIT);
	assert_int_equal(purl.qualifier_count, TU_PURL_QUALIFIERS_MAX);
	while (text.len <= TU_PURL_MAX)
		tu_buf_byte(&text, 'x');
	fault = (struct tu_error){0};
	assert_int_equal(tu_purl_read(arena, tu_buf_str(&text), &purl, &fault), TU_E_LIMIT);
	tu_buf_done(&text);
}

static void cpes_are_used_as_far_as_they_are_clear(void **state)
{
	static const struct row rows[] = {
		{" cpe:/a:acme:pump:1 ", "cpe:2.3:a:acme:pump:1:*:*:*:*:*:*:*", true},
		{"cpe:2.3:a:acme:pump", "cpe:2.3:a:acme:pump:*:*:*:*:*:*:*:*", false},
		{"cpe:2.3:a:acme:pump:1:*:*:*:*:*:*", "cpe:2.3:a:acme:pump:1:*:*:*:*:*:*:*", false},
		{"cpe:2.3:a:acme:pump:1:*:*:*:*:*:*:*:*", "cpe:2.3:a:acme:pump:1:*:*:*:*:*:*:*",
			false},
		{"cpe:2.3:a:acme:pump:1:2:*:*:*:*:*:*:*", "cpe:2.3:a:acme:pump:*:*:*:*:*:*:*:*",
			false},
		{"cpe:2.3:a:acme:pump::::::::", "cpe:2.3:a:acme:pump:*:*:*:*:*:*:*:*", false},
		{"cpe:2.3:q:acme:pump:1:*:*:*:*:*:*:*", "cpe:2.3:*:acme:pump:1:*:*:*:*:*:*:*",
			false},
		{"cpe:2.3:a:Acme Inc:Pump:1:*:*:*:*:*:*:*",
			"cpe:2.3:a:acme_inc:pump:1:*:*:*:*:*:*:*", false},
		{"cpe:2.2:a:acme:pump:1", "cpe:2.3:a:acme:pump:1:*:*:*:*:*:*:*", false},
		{"cpe://a:acme:pump:1", "cpe:2.3:a:acme:pump:1:*:*:*:*:*:*:*", false},
		{"cpe:/a:acme:pump:1:2:3:en:x:y", "cpe:2.3:a:acme:pump:1:2:3:en:*:*:*:*", false},
		{"cpe:2.3:a:acme:pump:1*2:*:*:*:*:*:*:*", "cpe:2.3:a:acme:pump:1\\*2:*:*:*:*:*:*:*",
			false},
		{"cpe:2.3:a:acme", NULL, false},
		{"cpe:2.3:a:acme:*:1", NULL, false},
		{"acme:pump:1", NULL, false},
		{"", NULL, false},
	};
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 4096);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error fault = {0};
		struct tu_cpe cpe;
		enum tu_status status = tu_cpe_read(arena, tu_str_c(rows[i].text), &cpe, &fault);

		if ((status == TU_OK) != (rows[i].wanted != NULL) ||
			(fault.status == TU_OK) != rows[i].valid)
			fail_msg("%s: status %d, fault %d", rows[i].text, status, fault.status);
		if (status)
			continue;
		tu_cpe_write(&cpe, &text);
		assert_text(&text, &rows[i]);
	}
	tu_buf_done(&text);
}

static void names_are_brought_to_those_of_records(void **state)
{
	static const struct row rows[] = {
		{"pkg:npm/%40acme%2Fpump@1", "pkg:npm/%40acme/pump@1", true},
		{"pkg:npm/acme/pump@1", "pkg:npm/%40acme/pump@1", true},
		{"pkg:npm/pump@1", "pkg:npm/pump@1", true},
		{"pkg:pypi/acme.Pump_x", "pkg:pypi/acme-pump-x", true},
		{"pkg:composer/acme%2Fpump", "pkg:composer/acme/pump", false},
		{"pkg:maven/org.acme:pump@1", "pkg:maven/org.acme/pump@1", false},
		{"pkg:golang/std@1#net/http", "pkg:golang/stdlib@1", true},
		{"pkg:golang/golang.org/toolchain@1", "pkg:golang/toolchain@1", true},
		{"pkg:golang/a.b/c@v5.0.0#v5", "pkg:golang/a.b/c/v5@v5.0.0", true},
		{"pkg:golang/a.b/c@v5.0.0?type=package#v5",
			"pkg:golang/a.b/c@v5.0.0?type=package#v5", true},
		{"pkg:generic/a%2Fb", "pkg:generic/a%2Fb", true},
		{"pkg:pypi/Acme-Pump%5Bsocks%2Ctls%5D@1", "pkg:pypi/acme-pump@1", true},
		{"pkg:conan/_/pump@1", "pkg:conan/pump@1", true},
		{"pkg:githubactions/Acme/Pump@v1", "pkg:github/acme/pump@v1", true},
		{"pkg:alpine/pump@1-r0", "pkg:apk/alpine/pump@1-r0", true},
	};
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 4096);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error fault = {0};
		struct tu_purl purl;

		assert_int_equal(tu_purl_read(arena, tu_str_c(rows[i].text), &purl, &fault), TU_OK);
		if ((fault.status == TU_OK) != rows[i].valid)
			fail_msg("%s: fault %d", rows[i].text, fault.status);
		assert_true(tu_package_settle(arena, &purl));
		tu_purl_write(&purl, &text);
		assert_text(&text, &rows[i]);
	}
	tu_buf_done(&text);
}

static void versions_of_packages(void **state)
{
	static const char *const versions[][3] = {{"gem", "1.15.5-x86_64-linux", "1.15.5"},
		{"gem", "9.4.0-java", "9.4.0"}, {"gem", "1.0-arm64-darwin-22", "1.0"},
		{"gem", "1.0.pre.2", "1.0.pre.2"}, {"gem", "1.0-rc1", "1.0-rc1"},
		{"npm", "1.0.0-java", "1.0.0-java"}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(versions); i++) {
		struct tu_purl purl = {.type = tu_str_c(versions[i][0])};
		struct tu_str got = tu_package_version(&purl, tu_str_c(versions[i][1]));

		if (!tu_str_eq(got, tu_str_c(versions[i][2])))
			fail_msg("%s: %.*s", versions[i][1], TU_STR_FMT(got));
	}
}

static void texts_that_are_no_version(void **state)
{
	static const char *const none[] = {"${project.version}", "1.0-$(Suffix)", "2.1.x-dev",
		"LATEST", "n/a", "-", "master", "[3.0,4.0)", "(,9]", "(devel)", ">=9", "9.0,<10",
		"^1.2", "~>9.0", "9 - 10", "9 || 10", "1.x", "3.*", "3.+", "file:../x2",
		"sha256:0123", "git+https://acme.example/x2",
		"0123456789abcdef0123456789abcdef01234567", "0123456789ab"};
	static const char *const some[] = {"2.1-dev", "$1.0", "1:2.0-1", "20240101", "202401010101",
		"1a", "r03", "V1.0", "=1.0.0", "1.0 (build 5)", "2.0^20240101git1a2b3c4-1",
		"1.0~rc1", "dev-1.0", "1!2.0", "0x1", ""};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(none); i++) {
		if (!tu_package_has_no_version(tu_str_c(none[i])))
			fail_msg("%s is taken for a version", none[i]);
	}
	for (size_t i = 0; i < TU_COUNT(some); i++) {
		if (tu_package_has_no_version(tu_str_c(some[i])))
			fail_msg("%s is not taken for a version", some[i]);
	}
}

static void versions_and_paths_of_go(void **state)
{
	const struct tu_purl own = {.type = TU_STR_INIT("golang"), .name = TU_STR_INIT("stdlib")};
	static const char *const versions[][2] = {{"go1.21.0", "go1.21.0"},
		{"go1.21.0 X:boringcrypto", "go1.21.0"}, {"go1.21.0X:a,b", "go1.21.0"},
		{"v0.0.1-go1.21.0.linux-amd64", "1.21.0"}, {"1.20", "1.20"}, {"", ""}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(versions); i++) {
		struct tu_str got = tu_package_version(&own, tu_str_c(versions[i][0]));

		if (!tu_str_eq(got, tu_str_c(versions[i][1])))
			fail_msg("%s: %.*s", versions[i][0], TU_STR_FMT(got));
	}
	assert_true(tu_package_go_may_have(TU_STR("a.b/c"), TU_STR("v1.2.3")));
	assert_false(tu_package_go_may_have(TU_STR("a.b/c"), TU_STR("v2.0.0")));
	assert_true(tu_package_go_may_have(TU_STR("a.b/c"), TU_STR("v2.0.0+incompatible")));
	assert_true(tu_package_go_may_have(TU_STR("a.b/c/v2"), TU_STR("v2.0.0")));
	assert_false(tu_package_go_may_have(TU_STR("a.b/c/v2"), TU_STR("v3.0.0")));
	assert_true(tu_package_go_may_have(TU_STR("gopkg.in/c.v2"), TU_STR("v2.0.0")));
	assert_true(tu_package_go_is_major(TU_STR("a.b/c/v2"), TU_STR("v2.0.0")));
	assert_false(tu_package_go_is_major(TU_STR("a.b/c/v1"), TU_STR("v1.0.0")));
}

static void names_that_mean_one_package(void **state)
{
	(void)state;
	assert_true(tu_package_same(TU_STR("nuget"), TU_STR("Acme.Pump"), TU_STR("acme.pump")));
	assert_true(tu_package_same(TU_STR("cargo"), TU_STR("a_b"), TU_STR("A-b")));
	assert_false(tu_package_same(TU_STR("nuget"), TU_STR("a_b"), TU_STR("a-b")));
	assert_false(tu_package_same(TU_STR("npm"), TU_STR("Pump"), TU_STR("pump")));
	assert_false(tu_package_same(TU_STR("nuget"), TU_STR("pump"), TU_STR("pumps")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(purls_are_used_as_far_as_they_are_clear),
		cmocka_unit_test(more_qualifiers_than_there_is_room_for),
		cmocka_unit_test(cpes_are_used_as_far_as_they_are_clear),
		cmocka_unit_test(names_are_brought_to_those_of_records),
		cmocka_unit_test(versions_of_packages),
		cmocka_unit_test(texts_that_are_no_version),
		cmocka_unit_test(versions_and_paths_of_go),
		cmocka_unit_test(names_that_mean_one_package),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
