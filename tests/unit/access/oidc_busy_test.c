/* A provider that hangs has some threads wait, and not all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "access/oidc_provider.h"

static void the_next_one_does_not_wait(void **state)
{
	struct tu_oidc_config config = {.issuer = TU_STR("https://idp.example.org")};
	struct tu_oidc oidc = {.config = &config};
	struct tu_oidc_started started = {0};
	struct tu_oidc_done done;
	struct tu_error err = {0};

	(void)state;
	for (int i = 0; i < TU_OIDC_AT_ONCE; i++)
		assert_int_equal(tu_oidc__enter(&oidc, &err), TU_OK);
	/* nothing is asked of the provider or of a store: there are none */
	assert_int_equal(
		tu_oidc_start(&oidc, NULL, &(struct tu_oidc_start){.at = 1}, &started, &err),
		TU_E_BUSY);
	assert_int_equal(
		tu_oidc_finish(&oidc, NULL, &(struct tu_oidc_back){0}, &done, &err), TU_E_BUSY);
	tu_oidc__leave(&oidc);
	assert_int_equal(tu_oidc__enter(&oidc, &err), TU_OK);
	assert_int_equal(tu_oidc__enter(&oidc, &err), TU_E_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_next_one_does_not_wait)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
