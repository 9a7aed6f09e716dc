/* What is read from folders and archives: root file systems, Yocto's create-spdx archives. */
#define _GNU_SOURCE /* mkdtemp, symlink */
#include "read.h"

#include "pack.h"
#include "sbom/read/package_db.h"
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
	/* On Debian the name of a kernel is that of an interface. */
	assert_text(named(&r, "linux_kernel")->version, "");
	assert_int_equal(named(&r, "linux_kernel")->cpe_count, 0);
	reading_done(&r);
	pack_remove(path);
}

static bool notes_at(const struct reading *r, const char *pointer, const char *part)
{
	for (size_t i = 0; i < r->inventory->note_count; i++) {
		const struct tu_sbom_note *note = &r->inventory->notes[i];

		if (tu_str_search(note->message, tu_str_c(part)) < note->message.len &&
			(!pointer[0] ||
				tu_str_search(note->pointer, tu_str_c(pointer)) <
					note->pointer.len))
			return true;
	}
	return false;
}

/* os-release, the folder of the kernel's modules, the version that is known of it. */
static void a_kernel_has_a_version_where_its_name_states_one(void **state)
{
	static const struct {
		const char *os_release, *release, *version;
	} rows[] = {
		{"ID=poky\n", "6.1.55-yocto-standard", "6.1.55"},
		{"ID=buildroot\n", "5.15.32", "5.15.32"},
		{"ID=alpine\n", "6.6.20-0-lts", "6.6.20"},
		{"ID=ubuntu\n", "5.15.0-91-generic", ""},
		{"ID=raspbian\n", "6.1.0-rpi7-rpi-v8", ""},
		{"ID=\"rhel\"\n", "5.14.0-362.el9.x86_64", ""},
		{"ID=opensuse-leap\n", "5.14.21-150400.24.63-default", ""},
		{"ID=acme\nID_LIKE=\"acme-base debian\"\n", "6.1.0-43-amd64", ""},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		char path[64];
		char modules[80];
		struct reading r;

		pack_folder(path);
		assert_int_equal(mkdir("etc", 0755), 0);
		assert_int_equal(mkdir("lib", 0755), 0);
		assert_int_equal(mkdir("lib/modules", 0755), 0);
		(void)snprintf(modules, sizeof(modules), "lib/modules/%s", rows[i].release);
		assert_int_equal(mkdir(modules, 0755), 0);
		pack_file("etc/os-release", tu_str_c(rows[i].os_release));
		assert_int_equal(read_root(&r), TU_OK);
		assert_text(named(&r, "linux_kernel")->version, rows[i].version);
		assert_int_equal(notes_at(&r, "lib/modules", "no version"), !rows[i].version[0]);
		assert_true(notes_at(&r, "", "no package database was found"));
		reading_done(&r);
		pack_remove(path);
	}
}

/* What is there and cannot be read never looks like what is not there. */
static void what_cannot_be_read_is_named(void **state)
{
	static const char *const hidden[] = {
		"var/lib/dpkg/status", "lib/apk/db/installed", "usr/lib/opkg/status"};
	static const char *const folders[] = {"var", "var/lib", "var/lib/dpkg", "lib", "lib/apk",
		"lib/apk/db", "usr", "usr/lib", "usr/lib/opkg", "var/lib/rpm", "var/lib/pacman",
		"var/lib/pacman/local"};
	char path[64];
	struct reading r;

	(void)state;
	pack_folder(path);
	for (size_t i = 0; i < TU_COUNT(folders); i++)
		assert_int_equal(mkdir(folders[i], 0755), 0);
	assert_int_equal(symlink("nowhere/at/all", hidden[0]), 0);
	assert_int_equal(symlink("installed", hidden[1]), 0);
	assert_int_equal(mkdir(hidden[2], 0755), 0);
	pack_file("var/lib/rpm/Packages", TU_STR("x"));
	assert_int_equal(read_root(&r), TU_OK);
	assert_true(notes_at(&r, hidden[0], "a link that leads nowhere"));
	assert_true(notes_at(&r, hidden[1], "not read"));
	assert_true(notes_at(&r, hidden[2], "not a regular file"));
	assert_true(notes_at(&r, "var/lib/rpm/Packages", "a database of rpm"));
	assert_true(notes_at(&r, "var/lib/pacman/local", "a database of pacman"));
	assert_false(notes_at(&r, "", "no package database was found"));
	reading_done(&r);
	pack_remove(path);
}

/* A folder of modules is that of an installed kernel, or of one that no package is known of. */
static void kernels_of_rpm_packages(void **state)
{
	static const struct {
		const char *stanza;
		const char *release;
		bool packaged;
	} rows[] = {
		{"Name: kernel-core\nVersion: 6.5.6-300.fc39\nArch: x86_64\n",
			"6.5.6-300.fc39.x86_64", true},
		{"Name: kernel\nVersion: 4.18.0-553.el8\nArch: aarch64\n", "4.18.0-553.el8.aarch64",
			true},
		{"Name: kernel-rt-core\nVersion: 5.14.0-70.el9\nArch: x86_64\n",
			"5.14.0-70.el9.x86_64+rt", true},
		{"Name: kernel-default\nVersion: 5.14.21-150500.55.19.1\nArch: x86_64\n",
			"5.14.21-150500.55.19-default", true},
		{"Name: linux-esx\nVersion: 6.1.10-10.ph5\nArch: x86_64\n", "6.1.10-10.ph5-esx",
			true},
		{"Name: kernel\nVersion: 5.15.153.1-2.cm2\nArch: x86_64\n", "5.15.153.1-2.cm2",
			true},
		{"Name: kernel-6.6.21-yocto-standard\nVersion: 6.6.21+git0-r0\nArch: qemux86_64\n",
			"6.6.21-yocto-standard", true},
		{"Name: kernel-headers\nVersion: 6.5.6-300.fc39\nArch: x86_64\n",
			"6.5.6-300.fc39.x86_64", false},
		{"Name: kernel-core\nVersion: 6.5.6-300.fc39\nArch: x86_64\n",
			"6.5.6-301.fc39.x86_64", false},
		{"Name: kernel-core\nVersion: 6.5.6-300.fc39\nArch: x86_64\n",
			"6.5.6-300.fc39.aarch64", false},
		{"Name: kernel-default\nVersion: 5.14.21-150500.55.19.1\nArch: x86_64\n",
			"5.14.21-150500.55.1-default", false},
		{"Name: kernel-default\nVersion: 5.14.21-150500.55.19.1\nArch: x86_64\n",
			"5.14.21-150500.55.19-azure", false},
		{"Name: kernelshark\nVersion: 1.0-1\nArch: x86_64\n", "1.0-1.x86_64", false},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		static const struct tu_sbom_limits limits;
		struct tu_sbom_package_db db;
		struct tu_sbom_rewrite r = {0};
		size_t before;

		assert_true(tu_sbom__rewrite_init(&r, &limits, NULL));
		tu_sbom__db_init(&db, &r);
		assert_int_equal(tu_sbom__db_rpm(&db, tu_str_c(rows[i].stanza)), TU_OK);
		before = db.component_count;
		assert_int_equal(before, 1);
		assert_int_equal(tu_sbom__db_kernel(&db, tu_str_c(rows[i].release)), TU_OK);
		if ((db.component_count == before) != rows[i].packaged)
			fail_msg("%s", rows[i].release);
		tu_sbom__db_done(&db);
		tu_sbom__rewrite_done(&r);
	}
}

static const char control[] = "Package: libglib-2.0-0\nOE: glib-2.0\nSource: glib-2.0_2.72.3.bb\n"
			      "License: LGPL-2.1-or-later\nVersion: 9\n";

static void control_files_complete_packages_of_opkg(void **state)
{
	static const char *const folders[] = {
		"var", "var/lib", "var/lib/opkg", "var/lib/opkg/info"};
	char path[64];
	struct reading r;

	(void)state;
	pack_folder(path);
	for (size_t i = 0; i < TU_COUNT(folders); i++)
		assert_int_equal(mkdir(folders[i], 0755), 0);
	pack_file("var/lib/opkg/status",
		TU_STR("Package: libglib-2.0-0\nVersion: 2.72.3-r0\n"
		       "Status: install ok installed\n\n"
		       "Package: libfoo\nVersion: 1\n\nPackage: ../../x\nVersion: 1\n"));
	pack_file("var/lib/opkg/info/libglib-2.0-0.control", tu_str_c(control));
	pack_file("var/lib/opkg/info/libfoo.control",
		TU_STR("Source: feeds/base/package/libs/foo\nCPE-ID: cpe:/a:acme:foo\n"));
	assert_int_equal(read_root(&r), TU_OK);
	assert_text(named(&r, "libglib-2.0-0")->version, "2.72.3-r0");
	assert_text(named(&r, "libglib-2.0-0")->purl,
		"pkg:opkg/libglib-2.0-0@2.72.3-r0?upstream=glib-2.0");
	assert_text(named(&r, "libfoo")->purl, "pkg:opkg/libfoo@1?upstream=foo");
	assert_int_equal(named(&r, "libfoo")->cpe_count, 1);
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
	assert_true(has_note(&r, "an entry that is not an SPDX 2 document"));
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
		cmocka_unit_test(a_kernel_has_a_version_where_its_name_states_one),
		cmocka_unit_test(what_cannot_be_read_is_named),
		cmocka_unit_test(kernels_of_rpm_packages),
		cmocka_unit_test(control_files_complete_packages_of_opkg),
		cmocka_unit_test(links_do_not_lead_out),
		cmocka_unit_test(nothing_is_not_an_empty_list),
		cmocka_unit_test(a_root_without_memory),
		cmocka_unit_test(documents_of_an_archive_meet),
		cmocka_unit_test(an_archive_without_memory),
		cmocka_unit_test(an_archive_without_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
