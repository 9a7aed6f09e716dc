/* What the tests of src/audit have in common: a store with an instance, an act, a signer. */
#ifndef TESTS_STORE_AUDIT_SCENE_H
#define TESTS_STORE_AUDIT_SCENE_H

#include "tests/support/store_scene.h"

#include "audit/checkpoints.h"
#include "audit/signature.h"
#include "store/engine.h"

#define SCENE_AT INT64_C(1700000000000000)

static const struct tu_audit_act scene_act = {
	SCENE_AT, TU_STR_INIT("setup"), TU_STR_INIT("a test"), .own_password = true};
static const struct tu_ledger_trust scene_nobody;

/* Append a record that says nothing but its number. */
static inline enum tu_status scene_record(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const int *number = self;
	struct tu_ledger_entry entry = {.at = SCENE_AT + *number,
		.actor = TU_STR("setup"),
		.action = TU_STR("test"),
		.subject = TU_STR("s"),
		.body = TU_STR("{\"after\":\"\xc3\xbc\"}")};

	return tu_tx_record(tx, &entry, err);
}

/* A store whose ledger has `records` of them, the first one its beginning. */
static inline struct tu_store *scene_audit(int records)
{
	struct tu_store *store = scene_open();

	assert_ok(tu_audit_begin(store, &scene_act, error));
	for (int i = 1; i < records; i++)
		assert_ok(tu_store_run(store, TU_TX_WRITE, scene_record, &i, error));
	return store;
}

/* Run SQL without a name, in a transaction of its own. */
static inline void scene_sql(struct tu_store *store, const char *sql)
{
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx__script(tx, sql, error));
	assert_ok(tu_tx_commit(tx, error));
}

static inline struct tu_ledger_verdict scene_judge(
	struct tu_store *store, const struct tu_ledger_trust *trust)
{
	struct tu_ledger_verdict verdict = {0};

	assert_ok(tu_audit_verify(store, trust, &verdict, error));
	return verdict;
}

static inline int64_t scene_head(struct tu_store *store)
{
	return scene_judge(store, &scene_nobody).records;
}

#endif
