#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "error_text.h"
#include "prop/list_groups.h"
#include "support/list_changes.h"

/* The list and the slow model of it give the same answers about random portfolios. */

enum { WORLDS = 40, QUESTIONS = 40, CHANGES = 6 };

/* ---- random questions ---- */

struct question {
	struct tu_list_filter filter;
	struct tu_list_scope scope;
	struct tu_list_query query;
	int64_t scope_ids[3], filter_ids[2];
};

static bool asked(struct dice *dice)
{
	return dice_below(dice, 9) == 0;
}

static enum tu_list_ask some_ask(struct dice *dice)
{
	return asked(dice) ? (enum tu_list_ask)(1 + dice_below(dice, 2)) : TU_LIST_ANY;
}

static uint32_t some_set(struct dice *dice, size_t values)
{
	return asked(dice) ? (uint32_t)(1 + dice_below(dice, ((size_t)1 << values) - 1)) : 0;
}

static void ask_of_vulnerability(struct tu_list_filter *f, struct dice *dice, const struct world *w)
{
	static const char *const prefixes[] = {"cve", "CVE-2020", "GHSA-2021-", "x", "CVE-2021-1"};
	static const char *const catalogues[] = {"cisa", "ENISA", "Acme List", "Acme"};

	f->kev = some_ask(dice);
	for (size_t i = 0; i < TU_LIST_CATALOGUES_MAX && asked(dice); i++) {
		f->exploited_by[i].name = tu_str_c(catalogues[dice_below(dice, 4)]);
		f->exploited_by[i].no = dice_below(dice, 2) > 0;
		f->exploited_by_count++;
	}
	f->unscored = some_ask(dice);
	f->severity_from = asked(dice) ? (uint8_t)dice_below(dice, 6) : 0;
	f->severity_below = asked(dice) ? (uint8_t)dice_below(dice, 7) : 0;
	f->cvss_stated = some_ask(dice);
	f->epss_stated = some_ask(dice);
	f->cvss_from = asked(dice) ? (uint8_t)dice_below(dice, 100) : 0;
	f->cvss_below = asked(dice) ? (uint8_t)dice_below(dice, 100) : 0;
	f->epss_from = asked(dice) ? (uint32_t)dice_below(dice, 1000000) : 0;
	f->epss_below = asked(dice) ? (uint32_t)dice_below(dice, 1000000) : 0;
	if (asked(dice))
		f->vulnerability_id = w->vulns[dice_below(dice, VULNS)].id;
	if (asked(dice))
		f->vulnerability = tu_str_c(prefixes[dice_below(dice, 5)]);
}

static void ask_of_place(struct question *q, struct dice *dice, const struct world *w)
{
	static const char *const prefixes[] = {"open", "OPENSSL", "z", "nothing", ""};
	struct tu_list_filter *f = &q->filter;

	f->verdicts = some_set(dice, TU_LIST_VERDICTS);
	f->fixable = some_ask(dice);
	if (asked(dice))
		f->component_id = w->components[dice_below(dice, COMPONENTS)].id;
	if (asked(dice))
		f->component = tu_str_c(prefixes[dice_below(dice, 5)]);
	if (asked(dice))
		f->package = tu_str_c(dice_below(dice, 2) ? "openssl" : "OPENSSL");
	if (asked(dice))
		f->release_id = w->releases[dice_below(dice, RELEASES)].id;
	f->release_states = some_set(dice, TU_LIST_RELEASE_STATES);
	for (size_t i = 0; i < 2; i++)
		q->filter_ids[i] = w->devices[dice_below(dice, DEVICES)].id;
	f->device_ids = q->filter_ids;
	f->device_count = asked(dice) ? 1 + dice_below(dice, 2) : 0;
}

static void ask_of_finding(struct tu_list_filter *f, struct dice *dice)
{
	static const char *const texts[] = {"SSL", "-2020-1", "generic", "deb", "nothing"};

	f->states = some_set(dice, TU_LIST_STATES);
	f->closed = some_ask(dice);
	f->statuses = some_set(dice, TU_LIST_STATUSES);
	f->risks = some_set(dice, TU_LIST_RISKS);
	f->harm_from = asked(dice) ? (uint8_t)dice_below(dice, 8) : 0;
	f->harm_below = asked(dice) ? (uint8_t)dice_below(dice, 8) : 0;
	f->seen_since = asked(dice) ? some_time(dice) : 0;
	f->seen_before = asked(dice) ? some_time(dice) : 0;
	f->deadline_before = asked(dice) ? some_time(dice) : 0;
	f->deadline = some_ask(dice);
	if (asked(dice))
		f->text = tu_str_c(texts[dice_below(dice, 5)]);
}

static void ask(struct question *q, struct dice *dice, const struct world *w)
{
	*q = (struct question){0};
	if (dice_below(dice, 4)) {
		ask_of_vulnerability(&q->filter, dice, w);
		ask_of_place(q, dice, w);
		ask_of_finding(&q->filter, dice);
	}
	for (size_t i = 0; i < 3; i++)
		q->scope_ids[i] =
			dice_below(dice, 5) ? w->devices[dice_below(dice, DEVICES)].id : 99999;
	q->scope =
		(struct tu_list_scope){dice_below(dice, 2) > 0, q->scope_ids, dice_below(dice, 4)};
	q->query = (struct tu_list_query){.filter = &q->filter,
		.scope = &q->scope,
		.sort = (enum tu_list_sort)dice_below(dice, TU_LIST_SORTS),
		.descending = dice_below(dice, 2) > 0,
		.page_size = (uint32_t)(1 + dice_below(dice, 40))};
}

/* ---- comparing ---- */

static void same_vuln(const struct tu_list_vulnerability *a, const struct tu_list_vulnerability *b)
{
	assert_int_equal(a->id, b->id);
	assert_true(tu_str_eq(a->name, b->name));
	assert_int_equal(a->severity, b->severity);
	assert_int_equal(a->score, b->score);
	assert_int_equal(a->kev, b->kev);
	assert_int_equal(a->epss, b->epss);
	assert_int_equal(a->modified, b->modified);
	assert_true(tu_str_eq(a->exploited_by, b->exploited_by));
}

static void same_release(const struct tu_list_release *a, const struct tu_list_release *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->device_id, b->device_id);
	assert_true(tu_str_eq(a->version, b->version));
	assert_true(tu_str_eq(a->public_id, b->public_id));
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->released, b->released);
}

static void same_finding(const struct tu_list_finding *a, const struct tu_list_finding *b)
{
	same_vuln(&a->vulnerability, &b->vulnerability);
	same_release(&a->release, &b->release);
	assert_int_equal(a->component.id, b->component.id);
	assert_memory_equal(a->component.key, b->component.key, TU_LIST_KEY);
	assert_true(tu_str_eq(a->component.name, b->component.name));
	assert_true(tu_str_eq(a->component.package, b->component.package));
	assert_true(tu_str_eq(a->component.version, b->component.version));
	assert_true(tu_str_eq(a->component.purl, b->component.purl));
	assert_true(tu_str_eq(a->device, b->device));
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->fixable, b->fixable);
	assert_int_equal(a->first_seen, b->first_seen);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->risk, b->risk);
	assert_int_equal(a->harm, b->harm);
	assert_int_equal(a->closed, b->closed);
	assert_int_equal(a->deadline, b->deadline);
}

static void same_group(const struct tu_list_group *a, const struct tu_list_group *b)
{
	same_vuln(&a->vulnerability, &b->vulnerability);
	same_release(&a->release, &b->release);
	assert_true(tu_str_eq(a->device, b->device));
	assert_int_equal(a->verdicts, b->verdicts);
	assert_int_equal(a->states, b->states);
	assert_int_equal(a->risks, b->risks);
	assert_int_equal(a->fixable, b->fixable);
	assert_int_equal(a->first_seen, b->first_seen);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->harm, b->harm);
	assert_int_equal(a->risk, b->risk);
	assert_int_equal(a->deadline, b->deadline);
	assert_int_equal(a->releases, b->releases);
	assert_int_equal(a->components, b->components);
	assert_int_equal(a->findings, b->findings);
}

/* Every page after the other: each row once, in order, with the total on each page. */
static void same_walk(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	struct tu_list_query query, const struct model *model)
{
	enum tu_list_kind kind = query.kind;
	size_t count = kind == TU_LIST_FINDINGS ? model->count : model->group_count, at = 0;
	struct tu_error err = {0};
	struct tu_list_page page;

	do {
		if (tu_list_page(arena, snapshot, &query, &page, &err))
			fail_msg("%s", error_text(&err));
		assert_true(page.total.exact);
		assert_int_equal(page.total.count, count);
		assert_true(page.count == query.page_size || !page.next.len);
		assert_true(at + page.count <= count);
		for (size_t i = 0; i < page.count; i++, at++)
			if (kind == TU_LIST_FINDINGS)
				same_finding(&page.findings[i], &model->findings[at]);
			else
				same_group(&page.groups[i], &model->groups[at]);
		query.cursor = page.next;
	} while (page.next.len);
	assert_int_equal(at, count);
}

static void same_answers(struct tu_arena *arena, const struct world *w,
	const struct tu_list_snapshot *snapshot, struct dice *dice)
{
	static struct model model;

	for (size_t i = 0; i < QUESTIONS; i++) {
		struct question q;
		uint64_t counted[TU_LIST_KINDS];
		struct tu_error err = {0};

		ask(&q, dice, w);
		model_of(w, &q.query, &model);
		for (int kind = 0; kind < TU_LIST_KINDS; kind++) {
			const struct tu_list_filters filters = {
				(enum tu_list_kind)kind, &q.scope, &q.filter, 1};

			q.query.kind = filters.kind;
			same_walk(arena, snapshot, q.query, &model);
			assert_int_equal(
				tu_list_count(snapshot, &filters, &counted[kind], &err), TU_OK);
		}
		assert_int_equal(counted[TU_LIST_FINDINGS], model.count);
		assert_int_equal(counted[TU_LIST_OF_VULNERABILITIES], model.group_count);
		tu_arena_reset(arena);
	}
}

/* ---- the laws ---- */

static void every_answer_is_the_model_s(void **state)
{
	struct dice dice = dice_new(1201);
	struct tu_arena *arena = tu_arena_new(0);
	static struct world w;

	(void)state;
	for (size_t i = 0; i < WORLDS; i++) {
		struct tu_list_snapshot *snapshot;
		struct tu_error err = {0};

		roll_world(&w, &dice);
		if (snapshot_of(&w, 1, &snapshot, &err))
			fail_msg("%s", error_text(&err));
		same_answers(arena, &w, snapshot, &dice);
		tu_list_drop(snapshot);
	}
	tu_arena_free(arena);
}

static void same_size(const struct tu_list_snapshot *a, const struct tu_list_snapshot *b)
{
	struct tu_list_size x = tu_list_size(a), y = tu_list_size(b);

	assert_int_equal(x.vulnerabilities, y.vulnerabilities);
	assert_int_equal(x.components, y.components);
	assert_int_equal(x.devices, y.devices);
	assert_int_equal(x.releases, y.releases);
	assert_int_equal(x.facts, y.facts);
	assert_int_equal(x.references, y.references);
	assert_int_equal(x.decisions, y.decisions);
	assert_int_equal(x.findings, y.findings);
}

/* Snapshots that follow each other answer as one that is made of everything; and earlier ones
 * answer as before. */
static void an_update_is_a_rebuild(void **state)
{
	struct dice dice = dice_new(1202);
	struct tu_arena *arena = tu_arena_new(0);
	static struct world worlds[CHANGES + 1];

	(void)state;
	for (size_t i = 0; i < WORLDS / 2; i++) {
		struct tu_list_snapshot *snapshots[CHANGES + 1];
		struct tu_error err = {0};

		roll_world(&worlds[0], &dice);
		assert_int_equal(snapshot_of(&worlds[0], 1, &snapshots[0], &err), TU_OK);
		for (size_t j = 1; j <= CHANGES; j++) {
			struct tu_list_snapshot *rebuilt;

			worlds[j] = worlds[j - 1];
			for (size_t v = 0; v < VULNS; v++)
				worlds[j].vulns[v].name = tu_str_c(worlds[j].names[v]);
			if (change_world(&worlds[j], &dice, snapshots[j - 1], &snapshots[j], &err))
				fail_msg("%s", error_text(&err));
			assert_int_equal(snapshot_of(&worlds[j], 1, &rebuilt, &err), TU_OK);
			same_size(snapshots[j], rebuilt);
			tu_list_drop(rebuilt);
		}
		for (size_t j = 0; j <= CHANGES; j++)
			same_answers(arena, &worlds[j], snapshots[j], &dice);
		for (size_t j = 0; j <= CHANGES; j++)
			tu_list_drop(snapshots[(j * 3) % (CHANGES + 1)]);
	}
	tu_arena_free(arena);
}

/* The page after a cursor begins after its row as it was, whatever has changed meanwhile. */
static void a_cursor_outlives_changes(void **state)
{
	struct dice dice = dice_new(1203);
	struct tu_arena *arena = tu_arena_new(0);
	static struct world w;
	static struct model before, after;
	size_t pages = 0;

	(void)state;
	for (size_t i = 0; i < 20 * WORLDS; i++) {
		struct tu_list_snapshot *old, *new;
		struct tu_list_page page, next;
		struct tu_error err = {0};
		struct question q;
		size_t at = 0;

		roll_world(&w, &dice);
		assert_int_equal(snapshot_of(&w, 1, &old, &err), TU_OK);
		ask(&q, &dice, &w);
		model_of(&w, &q.query, &before);
		assert_int_equal(tu_list_page(arena, old, &q.query, &page, &err), TU_OK);
		assert_int_equal(change_world(&w, &dice, old, &new, &err), TU_OK);
		model_of(&w, &q.query, &after);
		q.query.cursor = page.next;
		if (page.next.len) {
			const struct tu_list_finding *last = &before.findings[page.count - 1];

			assert_int_equal(tu_list_page(arena, new, &q.query, &next, &err), TU_OK);
			while (at < after.count &&
				model_order(&after.findings[at], last, &q.query) <= 0)
				at++;
			assert_true(
				next.count == q.query.page_size || at + next.count == after.count);
			for (size_t j = 0; j < next.count; j++)
				same_finding(&next.findings[j], &after.findings[at + j]);
			pages++;
		}
		tu_list_drop(old);
		tu_list_drop(new);
		tu_arena_reset(arena);
	}
	assert_true(pages > WORLDS);
	tu_arena_free(arena);
}

/* Many filters at once count as each alone. */
static void counts_are_independent(void **state)
{
	enum { MANY = 70 };
	struct dice dice = dice_new(1204);
	static struct world w;
	static struct question questions[MANY];
	struct tu_list_filter filters[MANY];
	uint64_t counts[MANY], one;

	(void)state;
	for (size_t i = 0; i < WORLDS; i++) {
		struct tu_list_snapshot *snapshot;
		struct tu_error err = {0};
		const struct tu_list_filters many = {
			(enum tu_list_kind)(i % 2), &questions[0].scope, filters, MANY};

		roll_world(&w, &dice);
		assert_int_equal(snapshot_of(&w, 1, &snapshot, &err), TU_OK);
		for (size_t j = 0; j < MANY; j++) {
			ask(&questions[j], &dice, &w);
			filters[j] = questions[j].filter;
		}
		assert_int_equal(tu_list_count(snapshot, &many, counts, &err), TU_OK);
		for (size_t j = 0; j < MANY; j++) {
			struct tu_list_filters single = many;

			single.at = &filters[j];
			single.count = 1;
			assert_int_equal(tu_list_count(snapshot, &single, &one, &err), TU_OK);
			assert_int_equal(counts[j], one);
		}
		tu_list_drop(snapshot);
	}
}

/* An ETag is as before only if what is in the scope is; a change elsewhere does not show. */
static void an_etag_is_of_its_scope(void **state)
{
	struct dice dice = dice_new(1205);
	static struct world w, other;
	static struct model before, after;
	size_t same = 0, different = 0;

	(void)state;
	for (size_t i = 0; i < 40 * WORLDS; i++) {
		char old_tag[TU_LIST_ETAG_DIGITS + 1], new_tag[TU_LIST_ETAG_DIGITS + 1];
		struct tu_list_snapshot *old, *new;
		struct tu_error err = {0};
		struct question q;

		roll_world(&w, &dice);
		assert_int_equal(snapshot_of(&w, 1, &old, &err), TU_OK);
		ask(&q, &dice, &w);
		q.filter = (struct tu_list_filter){0};
		q.scope.everything = false;
		model_of(&w, &q.query, &before);
		other = w;
		assert_int_equal(change_world(&other, &dice, old, &new, &err), TU_OK);
		model_of(&other, &q.query, &after);
		assert_int_equal(tu_list_etag(old, &q.query, old_tag, &err), TU_OK);
		assert_int_equal(tu_list_etag(new, &q.query, new_tag, &err), TU_OK);
		if (strcmp(old_tag, new_tag) == 0) {
			same++;
			assert_int_equal(before.count, after.count);
			for (size_t j = 0; j < before.count; j++)
				same_finding(&before.findings[j], &after.findings[j]);
		} else {
			different++;
		}
		tu_list_drop(old);
		tu_list_drop(new);
	}
	assert_true(same > WORLDS && different > WORLDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer_is_the_model_s),
		cmocka_unit_test(an_update_is_a_rebuild),
		cmocka_unit_test(a_cursor_outlives_changes),
		cmocka_unit_test(counts_are_independent),
		cmocka_unit_test(an_etag_is_of_its_scope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
