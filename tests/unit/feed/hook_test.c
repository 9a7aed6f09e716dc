#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "feed/hook.h"

static void addresses_are_of_kinds(void **state)
{
	static const struct {
		const char *address;
		unsigned nets;
	} cases[] = {
		{"8.8.8.8", 0},
		{"100.63.255.255", 0},
		{"172.32.0.1", 0},
		{"192.167.1.1", 0},
		{"127.0.0.1", TU_HOOK_LOOPBACK},
		{"127.255.255.254", TU_HOOK_LOOPBACK},
		{"169.254.169.254", TU_HOOK_LINK_LOCAL},
		{"10.1.2.3", TU_HOOK_PRIVATE},
		{"100.64.0.1", TU_HOOK_PRIVATE},
		{"172.16.0.1", TU_HOOK_PRIVATE},
		{"172.31.255.255", TU_HOOK_PRIVATE},
		{"192.168.255.1", TU_HOOK_PRIVATE},
		{"0.0.0.0", TU_HOOK_NOWHERE},
		{"224.0.0.1", TU_HOOK_NOWHERE},
		{"255.255.255.255", TU_HOOK_NOWHERE},
		{"2606:4700::1111", 0},
		{"::1", TU_HOOK_LOOPBACK},
		{"::", TU_HOOK_NOWHERE},
		{"fe80::1", TU_HOOK_LINK_LOCAL},
		{"febf::1", TU_HOOK_LINK_LOCAL},
		{"fec0::1", TU_HOOK_PRIVATE},
		{"fd00:ec2::254", TU_HOOK_PRIVATE},
		{"ff02::1", TU_HOOK_NOWHERE},
		{"::ffff:127.0.0.1", TU_HOOK_LOOPBACK},
		{"::ffff:169.254.169.254", TU_HOOK_LINK_LOCAL},
		{"::ffff:8.8.8.8", 0},
		{"64:ff9b::10.0.0.1", TU_HOOK_PRIVATE},
		{"2002:7f00:1::", TU_HOOK_LOOPBACK},
	};
	uint8_t bytes[16];
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool six = strchr(cases[i].address, ':') != NULL;

		assert_int_equal(inet_pton(six ? AF_INET6 : AF_INET, cases[i].address, bytes), 1);
		assert_int_equal(tu_hook_net_of(bytes, six ? 16 : 4), cases[i].nets);
	}
}

static void places_are_checked(void **state)
{
	static const struct {
		const char *url;
		unsigned allowed;
		enum tu_status status;
	} cases[] = {
		{"https://hooks.example.org/a?b=c", 0, TU_OK},
		{"https://hooks.example.org:8443/", 0, TU_OK},
		{"http://hooks.example.org/", 0, TU_E_USAGE},
		{"http://hooks.example.org/", TU_HOOK_PRIVATE, TU_OK},
		{"https://127.0.0.1/", 0, TU_E_USAGE},
		{"https://localhost/", 0, TU_E_USAGE},
		{"https://127.0.0.1/", TU_HOOK_LOOPBACK, TU_OK},
		{"https://127.0.0.1/", TU_HOOK_PRIVATE, TU_E_USAGE},
		{"https://[::1]/", 0, TU_E_USAGE},
		{"https://[::1]:8443/", TU_HOOK_LOOPBACK, TU_OK},
		{"https://169.254.169.254/latest", TU_HOOK_LOOPBACK | TU_HOOK_PRIVATE, TU_E_USAGE},
		{"https://0.0.0.0/", 7, TU_E_USAGE},
		{"https://a:b@hooks.example.org/", 0, TU_E_USAGE},
		{"https://hooks.example.org/\r\nX: y", 0, TU_E_USAGE},
		{"https://hooks.example.org/#a", 0, TU_E_USAGE},
		{"https://", 0, TU_E_USAGE},
		{"https://[::1", 7, TU_E_USAGE},
		{"ftp://hooks.example.org/", 7, TU_E_USAGE},
		{"file:///etc/passwd", 7, TU_E_USAGE},
		{"", 7, TU_E_USAGE},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(tu_hook_check(tu_str_c(cases[i].url), cases[i].allowed, NULL),
			cases[i].status);
}

/* What the check of the text lets pass is judged when the connection is made. */
static void a_name_that_means_this_machine_is_refused(void **state)
{
	struct tu_hook hook = {.url = TU_STR("https://2130706433/"), .body = TU_STR("{}")};
	struct tu_error err = {0};
	(void)state;

	enum tu_status status = tu_hook_send(&hook, &err);

	if (status == TU_E_UNSUPPORTED)
		skip();
	assert_int_equal(status, TU_E_CONSTRAINT);
	assert_non_null(strstr(err.message, "loopback"));
	hook.url = TU_STR("https://0x7f.1/");
	assert_int_equal(tu_hook_send(&hook, &err), TU_E_CONSTRAINT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_of_kinds),
		cmocka_unit_test(places_are_checked),
		cmocka_unit_test(a_name_that_means_this_machine_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
