/* Devices, releases, SBOMs, facts, assessments and what follows from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

static const char *const decisions[] = {"busybox-awk.yaml", "curl-socks.yaml", "dnsmasq-dhcp6.yaml",
	"gateway-log4shell.yaml", "kernel-dirty-pipe.yaml", "nghttp2-rapid-reset.yaml",
	"wpa-p2p.yaml"};

static void put_pump(struct scene *s)
{
	scene_put_sbom(s, "4.3.1", "infusion-pump.cdx.json");
	scene_put_sbom(s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
}

static void propose(struct scene *s, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "decisions/%s", name);
	s->name = name;
	s->text = scene_example(s, path);
	scene_run(s, scene_propose);
}

/* "action subject" of each record, a line each. */
static const char *ledger(struct scene *s)
{
	static char out[64 * 1024];
	struct tu_rows *rows;
	struct tu_tx *tx;
	size_t len = 0;

	assert_ok(tu_store_begin(s->store, TU_TX_READ, &tx, error));
	assert_ok(tu_tx_query(
		tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(0), tu_int(10000)), &rows, error));
	while (tu_rows_next(rows))
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%.*s %.*s %.*s %.*s\n",
			TU_STR_FMT(tu_rows_text(rows, 2)), TU_STR_FMT(tu_rows_text(rows, 3)),
			TU_STR_FMT(tu_rows_text(rows, 4)), TU_STR_FMT(tu_rows_text(rows, 5)));
	assert_true(len < sizeof(out));
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_commit(tx, error));
	return out;
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		count++;
	return count;
}

/* What a call refuses: its status and words of the message; and nothing is recorded. */
static void refused(struct scene *s, tu_work_call *call, enum tu_status status, const char *words)
{
	struct tu_error err = {0};
	size_t before = strlen(ledger(s));

	assert_int_equal(scene_try(s, call, &err), status);
	if (!strstr(err.message, words))
		fail_msg("\"%s\" is not in \"%s\"", words, err.message);
	assert_int_equal(strlen(ledger(s)), before);
}

/* ---- documents ---- */

struct kept {
	struct tu_str text, back;
	struct tu_document put, got;
};

static enum tu_status keep(struct tu_work *w, void *self, struct tu_error *err)
{
	struct kept *k = self;
	struct tu_buf out;
	enum tu_status status = tu_document_put(w, "test", k->text, &k->put, err);

	tu_buf_init(&out, TU_DOCUMENT_MAX);
	if (status == TU_OK)
		status = tu_document_get(w->tx, k->put.id, &out, &k->got, err);
	if (status == TU_OK)
		assert_true(tu_str_eq(tu_buf_str(&out), k->text));
	tu_buf_done(&out);
	return status;
}

static void documents_come_back(void **state)
{
	struct scene s = scene_portfolio();
	char bytes[4096];
	const struct tu_str texts[] = {
		TU_STR(""), TU_STR("a"), tu_str_of(bytes, 256), tu_str_of(bytes, sizeof(bytes))};

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i; /* all bytes, and it can be compressed */
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		struct kept one = {.text = texts[i]}, again = {.text = texts[i]};

		assert_ok(tu_work_run(s.store, &s.act, keep, &one, error));
		assert_ok(tu_work_run(s.store, &s.act, keep, &again, error));
		assert_true(one.put.id == again.put.id);
		assert_true(one.got.bytes == (int64_t)texts[i].len);
	}
	scene_done(&s);
}

/* What was packed before the transaction is what is kept: here it is of another text. */
static void documents_are_packed_before(void **state)
{
	struct scene s = scene_portfolio();
	char bytes[4096] = {0}, other[4096] = {'x'};
	const struct tu_str texts[] = {
		tu_str_of(bytes, sizeof(bytes)), TU_STR("short"), tu_str_of(other, sizeof(other))};
	const struct tu_packing packing = {s.store, &s.act, texts, TU_COUNT(texts)};
	struct tu_packed_documents packed;
	struct tu_act act = s.act;
	struct kept one = {.text = texts[0]}, two = {.text = texts[2]};
	struct tu_error err = {0};

	(void)state;
	assert_ok(tu_documents_pack(&packing, s.arena, &packed, error));
	assert_int_equal(packed.list.count, 2);
	act.packed = &packed;
	assert_ok(tu_work_run(s.store, &act, keep, &one, error));
	packed.list.at[1].bytes = packed.list.at[0].bytes;
	assert_int_equal(tu_work_run(s.store, &act, keep, &two, &err), TU_E_CORRUPT);
	assert_ok(tu_documents_pack(&packing, s.arena, &packed, error));
	assert_int_equal(packed.list.count, 1); /* the first is there now */
	scene_done(&s);
}

static enum tu_status damage(struct tu_work *w, void *self, struct tu_error *err)
{
	struct kept *k = self;
	struct tu_buf out;
	enum tu_status status =
		tu_document_put(w, "test", TU_STR("what was received"), &k->put, err);

	tu_buf_init(&out, TU_DOCUMENT_MAX);
	if (status == TU_OK)
		status = tu_tx__script(
			w->tx, "UPDATE document SET content = digest WHERE kind = 'test'", err);
	if (status == TU_OK)
		status = tu_document_get(w->tx, k->put.id, &out, NULL, err);
	tu_buf_done(&out);
	return status;
}

static void a_damaged_document_is_told(void **state)
{
	struct scene s = scene_portfolio();
	struct tu_error err = {0};
	struct kept kept = {0};

	(void)state;
	assert_int_equal(tu_work_run(s.store, &s.act, damage, &kept, &err), TU_E_CORRUPT);
	assert_non_null(strstr(err.message, "not what its digest says"));
	scene_done(&s);
}

/* ---- releases ---- */

static void a_release_that_was_released_is_locked(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	s.version = "4.3.1";
	s.to = TU_RELEASE_RELEASED;
	refused(&s, scene_move, TU_E_USAGE, "has no SBOM yet");
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	/* a draft takes another one without a word */
	scene_put_sbom(&s, "4.3.1", "infusion-pump-4.4.0.cdx.json");
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_run(&s, scene_move);
	refused(&s, scene_move, TU_E_USAGE, "cannot become released");
	s.text = scene_example(&s, "infusion-pump-4.4.0.cdx.json");
	refused(&s, scene_ingest, TU_E_USAGE, "only by a correction with a reason");
	s.act.reason = TU_STR("the build server listed the wrong image");
	scene_run(&s, scene_ingest);
	assert_int_equal(count_of(ledger(&s), "engineer release.correct "), 1);
	assert_int_equal(
		count_of(ledger(&s), "\"reason\":\"the build server listed the wrong image\""), 1);
	s.act.reason = (struct tu_str){0};
	s.to = TU_RELEASE_WITHDRAWN;
	refused(&s, scene_move, TU_E_USAGE, "for a reason");
	s.act.reason = TU_STR("recalled");
	scene_run(&s, scene_move);
	s.to = TU_RELEASE_RELEASED;
	refused(&s, scene_move, TU_E_USAGE, "cannot become released");
	scene_done(&s);
}

static void who_read_an_older_row_is_told(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	s.row_version = 1;
	s.text = scene_example(&s, "infusion-pump-4.4.0.cdx.json");
	refused(&s, scene_ingest, TU_E_CONFLICT, "changed since you read it");
	s.to = TU_RELEASE_RELEASED;
	refused(&s, scene_move, TU_E_CONFLICT, "changed since you read it");
	s.text = scene_example(&s, "device.yaml");
	s.row_version = 7;
	refused(&s, scene_put_device, TU_E_CONFLICT, "changed since you read it");
	s.row_version = 0;
	refused(&s, scene_put_device, TU_E_CONFLICT, "changed since you read it");
	s.row_version = 1;
	scene_run(&s, scene_put_device); /* the same text: nothing to do */
	assert_int_equal(count_of(ledger(&s), "device.c"), 1);
	scene_done(&s);
}

/* device.yaml with one part replaced by another. */
static struct tu_str edited(struct scene *s, const char *from, const char *to)
{
	struct tu_str text = scene_example(s, "device.yaml"), copy;
	size_t at = tu_str_search(text, tu_str_c(from));
	struct tu_buf out;

	assert_true(at < text.len);
	tu_buf_init(&out, 1 << 20);
	tu_buf_str_add(&out, tu_str_first(text, at));
	tu_buf_c(&out, to);
	tu_buf_str_add(&out, tu_str_from(text, at + strlen(from)));
	assert_true(tu_arena_dup(s->arena, tu_buf_str(&out), &copy));
	tu_buf_done(&out);
	return copy;
}

static void a_device_does_not_lose_releases(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	s.to = TU_RELEASE_RELEASED;
	scene_run(&s, scene_move);
	s.row_version = 1;
	s.text = edited(&s, "version: 4.3.1", "version: 4.3.2");
	refused(&s, scene_put_device, TU_E_USAGE, "release 4.3.1 is missing");
	s.text = edited(&s, "released: 2026-01-15", "released: 2026-01-16");
	refused(&s, scene_put_device, TU_E_USAGE, "released and locked");
	s.text = edited(&s, "severity: catastrophic", "severity: serious");
	scene_run(&s, scene_put_device);
	assert_int_equal(count_of(ledger(&s), "device.change"), 1);
	s.text = edited(&s, "severity: catastrophic", "severity: dreadful");
	s.row_version = 2;
	refused(&s, scene_put_device, TU_E_SYNTAX, "dreadful");
	scene_done(&s);
}

/* ---- components ---- */

static void a_component_is_matched_once(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_int_equal(s.settled.new_components, s.settled.components);
	assert_true(s.settled.findings > 0);
	scene_put_sbom(&s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
	assert_in_range(s.settled.new_components, 1, s.settled.components - 1);
	scene_put_sbom(&s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
	assert_int_equal(s.settled.new_components, 0);
	scene_done(&s);
}

/* ---- assessments ---- */

static void a_proposal_is_no_decision(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	put_pump(&s);
	propose(&s, "curl-socks.yaml");
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_int_equal(s.settled.proposed, 1);
	assert_int_equal(s.settled.decided, 0);
	scene_person(&s, "engineer", "approver");
	refused(&s, scene_approve, TU_E_CONSTRAINT, "approves their own work");
	scene_person(&s, "reviewer", "approver");
	s.act = scene_act("reviewer");
	s.row_version = 5;
	refused(&s, scene_approve, TU_E_CONFLICT, "changed since you read it");
	s.row_version = 0;
	scene_run(&s, scene_approve);
	refused(&s, scene_approve, TU_E_USAGE, "is approved, not proposed");
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_int_equal(s.settled.proposed, 0);
	assert_int_equal(s.settled.decided, 1);
	scene_done(&s);
}

/* While facts are written, nobody names another knowledge base, and nobody else settles releases of
 * the device. SQLite has one writer; on PostgreSQL the other waits. */
static void who_settles_holds_what_counts(void **state)
{
	struct scene s = scene_portfolio();
	struct tu_device_row device;
	struct tu_settling settling;
	struct tu_work w = {.act = &s.act, .arena = s.arena};
	struct tu_error err = {0};
	struct tu_tx *other;
	const enum tu_sql wanted[] = {TU_SQL_SETTING_PUT, TU_SQL_DEVICE_HOLD};

	(void)state;
	assert_ok(tu_store_begin(s.store, TU_TX_WRITE, &w.tx, error));
	assert_ok(tu_device_find(&w, tu_str_c(s.device), &device, error));
	assert_ok(tu_settling_begin(&w, &device, s.kb, &settling, error));
	for (size_t i = 0; i < TU_COUNT(wanted); i++) {
		if (tu_store_engine(s.store) == TU_STORE_SQLITE)
			break;
		assert_ok(tu_store_begin(s.store, TU_TX_WRITE, &other, error));
		assert_ok(tu_tx__script(other, "SET LOCAL lock_timeout = 50", error));
		assert_int_equal(tu_tx_exec(other, wanted[i],
					 i ? TU_BIND(tu_int(device.id))
					   : TU_BIND(tu_text(TU_STR("knowledge")),
						     tu_text(TU_STR("another"))),
					 NULL, &err),
			TU_E_BUSY);
		tu_tx_rollback(other);
	}
	device.version++;
	assert_int_equal(tu_settling_begin(&w, &device, s.kb, &settling, &err), TU_E_CONFLICT);
	tu_tx_rollback(w.tx);
	scene_done(&s);
}

static void what_is_approved_stays(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	put_pump(&s);
	propose(&s, "curl-socks.yaml");
	/* a proposal may become another; the same again is nothing */
	s.text = TU_STR("schema: tutela-decision/1\nid: curl-socks\n");
	refused(&s, scene_propose, TU_E_SYNTAX, "vulnerability");
	propose(&s, "curl-socks.yaml");
	assert_int_equal(s.count, 0);
	s.text = edited(&s, "schema", "schema"); /* any other text */
	s.text = scene_example(&s, "decisions/kernel-dirty-pipe.yaml");
	scene_run(&s, scene_propose);
	assert_int_equal(s.count, 1);
	propose(&s, "curl-socks.yaml");
	scene_person(&s, "reviewer", "approver");
	s.act = scene_act("reviewer");
	scene_run(&s, scene_approve);
	s.act = scene_act("engineer");
	s.text = scene_example(&s, "decisions/kernel-dirty-pipe.yaml");
	refused(&s, scene_propose, TU_E_USAGE, "it is approved and cannot become another");
	s.name = "../curl.yaml";
	refused(&s, scene_propose, TU_E_USAGE, "is no name for a decision's file");
	scene_done(&s);
}

/* What the decisions come to in each release, after all were approved: as `tutela assess` has it.
 */
static void decisions_carry_and_reopen(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	put_pump(&s);
	for (size_t i = 0; i < TU_COUNT(decisions); i++)
		propose(&s, decisions[i]);
	scene_person(&s, "reviewer", "approver");
	s.act = scene_act("reviewer");
	for (size_t i = 0; i < TU_COUNT(decisions); i++) {
		s.name = decisions[i];
		scene_run(&s, scene_approve);
	}
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_int_equal(s.settled.decided, 5);
	assert_int_equal(s.settled.reopened, 1);
	scene_put_sbom(&s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
	assert_int_equal(s.settled.decided, 0);
	assert_int_equal(s.settled.carried, 3);
	assert_int_equal(s.settled.reopened, 1);
	assert_int_equal(s.settled.proposed, 0);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_come_back),
		cmocka_unit_test(documents_are_packed_before),
		cmocka_unit_test(a_damaged_document_is_told),
		cmocka_unit_test(a_release_that_was_released_is_locked),
		cmocka_unit_test(who_read_an_older_row_is_told),
		cmocka_unit_test(a_device_does_not_lose_releases),
		cmocka_unit_test(a_component_is_matched_once),
		cmocka_unit_test(a_proposal_is_no_decision),
		cmocka_unit_test(who_settles_holds_what_counts),
		cmocka_unit_test(what_is_approved_stays),
		cmocka_unit_test(decisions_carry_and_reopen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
