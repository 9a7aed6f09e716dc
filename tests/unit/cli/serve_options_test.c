/* What `tutela serve` is asked to do: addresses, names, numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "cli/serve_options.h"

static const struct {
	const char *listen, *url, *certificate, *key, *workers;
	const char *wrong; /* in the message; NULL: fine */
	const char *host; /* that requests must name */
} cases[] = {
	{NULL, NULL, NULL, NULL, NULL, NULL, NULL},
	{"127.0.0.1:0", NULL, NULL, NULL, "4", NULL, NULL},
	{"[::1]:8080", NULL, NULL, NULL, NULL, NULL, NULL},
	{"unix:/run/tutela.sock", NULL, NULL, NULL, NULL, NULL, NULL},
	{"0.0.0.0:8080", NULL, NULL, NULL, NULL, "--public-url", NULL},
	{"[::]:8080", NULL, NULL, NULL, NULL, "--public-url", NULL},
	{"10.0.0.1:80", NULL, NULL, NULL, NULL, "--public-url", NULL},
	{"1270.0.0.1:80", NULL, NULL, NULL, NULL, "--public-url", NULL},
	{"0.0.0.0:80", "https://tutela.example", NULL, NULL, NULL, NULL, "tutela.example"},
	{"0.0.0.0:80", "https://tutela.example:8443/", NULL, NULL, NULL, NULL,
		"tutela.example:8443"},
	{NULL, "tutela.example", NULL, NULL, NULL, "https://", NULL},
	{NULL, "https://", NULL, NULL, NULL, "host", NULL},
	{NULL, "https://a@tutela.example", NULL, NULL, NULL, "host", NULL},
	{NULL, "https://tutela.example/path", NULL, NULL, NULL, "no path", NULL},
	{NULL, NULL, "c.pem", NULL, NULL, "--tls-key", NULL},
	{NULL, NULL, NULL, "k.pem", NULL, "--tls-certificate", NULL},
	{NULL, NULL, "c.pem", "k.pem", NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, "0", "--workers", NULL},
	{NULL, NULL, NULL, NULL, "eight", "--workers", NULL},
	{NULL, NULL, NULL, NULL, "-1", "--workers", NULL},
};

static void options(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_serve_request request = {.public_url = cases[i].url,
			.certificate = cases[i].certificate,
			.key = cases[i].key,
			.workers = cases[i].workers};
		struct tu_serve_places places;
		struct tu_http_options read;
		struct tu_error err = {0};
		enum tu_status status;

		if (cases[i].listen)
			request.listen.at[request.listen.count++] = cases[i].listen;
		status = tu_serve_read(&request, &places, &read, &err);
		assert_int_equal(status, cases[i].wrong ? TU_E_USAGE : TU_OK);
		if (cases[i].wrong && !strstr(err.message, cases[i].wrong))
			fail_msg("case %zu: %s", i, err.message);
		if (status == TU_OK)
			assert_int_equal(read.listen_count, 1);
		if (cases[i].host)
			assert_true(tu_str_eq(read.public_hosts[0], tu_str_c(cases[i].host)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
