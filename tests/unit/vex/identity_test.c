/* Which component a product of a statement is. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "vex/identity.h"

static const char sbom[] =
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"serialNumber\":"
	"\"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\",\"components\":["
	"{\"type\":\"library\",\"bom-ref\":\"a\",\"name\":\"openssl\",\"version\":\"1.1.1\","
	"\"purl\":\"pkg:deb/debian/openssl@1.1.1?arch=arm64&distro=debian-11\","
	"\"cpe\":\"cpe:2.3:a:openssl:openssl:1.1.1:*:*:*:*:*:*:*\",\"hashes\":[{\"alg\":"
	"\"SHA-256\",\"content\":"
	"\"abababababababababababababababababababababababababababababababab\"}]},"
	"{\"type\":\"library\",\"bom-ref\":\"b\",\"name\":\"zlib\",\"version\":\"1.2\"}]}";

struct bench {
	struct tu_arena *arena;
	struct tu_identity identity;
};

static int set_up(void **state)
{
	static struct bench bench;
	const struct tu_inventory *inventory;

	bench.arena = tu_arena_new(0);
	assert_int_equal(
		tu_sbom_read(bench.arena, tu_str_c(sbom), false, NULL, &inventory, NULL), TU_OK);
	assert_int_equal(tu_identity_init(&bench.identity, bench.arena, inventory), TU_OK);
	*state = &bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	tu_identity_done(&bench->identity);
	tu_arena_free(bench->arena);
	return 0;
}

static enum tu_vex_outcome by_purl(struct bench *bench, const char *text)
{
	const struct tu_str purl = tu_str_c(text);
	const struct tu_vex_product product = {.purls = &purl, .purl_count = 1};

	return tu_identity_find(&bench->identity, &product);
}

static enum tu_vex_outcome by_cpe(struct bench *bench, const char *text)
{
	const struct tu_str cpe = tu_str_c(text);
	const struct tu_vex_product product = {.cpes = &cpe, .cpe_count = 1};

	return tu_identity_find(&bench->identity, &product);
}

static void test_purls(void **state)
{
	static const struct {
		const char *purl;
		enum tu_vex_outcome outcome;
	} cases[] = {
		{"pkg:deb/debian/openssl@1.1.1", TU_VEX_APPLIES},
		{"pkg:deb/Debian/OpenSSL@1.1.1", TU_VEX_APPLIES},
		{"pkg:deb/debian/openssl", TU_VEX_APPLIES},
		{"pkg:deb/debian/openssl@1.1.1?arch=arm64", TU_VEX_APPLIES},
		{"pkg:deb/debian/openssl@1.1.1?arch=amd64", TU_VEX_OTHER_QUALIFIERS},
		{"pkg:deb/debian/openssl@1.1.1?epoch=1", TU_VEX_OTHER_QUALIFIERS},
		{"pkg:deb/debian/openssl@1.1.2", TU_VEX_OTHER_VERSION},
		{"pkg:deb/ubuntu/openssl@1.1.1", TU_VEX_OTHER_PRODUCT},
		{"pkg:rpm/debian/openssl@1.1.1", TU_VEX_OTHER_PRODUCT},
		{"pkg:deb", TU_VEX_UNREADABLE},
		{"pkg:deb/debian/openssl?vers=vers:deb%2F%3C2", TU_VEX_APPLIES},
		{"pkg:deb/debian/openssl?checksum=sha1:ab=", TU_VEX_OTHER_QUALIFIERS},
		{"pkg:deb/debian/openssl@", TU_VEX_UNREADABLE_VERSIONS},
		{"pkg:deb/debian/openssl@?arch=arm64", TU_VEX_UNREADABLE_VERSIONS},
		{"pkg:deb/debian/openssl?arch=", TU_VEX_UNREADABLE_VERSIONS},
		{"pkg:deb/debian/openssl?arch=arm64&vers=", TU_VEX_UNREADABLE_VERSIONS},
		{"pkg:deb/debian/openssl?vers=#src", TU_VEX_OTHER_QUALIFIERS},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (by_purl(*state, cases[i].purl) != cases[i].outcome)
			fail_msg("%s", cases[i].purl);
}

static void test_all_versions(void **state)
{
	static const struct {
		const char *name;
		bool all;
	} rows[] = {
		{"pkg:deb/debian/openssl", true},
		{"pkg:deb/debian/openssl?arch=arm64", true},
		{"pkg:deb/debian/openssl@1.1.1", false},
		{"pkg:deb/debian/openssl?vers=vers:deb%2F%3C2", false},
		{"pkg:deb/debian/zlib", false},
		{"cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*", true},
		{"cpe:/a:openssl:openssl", true},
		{"cpe:2.3:a:openssl:openssl:1.1.1:*:*:*:*:*:*:*", false},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (rows[i].name[0] == 'p')
			(void)by_purl(bench, rows[i].name);
		else
			(void)by_cpe(bench, rows[i].name);
		if (bench->identity.all_versions != rows[i].all)
			fail_msg("%s", rows[i].name);
	}
}

static void test_cpes(void **state)
{
	static const struct {
		const char *cpe;
		enum tu_vex_outcome outcome;
	} cases[] = {
		{"cpe:2.3:a:openssl:openssl:1.1.1:*:*:*:*:*:*:*", TU_VEX_APPLIES},
		{"cpe:/a:openssl:openssl:1.1.1", TU_VEX_APPLIES},
		{"cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*", TU_VEX_APPLIES},
		{"cpe:2.3:a:openssl:openssl:1.1.2:*:*:*:*:*:*:*", TU_VEX_OTHER_VERSION},
		{"cpe:2.3:a:acme:openssl:1.1.1:*:*:*:*:*:*:*", TU_VEX_OTHER_PRODUCT},
		{"cpe:2.3:a", TU_VEX_UNREADABLE},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (by_cpe(*state, cases[i].cpe) != cases[i].outcome)
			fail_msg("%s", cases[i].cpe);
}

static void test_hashes(void **state)
{
	struct bench *bench = *state;
	const struct tu_str purl = TU_STR("pkg:deb/debian/openssl@1.1.1");
	struct tu_hash_value hash = {TU_STR("sha256"),
		TU_STR("ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB")};
	struct tu_vex_product product = {.hashes = &hash, .hash_count = 1};

	assert_int_equal(tu_identity_find(&bench->identity, &product), TU_VEX_APPLIES);
	hash.value = TU_STR("cdababababababababababababababababababababababababababababababab");
	assert_int_equal(tu_identity_find(&bench->identity, &product), TU_VEX_OTHER_PRODUCT);
	product.purls = &purl;
	product.purl_count = 1;
	assert_int_equal(tu_identity_find(&bench->identity, &product), TU_VEX_OTHER_FILE);
}

static void test_refs(void **state)
{
	struct bench *bench = *state;
	const struct tu_str listed = TU_STR("vers:generic/<1.2");
	struct tu_vex_product product = {
		.ref = TU_STR("b"), .serial = TU_STR("3e671687-395b-41f5-a30f-a58921a69b79")};

	assert_int_equal(tu_identity_find(&bench->identity, &product), TU_VEX_APPLIES);
	assert_int_equal(bench->identity.found.count, 1);
	assert_int_equal(bench->identity.found.at[0], 1);
	product.versions = &listed;
	product.version_count = 1;
	assert_int_equal(tu_identity_find(&bench->identity, &product), TU_VEX_OTHER_VERSION);
	product.serial = TU_STR("");
	assert_int_equal(tu_identity_find(&bench->identity, &product), TU_VEX_OTHER_DOCUMENT);
}

static void test_nothing(void **state)
{
	struct bench *bench = *state;
	const struct tu_vex_product product = {.name = TU_STR("openssl")};

	assert_int_equal(tu_identity_find(&bench->identity, &product), TU_VEX_NO_PRODUCT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_purls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_all_versions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cpes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hashes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
