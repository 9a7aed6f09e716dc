#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/purl.h>

static int make_arena(void **state)
{
	*state = tu_arena_new(0);
	return *state ? 0 : -1;
}

static int free_arena(void **state)
{
	tu_arena_free(*state);
	return 0;
}

static void parts_are_decoded(void **state)
{
	struct tu_purl purl;

	assert_int_equal(
		tu_purl_parse(*state,
			TU_STR("pkg:deb/debian/lib%2Bx@1%3A2.0?arch=amd64&Distro=deb-12#a/b"),
			&purl, NULL),
		TU_OK);
	assert_true(tu_str_eq(purl.namespace_, TU_STR("debian")));
	assert_true(tu_str_eq(purl.name, TU_STR("lib+x")));
	assert_true(tu_str_eq(purl.version, TU_STR("1:2.0")));
	assert_true(tu_str_eq(tu_purl_qualifier(&purl, TU_STR("distro")), TU_STR("deb-12")));
	assert_int_equal(tu_purl_qualifier(&purl, TU_STR("none")).len, 0);
	assert_true(tu_str_eq(purl.subpath, TU_STR("a/b")));
}

static void building_sorts_and_drops_empty_qualifiers(void **state)
{
	static const struct tu_purl_qualifier qualifiers[] = {
		{TU_STR_INIT("os"), TU_STR_INIT("linux")}, {TU_STR_INIT("epoch"), TU_STR_INIT("")},
		{TU_STR_INIT("ARCH"), TU_STR_INIT("arm")}};
	struct tu_purl purl = {.type = TU_STR("PyPI"),
		.name = TU_STR("My_Lib"),
		.version = TU_STR("1"),
		.qualifiers = qualifiers,
		.qualifier_count = 3};
	struct tu_buf out;

	assert_int_equal(tu_purl_normalise(*state, &purl, NULL), TU_OK);
	tu_buf_init(&out, 4096);
	tu_purl_write(&purl, &out);
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR("pkg:pypi/my-lib@1?arch=arm&os=linux")));
	tu_buf_done(&out);
}

static void errors_name_the_part_and_the_byte(void **state)
{
	struct tu_purl purl;
	struct tu_error err;

	assert_int_equal(tu_purl_parse(*state, TU_STR("pkg:npm/a%zz"), &purl, &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 9);
	assert_non_null(strstr(err.message, "name"));
	assert_int_equal(tu_purl_parse(*state, TU_STR("pkg:npm/a\0b"), &purl, &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 9);
}

static void types_have_schemes(void **state)
{
	(void)state;
	assert_int_equal(tu_purl_scheme(TU_STR("npm")), TU_SCHEME_NPM);
	assert_int_equal(tu_purl_scheme(TU_STR("deb")), TU_SCHEME_DEB);
	assert_int_equal(tu_purl_scheme(TU_STR("generic")), TU_SCHEME_GENERIC);
	assert_int_equal(tu_purl_scheme(TU_STR("something-new")), TU_SCHEME_GENERIC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_decoded),
		cmocka_unit_test(building_sorts_and_drops_empty_qualifiers),
		cmocka_unit_test(errors_name_the_part_and_the_byte),
		cmocka_unit_test(types_have_schemes),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
