/* The verdict on a ledger (ledger/verify.h, ledger/export.h): each kind of change is named at the
 * right record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/ledger_scene.h"

static const struct tu_ledger_trust nobody;

static void assert_says(const struct tu_ledger_verdict *verdict, const char *expected)
{
	struct tu_buf text;

	tu_buf_init(&text, 4096);
	tu_ledger_verdict_write(verdict, &text);
	tu_buf_byte(&text, '\0');
	assert_string_equal(text.ptr, expected);
	tu_buf_done(&text);
}

static struct tu_ledger_verdict judge(
	const struct ledger_scene *scene, const struct tu_ledger_trust *trust)
{
	struct tu_ledger_verdict out;
	struct tu_buf file;

	scene_write(scene, &file);
	out = scene_verdict(tu_buf_str(&file), trust);
	tu_buf_done(&file);
	return out;
}

static void a_sound_one_is_proven_as_far_as_it_is(void **state)
{
	struct ledger_scene scene;
	struct tu_ledger_verdict verdict;

	(void)state;
	scene_make(&scene);
	verdict = judge(&scene, &nobody);
	assert_says(&verdict, "records 1 to 9 are a chain; nothing outside vouches for it");
	scene.count = 0;
	scene_chain(&scene, 0);
	verdict = judge(&scene, &nobody);
	assert_says(&verdict, "the ledger has no record");
}

/* Of every bit of the file: those of a record's line are named at that record. */
static void every_bit_counts(void **state)
{
	struct ledger_scene scene;
	struct tu_buf file;
	int64_t record = 0;

	(void)state;
	scene_make(&scene);
	scene_write(&scene, &file);
	for (size_t i = 0; i < file.len; i++) {
		char byte = file.ptr[i];

		for (unsigned bit = 0; bit < 8; bit++) {
			struct tu_ledger_verdict verdict;

			file.ptr[i] = (char)(byte ^ (char)(1u << bit));
			verdict = scene_verdict(tu_buf_str(&file), &nobody);
			if (verdict.fault == TU_LEDGER_SOUND || (record && verdict.bad != record))
				fail_msg("bit %u of byte %zu, in record %lld: %s, record %lld", bit,
					i, (long long)record, tu_ledger_fault_name(verdict.fault),
					(long long)verdict.bad);
		}
		file.ptr[i] = byte;
		record += byte == '\n';
	}
	assert_int_equal(record, SCENE_RECORDS + 1);
	tu_buf_done(&file);
}

/* ---- records taken away, put in, moved ---- */

static void drop(struct ledger_scene *scene, size_t at, size_t many)
{
	memmove(&scene->records[at], &scene->records[at + many],
		(scene->count - at - many) * sizeof(scene->records[0]));
	scene->count -= many;
}

static void from_the_middle(struct ledger_scene *scene)
{
	drop(scene, 4, 2);
}

static void the_first(struct ledger_scene *scene)
{
	drop(scene, 0, 1);
}

static void the_end(struct ledger_scene *scene)
{
	drop(scene, 7, 2);
}

static void renumber(struct ledger_scene *scene, size_t from)
{
	for (size_t i = from; i < scene->count; i++)
		scene->records[i].n = (int64_t)i + 1;
}

static void from_the_middle_renumbered(struct ledger_scene *scene)
{
	drop(scene, 4, 1);
	renumber(scene, 4);
}

/* Record 4 once more after itself, under its own number or as number 5. */
static void twice(struct ledger_scene *scene)
{
	drop(scene, 8, 1);
	memmove(&scene->records[4], &scene->records[3], 4 * sizeof(scene->records[0]));
	scene->count++;
}

static void twice_renumbered(struct ledger_scene *scene)
{
	twice(scene);
	renumber(scene, 4);
}

/* One that follows well, before one that then no longer does. */
static void put_in(struct ledger_scene *scene)
{
	uint8_t after[TU_SHA256_BYTES];

	twice_renumbered(scene);
	memcpy(after, scene->records[5].hash, sizeof(after));
	scene_chain(scene, 4);
	memcpy(scene->records[5].hash, after, sizeof(after));
}

static void swapped(struct ledger_scene *scene)
{
	struct tu_ledger_record record = scene->records[2];

	scene->records[2] = scene->records[3];
	scene->records[3] = record;
}

static void swapped_renumbered(struct ledger_scene *scene)
{
	swapped(scene);
	renumber(scene, 2);
}

static void of_another_database(struct ledger_scene *scene)
{
	scene->records[0].texts.subject =
		TU_STR(TU_LEDGER_INSTANCE "ffffffffffffffffffffffffffffffff");
	scene_chain(scene, 0);
}

static void far_away(struct ledger_scene *scene)
{
	scene->records[8].n = INT64_MIN;
}

static void other_head(struct ledger_scene *scene)
{
	scene->header.head.hash[31] ^= 1;
}

static void names_the_first_bad_record(void **state)
{
	static const struct {
		void (*damage)(struct ledger_scene *scene);
		enum tu_ledger_fault fault;
		int64_t bad;
		const char *says;
	} cases[] = {
		{from_the_middle, TU_LEDGER_MISSING, 5,
			"record 5 is missing: after record 4 comes record 7"},
		{the_first, TU_LEDGER_MISSING, 1,
			"record 1 is missing: after record 0 comes record 2"},
		{the_end, TU_LEDGER_HEAD, 8,
			"the end is cut off: the head of the ledger names record 9, the last one "
			"is record 7"},
		{from_the_middle_renumbered, TU_LEDGER_HASH, 5,
			"record 5 was changed: its hash does not follow from its contents and from "
			"record 4"},
		{twice, TU_LEDGER_ORDER, 5, "after record 4 comes record 4, expected record 5"},
		{twice_renumbered, TU_LEDGER_HASH, 5, NULL},
		{put_in, TU_LEDGER_HASH, 6, NULL},
		{swapped, TU_LEDGER_MISSING, 3, NULL},
		{swapped_renumbered, TU_LEDGER_HASH, 3, NULL},
		{of_another_database, TU_LEDGER_FOREIGN, 1,
			"record 1 says that the ledger is of another database"},
		{far_away, TU_LEDGER_ORDER, 9,
			"after record 8 comes record -9223372036854775808, expected record 9"},
		{other_head, TU_LEDGER_HEAD, 9,
			"the head of the ledger has another hash than record 9"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct ledger_scene scene;
		struct tu_ledger_verdict verdict;

		scene_make(&scene);
		cases[i].damage(&scene);
		verdict = judge(&scene, &nobody);
		if (verdict.fault != cases[i].fault || verdict.bad != cases[i].bad)
			fail_msg("case %zu: %s, record %lld", i,
				tu_ledger_fault_name(verdict.fault), (long long)verdict.bad);
		if (cases[i].says)
			assert_says(&verdict, cases[i].says);
	}
}

/* ---- checkpoints ---- */

static struct tu_signing_key key, other_key;

static void make_keys(void)
{
	memset(key.seed, 1, sizeof(key.seed));
	memset(other_key.seed, 2, sizeof(other_key.seed));
	assert_int_equal(tu_ed25519_public(key.seed, key.public_key, NULL), TU_OK);
	assert_int_equal(tu_ed25519_public(other_key.seed, other_key.public_key, NULL), TU_OK);
}

static void rewrite_from_6(struct ledger_scene *scene)
{
	scene->records[5].texts.body = TU_STR("{\"after\":\"affected\"}");
	scene_chain(scene, 5);
}

static void restore_older(struct ledger_scene *scene)
{
	scene->count = 6;
	scene_chain(scene, 6);
}

static void restore_and_go_on(struct ledger_scene *scene)
{
	restore_older(scene);
	scene->count = 8;
	scene->records[6].at += 5;
	scene_chain(scene, 6);
}

static void keep(struct ledger_scene *scene)
{
	(void)scene;
}

static void strange_checkpoint(struct tu_checkpoint *checkpoint)
{
	checkpoint->instance[0] = 'f';
}

static void forged_checkpoint(struct tu_checkpoint *checkpoint)
{
	checkpoint->hash[0] ^= 1;
}

static void moved_checkpoint(struct tu_checkpoint *checkpoint)
{
	checkpoint->n = 3;
}

static void same_checkpoint(struct tu_checkpoint *checkpoint)
{
	(void)checkpoint;
}

/* Checkpoints of records 4 and 8, the second one perhaps changed. */
static const struct {
	void (*damage)(struct ledger_scene *scene);
	void (*forge)(struct tu_checkpoint *checkpoint);
	const struct tu_signing_key *signer;
	enum tu_ledger_fault fault;
	int64_t bad;
	const char *says;
} outside[] = {
	{keep, same_checkpoint, &key, TU_LEDGER_SOUND, 0,
		"records 1 to 9 are a chain; checkpoints vouch for 1 to 8, nothing outside "
		"for the 1 after it"},
	{rewrite_from_6, same_checkpoint, &key, TU_LEDGER_REWRITTEN, 5,
		"the ledger was rewritten: the checkpoint of record 8 "
		"(2023-11-14T22:13:20Z, key 34750f98bd59fcfc) has another hash than that "
		"record; the first changed one is among records 5 to 8, or an older database was "
		"restored and "
		"went on from there"},
	{restore_older, same_checkpoint, &key, TU_LEDGER_SHORT, 7,
		"record 7 is missing: the checkpoint of record 8 (2023-11-14T22:13:20Z, "
		"key 34750f98bd59fcfc) is of a later one than the last, record 6: the end "
		"was cut off, or an older database was restored"},
	{restore_and_go_on, same_checkpoint, &key, TU_LEDGER_REWRITTEN, 5, NULL},
	{the_end, same_checkpoint, &key, TU_LEDGER_HEAD, 8, NULL},
	{keep, strange_checkpoint, &key, TU_LEDGER_OTHER_CHAIN, 0, NULL},
	{keep, forged_checkpoint, &key, TU_LEDGER_SIGNATURE, 0, NULL},
	{keep, moved_checkpoint, &key, TU_LEDGER_SIGNATURE, 0, NULL},
	{keep, same_checkpoint, &other_key, TU_LEDGER_UNKNOWN_KEY, 0, NULL},
	/* a fault of the chain comes first */
	{swapped_renumbered, forged_checkpoint, &key, TU_LEDGER_HASH, 3, NULL},
};

static void checkpoints_show_what_the_chain_cannot(void **state)
{
	struct tu_verifying_key known;

	(void)state;
	make_keys();
	memcpy(known.public_key, key.public_key, sizeof(known.public_key));
	for (size_t i = 0; i < TU_COUNT(outside); i++) {
		struct tu_checkpoint items[2];
		const struct tu_checkpoints list = {items, 2, 2};
		const struct tu_ledger_trust trust = {&list, &known, 1};
		struct ledger_scene scene;
		struct tu_ledger_verdict verdict;

		scene_make(&scene);
		items[0] = scene_checkpoint(&scene, 4, &key);
		items[1] = scene_checkpoint(&scene, 8, outside[i].signer);
		outside[i].forge(&items[1]);
		outside[i].damage(&scene);
		verdict = judge(&scene, &trust);
		if (verdict.fault != outside[i].fault || verdict.bad != outside[i].bad)
			fail_msg("case %zu: %s, record %lld", i,
				tu_ledger_fault_name(verdict.fault), (long long)verdict.bad);
		if (outside[i].says)
			assert_says(&verdict, outside[i].says);
	}
}

/* ---- files of checkpoints ---- */

/* Not the bytes between them, which nobody sets. */
static void assert_same_checkpoint(const struct tu_checkpoint *a, const struct tu_checkpoint *b)
{
	assert_string_equal(a->instance, b->instance);
	assert_int_equal(a->n, b->n);
	assert_memory_equal(a->hash, b->hash, sizeof(a->hash));
	assert_int_equal(a->at, b->at);
	assert_string_equal(a->key_id, b->key_id);
	assert_memory_equal(a->signature, b->signature, sizeof(a->signature));
}

static void checkpoint_files_come_back_in_order(void **state)
{
	struct ledger_scene scene;
	struct tu_checkpoints list = {0};
	struct tu_buf file;

	(void)state;
	make_keys();
	scene_make(&scene);
	tu_buf_init(&file, SCENE_FILE_MAX);
	for (int64_t n = 9; n > 0; n -= 4) {
		struct tu_checkpoint checkpoint = scene_checkpoint(&scene, n, &key);

		tu_checkpoint_write(&checkpoint, &file);
	}
	assert_int_equal(tu_checkpoints_read(&list, tu_buf_str(&file), NULL), TU_OK);
	assert_int_equal(list.count, 3);
	for (size_t i = 0; i < 3; i++) {
		struct tu_checkpoint expected = scene_checkpoint(&scene, 1 + 4 * (int64_t)i, &key);

		assert_same_checkpoint(&list.at[i], &expected);
	}
	tu_checkpoints_done(&list);
	tu_buf_done(&file);
}

/* No bit of a file of checkpoints can change without a verdict or an error at its line. */
static void every_bit_of_a_checkpoint_counts(void **state)
{
	struct ledger_scene scene;
	struct tu_verifying_key known;
	struct tu_checkpoint good;
	struct tu_buf ledger, file;

	(void)state;
	make_keys();
	scene_make(&scene);
	scene_write(&scene, &ledger);
	memcpy(known.public_key, key.public_key, sizeof(known.public_key));
	good = scene_checkpoint(&scene, 7, &key);
	tu_buf_init(&file, SCENE_FILE_MAX);
	tu_checkpoint_write(&good, &file);
	for (size_t i = 0; i < 8 * file.len; i++) {
		struct tu_checkpoints list = {0};
		const struct tu_ledger_trust trust = {&list, &known, 1};
		struct tu_error err = {0};
		enum tu_status status;

		file.ptr[i / 8] ^= (char)(1u << i % 8);
		status = tu_checkpoints_read(&list, tu_buf_str(&file), &err);
		if (status)
			assert_true(err.line == 1 || err.line == 2);
		else
			assert_true(scene_verdict(tu_buf_str(&ledger), &trust).fault > 0);
		file.ptr[i / 8] ^= (char)(1u << i % 8);
		tu_checkpoints_done(&list);
	}
	tu_buf_done(&file);
	tu_buf_done(&ledger);
}

static void bad_files_are_named(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"", "not an exported ledger: nothing is in it"},
		{"hello\n", "line 1, column 1: not an exported ledger: expected a value"},
		{"{\"format\":\"tutela ledger 2\"}\n",
			"line 1, column 11, /format: not an exported ledger: expected its one "
			"value: tutela ledger 1"},
		{"{}\n",
			"line 1: not an exported ledger: the first line of a ledger needs "
			"\"format\""},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_ledger_reader *reader = tu_ledger_reader_new(&nobody);
		struct tu_error err = {0};
		char text[TU_ERROR_TEXT_MAX];
		enum tu_status status;

		assert_non_null(reader);
		status = tu_ledger_reader_add(reader, tu_str_c(cases[i].text), &err);
		if (!status)
			status = tu_ledger_reader_end(reader, &err);
		assert_int_equal(status, TU_E_SYNTAX);
		assert_string_equal(tu_error_text(&err, text, sizeof(text)), cases[i].says);
		tu_ledger_reader_free(reader);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_one_is_proven_as_far_as_it_is),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(names_the_first_bad_record),
		cmocka_unit_test(checkpoints_show_what_the_chain_cannot),
		cmocka_unit_test(checkpoint_files_come_back_in_order),
		cmocka_unit_test(every_bit_of_a_checkpoint_counts),
		cmocka_unit_test(bad_files_are_named),
	};

	return cmocka_run_group_tests_name("ledger verify", tests, NULL, NULL);
}
