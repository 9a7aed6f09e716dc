#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "feed/work.h"
#include "error_text.h"

static const struct tu_feed_source public_source = {
	.url = TU_STR_INIT("https://psirt.example/csaf/provider-metadata.json"),
	.hosts = TU_STR_INIT("files.example, Mirror.Example")};
static const struct tu_feed_source inner_source = {
	.url = TU_STR_INIT("https://10.0.0.5:8443/provider-metadata.json")};

static void documents_lead_nowhere_else(void **state)
{
	static const struct {
		const struct tu_feed_source *source;
		const char *url;
		const char *words; /* NULL: fine */
	} cases[] = {
		{&public_source, "https://psirt.example/2026/a.json", NULL},
		{&public_source, "https://PSIRT.example:443/a.json", NULL},
		{&public_source, "https://files.example/a.json", NULL},
		{&public_source, "https://mirror.example/a.json", NULL},
		{&public_source, "https://psirt.example:8443/a.json", "another host"},
		{&public_source, "https://other.example/a.json", "another host"},
		{&public_source, "https://files.example.evil.example/a.json", "another host"},
		{&public_source, "https://localhost/a.json", "this machine"},
		{&public_source, "https://127.0.0.1/a.json", "this machine"},
		{&public_source, "https://[::ffff:10.1.1.1]/a.json", "this machine"},
		{&public_source, "https://169.254.169.254/latest/meta-data", "this machine"},
		{&public_source, "https://router/a.json", "this machine"},
		{&public_source, "http://psirt.example/a.json", "not https"},
		{&public_source, "file:///etc/passwd", "not an https"},
		{&inner_source, "https://10.0.0.5:8443/a.json", NULL},
		{&inner_source, "https://10.0.0.6:8443/a.json", "another host"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct work work = {.source = cases[i].source};
		struct tu_error err = {0};
		enum tu_status status = work_check_url(&work, tu_str_c(cases[i].url), &err);
		struct tu_str message = tu_str_c(error_text(&err));

		if (!cases[i].words) {
			assert_int_equal(status, TU_OK);
			continue;
		}
		if (status == TU_OK ||
			tu_str_search(message, tu_str_c(cases[i].words)) == message.len)
			fail_msg("%s: %s", cases[i].url, error_text(&err));
	}
}

static void items_become_urls_and_names(void **state)
{
	struct work work = {.arena = tu_arena_new(0)};
	struct tu_str url = TU_STR("https://a.example/{}/x");
	(void)state;

	assert_true(tu_str_eq(work_item_url(&work, url, TU_STR("Rocky Linux")),
		TU_STR("https://a.example/Rocky%20Linux/x")));
	assert_true(tu_str_eq(work_item_url(&work, url, TU_STR("v3.18/main.json")),
		TU_STR("https://a.example/v3.18/main.json/x")));
	assert_true(tu_feed_file_name_ok(work_item_name(&work, TU_STR("../../x"))));
	tu_arena_free(work.arena);
}

/* Names of what is stored: readable, and never one for two. */
static void names_are_of_one_item(void **state)
{
	static const char *const items[] = {"v3.18/main.json", "v3.18_main.json", "v3.18:main.json",
		"Rocky Linux", "Rocky_Linux", "rocky_linux", "a~0123456789abcdef", "a", "a/", "/a"};
	static const char *const urls[] = {"https://a.example/csaf/2024/a.json",
		"https://a.example/csaf/2024_a.json", "https://b.example/csaf/2024/a.json",
		"https://a.example:8443/csaf/2024/a.json", "https://a.example/csaf/2024/a.json?v=2",
		"https://a.example/csaf/2024/A.json"};
	struct work work = {.arena = tu_arena_new(0)};
	struct tu_str names[TU_COUNT(items) + TU_COUNT(urls)];
	size_t count = 0;
	char long_item[600];
	(void)state;

	for (size_t i = 0; i < TU_COUNT(items); i++)
		names[count++] = work_item_name(&work, tu_str_c(items[i]));
	for (size_t i = 0; i < TU_COUNT(urls); i++)
		names[count++] = work_url_name(&work, tu_str_c(urls[i]));
	for (size_t i = 0; i < count; i++) {
		assert_true(tu_feed_file_name_ok(names[i]));
		for (size_t k = 0; k < i; k++)
			if (tu_str_eq(names[i], names[k]))
				fail_msg("%zu and %zu: %.*s", k, i, TU_STR_FMT(names[i]));
	}
	assert_true(tu_str_eq(names[1], TU_STR("v3.18_main.json")));
	assert_true(tu_str_starts(names[0], TU_STR("v3.18_main.json~")));
	memset(long_item, 'x', sizeof(long_item));
	assert_true(tu_feed_file_name_ok(
		work_item_name(&work, tu_str_of(long_item, sizeof(long_item)))));
	tu_arena_free(work.arena);
}

static void a_large_loss_is_one(void **state)
{
	static const struct {
		uint64_t before, now;
		uint32_t percent;
		bool lost;
	} cases[] = {{0, 0, 10, false}, {10, 10, 10, false}, {10, 11, 0, false}, {10, 9, 10, false},
		{10, 8, 10, true}, {900, 1, 10, true}, {4, 2, 25, true}, {5, 4, 25, false},
		{4, 3, 25, false}, {3, 2, 25, true}, {1, 0, 25, true}, {1, 0, 100, false},
		{2, 1, 0, true}, {UINT64_MAX, 0, 99, true}, {UINT64_MAX, UINT64_MAX / 2, 25, true}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (work_is_loss(cases[i].before, cases[i].now, cases[i].percent) != cases[i].lost)
			fail_msg("%zu: %llu to %llu", i, (unsigned long long)cases[i].before,
				(unsigned long long)cases[i].now);
}

static void an_older_one_is_refused(void **state)
{
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(work_check_age(0, 1800000000, NULL), TU_OK);
	assert_int_equal(work_check_age(1800000000, 0, NULL), TU_OK);
	assert_int_equal(work_check_age(1800000000, 1800000000, NULL), TU_OK);
	assert_int_equal(work_check_age(1799999999, 1800000000, &err), TU_E_CORRUPT);
	assert_non_null(strstr(error_text(&err), "2027-01-15T08:00:00Z"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_lead_nowhere_else),
		cmocka_unit_test(items_become_urls_and_names),
		cmocka_unit_test(names_are_of_one_item),
		cmocka_unit_test(a_large_loss_is_one),
		cmocka_unit_test(an_older_one_is_refused),
	};

	return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
