/* Who is trusted: both the document's author and the one whom the statement names. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/vex.h>

static bool trusts(
	bool own, const char *document_author, const char *claim_author, bool sbom, bool files)
{
	static const struct tu_str authors[] = {TU_STR_INIT("Acme"), TU_STR_INIT("Zeta")};
	const struct tu_vex_trust trust = {sbom, files, authors, 2};
	const struct tu_vex_document document = {.own = own, .author = tu_str_c(document_author)};
	const struct tu_vex_claim claim = {.author = tu_str_c(claim_author)};

	return tu_vex_trusts(&trust, &document, &claim);
}

static void both_must_be_named(void **state)
{
	(void)state;
	assert_true(trusts(false, "Acme", "Acme", false, false));
	assert_true(trusts(false, "Zeta", "Acme", false, false));
	assert_false(trusts(false, "Acme", "Mallory", false, false));
	assert_false(trusts(false, "Mallory", "Acme", false, false));
	assert_false(trusts(false, "Mallory", "Mallory", false, false));
	assert_false(trusts(false, "", "", false, false));
	assert_false(trusts(false, "Acme", "acme", false, false));
}

static void each_flag_is_about_its_own_documents(void **state)
{
	(void)state;
	assert_true(trusts(true, "", "", true, false));
	assert_false(trusts(false, "", "", true, false));
	assert_true(trusts(false, "", "", false, true));
	assert_false(trusts(true, "", "", false, true));
	assert_true(trusts(true, "Acme", "Zeta", false, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_must_be_named),
		cmocka_unit_test(each_flag_is_about_its_own_documents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
