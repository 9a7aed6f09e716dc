#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/advisory.h>

#include "match/upgrade.h"
#include "match/version_keys.h"

enum { VERSIONS = 700 /* the table grows more than once */ };

struct fixture {
	struct tu_buf bytes;
	struct tu_kb *kb;
};

/* One package whose record names VERSIONS fixed versions. */
static void build(struct fixture *f)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_span *spans = tu_arena_array(arena, VERSIONS, sizeof(*spans));
	struct tu_affected_package package = {.type = TU_STR("npm"), .name = TU_STR("x")};
	struct tu_advisory advisory = {.source = TU_SOURCE_OSV,
		.id = TU_STR("GHSA-0000-0000-0000"),
		.packages = &package,
		.package_count = 1};
	struct tu_kb_build_counts counts;
	struct tu_error err = {0};

	for (size_t i = 0; i < VERSIONS; i++) {
		struct tu_buf text;

		tu_buf_init(&text, 64);
		tu_buf_printf(&text, i % 10 ? "1.%zu.0" : "no version %zu", i);
		spans[i].coverage = TU_COVERAGE_AFFECTED;
		assert_int_equal(tu_interval_make(arena, TU_SCHEME_NPM, TU_STR(""), true,
					 tu_buf_str(&text), false, &spans[i].interval),
			TU_OK);
		tu_buf_done(&text);
	}
	package.versions =
		(struct tu_versions){.scheme = TU_SCHEME_NPM, .spans = spans, .count = VERSIONS};
	tu_buf_init(&f->bytes, 16 * 1024 * 1024);
	if (tu_kb_builder_add(builder, &advisory, &err) ||
		tu_kb_builder_finish(builder, &f->bytes, &counts, &err) ||
		tu_kb_open_memory(f->bytes.ptr, f->bytes.len, &f->kb, &err))
		fail_msg("%s", err.message);
	tu_kb_builder_free(builder);
	tu_arena_free(arena);
}

static int set_up(void **state)
{
	static struct fixture f;

	build(&f);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	tu_kb_close(f->kb);
	tu_buf_done(&f->bytes);
	return 0;
}

static void expect_key(struct tu_str got, enum tu_scheme scheme, struct tu_str version)
{
	struct tu_buf key;

	tu_buf_init(&key, 4096);
	if (tu_version_key(scheme, version, &key, NULL) != TU_OK)
		tu_buf_clear(&key);
	if (!tu_str_eq(got, tu_buf_str(&key)))
		fail_msg("another key of %.*s", TU_STR_FMT(version));
	tu_buf_done(&key);
}

/* Each scheme has its own key, asked for the first time or again, whether there is one or none. */
static void each_named_version_has_the_keys_of_its_text(void **state)
{
	const struct fixture *f = *state;
	struct kb_versions versions;
	struct version_keys *first[VERSIONS];

	assert_true(tu_match__versions_init(&versions, f->kb));
	for (unsigned round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < VERSIONS; i++) {
			const struct kb_span *span =
				kb_span_at(f->kb, kb_body(f->kb, f->kb->entries)->first_span + i);
			struct version_keys *keys =
				tu_match__named_version(&versions, span->hi_text);

			assert_non_null(keys);
			assert_true(round == 0 || keys == first[i]);
			first[i] = keys;
			assert_true(tu_str_eq(keys->text, kb_str(f->kb, span->hi_text)));
			for (enum tu_scheme s = TU_SCHEME_NPM; s < TU_SCHEME_COUNT_; s += 8)
				expect_key(tu_match__version_key(versions.arena, keys, s), s,
					keys->text);
		}
	}
	assert_int_equal(versions.count, VERSIONS);
	tu_match__versions_done(&versions);
}

static void an_installed_version_is_kept_until_another_is_asked_about(void **state)
{
	static const char *const texts[] = {"1.0", "1.0", "2.0", "", "1.0"};
	const struct fixture *f = *state;
	struct kb_versions versions;

	assert_true(tu_match__versions_init(&versions, f->kb));
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		struct version_keys *keys =
			tu_match__installed_version(&versions, tu_str_c(texts[i]));

		assert_non_null(keys);
		expect_key(tu_match__version_key(versions.own, keys, TU_SCHEME_DEB), TU_SCHEME_DEB,
			tu_str_c(texts[i]));
	}
	tu_match__versions_done(&versions);
}

static void expect_vers(struct kb_versions *versions, const struct tu_evidence *evidence)
{
	struct tu_buf got, want;

	tu_buf_init(&got, 1 << 20);
	tu_buf_init(&want, 1 << 20);
	tu_match__vers(versions, evidence, &got);
	tu_evidence_vers(versions->kb, evidence, &want);
	assert_true(tu_str_eq(tu_buf_str(&got), tu_buf_str(&want)));
	tu_buf_done(&got);
	tu_buf_done(&want);
}

enum { RANGES = 100, VERDICTS = 3, TEXTS = 6, LONG = 239 };

/* Number `i` of all questions; those that follow each other differ in the verdict, the version or
 * the range, as `order` says. */
static struct tu_evidence question(size_t i, unsigned order)
{
	static const enum tu_match_verdict verdicts[VERDICTS] = {
		TU_MATCH_AFFECTED, TU_MATCH_NOT_AFFECTED, TU_MATCH_UNDECIDED};
	static char longest[LONG + 1];
	const char *const texts[TEXTS] = {"1.2.0", "1.2", "99.0.0", "", longest, longest + 200};
	static const size_t sizes[] = {VERDICTS, TEXTS, RANGES};
	size_t digits[3];

	memset(longest, '1', LONG);
	for (unsigned k = 0; k < 3; k++) {
		digits[(order + k) % 3] = i % sizes[(order + k) % 3];
		i /= sizes[(order + k) % 3];
	}
	return (struct tu_evidence){.entry = 0,
		.span = (uint32_t)digits[2] + 1,
		.verdict = verdicts[digits[0]],
		.version = tu_str_c(texts[digits[1]])};
}

/* Asked once or again, of one range, version and verdict after another, short or too long to be
 * kept: what one question alone is answered. */
static void a_range_is_written_as_if_it_were_the_only_one(void **state)
{
	const struct fixture *f = *state;

	for (unsigned order = 0; order < 3; order++) {
		struct kb_versions versions;

		assert_true(tu_match__versions_init(&versions, f->kb));
		for (size_t i = 0; i < (size_t)RANGES * VERDICTS * TEXTS; i++) {
			struct tu_evidence evidence = question(i, order);

			expect_vers(&versions, &evidence);
			expect_vers(&versions, &evidence);
		}
		tu_match__versions_done(&versions);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_named_version_has_the_keys_of_its_text),
		cmocka_unit_test(a_range_is_written_as_if_it_were_the_only_one),
		cmocka_unit_test(an_installed_version_is_kept_until_another_is_asked_about),
	};

	return cmocka_run_group_tests_name("version keys", tests, set_up, tear_down);
}
