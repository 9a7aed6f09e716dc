/*
 * What decides which components are matched again: the keys of a component, and those that a change
 * of the knowledge base touches. A key that is missing leaves a verdict of yesterday standing.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <tutela/advisory.h>

#include "kb/aliases.h"
#include "match/keys.h"
#include "support/faults.h"

/* ---- keys as one text ---- */

static int by_text(const void *a, const void *b)
{
	return tu_str_cmp(*(const struct tu_str *)a, *(const struct tu_str *)b);
}

/* All keys, sorted, each once, separated by spaces. */
static void join(const struct tu_match_keys *keys, struct tu_buf *out)
{
	tu_buf_init(out, 1 << 16);
	if (keys->all)
		tu_buf_c(out, "all");
	if (keys->list.count)
		qsort(keys->list.at, keys->list.count, sizeof(*keys->list.at), by_text);
	for (size_t i = 0; i < keys->list.count; i++) {
		if (i && tu_str_eq(keys->list.at[i], keys->list.at[i - 1]))
			continue;
		if (out->len)
			tu_buf_byte(out, ' ');
		tu_buf_str_add(out, keys->list.at[i]);
	}
}

static size_t differs(const char *what, const struct tu_match_keys *keys, const char *expected)
{
	struct tu_buf got;
	bool same;

	join(keys, &got);
	same = tu_str_eq(tu_buf_str(&got), tu_str_c(expected));
	if (!same)
		print_error("%s:\n\texpected %s\n\tgot      %.*s\n", what, expected,
			TU_STR_FMT(tu_buf_str(&got)));
	tu_buf_done(&got);
	return !same;
}

/* ---- of a component ---- */

struct component_row {
	const char *purl, *cpe, *name, *version, *system, *keys;
	bool release_counts;
};

static const struct component_row component_rows[] = {
	{"pkg:npm/%40acme/pump@1.0", "cpe:2.3:a:acme:pump:1.0:*:*:*:*:*:*:*", "pump", "", "",
		"c:pump n:pkg:npm/%40acme/pump n:pump p:npm/@acme/pump t:npm", false},
	{"pkg:golang/example.com/a/b@1.0", "", "", "", "",
		"n:pkg:golang/example.com/a/b p:golang/example.com/a/b t:golang", false},
	/* Debian judges by the source; with any of its records comes what they cover. */
	{"pkg:deb/debian/zlib1g@1.2.13-1?upstream=zlib&distro=bookworm", "", "", "", "",
		"c:zlib1g n:pkg:deb/debian/zlib1g n:zlib1g p:deb/debian/zlib s:deb/debian "
		"t:deb",
		true},
	/* Red Hat's records speak of its rebuilds, too. */
	{"pkg:rpm/rocky/bind-libs@9.16-1.el9?upstream=bind-9.16-1.el9.src.rpm", "", "", "",
		"rocky-9",
		"c:bind-libs c:bind_libs n:bind-libs n:bind_libs n:pkg:rpm/rocky/bind-libs "
		"p:rpm/redhat/bind p:rpm/redhat/bind-libs p:rpm/rocky/bind "
		"p:rpm/rocky/bind-libs s:rpm/redhat s:rpm/rocky t:rpm",
		true},
	{"pkg:generic/zlib@1.2", "", "", "", "",
		"c:zlib n:pkg:generic/zlib n:zlib p:generic//zlib s:generic/ t:generic", true},
	{"", "", "Drip Counter", "3.1", "",
		"c:drip counter c:drip-counter c:drip_counter n:drip counter "
		"n:drip-counter "
		"n:drip_counter",
		false},
	{"", "cpe:2.3:a:acme:pumpd:1.3:*:*:*:*:*:*:*", "", "", "", "c:pumpd n:pumpd", false},
	/* A vendor's kernel is looked up as Linux, whatever it is called. */
	{"", "", "linux-acme", "5.10.3", "",
		"c:linux-acme c:linux_acme c:linux_kernel n:linux-acme n:linux_acme", false},
	{"", "", "linux-firmware", "20230515", "",
		"c:linux-firmware c:linux_firmware n:linux-firmware n:linux_firmware", false},
};

static void the_keys_of_a_component(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(component_rows); i++) {
		const struct component_row *row = &component_rows[i];
		const struct tu_str cpe = tu_str_c(row->cpe);
		const struct tu_component component = {.purl = tu_str_c(row->purl),
			.name = tu_str_c(row->name),
			.version = tu_str_c(row->version),
			.cpes = &cpe,
			.cpe_count = cpe.len > 0,
			.parent = TU_NO_COMPONENT};
		struct tu_match_keys keys;
		bool release_counts;

		assert_true(tu_match__keys(
			arena, &component, tu_str_c(row->system), &keys, &release_counts));
		wrong += differs(row->purl[0] ? row->purl : row->name, &keys, row->keys);
		if (release_counts != row->release_counts)
			fail_msg("%s: the release of the system", row->purl);
	}
	assert_int_equal(wrong, 0);
	tu_arena_free(arena);
}

/* ---- of a change ---- */

enum { RECORDS_MAX = 6 };

/* "ID TYPE/NAMESPACE/NAME RELEASE FIXED" of a package, "ID VENDOR:PRODUCT - FIXED" of a product;
 * more words are further packages. */
struct world {
	const char *names; /* rows of a table of curated names */
	const char *records[RECORDS_MAX];
	bool exploited; /* the first record is known to be exploited */
};

struct made {
	struct tu_buf bytes;
	struct tu_kb *kb;
};

static struct tu_versions below(struct tu_arena *arena, enum tu_scheme scheme, struct tu_str fixed)
{
	struct tu_span *span = tu_arena_array(arena, 1, sizeof(*span));

	assert_non_null(span);
	span->coverage = TU_COVERAGE_AFFECTED;
	assert_int_equal(
		tu_interval_make(arena, scheme, TU_STR(""), true, fixed, false, &span->interval),
		TU_OK);
	return (struct tu_versions){
		.scheme = scheme, .otherwise = TU_COVERAGE_UNAFFECTED, .spans = span, .count = 1};
}

static enum tu_scheme scheme_of(struct tu_str type)
{
	return tu_str_eq(type, TU_STR("deb"))	 ? TU_SCHEME_DEB
		: tu_str_eq(type, TU_STR("rpm")) ? TU_SCHEME_RPM
						 : TU_SCHEME_NPM;
}

static void take_package(struct tu_arena *arena, struct tu_str what, struct tu_str release,
	struct tu_str fixed, struct tu_affected_package *out)
{
	struct tu_str type = {0}, space = {0};

	assert_true(tu_str_split(&what, '/', &type) && tu_str_split(&what, '/', &space));
	*out = (struct tu_affected_package){.type = type,
		.namespace_ = space,
		.name = what,
		.distro = tu_str_eq(release, TU_STR("-")) ? TU_STR("") : release,
		.versions = below(arena, scheme_of(type), fixed)};
}

static void take_product(struct tu_arena *arena, struct tu_str what, struct tu_str fixed,
	struct tu_affected_product *out)
{
	struct tu_buf text;
	struct tu_str vendor = {0};

	assert_true(tu_str_split(&what, ':', &vendor));
	*out = (struct tu_affected_product){
		.versions = below(arena, TU_SCHEME_GENERIC, fixed), .vulnerable = true};
	tu_buf_init(&text, 256);
	tu_buf_printf(
		&text, "cpe:2.3:a:%.*s:%.*s:*:*:*:*:*:*:*:*", TU_STR_FMT(vendor), TU_STR_FMT(what));
	assert_int_equal(tu_cpe_parse(arena, tu_buf_str(&text), &out->cpe, NULL), TU_OK);
	tu_buf_done(&text);
}

static void add_record(
	struct tu_kb_builder *builder, struct tu_arena *arena, const char *record, bool exploited)
{
	struct tu_affected_package packages[4];
	struct tu_affected_product products[4];
	struct tu_str rest = tu_str_c(record), id = {0}, what = {0}, release = {0}, fixed = {0};
	struct tu_advisory advisory = {.epss_score = -1,
		.has_kev = exploited,
		.kev = {.date_added = TU_STR("2024-01-31")},
		.packages = packages,
		.products = products};

	assert_true(tu_str_split(&rest, ' ', &id));
	while (tu_str_split(&rest, ' ', &what) && tu_str_split(&rest, ' ', &release)) {
		if (!tu_str_split(&rest, ' ', &fixed))
			fixed = rest;
		if (tu_str_find(what, ':') < what.len)
			take_product(arena, what, fixed, &products[advisory.product_count++]);
		else
			take_package(
				arena, what, release, fixed, &packages[advisory.package_count++]);
	}
	advisory.id = id;
	advisory.source = advisory.product_count ? TU_SOURCE_NVD : TU_SOURCE_OSV;
	assert_int_equal(tu_kb_builder_add(builder, &advisory, NULL), TU_OK);
}

static void make(const struct world *world, struct made *out)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_kb_aliases_summary summary = {0};
	struct tu_kb_build_counts counts;
	struct tu_buf names;
	struct tu_error err = {0};

	tu_buf_init(&names, 1 << 16);
	tu_buf_printf(&names, "# name\tvendor\tproduct\tscheme\n%s%064d", world->names, 0);
	assert_int_equal(tu_kb_aliases_read(builder, TU_STR("names"),
				 tu_str_first(tu_buf_str(&names), names.len - 64), &summary, &err),
		TU_OK);
	assert_int_equal(summary.problems, 0);
	for (size_t i = 0; i < RECORDS_MAX && world->records[i]; i++)
		add_record(builder, arena, world->records[i], world->exploited && i == 0);
	tu_buf_init(&out->bytes, 16 << 20);
	if (tu_kb_builder_finish(builder, &out->bytes, &counts, &err) ||
		tu_kb_open_memory(out->bytes.ptr, out->bytes.len, &out->kb, &err) ||
		tu_kb_verify(out->kb, &err))
		fail_msg("%s", err.message);
	tu_buf_done(&names);
	tu_kb_builder_free(builder);
	tu_arena_free(arena);
}

static void unmake(struct made *made)
{
	tu_kb_close(made->kb);
	tu_buf_done(&made->bytes);
}

struct change_row {
	const char *what;
	struct world before, after;
	const char *there, *back; /* keys from before to after, and the other way */
};

#define ZLIB "zlib\tzlib\tzlib\tgeneric\n"

static const struct change_row changes[] = {
	{"nothing", {ZLIB, {"A npm//x - 1.0"}, false}, {ZLIB, {"A npm//x - 1.0"}, false}, "", ""},
	{"what counts more touches no match", {ZLIB, {"A npm//x - 1.0"}, false},
		{ZLIB, {"A npm//x - 1.0"}, true}, "", ""},
	{"a range", {ZLIB, {"A npm/@acme/x - 1.0", "B npm//y - 1.0"}, false},
		{ZLIB, {"A npm/@acme/x - 1.1", "B npm//y - 1.0"}, false}, "p:npm/@acme/x",
		"p:npm/@acme/x"},
	{"one more record of two packages", {ZLIB, {"A npm//x - 1.0"}, false},
		{ZLIB, {"A npm//x - 1.0", "B npm//y - 1.0 npm//z - 1.0"}, false},
		"p:npm//y p:npm//z", "p:npm//y p:npm//z"},
	/* Without a record of its ecosystem a package is without data. */
	{"the first of an ecosystem", {ZLIB, {"A npm//x - 1.0", "B pypi//y - 1"}, false},
		{ZLIB, {"A npm//x - 1.0", "B pypi//y - 1", "C gem//z - 1", "D nuget//a - 1"},
			false},
		"p:gem//z p:nuget//a t:gem t:nuget", "p:gem//z p:nuget//a t:gem t:nuget"},
	{"ecosystems for others", {ZLIB, {"A npm//x - 1.0"}, false},
		{ZLIB, {"A cargo//x - 1.0", "B pypi//x - 1.0"}, false},
		"p:cargo//x p:npm//x p:pypi//x t:cargo t:npm t:pypi",
		"p:cargo//x p:npm//x p:pypi//x t:cargo t:npm t:pypi"},
	/* Products by every name that stands for them. */
	{"a product with curated names",
		{ZLIB "libz\tzlib\tzlib\tgeneric\nother\tacme\tzlib\tgeneric\n",
			{"A zlib:zlib - 1.0"}, false},
		{ZLIB "libz\tzlib\tzlib\tgeneric\nother\tacme\tzlib\tgeneric\n",
			{"A zlib:zlib - 1.1"}, false},
		"c:zlib n:libz n:zlib", "c:zlib n:libz n:zlib"},
	{"a product of the vendor that has another with a name",
		{ZLIB, {"A zlib:minizip - 1.0"}, false}, {ZLIB, {NULL}, false}, "c:minizip",
		"c:minizip"},
	/* A release that no record covers is undecided for each package of the distribution. */
	{"the first record of a release",
		{ZLIB, {"A deb/debian/x debian-11 1", "B deb/ubuntu/x ubuntu-22.04 1"}, false},
		{ZLIB,
			{"A deb/debian/x debian-11 1 deb/debian/x debian-12 1",
				"B deb/ubuntu/x ubuntu-22.04 1"},
			false},
		"p:deb/debian/x s:deb/debian", "p:deb/debian/x s:deb/debian"},
	{"one more record of a release",
		{ZLIB, {"A deb/debian/x debian-12 1", "B deb/ubuntu/x ubuntu-22.04 1"}, false},
		{ZLIB,
			{"A deb/debian/x debian-12 1", "B deb/ubuntu/x ubuntu-22.04 1",
				"C deb/debian/y debian-12 2"},
			false},
		"p:deb/debian/y", "p:deb/debian/y"},
	{"a release that is covered by the last package only",
		{ZLIB, {"A deb/debian/a debian-11 1", "B deb/debian/z debian-12 1"}, false},
		{ZLIB,
			{"A deb/debian/a debian-11 1 deb/debian/a debian-12 1",
				"B deb/debian/z debian-12 1"},
			false},
		"p:deb/debian/a", "p:deb/debian/a"},
	/* The same word for a release of another distribution is another release. */
	{"a release by the same name elsewhere",
		{ZLIB,
			{"A rpm/almalinux/x el-9 1", "B rpm/redhat/x el-8 1", "C rpm/suse/x el-9 1",
				"D npm/redhat/x el-9 1"},
			false},
		{ZLIB,
			{"A rpm/almalinux/x el-9 1", "B rpm/redhat/x el-8 1 rpm/redhat/x el-9 1",
				"C rpm/suse/x el-9 1", "D npm/redhat/x el-9 1"},
			false},
		"p:rpm/redhat/x s:rpm/redhat", "p:rpm/redhat/x s:rpm/redhat"},
	{"two releases of two distributions at once",
		{ZLIB, {"A deb/debian/x debian-11 1", "B rpm/redhat/y redhat-8 1"}, false},
		{ZLIB,
			{"A deb/debian/x debian-11 1 deb/debian/x debian-12 1",
				"B rpm/redhat/y redhat-8 1 rpm/redhat/y redhat-9 1"},
			false},
		"p:deb/debian/x p:rpm/redhat/y s:deb/debian s:rpm/redhat",
		"p:deb/debian/x p:rpm/redhat/y s:deb/debian s:rpm/redhat"},
	{"one release for another",
		{ZLIB, {"A deb/debian/x debian-11 1", "B deb/debian/y debian-10 1"}, false},
		{ZLIB, {"A deb/debian/x debian-12 1", "B deb/debian/y debian-10 1"}, false},
		"p:deb/debian/x s:deb/debian", "p:deb/debian/x s:deb/debian"},
	/* Curated names that differ: nothing is as it was. */
	{"a name more", {ZLIB, {"A npm//x - 1"}, false},
		{ZLIB "libz\tzlib\tzlib\tgeneric\n", {"A npm//x - 1"}, false}, "all", "all"},
	{"another name", {ZLIB, {NULL}, false}, {"zlibz\tzlib\tzlib\tgeneric\n", {NULL}, false},
		"all", "all"},
	{"another vendor", {ZLIB, {NULL}, false}, {"zlib\tzzlib\tzlib\tgeneric\n", {NULL}, false},
		"all", "all"},
	{"another product", {ZLIB, {NULL}, false}, {"zlib\tzlib\tzlibs\tgeneric\n", {NULL}, false},
		"all", "all"},
	{"another order of versions", {ZLIB, {NULL}, false},
		{"zlib\tzlib\tzlib\topenssl\n", {NULL}, false}, "all", "all"},
};

static size_t touch(const struct change_row *row, const struct made *from, const struct made *to,
	const char *expected)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_kb_diff *diff;
	struct tu_match_keys keys;
	size_t wrong;

	assert_int_equal(tu_kb_compare(arena, from->kb, to->kb, &diff, NULL), TU_OK);
	assert_true(tu_match__touched(arena, from->kb, to->kb, diff, &keys));
	wrong = differs(row->what, &keys, expected);
	tu_arena_free(arena);
	return wrong;
}

static void what_a_change_touches(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(changes); i++) {
		struct made before, after;

		make(&changes[i].before, &before);
		make(&changes[i].after, &after);
		wrong += touch(&changes[i], &before, &after, changes[i].there);
		wrong += touch(&changes[i], &after, &before, changes[i].back);
		unmake(&before);
		unmake(&after);
	}
	assert_int_equal(wrong, 0);
}

/* ---- memory ---- */

struct attempt {
	const struct made *before, *after;
	const struct tu_kb_diff *diff;
	const char *expected;
};

static enum tu_status touch_failing(void *context, size_t nth, size_t *out_asked)
{
	const struct attempt *attempt = context;
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_match_keys keys;
	bool done;

	tu_fault_set(nth);
	done = tu_match__touched(
		arena, attempt->before->kb, attempt->after->kb, attempt->diff, &keys);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	if (done)
		assert_int_equal(differs("without memory", &keys, attempt->expected), 0);
	tu_arena_free(arena);
	return done ? TU_OK : TU_E_NOMEM;
}

/* Too few keys would leave verdicts standing that nobody looks at again. */
static void a_failing_allocation_hides_no_key(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);

	(void)state;
	for (size_t i = 0; i < TU_COUNT(changes); i++) {
		struct attempt attempt = {.expected = changes[i].there};
		struct made before, after;
		size_t asked;

		make(&changes[i].before, &before);
		make(&changes[i].after, &after);
		attempt.before = &before;
		attempt.after = &after;
		assert_int_equal(
			tu_kb_compare(arena, before.kb, after.kb, &attempt.diff, NULL), TU_OK);
		assert_int_equal(touch_failing(&attempt, 0, &asked), TU_OK);
		fail_each(touch_failing, &attempt, TU_OK, asked > 0);
		unmake(&before);
		unmake(&after);
	}
	tu_arena_free(arena);
}

static const struct tu_component debian_package = {
	.purl = TU_STR_INIT("pkg:deb/debian/zlib1g@1.2.13-1?upstream=zlib"),
	.parent = TU_NO_COMPONENT};

static enum tu_status keys_failing(void *context, size_t nth, size_t *out_asked)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_match_keys keys;
	bool release_counts, done;

	(void)context;
	tu_fault_set(nth);
	done = tu_match__keys(arena, &debian_package, TU_STR("debian-12"), &keys, &release_counts);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	if (done)
		assert_int_equal(differs("a component without memory", &keys,
					 "c:zlib1g n:pkg:deb/debian/zlib1g n:zlib1g "
					 "p:deb/debian/zlib s:deb/debian t:deb"),
			0);
	tu_arena_free(arena);
	return done ? TU_OK : TU_E_NOMEM;
}

static void a_component_has_all_its_keys_or_none(void **state)
{
	(void)state;
	fail_each(keys_failing, NULL, TU_OK, 3);
}

/* ---- systems ---- */

static const struct tu_str windows_cpe =
	TU_STR_INIT("cpe:2.3:o:microsoft:windows_10:1809:*:*:*:*:*:*:*");
static const struct tu_str pump_cpe = TU_STR_INIT("cpe:2.3:o:acme:pump_firmware:1:*:*:*:*:*:*:*");

static enum tu_status systems_failing(void *context, size_t nth, size_t *out_asked)
{
	const struct tu_component components[] = {
		{.name = TU_STR("zlib"), .version = TU_STR("1.2")},
		{.name = TU_STR("acme-os"), .kind = TU_KIND_OPERATING_SYSTEM},
		{.name = TU_STR("pump"), .cpes = &pump_cpe, .cpe_count = 1},
		{.name = TU_STR("acme-rig"), .kind = TU_KIND_DEVICE},
		{.name = TU_STR("base"), .cpes = &windows_cpe, .cpe_count = 1},
		{.name = TU_STR("linux-yocto"), .version = TU_STR("5.10")},
		{.name = TU_STR("zlib"), .version = TU_STR("1.3")},
	};
	static const bool expected[] = {false, true, false, false, true, true, false};
	const struct tu_inventory inventory = {
		.components = components, .component_count = TU_COUNT(components)};
	const struct made *made = context;
	bool systems[TU_COUNT(components) + 1] = {false}, done;

	systems[TU_COUNT(components)] = true; /* not to be touched */
	tu_fault_set(nth);
	done = tu_match__find_systems(made->kb, &inventory, systems);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_true(systems[TU_COUNT(components)]);
	for (size_t i = 0; done && i < TU_COUNT(components); i++)
		if (systems[i] != expected[i])
			fail_msg("%.*s", TU_STR_FMT(components[i].name));
	return done ? TU_OK : TU_E_NOMEM;
}

static void what_is_a_system_that_records_need(void **state)
{
	const struct world world = {
		"linux-yocto\tlinux\tlinux_kernel\tkernel\n", {"A npm//x - 1.0"}, false};
	struct made made;
	size_t asked;

	(void)state;
	make(&world, &made);
	assert_int_equal(systems_failing(&made, 0, &asked), TU_OK);
	fail_each(systems_failing, &made, TU_OK, 2);
	unmake(&made);
}

static void what_counts_among_the_properties(void **state)
{
	(void)state;
	assert_true(tu_match__reads_property(TU_STR("syft:metadata:epoch")));
	assert_true(tu_match__reads_property(TU_STR("syft:metadata:sourceRpm")));
	assert_true(tu_match__reads_property(TU_STR("aquasecurity:trivy:SrcEpoch")));
	assert_true(tu_match__reads_property(TU_STR("aquasecurity:trivy:Modularitylabel")));
	assert_false(tu_match__reads_property(TU_STR("syft:metadata:size")));
	assert_false(tu_match__reads_property(TU_STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_keys_of_a_component),
		cmocka_unit_test(what_a_change_touches),
		cmocka_unit_test(a_failing_allocation_hides_no_key),
		cmocka_unit_test(a_component_has_all_its_keys_or_none),
		cmocka_unit_test(what_is_a_system_that_records_need),
		cmocka_unit_test(what_counts_among_the_properties),
	};

	return cmocka_run_group_tests_name("match keys", tests, NULL, NULL);
}
