/* The list of cases from memory is the slow and obvious one, whatever happens to a portfolio. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include <tutela/kb.h>

#include "portfolio/case_index.h"
#include "portfolio/signal_inside.h"

enum {
	DEVICES = 7, /* ids from 100 on; the last one cannot be read */
	RELEASES = 3, /* of each; ids 1000 + 10 * device + i */
	VULNS = 60, /* ids from 5000 on, of cases, too */
	FIRST_CASES = 40,
	STEPS = 160,
	ASKED = 4, /* times a step */
	DAY = 86400
};
#define US INT64_C(1000000)

static const char *const names[] = {"CVE-2022-0847", "CVE-2023-38545", "CVE-2021-44228",
	"GHSA-jfh8-c2jp-5v3q" /* the same as the one before */};
static const char *const event_names[] = {
	"customers-told", "fix-distributed", "plan-made", "report-806-sent", "isao-told"};
static const char *const owners[] = {"p1", "p2", "p3", "anna", "boris"};

struct world {
	struct scene s;
	struct tu_case_index *index, *other; /* another node, which looks now and then */
	uint64_t seed;
	int64_t cases; /* so many there are */
	unsigned made; /* ids that were given */
	uint32_t next_vuln; /* of the knowledge base */
	bool with_kb;
	char sql[4096];
	int64_t touched; /* 0: nothing that has to be said */
	struct tu_change change; /* kind NULL: none */
};

static unsigned dice(struct world *x, unsigned sides)
{
	x->seed ^= x->seed << 13;
	x->seed ^= x->seed >> 7;
	x->seed ^= x->seed << 17;
	return (unsigned)(x->seed >> 33) % sides;
}

static int64_t any_case(struct world *x)
{
	return 5000 + (int64_t)dice(x, (unsigned)x->cases);
}

static int64_t any_device(struct world *x)
{
	return 100 + (int64_t)dice(x, DEVICES);
}

static int64_t any_time(struct world *x)
{
	return NOW - (int64_t)dice(x, 200) * DAY * US;
}

/* ---- a portfolio ---- */

static enum tu_status run_sql(struct tu_work *w, void *self, struct tu_error *err)
{
	struct world *x = self;
	struct tu_record record;
	enum tu_status status = tu_tx__script(w->tx, x->sql, err);

	if (status == TU_OK && x->touched)
		status = tu_case__touch(w, x->touched, err);
	if (status != TU_OK || !x->change.kind)
		return status;
	tu_record_begin(&record, "test.change", "nothing");
	record.change = x->change;
	return tu_record_add(&record, w, err);
}

static void run(struct world *x, int64_t touched, struct tu_change change)
{
	x->touched = touched;
	x->change = change;
	assert_ok(tu_work_run(x->s.store, &x->s.act, run_sql, x, error));
}

#define SQL(x, ...) (void)snprintf((x)->sql, sizeof((x)->sql), __VA_ARGS__)
#define NOTHING ((struct tu_change){0})

static void add_device(struct world *x, int id)
{
	SQL(x,
		"INSERT INTO device (id, public, name, title, document_id, version, created) "
		"SELECT %d, 'd%d', 'device-%c%d', 'D', %s, 1, 1 FROM device WHERE name = "
		"'larkspur-ip-200';INSERT INTO release (id, public, device_id, version, state, "
		"locked, due, row_version, created) VALUES (%d, 'r%d', %d, '1', 'draft', 0, 0, 1, "
		"1), (%d, 'r%d', %d, '2', 'draft', 0, 0, 1, 1), (%d, 'r%d', %d, '3', 'draft', 0, "
		"0, 1, 1)",
		id, id, "zBaYcXw"[id - 100], id, id == 100 + DEVICES - 1 ? "9000" : "document_id",
		10 * id, 10 * id, id, 10 * id + 1, 10 * id + 1, id, 10 * id + 2, 10 * id + 2, id);
	run(x, 0, NOTHING);
}

static void add_part(struct world *x, int64_t id)
{
	const int64_t device = any_device(x);
	const char *states[] = {"affected", "undecided", "not affected", "fixed"};
	int len = snprintf(x->sql, sizeof(x->sql),
		"INSERT INTO case_device (case_id, device_id, owner_id, state, learned_at, opened, "
		"closed_at, version) VALUES (%lld, %lld, %s, 'open', %lld, %lld, NULL, 1) ON "
		"CONFLICT (case_id, device_id) DO NOTHING;",
		(long long)id, (long long)device,
		(const char *[]){"NULL", "900", "901", "902"}[dice(x, 4)], (long long)any_time(x),
		(long long)any_time(x));

	for (int i = 0; i < RELEASES; i++)
		len += snprintf(x->sql + len, sizeof(x->sql) - (size_t)len,
			"INSERT INTO case_release (case_id, release_id, state) VALUES (%lld, %lld, "
			"'%s') ON CONFLICT (case_id, release_id) DO UPDATE SET state = "
			"excluded.state;",
			(long long)id, (long long)(10 * device + i), states[dice(x, 4)]);
	if (dice(x, 2))
		(void)snprintf(x->sql + len, sizeof(x->sql) - (size_t)len,
			"INSERT INTO case_deadline (case_id, device_id, rule, started, due) VALUES "
			"(%lld, %lld, 'r%u', 1, %lld) ON CONFLICT (case_id, device_id, rule, "
			"started) DO NOTHING",
			(long long)id, (long long)device, dice(x, 3), (long long)any_time(x));
	run(x, id, NOTHING);
}

static void add_case(struct world *x)
{
	const int64_t id = 5000 + x->cases;

	if (x->cases == VULNS)
		return;
	SQL(x,
		"INSERT INTO cases (id, public, vuln_id, everywhere, own, created) VALUES (%lld, "
		"'%08x%024lld', %lld, 0, %u, 1)",
		(long long)id, dice(x, 1u << 30), (long long)id, (long long)id, dice(x, 2));
	x->cases++;
	run(x, id, NOTHING);
	for (unsigned i = dice(x, 4) + 1; i; i--)
		add_part(x, id);
}

/* Some that the knowledge base knows to be exploited, two names of one, and others. */
static void name_vuln(struct world *x, unsigned n, char name[64])
{
	struct tu_kb_vulnerability known = {0};
	struct tu_kb_info info;

	(void)snprintf(name, 64, "CVE-1999-%u", 1000 + n);
	if (n < TU_COUNT(names))
		(void)snprintf(name, 64, "%s", names[n]);
	if (n < TU_COUNT(names) || n % 2)
		return;
	tu_kb_info(x->s.kb, &info);
	do {
		if (x->next_vuln < info.vulnerabilities)
			known = tu_kb_vulnerability(x->s.kb, x->next_vuln++);
	} while (x->next_vuln < info.vulnerabilities &&
		(!known.has_kev || tu_str_eq(known.id, tu_str_c(names[0])) ||
			tu_str_eq(known.id, tu_str_c(names[1])) ||
			tu_str_eq(known.id, tu_str_c(names[2]))));
	(void)snprintf(name, 64, "%.*s", TU_STR_FMT(known.id));
}

static struct world make_world(uint64_t seed)
{
	struct world x = {.s = scene_portfolio(), .seed = seed, .with_kb = true};

	x.index = tu_case_index_new();
	x.other = tu_case_index_new();
	assert_true(x.index && x.other);
	SQL(&x,
		"INSERT INTO document (id, digest, kind, bytes, encoding, content, received) "
		"SELECT 9000, CAST('x' AS %s), 'device', 1, 'plain', CAST('x' AS %s), 1;INSERT "
		"INTO person (id, public, login, role, state, version, created) VALUES (900, 'p1', "
		"'anna', 'analyst', 'active', 1, 1), (901, 'p2', 'boris', 'analyst', 'active', 1, "
		"1), (902, 'p3', 'p1x', 'analyst', 'active', 1, 1)",
		tu_store_engine(x.s.store) == TU_STORE_SQLITE ? "BLOB" : "BYTEA",
		tu_store_engine(x.s.store) == TU_STORE_SQLITE ? "BLOB" : "BYTEA");
	run(&x, 0, NOTHING);
	for (int i = 0; i < DEVICES; i++)
		add_device(&x, 100 + i);
	for (unsigned i = 0; i < VULNS; i++) {
		char name[64];

		name_vuln(&x, i, name);
		SQL(&x,
			"INSERT INTO vuln (id, name, title, severity, score, kev, epss, modified, "
			"withdrawn, exploited_by) VALUES (%u, '%s', 'T%u', %u, %u, %u, 1, 1, 0, "
			"'')",
			5000 + i, name, i, i % 5, i, i % 3 == 0);
		run(&x, 0, NOTHING);
	}
	for (int i = 0; i < FIRST_CASES; i++)
		add_case(&x);
	return x;
}

static void end_world(struct world *x)
{
	tu_case_index_free(x->index);
	tu_case_index_free(x->other);
	scene_done(&x->s);
}

/* ---- what happens to it ---- */

static void record_event(struct world *x)
{
	const int64_t id = dice(x, 3) ? 5000 + dice(x, TU_COUNT(names)) : any_case(x);
	const int64_t at = dice(x, 4) ? any_time(x) : NOW + (int64_t)dice(x, 20) * DAY * US;

	SQL(x,
		"INSERT INTO case_event (public, case_id, device_id, name, at, evidence, contents, "
		"recorded, actor) VALUES ('e%u', %lld, %lld, '%s', %lld, 'e', "
		"'impact,efforts,controls,fix', 1, 'anna')",
		++x->made, (long long)id, (long long)any_device(x),
		event_names[dice(x, TU_COUNT(event_names))], (long long)at);
	run(x, id, NOTHING);
}

/* The maker writes another device.yaml: less is due, or as before. */
static void change_device(struct world *x)
{
	const int64_t device = any_device(x);

	SQL(x, "UPDATE device SET document_id = %s WHERE id = %lld AND id <> %d",
		dice(x, 2) ? "(SELECT document_id FROM device WHERE name = 'other')"
			   : "(SELECT document_id FROM device WHERE name = 'larkspur-ip-200')",
		(long long)device, 100 + DEVICES - 1);
	run(x, 0, (struct tu_change){"release", 10 * device});
}

static void change_part(struct world *x)
{
	const int64_t id = any_case(x);
	const unsigned what = dice(x, 3);

	if (what == 0)
		SQL(x,
			"UPDATE case_device SET state = 'closed', closed_at = %lld, version = "
			"version + 1 WHERE case_id = %lld",
			(long long)any_time(x), (long long)id);
	else if (what == 1)
		SQL(x,
			"UPDATE case_device SET state = 'open', closed_at = NULL, owner_id = 90%u "
			"WHERE case_id = %lld AND device_id = %lld",
			dice(x, 3), (long long)id, (long long)any_device(x));
	else
		SQL(x, "UPDATE case_device SET learned_at = %lld WHERE case_id = %lld",
			(long long)any_time(x), (long long)id);
	run(x, id, NOTHING);
}

static void change_deadline(struct world *x)
{
	const int64_t id = any_case(x);

	SQL(x, "UPDATE case_deadline SET %s WHERE case_id = %lld AND rule = 'r%u'",
		dice(x, 2) ? "met = 7" : "met = NULL, due = due + 86400000000", (long long)id,
		dice(x, 3));
	run(x, id, NOTHING);
}

static void change_vuln(struct world *x)
{
	const int64_t id = 5000 + (int64_t)dice(x, VULNS);

	SQL(x, "UPDATE vuln SET title = %s, severity = %u, score = %u, kev = %u WHERE id = %lld",
		dice(x, 3) ? "'another title, which is longer'" : "NULL", dice(x, 6), dice(x, 100),
		dice(x, 2), (long long)id);
	run(x, 0, (struct tu_change){"vulnerability", id});
}

static void remove_part(struct world *x)
{
	SQL(x,
		"DELETE FROM case_deadline WHERE case_id = %lld; DELETE FROM case_device WHERE "
		"case_id = %lld AND device_id = %lld",
		(long long)any_case(x), (long long)any_case(x), (long long)any_device(x));
	run(x, 0, (struct tu_change){"removed", 77});
}

static void erase_person(struct world *x)
{
	SQL(x, "UPDATE person SET login = 'erased:%u' WHERE id = 90%u", ++x->made, dice(x, 3));
	run(x, 0, NOTHING);
}

static void pass_time(struct world *x)
{
	x->s.act.at += (int64_t)dice(x, dice(x, 4) ? 9 : 60) * DAY / 3 * US;
}

static void change_kb(struct world *x)
{
	x->with_kb = !x->with_kb;
}

static void add_some_part(struct world *x)
{
	add_part(x, any_case(x));
}

static void (*const happenings[])(struct world *) = {add_case, add_some_part, record_event,
	record_event, change_device, change_part, change_part, change_deadline, change_vuln,
	remove_part, erase_person, pass_time, change_kb};

/* ---- asking ---- */

struct question {
	struct world *x;
	struct tu_case_index *index;
	struct tu_case_filter filter;
	enum tu_case_order order;
	size_t limit;
	int64_t devices[DEVICES];
	struct tu_list_scope scope;
	size_t found;
};

static struct question ask_anything(struct world *x)
{
	struct question q = {.x = x, .order = (enum tu_case_order)dice(x, 2)};

	q.index = dice(x, 3) ? x->index : x->other;
	q.limit = 1 + dice(x, 30);
	q.filter.kb = x->with_kb ? x->s.kb : NULL;
	q.filter.state = (enum tu_case_state)dice(x, 3);
	if (!dice(x, 4))
		q.filter.deadline_before = x->s.act.at + ((int64_t)dice(x, 120) - 60) * DAY * US;
	if (!dice(x, 4))
		q.filter.device = (struct tu_str[]){TU_STR("device-z100"), TU_STR("device-B101"),
			TU_STR("device-w106"), TU_STR("no such device")}[dice(x, 4)];
	if (!dice(x, 5))
		q.filter.owner = tu_str_c(owners[dice(x, TU_COUNT(owners))]);
	else
		q.filter.unowned = !dice(x, 6);
	q.scope.everything = dice(x, 2) != 0;
	for (int i = 0; i < DEVICES; i++)
		if (dice(x, 2))
			q.devices[q.scope.device_count++] = 100 + (i * 3 + 1) % DEVICES;
	return q;
}

static void same_text(struct tu_str a, struct tu_str b)
{
	if (!tu_str_eq(a, b))
		fail_msg("%.*s, and not %.*s", TU_STR_FMT(a), TU_STR_FMT(b));
}

static void same(const struct tu_case_seen *a, const struct tu_case_seen *b)
{
	same_text(a->public_id, b->public_id);
	same_text(a->vuln, b->vuln);
	same_text(a->title, b->title);
	same_text(a->owner, b->owner);
	same_text(a->owner_public, b->owner_public);
	assert_true(a->id == b->id && a->severity == b->severity && a->score == b->score);
	assert_true(a->kev == b->kev && a->own == b->own && a->closed == b->closed);
	assert_true(a->learned_at == b->learned_at && a->opened == b->opened);
	assert_true(a->closed_at == b->closed_at && a->version == b->version);
	assert_true(a->devices == b->devices && a->affected == b->affected);
	assert_true(a->undecided == b->undecided && a->fixed == b->fixed);
	assert_true(a->not_affected == b->not_affected && a->deadline == b->deadline);
	assert_true(a->deadlines == b->deadlines && a->would == b->would);
	assert_true(a->would_due == b->would_due && a->would_unread == b->would_unread);
}

static bool stands_before(
	const struct tu_case_seen *a, const struct tu_case_seen *b, enum tu_case_order order)
{
	const int64_t x = tu_case_place(a, order), y = tu_case_place(b, order);

	return x != y ? x < y : tu_str_cmp(a->public_id, b->public_id) < 0;
}

static void sort_slowly(struct tu_cases_seen *all, enum tu_case_order order)
{
	for (size_t i = 1; i < all->list.count; i++)
		for (size_t k = i;
			k && stands_before(&all->list.at[k], &all->list.at[k - 1], order); k--) {
			const struct tu_case_seen was = all->list.at[k];

			all->list.at[k] = all->list.at[k - 1];
			all->list.at[k - 1] = was;
		}
}

static enum tu_status compare_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct question *q = self;
	struct tu_case_wish wish = {.filter = &q->filter, .order = q->order, .limit = q->limit};
	const struct tu_case_asking asking = {
		q->index, q->filter.kb, q->filter.kb ? (const uint8_t[TU_SHA256_BYTES]){1} : NULL};
	struct tu_cases_seen all;
	struct tu_cases_page page;
	size_t at = 0;
	enum tu_status status;

	q->scope.device_ids = q->devices;
	q->filter.scope = &q->scope;
	status = tu_case_list(w, &q->filter, &all, err);
	if (status == TU_OK)
		sort_slowly(&all, q->order);
	do {
		if (status == TU_OK)
			status = tu_case_page(w, &asking, &wish, &page, err);
		if (status != TU_OK)
			return status;
		assert_int_equal(page.total, all.list.count);
		assert_true(page.seen.list.count == q->limit ||
			at + page.seen.list.count == all.list.count);
		for (size_t i = 0; i < page.seen.list.count; i++)
			same(&page.seen.list.at[i], &all.list.at[at++]);
		if (page.seen.list.count) {
			wish.has_after = true;
			wish.after = tu_case_place(&all.list.at[at - 1], q->order);
			wish.after_public = all.list.at[at - 1].public_id;
		}
	} while (page.seen.list.count);
	assert_int_equal(at, all.list.count);
	q->found = at;
	return TU_OK;
}

static void pages_are_the_slow_list(void **state)
{
	struct world x = make_world(0x9e3779b97f4a7c15u);
	size_t found = 0;

	(void)state;
	x.s.text = scene_replaced(&x.s,
		scene_replaced(&x.s, scene_example(&x.s, "device.yaml"), "medical: true",
			"medical: false"),
		"family: Larkspur IP-200", "family: other");
	scene_run(&x.s, scene_put_device);
	for (int i = 0; i < STEPS; i++) {
		happenings[dice(&x, TU_COUNT(happenings))](&x);
		for (int k = 0; k < ASKED; k++) {
			struct question q = ask_anything(&x);

			assert_ok(tu_work_read(x.s.store, &x.s.act, compare_all, &q, error));
			found += q.found;
		}
	}
	assert_true(found > STEPS); /* it was not all of nothing */
	end_world(&x);
}

/* ---- events ---- */

static void ask_all(struct world *x, size_t limit, size_t expected)
{
	struct question q = {.x = x, .index = x->index, .limit = limit};

	q.scope.everything = true;
	q.filter.kb = x->s.kb;
	assert_ok(tu_work_read(x->s.store, &x->s.act, compare_all, &q, error));
	assert_int_equal(q.found, expected);
}

/* Everything that a device of a case could be asked for happens at a time. */
static void all_happens(struct world *x, int64_t device, int64_t at)
{
	static const char *const all[] = {"assessed", "plan-made", "rationale-documented",
		"controls-identified", "customers-told", "isao-told", "correction-initiated",
		"fix-validated", "fix-distributed", "report-806-sent"};

	for (unsigned i = 0; i < TU_COUNT(all); i++) {
		SQL(x,
			"INSERT INTO case_event (public, case_id, device_id, name, at, evidence, "
			"contents, recorded, actor) VALUES ('e%u', 5002, %lld, '%s', %lld, 'e', "
			"'impact,efforts,controls,fix', 1, 'anna')",
			++x->made, (long long)device, all[i], (long long)at);
		run(x, 5002, NOTHING);
	}
}

static void add_undecided(struct world *x, int64_t id, int64_t device)
{
	SQL(x,
		"DELETE FROM case_device WHERE case_id = %lld AND device_id = %lld;INSERT INTO "
		"case_device (case_id, device_id, state, learned_at, opened, version) VALUES "
		"(%lld, %lld, 'open', %lld, 1, 1);INSERT INTO case_release (case_id, release_id, "
		"state) VALUES (%lld, %lld, 'undecided') ON CONFLICT (case_id, release_id) DO "
		"UPDATE SET state = excluded.state",
		(long long)id, (long long)device, (long long)id, (long long)device,
		(long long)(NOW - 5 * DAY * US), (long long)id, (long long)(10 * device));
	run(x, id, NOTHING);
}

/* It counts for the case that has the vulnerability by another name; and what is stated for later
 * counts from then on, although nobody writes anything then. */
static void an_event_counts_for_all_names_and_from_its_time_on(void **state)
{
	struct world x = make_world(77);

	(void)state;
	for (int64_t device = 100; device < 102; device++) {
		add_undecided(&x, 5002, device);
		add_undecided(&x, 5003, device);
	}
	ask_all(&x, 100, FIRST_CASES);
	all_happens(&x, 100, NOW - DAY * US);
	ask_all(&x, 100, FIRST_CASES);
	all_happens(&x, 101, NOW + DAY / 2 * US);
	ask_all(&x, 100, FIRST_CASES);
	x.s.act.at += 23 * 3600 * US;
	ask_all(&x, 100, FIRST_CASES);
	end_world(&x);
}

/* ---- by what the program itself does ---- */

static enum tu_status open_some(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_case_opening opening = {
		.vuln = TU_STR("CVE-2022-0847"), .learned_at = NOW - 90 * DAY * US};
	struct tu_case_row row;

	(void)self;
	return tu_case_open(w, &opening, &row, err);
}

static enum tu_status work_on_it(struct tu_work *w, void *self, struct tu_error *err)
{
	const int64_t *owner = self;
	struct tu_case_row row;
	enum tu_status status = tu_case_find(w, TU_STR("CVE-2022-0847"), &row, err);

	if (status != TU_OK)
		return status;
	return *owner ? tu_case_assign(w, &row, *owner, err) : tu_case_follow(w, &row, err);
}

/* A signal of the case was learned of earlier than was thought. */
static enum tu_status learn_earlier(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_signal_row row = {.id = 1, .learned = NOW - 100 * DAY * US};

	(void)self;
	return tu_signal__keep_learned(w, &row, err);
}

/* Every way in which the program writes of a case is seen. */
static void the_index_sees_what_is_done(void **state)
{
	struct world x = {.s = scene_portfolio(), .index = tu_case_index_new()};

	(void)state;
	assert_non_null(x.index);
	SQL(&x,
		"INSERT INTO person (id, public, login, role, state, version, created) VALUES "
		"(900, 'p1', 'anna', 'analyst', 'active', 1, 1)");
	run(&x, 0, NOTHING);
	scene_put_sbom(&x.s, "4.3.1", "infusion-pump.cdx.json");
	assert_ok(tu_work_run(x.s.store, &x.s.act, open_some, &x, error));
	ask_all(&x, 3, 1);
	assert_ok(tu_work_run(x.s.store, &x.s.act, work_on_it, &(int64_t){900}, error));
	ask_all(&x, 3, 1);
	scene_put_sbom(&x.s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
	ask_all(&x, 3, 1);
	assert_ok(tu_work_run(x.s.store, &x.s.act, work_on_it, &(int64_t){0}, error));
	ask_all(&x, 3, 1);
	scene_decide(&x.s, "kernel-dirty-pipe.yaml",
		scene_example(&x.s, "decisions/kernel-dirty-pipe.yaml"));
	ask_all(&x, 3, 1);
	assert_ok(tu_work_run(x.s.store, &x.s.act, work_on_it, &(int64_t){0}, error));
	ask_all(&x, 3, 1);
	SQL(&x,
		"INSERT INTO signal (public, source, kind, title, state, case_id, received, "
		"learned, acknowledge_by, version) SELECT 's', 'mail', 'other', 't', 'confirmed', "
		"c.id, 1, 1, 1, 1 FROM cases c");
	run(&x, 0, NOTHING);
	ask_all(&x, 3, 1);
	assert_ok(tu_work_run(x.s.store, &x.s.act, learn_earlier, &x, error));
	ask_all(&x, 3, 1);
	end_world(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_the_slow_list),
		cmocka_unit_test(an_event_counts_for_all_names_and_from_its_time_on),
		cmocka_unit_test(the_index_sees_what_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
