/* All or nothing: whichever step on the database fails, the database is as it was, byte for byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "store/dump.h"
#include "store/fault.h"

/* Every one of the first steps fails once, then about each tenth. */
enum { FEW = 10 };

static enum tu_status add_piece(
	void *self, struct tu_str rows, uint32_t count, struct tu_error *err)
{
	(void)count;
	return tu_sha256_add(self, rows) ? tu_no_memory(err) : TU_OK;
}

/* One digest of all rows of all tables. */
static void digest(struct scene *s, uint8_t out[TU_SHA256_BYTES])
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_sha256 hash;
	struct tu_tables tables;
	struct tu_tx *tx;

	assert_int_equal(tu_sha256_begin(&hash), TU_OK);
	assert_ok(tu_store_begin(s->store, TU_TX_READ, &tx, error));
	assert_ok(tu_store_tables(tx, arena, &tables, error));
	assert_true(tables.count > 30);
	for (size_t i = 0; i < tables.count; i++)
		assert_ok(tu_table_read(tx, &tables.at[i], add_piece, &hash, error));
	assert_ok(tu_tx_commit(tx, error));
	assert_int_equal(tu_sha256_end(&hash, out), TU_OK);
	tu_arena_free(arena);
}

/* The operation fails at step 1, 2, 3, …, and changes nothing, until there is no such step: then it
 * is done. Of many steps only some are tried. */
static void all_or_nothing(struct scene *s, const char *name, tu_work_call *call)
{
	uint8_t before[TU_SHA256_BYTES], after[TU_SHA256_BYTES];
	unsigned ids = scene_ids;
	struct tu_error err = {0};
	enum tu_status status = TU_E_IO;
	size_t failed = 0;

	digest(s, before);
	for (size_t nth = 1; status == TU_E_IO; nth += 1 + nth / FEW) {
		scene_ids = ids;
		tu_store_fault_set(nth);
		status = scene_try(s, call, &err);
		tu_store_fault_set(0);
		digest(s, after);
		if (status == TU_E_IO)
			assert_memory_equal(before, after, sizeof(before));
		failed += status == TU_E_IO;
	}
	if (status)
		fail_msg("%s: %s", name, err.message);
	assert_memory_not_equal(before, after, sizeof(before));
	assert_true(failed >= 5);
}

static void every_operation(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	s.path = "notes.txt";
	s.text = TU_STR("A file beside the others.\n");
	all_or_nothing(&s, "file", scene_put_file);

	s.version = "4.3.1";
	s.text = scene_example(&s, "infusion-pump.cdx.json");
	all_or_nothing(&s, "ingest", scene_ingest);
	s.version = "4.4.0";
	s.text = scene_example(&s, "infusion-pump-4.4.0.cdx.json");
	all_or_nothing(&s, "ingest of a second release", scene_ingest);

	s.name = "curl-socks.yaml";
	s.text = scene_example(&s, "decisions/curl-socks.yaml");
	all_or_nothing(&s, "propose", scene_propose);
	scene_person(&s, "approver", "approver");
	s.act.actor = TU_STR("approver");
	all_or_nothing(&s, "approve", scene_approve);

	s.version = "4.3.1";
	s.to = TU_RELEASE_RELEASED;
	all_or_nothing(&s, "release", scene_move);
	s.act.reason = TU_STR("The wrong file was uploaded.");
	s.text = scene_example(&s, "infusion-pump-4.4.0.cdx.json");
	all_or_nothing(&s, "correct", scene_ingest);
	scene_done(&s);
}

static void a_new_device(void **state)
{
	struct scene s = scene_portfolio();

	(void)state;
	s.text = TU_STR("schema: tutela-device/1\nfamily: Another\n"
			"releases:\n  - {version: \"1.0\"}\n");
	all_or_nothing(&s, "device", scene_put_device);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation),
		cmocka_unit_test(a_new_device),
	};

	return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
