/*
 * The law of re-matching: after another knowledge base became the current one, the facts in the
 * store are those of a full re-match and those of a scan of every SBOM.
 *
 * The two knowledge bases are parts of the starter data, by chance; where TUTELA_KB and
 * TUTELA_KB_BEFORE name files and TUTELA_SBOMS a folder, those.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/portfolio_scene.h"

#include "base/hash.h"
#include "kb/aliases.h"
#include "portfolio/gaps.h"
#include "portfolio/rematch.h"

/* ---- knowledge bases by chance ---- */

struct part {
	struct tu_kb_builder *builder;
	struct tu_advisory_reader *reader;
	uint64_t seed;
	unsigned left_out; /* which third of the records */
};

static enum tu_status take(void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct part *part = context;

	if (tu_hash_seeded(advisory->id, part->seed) % 3 == part->left_out)
		return TU_OK;
	return tu_kb_builder_add(part->builder, advisory, err);
}

static void problem(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where, (void)what;
}

static enum tu_status visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct part *part = context;
	const struct tu_advisory_sink sink = {take, problem, part, NULL};
	struct tu_feed_summary summary = {0};

	return tu_advisory_read(part->reader, name, text, &sink, &summary, err);
}

static void unreadable(void *context, struct tu_str name, const struct tu_error *why)
{
	(void)context;
	fail_msg("%.*s: %s", TU_STR_FMT(name), why->message);
}

static struct tu_kb *part_of_starter(uint64_t seed, unsigned left_out, struct tu_buf *bytes)
{
	struct part part = {tu_kb_builder_new(), tu_advisory_reader_new(), seed, left_out};
	const struct tu_input_walk walk = {visit, unreadable, &part, {0}, NULL, NULL, NULL};
	struct tu_kb_aliases_summary names = {0};
	struct tu_kb_build_counts counts;
	struct tu_kb *kb = NULL;
	struct tu_buf text;

	tu_buf_init(&text, 16 << 20);
	assert_ok(tu_input_read(TUTELA_NAMES, &text, error));
	assert_ok(tu_kb_aliases_read(
		part.builder, TU_STR("names"), tu_buf_str(&text), &names, error));
	assert_ok(tu_input_each(TUTELA_STARTER_DATA, &walk, error));
	tu_buf_init(bytes, 64 << 20);
	assert_ok(tu_kb_builder_finish(part.builder, bytes, &counts, error));
	assert_ok(tu_kb_open_memory(bytes->ptr, bytes->len, &kb, error));
	tu_buf_done(&text);
	tu_advisory_reader_free(part.reader);
	tu_kb_builder_free(part.builder);
	return kb;
}

/* ---- the law ---- */

struct law {
	struct scene *scene;
	const struct tu_kb *kb;
	size_t components, facts;
	int64_t unknown; /* without data, counted in each release */
};

struct row {
	struct tu_str vuln, verdict, reason, fixed;
};

/* The facts of one component of the store, as rows. */
static size_t stored_facts(struct tu_work *w, int64_t component, struct row *out, size_t max)
{
	struct tu_rows *rows;
	size_t count = 0;

	assert_ok(tu_work_exec(w, TU_SQL_TOUCHED_CLEAR, TU_NO_BIND, error));
	assert_ok(tu_work_exec(w, TU_SQL_TOUCHED_ADD_ALL, TU_BIND(tu_int(component - 1)), error));
	assert_ok(tu_tx_query(w->tx, TU_SQL_TOUCHED_FACTS, TU_NO_BIND, &rows, error));
	while (tu_rows_next(rows) && tu_rows_int(rows, 0) == component) {
		assert_true(count < max);
		assert_true(tu_arena_dup(w->arena, tu_rows_text(rows, 2), &out[count].vuln));
		assert_true(tu_arena_dup(w->arena, tu_rows_text(rows, 3), &out[count].verdict));
		assert_true(tu_arena_dup(w->arena, tu_rows_text(rows, 4), &out[count].reason));
		assert_true(tu_arena_dup(w->arena, tu_rows_text(rows, 5), &out[count].fixed));
		count++;
	}
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_work_exec(w, TU_SQL_TOUCHED_CLEAR, TU_NO_BIND, error));
	return count;
}

static void assert_facts(struct tu_work *w, int64_t component, const struct tu_facts *facts,
	const char *what, struct tu_str identity)
{
	static struct row rows[20000];
	size_t count = stored_facts(w, component, rows, TU_COUNT(rows));

	if (count != facts->count)
		fail_msg("%s: %.*s: %zu facts in the store, %zu found", what, TU_STR_FMT(identity),
			count, facts->count);
	for (size_t i = 0; i < count; i++) {
		const struct tu_vuln_fact *f = &facts->at[i];

		if (!tu_str_eq(rows[i].vuln, f->vuln) ||
			!tu_str_eq(rows[i].verdict, tu_str_c(tu_match_verdict_name(f->verdict))) ||
			!tu_str_eq(rows[i].reason, tu_str_c(tu_reason_name(f->reason))) ||
			!tu_str_eq(rows[i].fixed, f->fixed))
			fail_msg("%s: %.*s: %.*s is %.*s (%.*s) in the store, %s (%s) found", what,
				TU_STR_FMT(identity), TU_STR_FMT(f->vuln),
				TU_STR_FMT(rows[i].verdict), TU_STR_FMT(rows[i].reason),
				tu_match_verdict_name(f->verdict), tu_reason_name(f->reason));
	}
}

/* Everything that a scan of the release's SBOM finds is what the store has of its components. */
static void release_is_a_scan(struct law *law, struct tu_work *w,
	const struct tu_settling *settling, const struct tu_release_row *release)
{
	struct tu_prepared prepared;
	struct tu_rows *rows;
	size_t count = 0;
	struct {
		int64_t id;
		uint8_t key[TU_SHA256_BYTES];
	} * refs;

	assert_ok(tu_settle_prepare(w, settling, release, &prepared, error));
	refs = tu_arena_array(w->arena, prepared.component_count, sizeof(*refs));
	assert_ok(tu_tx_query(
		w->tx, TU_SQL_RELEASE_COMPONENT_KEYS, TU_BIND(tu_int(release->id)), &rows, error));
	while (tu_rows_next(rows)) {
		assert_true(count < prepared.component_count);
		refs[count].id = tu_rows_int(rows, 0);
		memcpy(refs[count++].key, tu_rows_text(rows, 1).ptr, TU_SHA256_BYTES);
	}
	assert_ok(tu_rows_close(rows, error));
	assert_int_equal(count, prepared.component_count);
	for (size_t i = 0; i < count; i++) {
		const struct tu_prepared_component *c = prepared.components;

		while (memcmp(c->identity.key, refs[i].key, TU_SHA256_BYTES) != 0)
			assert_true(++c < prepared.components + prepared.component_count);
		assert_facts(w, refs[i].id, &c->facts, "scan", c->identity.text);
		law->components++;
		law->facts += c->facts.count;
		law->unknown += !c->facts.known;
	}
}

static enum tu_status check(struct tu_work *w, void *self, struct tu_error *err)
{
	struct law *law = self;
	struct tu_device_row device;
	struct tu_settling settling;
	static const struct tu_list_scope everything = {.everything = true};
	struct tu_release_rows releases = {0};
	struct tu_gaps gaps;

	(void)err;
	assert_ok(tu_device_find(w, tu_str_c(law->scene->device), &device, error));
	assert_ok(tu_settling_begin(w, &device, law->kb, &settling, error));
	assert_ok(tu_release_list(w, device.id, &releases, error));
	for (size_t i = 0; i < releases.count; i++) {
		assert_false(releases.at[i].due);
		if (releases.at[i].sbom_id)
			release_is_a_scan(law, w, &settling, &releases.at[i]);
	}
	assert_ok(tu_gaps_of(w, NULL, &everything, &gaps, error));
	assert_int_equal(gaps.components_without_data, law->unknown);
	return TU_OK;
}

static void law_holds(struct scene *s)
{
	struct law law = {.scene = s, .kb = s->kb};

	assert_ok(tu_work_run(s->store, &s->act, check, &law, error));
	assert_true(law.facts > 0);
}

/* Law: what is kept of the gaps is what is read, after each transaction. */
static struct tu_gap_cache *gap_cache; /* of one scene's store; NULL: not asked */

static enum tu_status compare_gaps(struct tu_work *w, void *self, struct tu_error *err)
{
	static const struct tu_list_scope everything = {.everything = true};
	struct tu_gaps kept, read;

	(void)self;
	(void)err;
	assert_ok(tu_gaps_of(w, gap_cache, &everything, &kept, error));
	assert_ok(tu_gaps_of(w, NULL, &everything, &read, error));
	assert_memory_equal(&kept, &read, sizeof(kept));
	return TU_OK;
}

static void gaps_are_kept(struct scene *s)
{
	if (gap_cache)
		assert_ok(tu_work_read(s->store, &s->act, compare_gaps, NULL, error));
}

/* ---- becoming current ---- */

struct becoming {
	struct tu_rematch_plan plan;
	struct tu_knowledge_row before;
	struct tu_rematch_summary summary;
	struct tu_rematch_settling settling;
};

static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	struct becoming *b = self;
	struct tu_knowledge_row row;
	enum tu_status status = tu_knowledge_current(w, &b->before, err);

	return status ? status : tu_knowledge_put(w, b->plan.new_kb, &row, err);
}

static enum tu_status apply(struct tu_work *w, void *self, struct tu_error *err)
{
	struct becoming *b = self;

	return tu_rematch_apply(w, &b->plan, &b->before, &b->summary, err);
}

static enum tu_status settle(struct tu_work *w, void *self, struct tu_error *err)
{
	struct becoming *b = self;

	return tu_rematch_settle(w, &b->settling, err);
}

static struct tu_rematch_summary become(struct scene *s, struct tu_kb *kb, bool full)
{
	struct becoming b = {.settling = {.kb = kb, .limit = 1}};

	assert_ok(tu_rematch_plan(s->arena, full ? NULL : s->kb, kb, &b.plan, error));
	assert_ok(tu_work_run(s->store, &s->act, put, &b, error));
	assert_ok(tu_work_run(s->store, &s->act, apply, &b, error));
	gaps_are_kept(s);
	do {
		assert_ok(tu_work_run(s->store, &s->act, settle, &b, error));
		gaps_are_kept(s);
		b.settling.from = b.settling.after;
	} while (b.settling.after);
	s->kb = kb;
	return b.summary;
}

static void put_pump(struct scene *s)
{
	scene_put_sbom(s, "4.3.1", "infusion-pump.cdx.json");
	scene_put_sbom(s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
}

static void delta_is_full_is_scan(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 4; round++) {
		struct scene s = scene_portfolio();
		struct tu_kb *starter = s.kb, *kb[3];
		struct tu_buf bytes[3];
		struct tu_rematch_summary full, delta;

		for (unsigned i = 0; i < 3; i++)
			kb[i] = part_of_starter(round, i, &bytes[i]);
		gap_cache = tu_gap_cache_new();
		assert_non_null(gap_cache);
		gaps_are_kept(&s);
		put_pump(&s);
		gaps_are_kept(&s);
		law_holds(&s);
		full = become(&s, kb[0], true);
		law_holds(&s);
		for (unsigned i = 1; i < 3; i++) {
			delta = become(&s, kb[i], false);
			law_holds(&s);
			assert_true(delta.matched > 0 && delta.matched <= full.matched);
			assert_true(delta.facts_added + delta.facts_removed > 0);
		}
		/* the same again changes nothing */
		delta = become(&s, kb[2], false);
		assert_int_equal(delta.matched, 0);
		assert_int_equal(delta.vulnerabilities, 0);
		law_holds(&s);
		for (unsigned i = 0; i < 3; i++) {
			tu_kb_close(kb[i]);
			tu_buf_done(&bytes[i]);
		}
		tu_gap_cache_free(gap_cache);
		gap_cache = NULL;
		s.kb = starter;
		scene_done(&s);
	}
}

/* A release of one component that no record affects, before and after there are data on it. */
static enum tu_status forget_data(struct tu_work *w, void *self, struct tu_error *err)
{
	(void)self;
	return tu_tx__script(w->tx,
		"UPDATE component SET known = 0; UPDATE release SET unknown = 1 WHERE sbom_id > 0",
		err);
}

static void data_without_findings_are_counted(void **state)
{
	struct scene s = scene_portfolio();
	struct law law = {.scene = &s, .kb = s.kb};

	(void)state;
	s.version = "4.3.1";
	s.text = TU_STR("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,"
			"\"components\":[{\"type\":\"library\",\"name\":\"log4j-core\","
			"\"version\":\"99.0\",\"purl\":"
			"\"pkg:maven/org.apache.logging.log4j/log4j-core@99.0\"}]}");
	scene_run(&s, scene_ingest);
	assert_ok(tu_work_run(s.store, &s.act, check, &law, error));
	assert_int_equal(law.facts + (size_t)law.unknown, 0);
	assert_ok(tu_work_run(s.store, &s.act, forget_data, NULL, error));
	(void)become(&s, s.kb, true);
	assert_ok(tu_work_run(s.store, &s.act, check, &law, error));
	scene_done(&s);
}

/* A plan that was made on another knowledge base than is current by then changes nothing. */
static void only_on_the_current_one(void **state)
{
	struct scene s = scene_portfolio();
	struct tu_buf bytes[2];
	struct tu_kb *starter = s.kb;
	struct tu_kb *one = part_of_starter(1, 0, &bytes[0]),
		     *two = part_of_starter(1, 1, &bytes[1]);
	struct becoming late = {.settling = {.kb = two, .limit = 8}};
	struct tu_error err = {0};

	(void)state;
	put_pump(&s);
	assert_ok(tu_rematch_plan(s.arena, s.kb, two, &late.plan, error));
	assert_ok(tu_work_run(s.store, &s.act, put, &late, error));
	(void)become(&s, one, false);
	assert_int_equal(tu_work_run(s.store, &s.act, apply, &late, &err), TU_E_CONFLICT);
	law_holds(&s);
	tu_kb_close(one);
	tu_kb_close(two);
	tu_buf_done(&bytes[0]);
	tu_buf_done(&bytes[1]);
	s.kb = starter;
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delta_is_full_is_scan),
		cmocka_unit_test(data_without_findings_are_counted),
		cmocka_unit_test(only_on_the_current_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
