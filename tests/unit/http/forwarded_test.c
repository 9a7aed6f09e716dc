/* Whose request it is when proxies say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/forwarded.h"

static const char *const readable[][2] = {
	{"192.0.2.1", "192.0.2.1"},
	{"192.0.2.1:80", "192.0.2.1"},
	{"::1", "::1"},
	{"[2001:db8::1]", "2001:db8::1"},
	{"[2001:db8::1]:443", "2001:db8::1"},
	{"::ffff:192.0.2.1", "192.0.2.1"},
	{"unix", "unix"},
	{"", NULL},
	{"unknown", NULL},
	{"_hidden", NULL},
	{"192.0.2.256", NULL},
	{"192.0.2", NULL},
	{"192.0.2.1:", NULL},
	{"192.0.2.1:x", NULL},
	{"[::1", NULL},
	{"[::1]x", NULL},
	{"[::1]:", NULL},
	{"fe80::1%eth0", NULL},
	{"00000000000000000000000000000000000000000000000000000000::1", NULL},
};

static void test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(readable); i++) {
		struct tu_http_address address;
		char text[TU_HTTP_ADDRESS_TEXT];
		bool read = tu_http_address_read(tu_str_c(readable[i][0]), &address);

		assert_int_equal(read, readable[i][1] != NULL);
		if (!read)
			continue;
		assert_int_equal(tu_http_address_write(&address, text), strlen(readable[i][1]));
		assert_string_equal(text, readable[i][1]);
	}
}

static const struct {
	const char *range, *address;
	int in; /* -1: no range */
} ranges[] = {
	{"10.0.0.0/8", "10.255.1.2", 1},
	{"10.0.0.0/8", "11.0.0.1", 0},
	{"10.1.2.3", "10.1.2.3", 1},
	{"10.1.2.3", "10.1.2.4", 0},
	{"192.168.4.0/22", "192.168.7.255", 1},
	{"192.168.4.0/22", "192.168.8.0", 0},
	{"0.0.0.0/0", "203.0.113.9", 1},
	{"0.0.0.0/0", "2001:db8::1", 0},
	{"fd00::/8", "fd12::1", 1},
	{"fd00::/8", "fe00::1", 0},
	{"::/0", "2001:db8::1", 1},
	{"unix", "unix", 1},
	{"unix", "127.0.0.1", 0},
	{"0.0.0.0/0", "unix", 0},
	{"10.0.0.0/33", "", -1},
	{"fd00::/129", "", -1},
	{"10.0.0.0/", "", -1},
	{"10.0.0.0/x", "", -1},
	{"unix/8", "", -1},
	{"host", "", -1},
};

static void test_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(ranges); i++) {
		struct tu_http_range range;
		struct tu_http_ranges one = {&range, 1};
		struct tu_http_address address;
		bool read = tu_http_range_read(tu_str_c(ranges[i].range), &range);

		assert_int_equal(read, ranges[i].in >= 0);
		if (!read)
			continue;
		assert_true(tu_http_address_read(tu_str_c(ranges[i].address), &address));
		if (tu_http_address_in(&address, &one) != (ranges[i].in == 1))
			fail_msg("%s in %s", ranges[i].address, ranges[i].range);
	}
}

/* The socket's peer is the trusted 10.0.0.1 but for the first row. */
static const struct {
	const char *from, *for1, *for2, *forwarded, *proto, *peer;
	bool https;
} said[] = {
	{"192.0.2.66", "6.6.6.6", NULL, "for=6.6.6.6;proto=https", "https", "192.0.2.66", false},
	{"10.0.0.1", NULL, NULL, NULL, NULL, "10.0.0.1", false},
	{"10.0.0.1", "192.0.2.1", NULL, NULL, "https", "192.0.2.1", true},
	{"10.0.0.1", "192.0.2.1", NULL, NULL, "http", "192.0.2.1", false},
	{"10.0.0.1", "6.6.6.6, 192.0.2.1", NULL, NULL, NULL, "192.0.2.1", false},
	{"10.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.2", NULL, NULL, NULL, "192.0.2.1", false},
	{"10.0.0.1", "6.6.6.6", "192.0.2.1", NULL, NULL, "192.0.2.1", false},
	{"10.0.0.1", "6.6.6.6, 192.0.2.1", "10.0.0.2", NULL, NULL, "192.0.2.1", false},
	{"10.0.0.1", "6.6.6.6, rubbish", NULL, NULL, NULL, "10.0.0.1", false},
	{"10.0.0.1", "6.6.6.6, unix", NULL, NULL, NULL, "10.0.0.1", false},
	{"10.0.0.1", "6.6.6.6, rubbish, 10.0.0.2", NULL, NULL, NULL, "10.0.0.2", false},
	{"10.0.0.1", "10.0.0.2, 10.0.0.3", NULL, NULL, NULL, "10.0.0.2", false},
	{"10.0.0.1", NULL, NULL, "for=192.0.2.1;proto=https", NULL, "192.0.2.1", true},
	{"10.0.0.1", NULL, NULL, "For=\"[2001:db8::1]:99\" ; Proto=HTTPS", NULL, "2001:db8::1",
		true},
	{"10.0.0.1", NULL, NULL, "for=6.6.6.6, for=192.0.2.1", NULL, "192.0.2.1", false},
	{"10.0.0.1", NULL, NULL, "for=192.0.2.1;for=6.6.6.6", NULL, "10.0.0.1", false},
	{"10.0.0.1", NULL, NULL, "for=_hidden", NULL, "10.0.0.1", false},
	{"10.0.0.1", NULL, NULL, "proto=https", NULL, "10.0.0.1", false},
	{"10.0.0.1", "192.0.2.1", NULL, "for=6.6.6.6", NULL, "10.0.0.1", false},
	{"10.0.0.1", "192.0.2.1", NULL, "for=192.0.2.1", "https", "192.0.2.1", true},
	{"10.0.0.1", "192.0.2.1", NULL, "for=192.0.2.1;proto=http", "https", "10.0.0.1", false},
};

static size_t put(struct tu_http_header *headers, size_t n, const char *name, const char *value)
{
	if (!value)
		return n;
	headers[n] = (struct tu_http_header){tu_str_c(name), tu_str_c(value)};
	return n + 1;
}

static void test_what_proxies_say(void **state)
{
	struct tu_http_range range;
	struct tu_http_ranges trusted = {&range, 1};

	(void)state;
	assert_true(tu_http_range_read(TU_STR("10.0.0.0/8"), &range));
	for (size_t i = 0; i < TU_COUNT(said); i++) {
		struct tu_http_header headers[4];
		struct tu_http_address peer;
		char text[TU_HTTP_ADDRESS_TEXT];
		bool https = false;
		size_t n = put(headers, 0, "x-forwarded-for", said[i].for1);

		n = put(headers, n, "X-Forwarded-For", said[i].for2);
		n = put(headers, n, "Forwarded", said[i].forwarded);
		n = put(headers, n, "X-Forwarded-Proto", said[i].proto);
		assert_true(tu_http_address_read(tu_str_c(said[i].from), &peer));
		tu_http_forwarded(headers, n, &trusted, &peer, &https);
		tu_http_address_write(&peer, text);
		if (strcmp(text, said[i].peer) != 0 || https != said[i].https)
			fail_msg("row %zu: %s, https: %d", i, text, https);
	}
}

/* Who has a /64 of IPv6 has one key. */
static void test_keys(void **state)
{
	struct tu_http_address a, b, c;

	(void)state;
	assert_true(tu_http_address_read(TU_STR("2001:db8::1"), &a));
	assert_true(tu_http_address_read(TU_STR("2001:db8::2"), &b));
	assert_true(tu_http_address_read(TU_STR("2001:db8:0:1::1"), &c));
	assert_true(tu_str_eq(tu_http_address_key(&a), tu_http_address_key(&b)));
	assert_false(tu_str_eq(tu_http_address_key(&a), tu_http_address_key(&c)));
	assert_true(tu_http_address_read(TU_STR("192.0.2.1"), &a));
	assert_true(tu_http_address_read(TU_STR("192.0.2.2"), &b));
	assert_false(tu_str_eq(tu_http_address_key(&a), tu_http_address_key(&b)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_what_proxies_say),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
