/* A small ledger in memory, exported, with a checkpoint for any of its records. */
#ifndef TESTS_LEDGER_SCENE_H
#define TESTS_LEDGER_SCENE_H

#include <stdio.h>
#include <string.h>

#include "ledger/export.h"

enum { SCENE_RECORDS = 9, SCENE_FILE_MAX = 1 << 20 };

#define SCENE_INSTANCE "0123456789abcdef0123456789abcdef"

struct ledger_scene {
	struct tu_ledger_record records[SCENE_RECORDS];
	size_t count;
	struct tu_ledger_header header;
};

/* What record `i` (from 0) says; the first one names the database. Escapes and several bytes a
 * character are in it. */
static inline struct tu_ledger_texts scene_texts(size_t i)
{
	static const struct tu_ledger_texts texts[] = {
		{TU_STR_INIT("setup"), TU_STR_INIT(TU_LEDGER_BEGIN),
			TU_STR_INIT(TU_LEDGER_INSTANCE SCENE_INSTANCE), TU_STR_INIT("{}")},
		{TU_STR_INIT("one"), TU_STR_INIT("decision.propose"),
			TU_STR_INIT("finding:CVE-2024-1234/libexpat/4.2"),
			TU_STR_INIT(
				"{\"after\":\"not affected\",\"reason\":\"gr\xc3\xbc\xc3\x9f\"}")},
		{TU_STR_INIT(""), TU_STR_INIT("t"), TU_STR_INIT("s"),
			TU_STR_INIT("line one\nline two\t\"*J\x01")},
	};

	return texts[i ? 1 + i % 2 : 0];
}

/* Hashes of the records from `from` on, and the head. */
static inline void scene_chain(struct ledger_scene *scene, size_t from)
{
	uint8_t hash[TU_SHA256_BYTES] = {0}, content[TU_SHA256_BYTES];

	if (from)
		memcpy(hash, scene->records[from - 1].hash, sizeof(hash));
	for (size_t i = from; i < scene->count; i++) {
		struct tu_ledger_record *record = &scene->records[i];

		assert_int_equal(tu_ledger_content(&record->texts, content, NULL), TU_OK);
		assert_int_equal(tu_ledger_hash(hash, record->n, record->at, content, hash), TU_OK);
		memcpy(record->hash, hash, sizeof(hash));
	}
	scene->header.head.n = (int64_t)scene->count;
	memcpy(scene->header.head.hash, hash, sizeof(hash));
}

static inline void scene_make(struct ledger_scene *scene)
{
	*scene = (struct ledger_scene){
		.count = SCENE_RECORDS, .header = {.instance = SCENE_INSTANCE}};
	for (size_t i = 0; i < scene->count; i++)
		scene->records[i] = (struct tu_ledger_record){.n = (int64_t)i + 1,
			.at = INT64_C(1700000000000000) + (int64_t)i,
			.texts = scene_texts(i)};
	scene_chain(scene, 0);
}

static inline void scene_write(const struct ledger_scene *scene, struct tu_buf *out)
{
	tu_buf_init(out, SCENE_FILE_MAX);
	tu_ledger_write_header(&scene->header, out);
	for (size_t i = 0; i < scene->count; i++)
		tu_ledger_write_record(&scene->records[i], out);
	assert_false(out->failed);
}

/* A checkpoint of record `n` as the scene has it. */
static inline struct tu_checkpoint scene_checkpoint(
	const struct ledger_scene *scene, int64_t n, const struct tu_signing_key *key)
{
	struct tu_checkpoint out = {.instance = SCENE_INSTANCE, .n = n, .at = 1700000000000000};
	struct tu_buf text;

	memcpy(out.hash, scene->records[n - 1].hash, sizeof(out.hash));
	assert_int_equal(tu_key_id_text(key->public_key, out.key_id, NULL), TU_OK);
	tu_buf_init(&text, TU_CHECKPOINT_TEXT_MAX);
	tu_checkpoint_text(&out, &text);
	assert_int_equal(tu_ed25519_sign(key->seed, tu_buf_str(&text), out.signature, NULL), TU_OK);
	tu_buf_done(&text);
	return out;
}

/* The verdict on a file; a file that is none is no verdict: fault -1. */
static inline struct tu_ledger_verdict scene_verdict(
	struct tu_str file, const struct tu_ledger_trust *trust)
{
	struct tu_ledger_reader *reader = tu_ledger_reader_new(trust);
	struct tu_ledger_verdict out = {.fault = TU_LEDGER_FAULTS_};
	struct tu_error err;

	assert_non_null(reader);
	if (tu_ledger_reader_add(reader, file, &err) == TU_OK &&
		tu_ledger_reader_end(reader, &err) == TU_OK)
		out = *tu_ledger_reader_verdict(reader);
	tu_ledger_reader_free(reader);
	return out;
}

#endif
