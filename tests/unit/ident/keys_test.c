#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ident/keys.h"

static struct tu_arena *arena;
static struct tu_buf key;

static int set_up(void **state)
{
	(void)state;
	arena = tu_arena_new(1 << 20);
	tu_buf_init(&key, 4096);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_arena_free(arena);
	tu_buf_done(&key);
	return 0;
}

static void assert_key(const char *wanted)
{
	tu_buf_byte(&key, '\0');
	assert_false(key.failed);
	assert_string_equal(key.ptr, wanted);
	tu_buf_clear(&key);
}

static void a_purl_s_key_is_its_package(void **state)
{
	static const char *const alike[] = {
		"pkg:pypi/Acme_Tool@1.0", "pkg:pypi/acme-tool?x=y", "pkg:PyPI/acme_tool#a/b"};
	static const char *const modules[] = {"pkg:golang/a.example/Tool@v2.0.0#v2",
		"pkg:golang/A.example/tool/v2", "pkg:golang/a.example%2Ftool%2fv2?type=module"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(alike); i++) {
		assert_true(tu_key_purl_text(arena, tu_str_c(alike[i]), &key));
		assert_key("ppkg:pypi/acme-tool");
	}
	for (size_t i = 0; i < TU_COUNT(modules); i++) {
		assert_true(tu_key_purl_text(arena, tu_str_c(modules[i]), &key));
		assert_key("ppkg:golang/a.example/tool/v2");
	}
	assert_true(tu_key_purl_text(arena, TU_STR("pkg:nuget/Acme.Tool@1"), &key));
	assert_key("ppkg:nuget/acme.tool");
	assert_true(tu_key_purl_text(arena, TU_STR("pkg:npm/Tool@1"), &key));
	assert_key("ppkg:npm/Tool");
	assert_false(tu_key_purl_text(arena, TU_STR("acme"), &key));
	assert_false(tu_key_purl_text(arena, TU_STR(""), &key));
	assert_int_equal(key.len, 0);
}

static void a_cpe_s_key_is_its_product(void **state)
{
	struct tu_cpe cpe;
	(void)state;

	assert_int_equal(
		tu_cpe_parse(arena, TU_STR("cpe:2.3:o:acme:tool:1.0:*:*:*:*:*:*:*"), &cpe, NULL),
		TU_OK);
	assert_true(tu_key_cpe(&cpe, &key));
	assert_key("c:o:acme:tool");
	tu_key_cpe_product(&cpe, &key);
	assert_key("c:acme:tool");
	assert_int_equal(
		tu_cpe_parse(arena, TU_STR("cpe:2.3:a:*:tool:1.0:*:*:*:*:*:*:*"), &cpe, NULL),
		TU_OK);
	assert_false(tu_key_cpe(&cpe, &key));
	assert_int_equal(key.len, 0);
}

static void names_hashes_and_references_have_keys_of_their_own(void **state)
{
	(void)state;
	tu_key_name(TU_STR("g"), TU_STR("n"), &key);
	assert_key("ng\nn");
	tu_key_hash(TU_STR("SHA-256"), TU_STR("ABcd"), &key);
	assert_key("hsha256 abcd");
	tu_key_hash(TU_STR("sha256"), TU_STR("abCD"), &key);
	assert_key("hsha256 abcd");
	tu_key_ref(TU_STR("A"), &key);
	assert_key("rA");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_purl_s_key_is_its_package, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_cpe_s_key_is_its_product, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			names_hashes_and_references_have_keys_of_their_own, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
