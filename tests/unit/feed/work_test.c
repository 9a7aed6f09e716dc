#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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
	assert_true(tu_str_eq(
		work_item_name(&work, TU_STR("v3.18/main.json")), TU_STR("v3.18_main.json")));
	assert_true(tu_feed_file_name_ok(work_item_name(&work, TU_STR("../../x"))));
	tu_arena_free(work.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_lead_nowhere_else),
		cmocka_unit_test(items_become_urls_and_names),
	};

	return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
