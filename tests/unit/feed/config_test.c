#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "feed/source.h"
#include "feed/url.h"
#include "error_text.h"

static struct tu_arena *arena;

static enum tu_status apply(const char *text, struct tu_feed_config *config, struct tu_error *err)
{
	assert_true(tu_feed_config_init(arena, config));
	return tu_feed_config_apply(arena, tu_str_c(text), config, err);
}

static void built_in_sources_are_sound(void **state)
{
	(void)state;

	for (size_t i = 0; i < tu_feed_source_count; i++) {
		const struct tu_feed_source *s = &tu_feed_sources[i];
		struct tu_url url;
		struct tu_str template = s->url;
		size_t hole = tu_str_search(template, TU_STR("{}"));

		if (hole < template.len)
			template = tu_str_first(template, hole);
		assert_int_equal(tu_url_parse(template, &url, NULL), TU_OK);
		assert_false(tu_url_is_private(url.host));
		assert_true(s->name.len && s->gives.len && s->form.len && s->check.len);
		assert_true(s->max_age >= 86400 && s->bytes_max > 0 && s->delay_ms > 0);
		for (size_t k = 0; k < i; k++)
			assert_false(tu_str_eq(s->name, tu_feed_sources[k].name));
	}
}

static void nvd_is_asked_as_it_wants(void **state)
{
	struct tu_feed_config config;
	const struct tu_feed_source *nvd;
	(void)state;

	assert_true(tu_feed_config_init(arena, &config));
	nvd = tu_feed_config_find(&config, TU_STR("nvd"));
	/* 5 requests in 30 seconds, 50 with a key */
	assert_true(nvd->delay_ms >= 30000 / 5);
	assert_true(nvd->keyed_delay_ms >= 30000 / 50);
}

static void sections_and_keys(void **state)
{
	static const char text[] =
		"# all\nmirror = https://m.example/x\r\nretries=2\n stall = 90s \n"
		"[nvd]\n; a comment\napi_key = abc = def\ndelay = 500ms\nmax_age = 36h\n"
		"[kev]\nenabled = no\n"
		"[own-1]\nmethod = csaf\nurl = https://psirt.example/pm.json\n"
		"max_megabytes = 5\nopenpgp_key = /etc/acme.asc\n";
	struct tu_feed_config config;
	struct tu_feed_source *s;
	(void)state;

	assert_int_equal(apply(text, &config, NULL), TU_OK);
	assert_true(tu_str_eq(config.mirror, TU_STR("https://m.example/x")));
	assert_int_equal(config.retries, 2);
	assert_int_equal(config.stall_s, 90);
	s = tu_feed_config_find(&config, TU_STR("nvd"));
	assert_true(tu_str_eq(s->key, TU_STR("abc = def")));
	assert_int_equal(s->delay_ms, 500);
	assert_int_equal(s->max_age, 36 * 3600);
	assert_true(s->chosen && !s->own);
	s = tu_feed_config_find(&config, TU_STR("kev"));
	assert_true(!s->chosen && s->refused);
	s = tu_feed_config_find(&config, TU_STR("own-1"));
	assert_true(s->chosen && s->own && s->method == TU_FEED_BY_CSAF);
	assert_int_equal(s->bytes_max, 5000000);
	assert_true(tu_str_eq(s->openpgp_key, TU_STR("/etc/acme.asc")));
	assert_null(tu_feed_config_find(&config, TU_STR("own")));
}

static void faults_name_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{"x", "line 1: expected"},
		{"\n\nx = 1\n", "line 3: no such key"},
		{"[kev\n", "line 1: a section"},
		{"[../x]\n", "line 1: a source's name"},
		{"[]\n", "line 1: a source's name"},
		{"[kev]\nenabled = maybe\n", "line 2: expected yes or no"},
		{"[kev]\ndelay = 5 weeks\n", "line 2: not a duration"},
		{"[kev]\nmax_age = 99999999999d\n", "line 2: not a duration"},
		{"[kev]\nmax_megabytes = -1\n", "line 2: not a number"},
		{"[kev]\nurl = http://a.example/\n",
			"line 2: not https: feeds are only taken over TLS: \"http://a.example/\""},
		{"[kev]\nurl =\n", "[kev] has no url"},
		{"[kev]\nmethod = magic\n", "line 2: expected files"},
		{"[new]\n", "[new] has no url"},
		{"[osv]\nurl = https://a.example/\n", "[osv]: the url has no"},
		{"[kev]\nopenpgp_key = x\n", "[kev]: openpgp_key is for"},
		{"retries = 1000\n", "line 1: not a number"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_feed_config config;
		struct tu_error err = {0};

		assert_int_not_equal(apply(cases[i].text, &config, &err), TU_OK);
		if (!tu_str_starts(tu_str_c(error_text(&err)), tu_str_c(cases[i].message)))
			fail_msg("%s: %s", cases[i].text, error_text(&err));
	}
}

static void durations(void **state)
{
	uint64_t ms;
	(void)state;

	assert_true(tu_feed_duration(TU_STR("6"), &ms) && ms == 6000);
	assert_true(tu_feed_duration(TU_STR("20 ms"), &ms) && ms == 20);
	assert_true(tu_feed_duration(TU_STR("2d"), &ms) && ms == 172800000);
	assert_false(tu_feed_duration(TU_STR(""), &ms));
	assert_false(tu_feed_duration(TU_STR("s"), &ms));
	assert_false(tu_feed_duration(TU_STR("-1s"), &ms));
	assert_false(tu_feed_duration(TU_STR("1.5s"), &ms));
}

static int set_up(void **state)
{
	(void)state;
	arena = tu_arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_in_sources_are_sound),
		cmocka_unit_test(nvd_is_asked_as_it_wants),
		cmocka_unit_test(sections_and_keys),
		cmocka_unit_test(faults_name_their_line),
		cmocka_unit_test(durations),
	};

	return cmocka_run_group_tests_name("config", tests, set_up, tear_down);
}
