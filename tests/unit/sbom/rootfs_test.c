/* What is read from folders and archives: root file systems, Yocto's create-spdx archives. */
#define _GNU_SOURCE /* mkdtemp, symlink */
#include "read.h"

#include "pack.h"
#include "error_text.h"

static const char status_file[] = "Package: libssl3\nStatus: install ok installed\n"
				  "Architecture: amd64\nSource: openssl\nVersion: 3.0.11-1\n";

static void make_root(void)
{
	static const char *const folders[] = {"etc", "usr", "usr/lib", "usr/lib/modules",
		"usr/lib/modules/6.1.55-yocto", "var", "var/lib", "var/lib/dpkg"};

	for (size_t i = 0; i < TU_COUNT(folders); i++)
		assert_int_equal(mkdir(folders[i], 0755), 0);
	pack_file("usr/lib/os-release", TU_STR("ID=debian\nVERSION_ID=\"12\"\n"));
	pack_file("var/lib/dpkg/status", tu_str_c(status_file));
	/* As an image has them: from its own root, and once too far up. */
	assert_int_equal(symlink("/../usr/lib/os-release", "etc/os-release"), 0);
	assert_int_equal(symlink("/usr/lib", "lib"), 0);
}

static enum tu_status read_root(struct reading *r)
{
	*r = (struct reading){.arena = tu_arena_new(0)};
	assert_non_null(r->arena);
	r->status = tu_sbom_read_rootfs(r->arena, ".", NULL, &r->inventory, &r->err);
	return r->status;
}

static void a_root_file_system(void **state)
{
	char path[64];
	struct reading r;

	(void)state;
	pack_folder(path);
	make_root();
	assert_int_equal(read_root(&r), TU_OK);
	assert_int_equal(r.inventory->format, TU_SBOM_ROOTFS);
	assert_text(named(&r, "libssl3")->purl,
		"pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl");
	assert_text(named(&r, "debian")->version, "12");
	assert_int_equal(named(&r, "debian")->kind, TU_KIND_OPERATING_SYSTEM);
	assert_text(named(&r, "linux_kernel")->version, "6.1.55");
	reading_done(&r);
	pack_remove(path);
}

static void links_do_not_lead_out(void **state)
{
	char path[64];
	char target[80];
	struct reading r;

	(void)state;
	pack_folder(path);
	pack_file("secret", tu_str_c(status_file));
	assert_int_equal(mkdir("root", 0755), 0);
	assert_int_equal(chdir("root"), 0);
	make_root();
	assert_int_equal(unlink("var/lib/dpkg/status"), 0);
	(void)snprintf(target, sizeof(target), "%.60s/secret", path);
	assert_int_equal(symlink(target, "var/lib/dpkg/status"), 0);
	assert_int_equal(symlink("../../../../../secret", "var/lib/opkg"), 0);
	assert_int_equal(symlink("round", "round"), 0);
	assert_int_equal(read_root(&r), TU_OK);
	for (size_t i = 0; i < r.inventory->component_count; i++)
		assert_false(tu_str_eq(r.inventory->components[i].name, TU_STR("libssl3")));
	reading_done(&r);
	pack_remove(path);
}

static void nothing_is_not_an_empty_list(void **state)
{
	char path[64];
	struct reading r;

	(void)state;
	pack_folder(path);
	assert_int_equal(read_root(&r), TU_E_NOTFOUND);
	assert_null(r.inventory);
	reading_done(&r);
	pack_remove(path);
}

static void a_root_without_memory(void **state)
{
	char path[64];
	bool done = false;

	(void)state;
	pack_folder(path);
	make_root();
	for (size_t nth = 1; !done && nth < 10000; nth++) {
		struct reading r;

		tu_fault_set(0);
		r.arena = tu_arena_new(0);
		r.inventory = NULL;
		tu_fault_set(nth);
		r.status = tu_sbom_read_rootfs(r.arena, ".", NULL, &r.inventory, &r.err);
		tu_fault_set(0);
		done = r.status == TU_OK;
		if (!done && r.status != TU_E_NOMEM)
			print_message("allocation %zu: %s\n", nth, error_text(&r.err));
		assert_true(done || r.status == TU_E_NOMEM);
		/* What is read in spite of a failure must be whole. */
		if (done)
			assert_int_equal(r.inventory->component_count, 3);
		tu_arena_free(r.arena);
	}
	assert_true(done);
	pack_remove(path);
}

/* ---- archives ---- */

#define DOCUMENT(name, rest) \
	"{\"spdxVersion\":\"SPDX-2.2\",\"name\":\"" name "\",\"documentNamespace\":\"urn:" name \
	"\"," rest "}"
#define RELATE(from, type, to) \
	"{\"spdxElementId\":\"" from "\",\"relationshipType\":\"" type \
	"\",\"relatedSpdxElement\":\"" to "\"}"
#define REFER(name) \
	"\"externalDocumentRefs\":[{\"externalDocumentId\":\"DocumentRef-" name \
	"\",\"spdxDocument\":\"urn:" name "\"}]"

static const char image[] = DOCUMENT("image",
	REFER("package") ",\"packages\":[{\"SPDXID\":\"SPDXRef-I\",\"name\":\"image\"}],"
			 "\"relationships\":[" RELATE("SPDXRef-DOCUMENT", "DESCRIBES",
				 "SPDXRef-I") "," RELATE("SPDXRef-I", "CONTAINS",
				 "DocumentRef-package:SPDXRef-P") "]");
static const char package[] = DOCUMENT("package",
	REFER("recipe") ",\"packages\":[{\"SPDXID\":\"SPDXRef-P\",\"name\":\"busybox\"}],"
			"\"files\":[{\"SPDXID\":\"SPDXRef-F\"}],\"relationships\":[" RELATE(
				"SPDXRef-DOCUMENT", "DESCRIBES",
				"SPDXRef-P") "," RELATE("SPDXRef-P", "CONTAINS",
				"SPDXRef-F") "," RELATE("SPDXRef-P", "GENERATED_FROM",
				"DocumentRef-recipe:SPDXRef-R") "]");
static const char recipe[] = DOCUMENT("recipe",
	"\"packages\":[{\"SPDXID\":\"SPDXRef-R\",\"name\":\"recipe-busybox\","
	"\"sourceInfo\":\"CVEs fixed: CVE-2022-1\"}]");

static void pack_yocto(struct tu_buf *out)
{
	const struct pack_entry entries[] = {
		{.name = "recipes/r.spdx.json", .text = tu_str_c(recipe)},
		{.name = "packages/p.spdx.json", .text = tu_str_c(package)},
		{.name = "image.spdx.json", .text = tu_str_c(image)},
		{.name = "../../outside.json", .text = TU_STR("{}")},
		{.name = "again.spdx.json", .text = tu_str_c(image)},
		{.name = "index.json", .text = TU_STR("{\"documents\": []}")},
		{.name = "link", .type = AE_IFLNK, .link = "/etc/passwd"},
	};

	tu_buf_init(out, 1 << 22);
	pack_archive(false, entries, TU_COUNT(entries), out);
}

static void documents_of_an_archive_meet(void **state)
{
	struct tu_buf tar;
	struct reading r;

	(void)state;
	pack_yocto(&tar);
	r = read_good(tu_buf_str(&tar), TU_SBOM_YOCTO_SPDX);
	assert_int_equal(r.inventory->component_count, 3);
	assert_text(r.inventory->components[r.inventory->subject].name, "image");
	assert_text(r.inventory->serial, "urn:image");
	assert_true(is_related(&r, "image", TU_REL_CONTAINS, "busybox"));
	assert_true(is_related(&r, "busybox", TU_REL_GENERATED_FROM, "recipe-busybox"));
	assert_text(named(&r, "recipe-busybox")->resolved[0].id, "CVE-2022-1");
	assert_true(has_note(&r, "a second document with the namespace urn:image"));
	assert_true(has_note(&r, "an entry that is no SPDX 2 document"));
	reading_done(&r);
	tu_buf_done(&tar);
}

static void an_archive_without_memory(void **state)
{
	struct tu_buf tar;

	(void)state;
	pack_yocto(&tar);
	assert_survives_faults(tu_buf_str(&tar));
	tu_buf_done(&tar);
}

static void an_archive_without_documents(void **state)
{
	const struct pack_entry entry = {.name = "a.txt", .text = TU_STR("words")};
	struct tu_buf tar;

	(void)state;
	tu_buf_init(&tar, 1 << 22);
	pack_archive(false, &entry, 1, &tar);
	assert_refused(tu_buf_str(&tar), TU_E_UNSUPPORTED, "without SPDX 2 documents");
	tu_buf_done(&tar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_root_file_system),
		cmocka_unit_test(links_do_not_lead_out),
		cmocka_unit_test(nothing_is_not_an_empty_list),
		cmocka_unit_test(a_root_without_memory),
		cmocka_unit_test(documents_of_an_archive_meet),
		cmocka_unit_test(an_archive_without_memory),
		cmocka_unit_test(an_archive_without_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
