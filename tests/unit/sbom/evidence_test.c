/* SWID tags and the reports of builds. */
#include "read.h"

static const struct tu_str swid = TU_STR_INIT(
	"<SoftwareIdentity xmlns='http://standards.iso.org/iso/19770/-2/2015/schema.xsd' "
	"xmlns:S='http://www.w3.org/2001/04/xmlenc#sha256' name='pump' tagId='acme-pump' "
	"version='2'><Entity name='Tagger' role='tagCreator'/>"
	"<Entity name='ACME' role='softwareCreator'/>"
	"<Link rel='component' href='swid:lib%201.0'/><Link rel='license' href='http://x'/>"
	"<Link rel='requires' href='http://elsewhere'/>"
	"<Payload><File name='a.bin' "
	"S:hash='AB00000000000000000000000000000000000000000000000000000000000000'/><File "
	"name='b.bin'/></Payload>"
	"</SoftwareIdentity>");

static void swid_tags(void **state)
{
	struct reading r = read_good(swid, TU_SBOM_SWID);
	const struct tu_component *pump = named(&r, "pump");

	(void)state;
	assert_ptr_equal(&r.inventory->components[r.inventory->subject], pump);
	assert_text(pump->swid, "acme-pump");
	assert_text(pump->supplier, "ACME");
	assert_int_equal(r.inventory->component_count, 3);
	assert_text(named(&r, "lib 1.0")->swid, "lib%201.0");
	assert_text(named(&r, "a.bin")->hashes[0].value,
		"ab00000000000000000000000000000000000000000000000000000000000000");
	assert_true(is_related(&r, "pump", TU_REL_DEPENDS_ON, "lib 1.0"));
	assert_true(has_note(&r, "link to another document: http://elsewhere"));
	assert_true(has_note(&r, "files without a hash"));
	assert_refused(TU_STR("<SoftwareIdentity name='x'/>"), TU_E_SYNTAX, "tagId");
	reading_done(&r);
}

static const struct tu_str cve_check = TU_STR_INIT(
	"{\"version\":\"1\",\"package\":[{\"name\":\"openssl\",\"layer\":\"meta\","
	"\"version\":\"3.0.8\",\"products\":[{\"product\":\"openssl\",\"cvesInRecord\":\"Yes\"}],"
	"\"issue\":[{\"id\":\"CVE-2023-1\",\"status\":\"Patched\",\"description\":\"in x.patch\","
	"\"detail\":\"backported-patch\"},"
	"{\"id\":\"CVE-2023-2\",\"status\":\"Ignored\",\"detail\":\"not-applicable-config\"},"
	"{\"id\":\"CVE-2023-5\",\"status\":\"Patched\",\"detail\":\"version-not-in-range\"},"
	"{\"id\":\"CVE-2023-6\",\"status\":\"Ignored\",\"detail\":\"upstream-wontfix\"},"
	"{\"id\":\"CVE-2023-7\",\"status\":\"Patched\"},"
	"{\"id\":\"CVE-2023-3\",\"status\":\"Unpatched\"},{\"id\":\"CVE-2023-4\","
	"\"status\":\"Odd\"},{\"status\":\"Patched\"}]}]}");

static void yocto_cve_check(void **state)
{
	static const enum tu_claim_status states[] = {TU_CLAIM_FIXED, TU_CLAIM_NOT_AFFECTED,
		/* Versions were compared, or nobody knows why: no statement. */
		TU_CLAIM_UNDER_INVESTIGATION, TU_CLAIM_UNDER_INVESTIGATION,
		TU_CLAIM_UNDER_INVESTIGATION, TU_CLAIM_UNDER_INVESTIGATION};
	struct reading r = read_good(cve_check, TU_SBOM_YOCTO_CVE_CHECK);
	const struct tu_component *openssl = named(&r, "openssl");

	(void)state;
	assert_int_equal(r.inventory->claim_count, TU_COUNT(states));
	for (size_t i = 0; i < TU_COUNT(states); i++) {
		assert_int_equal(r.inventory->claims[i].status, states[i]);
		assert_int_equal(r.inventory->claims[i].products[0].component_count, 1);
	}
	assert_int_equal(openssl->resolved_count, 1);
	assert_text(openssl->resolved[0].id, "CVE-2023-1");
	assert_text(openssl->resolved[0].detail, "in x.patch");
	assert_text(r.inventory->claims[1].justification, "not-applicable-config");
	assert_text(tu_component_property(openssl, TU_STR("yocto:layer")), "meta");
	assert_true(has_note(&r, "status of an issue: Odd"));
	assert_true(has_note(&r, "a vulnerability without id"));
	assert_refused(
		TU_STR("{\"version\":\"2\",\"package\":[]}"), TU_E_UNSUPPORTED, "version \"2\"");
	reading_done(&r);
}

static const struct tu_str show_info =
	TU_STR_INIT("{\"busybox\":{\"type\":\"target\",\"virtual\":false,\"version\":\"1.36.1\","
		    "\"licenses\":\"GPL-2.0, bzip2-1.0.4\",\"ignore_cves\":[\"CVE-2022-1\"],"
		    "\"cpe-id\":\"cpe:2.3:a:busybox:busybox:1.36.1:*:*:*:*:*:*:*\","
		    "\"dependencies\":[\"host-tar\",\"toolchain\"]},"
		    "\"host-tar\":{\"type\":\"host\",\"virtual\":false,\"version\":\"1.34\"},"
		    "\"toolchain\":{\"type\":\"target\",\"virtual\":true},"
		    "\"rootfs-tar\":{\"type\":\"rootfs\"}}");

static void buildroot_show_info(void **state)
{
	struct reading r = read_good(show_info, TU_SBOM_BUILDROOT_SHOW_INFO);
	const struct tu_component *busybox = named(&r, "busybox");

	(void)state;
	assert_int_equal(r.inventory->component_count, 2);
	assert_text(busybox->version, "1.36.1");
	assert_int_equal(busybox->licence_count, 2);
	assert_int_equal(named(&r, "host-tar")->scope, TU_SCOPE_EXCLUDED);
	assert_true(is_related(&r, "busybox", TU_REL_DEPENDS_ON, "host-tar"));
	assert_int_equal(r.inventory->claims[0].status, TU_CLAIM_NOT_AFFECTED);
	reading_done(&r);
}

static const struct tu_str pkg_stats =
	TU_STR_INIT("{\"packages\":{\"bash\":{\"name\":\"bash\",\"current_version\":\"5.1\","
		    "\"cpeid\":\"cpe:2.3:a:gnu:bash:5.1:*:*:*:*:*:*:*\",\"cves\":[\"CVE-2019-1\"],"
		    "\"ignored_cves\":[\"CVE-2022-2\"]}},\"stats\":{},\"date\":\"2024-01-01\"}");

static void buildroot_pkg_stats(void **state)
{
	struct reading r = read_good(pkg_stats, TU_SBOM_BUILDROOT_PKG_STATS);

	(void)state;
	assert_text(named(&r, "bash")->version, "5.1");
	assert_int_equal(r.inventory->claim_count, 2);
	assert_text(r.inventory->claims[0].vulnerability, "CVE-2022-2");
	assert_int_equal(r.inventory->claims[1].status, TU_CLAIM_UNDER_INVESTIGATION);
	reading_done(&r);
}

static const struct tu_str dpkg = TU_STR_INIT(
	"Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\n"
	"Source: openssl (3.0.11-1)\nVersion: 3.0.11-1~deb12u2\nDepends: libc6 (>= 2.34), gone | "
	"x\n"
	"Description: words\n Package: not this\n\n"
	"Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9\n\n"
	"Package: old\nStatus: deinstall ok config-files\nVersion: 1\n");

static void dpkg_status(void **state)
{
	struct reading r = read_good(dpkg, TU_SBOM_DPKG_STATUS);

	(void)state;
	assert_int_equal(r.inventory->component_count, 2);
	assert_text(named(&r, "libssl3")->purl,
		"pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&upstream=openssl%403.0.11-1");
	assert_true(is_related(&r, "libssl3", TU_REL_DEPENDS_ON, "libc6"));
	assert_true(has_note(&r, "packages that are not installed"));
	assert_true(has_note(&r, "no os-release beside the database"));
	reading_done(&r);
}

static const struct tu_str apk =
	TU_STR_INIT("C:Q1abc=\nP:busybox\nV:1.36.1-r5\nA:x86_64\nL:GPL-2.0-only\no:busybox\n"
		    "D:so:libc.musl-x86_64.so.1 !foo\np:cmd:sh=1.36\n\n"
		    "C:Q1def=\nP:musl\nV:1.2.4-r2\nA:x86_64\np:so:libc.musl-x86_64.so.1=1\n");

static void apk_installed(void **state)
{
	struct reading r = read_good(apk, TU_SBOM_APK_INSTALLED);

	(void)state;
	assert_text(named(&r, "busybox")->purl, "pkg:apk/alpine/busybox@1.36.1-r5?arch=x86_64");
	assert_text(named(&r, "busybox")->licences[0].text, "GPL-2.0-only");
	assert_true(is_related(&r, "busybox", TU_REL_DEPENDS_ON, "musl"));
	reading_done(&r);
}

static void protobuf_has_a_word(void **state)
{
	(void)state;
	assert_refused(TU_STR("\n\0031.5\x10\x01"), TU_E_UNSUPPORTED, "this is CycloneDX protobuf");
}

static void memory_may_run_out(void **state)
{
	const struct tu_str *const texts[] = {
		&swid, &cve_check, &show_info, &pkg_stats, &dpkg, &apk};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(texts); i++)
		assert_survives_faults(*texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(swid_tags),
		cmocka_unit_test(yocto_cve_check),
		cmocka_unit_test(buildroot_show_info),
		cmocka_unit_test(buildroot_pkg_stats),
		cmocka_unit_test(dpkg_status),
		cmocka_unit_test(apk_installed),
		cmocka_unit_test(protobuf_has_a_word),
		cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
