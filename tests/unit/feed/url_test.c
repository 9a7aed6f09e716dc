#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "feed/url.h"

static void parses_what_a_feed_may_be(void **state)
{
	struct tu_url url;
	(void)state;

	assert_int_equal(tu_url_parse(TU_STR("https://a.example/b?c=1#d"), &url, NULL), TU_OK);
	assert_true(tu_str_eq(url.host, TU_STR("a.example")));
	assert_true(tu_str_eq(url.path, TU_STR("/b?c=1")));
	assert_true(tu_str_eq(url.origin, TU_STR("https://a.example")));
	assert_int_equal(url.port, 443);
	assert_int_equal(tu_url_parse(TU_STR("HTTPS://[::1]:8443"), &url, NULL), TU_OK);
	assert_true(tu_str_eq(url.host, TU_STR("::1")));
	assert_int_equal(url.port, 8443);
	assert_int_equal(url.path.len, 0);
}

static void refuses_the_rest(void **state)
{
	static const struct {
		const char *text;
		enum tu_status status;
	} cases[] = {
		{"http://a.example/", TU_E_UNSUPPORTED},
		{"ftp://a.example/", TU_E_UNSUPPORTED},
		{"file:///etc/passwd", TU_E_UNSUPPORTED},
		{"/relative", TU_E_UNSUPPORTED},
		{"", TU_E_UNSUPPORTED},
		{"https://", TU_E_SYNTAX},
		{"https:///path", TU_E_SYNTAX},
		{"https://user:word@a.example/", TU_E_SYNTAX},
		{"https://a.example:0/", TU_E_SYNTAX},
		{"https://a.example:99999/", TU_E_SYNTAX},
		{"https://a.example:x/", TU_E_SYNTAX},
		{"https://[::1/", TU_E_SYNTAX},
		{"https://[::1]x/", TU_E_SYNTAX},
		{"https://a.example/a b", TU_E_SYNTAX},
		{"https://a.example/\r\nHost: b", TU_E_SYNTAX},
		{"https://a.example\\@b.example/", TU_E_SYNTAX},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_error err = {0};
		struct tu_url url;

		assert_int_equal(
			tu_url_parse(tu_str_c(cases[i].text), &url, &err), cases[i].status);
		assert_true(err.message[0]);
	}
}

static void knows_private_hosts(void **state)
{
	static const char *const private_ones[] = {"localhost", "LOCALHOST", "localhost.",
		"a.localhost", "printer", "nas.local", "x.internal", "127.0.0.1", "127.1", "0x7f.1",
		"2130706433", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "::1", "::", "fe80::1", "fd00::1", "fc00::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "fe80::1%eth0",
		"224.0.0.1", "255.255.255.255", ""};
	static const char *const public_ones[] = {"nvd.nist.gov", "8.8.8.8", "172.15.0.1",
		"172.32.0.1", "192.169.0.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8",
		"localhost.example.org", "mylocal.example"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(private_ones); i++)
		if (!tu_url_is_private(tu_str_c(private_ones[i])))
			fail_msg("%s is held to be public", private_ones[i]);
	for (size_t i = 0; i < TU_COUNT(public_ones); i++)
		if (tu_url_is_private(tu_str_c(public_ones[i])))
			fail_msg("%s is held to be private", public_ones[i]);
}

static void joins_as_rfc_3986_says(void **state)
{
	static const char base[] = "https://h.example/a/b/c?q";
	static const char *const cases[][2] = {
		{"d", "https://h.example/a/b/d"},
		{"./d", "https://h.example/a/b/d"},
		{"../d", "https://h.example/a/d"},
		{"../../../../d", "https://h.example/d"},
		{"/d", "https://h.example/d"},
		{"/d/../e?x=../y", "https://h.example/e?x=../y"},
		{"d/", "https://h.example/a/b/d/"},
		{"..", "https://h.example/a/"},
		{"?x", "https://h.example/a/b/c?x"},
		{"//o.example/d", "https://o.example/d"},
		{"https://o.example/d", "https://o.example/d"},
		{"http://o.example/d", "http://o.example/d"},
	};
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, TU_URL_MAX);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		tu_buf_clear(&out);
		tu_url_join(tu_str_c(base), tu_str_c(cases[i][0]), &out);
		if (!tu_str_eq(tu_buf_str(&out), tu_str_c(cases[i][1])))
			fail_msg("%s: %.*s", cases[i][0], TU_STR_FMT(tu_buf_str(&out)));
	}
	tu_buf_done(&out);
}

static void writes_mirrors_and_escapes(void **state)
{
	struct tu_buf out;
	struct tu_url url;
	(void)state;

	tu_buf_init(&out, TU_URL_MAX);
	assert_int_equal(tu_url_parse(TU_STR("https://h.example:1/a?b"), &url, NULL), TU_OK);
	tu_url_mirror(TU_STR("https://m.example/x//"), &url, &out);
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR("https://m.example/x/h.example/a?b")));
	tu_buf_clear(&out);
	tu_url_encode(TU_STR("Rocky Linux:9/%\xc3\xa9"), &out);
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR("Rocky%20Linux%3A9%2F%25%C3%A9")));
	tu_buf_done(&out);
}

static void what_a_proxy_is_not_for(void **state)
{
	static const struct {
		const char *list, *host;
		bool excepted;
	} cases[] = {{"", "a.example", false}, {"a.example", "a.example", true},
		{"A.Example", "a.example", true}, {"example", "a.example", true},
		{".example", "a.example", true}, {"b.example, a.example", "a.example", true},
		{"b.example a.example", "a.example", true}, {"b.example", "a.example", false},
		{"xample", "a.example", false}, {"a.example.org", "a.example", false},
		{"*", "a.example", true}, {"b.example, *", "a.example", false},
		{" , ,,", "a.example", false}, {"127.0.0.1", "127.0.0.1", true},
		{"10.0.0.0/8", "10.0.0.1", false}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (tu_url_is_excepted(tu_str_c(cases[i].list), tu_str_c(cases[i].host)) !=
			cases[i].excepted)
			fail_msg("\"%s\": %s", cases[i].list, cases[i].host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_proxy_is_not_for),
		cmocka_unit_test(parses_what_a_feed_may_be),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(knows_private_hosts),
		cmocka_unit_test(joins_as_rfc_3986_says),
		cmocka_unit_test(writes_mirrors_and_escapes),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
