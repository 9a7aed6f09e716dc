#include "ledger/checkpoint.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "ledger/line.h"

enum { CHECKPOINTS_MAX = 1000000 };

void tu_checkpoint_text(const struct tu_checkpoint *checkpoint, struct tu_buf *out)
{
	tu_buf_printf(out, "tutela ledger checkpoint 1\ninstance %s\nrecord %lld\nhash ",
		checkpoint->instance, (long long)checkpoint->n);
	tu_sha256_write(checkpoint->hash, out);
	tu_buf_printf(out, "\nat %lld\nkey %s\n", (long long)checkpoint->at, checkpoint->key_id);
}

/* ---- a line of a file ---- */

#define MEMBER(kind, member) kind, offsetof(struct tu_checkpoint, member)

static const struct tu_line_field fields[] = {
	{"format", TU_LINE_FIXED, 0, 0, "tutela ledger checkpoint 1"},
	{"instance", MEMBER(TU_LINE_ID, instance), TU_INSTANCE_DIGITS, NULL},
	{"n", MEMBER(TU_LINE_INT, n), 0, NULL},
	{"hash", MEMBER(TU_LINE_HEX, hash), TU_SHA256_BYTES, NULL},
	{"at", MEMBER(TU_LINE_INT, at), 0, NULL},
	{"key", MEMBER(TU_LINE_ID, key_id), TU_KEY_ID_DIGITS, NULL},
	{"signature", MEMBER(TU_LINE_HEX, signature), TU_ED25519_SIGNATURE, NULL},
};

static const struct tu_line_form form = {
	"a checkpoint", fields, TU_COUNT(fields), TU_CHECKPOINT_LINE_MAX};

void tu_checkpoint_write(const struct tu_checkpoint *checkpoint, struct tu_buf *out)
{
	tu_ledger__line_write(&form, checkpoint, out);
}

/* ---- signatures ---- */

bool tu_checkpoint_names(const struct tu_checkpoint *checkpoint, const struct tu_verifying_key *key)
{
	char id[TU_KEY_ID_DIGITS + 1];

	return tu_key_id_text(key->public_key, id, NULL) == TU_OK &&
		strcmp(id, checkpoint->key_id) == 0;
}

bool tu_checkpoint_holds(const struct tu_checkpoint *checkpoint, const struct tu_verifying_key *key)
{
	struct tu_buf text;
	bool holds;

	tu_buf_init(&text, TU_CHECKPOINT_TEXT_MAX);
	tu_checkpoint_text(checkpoint, &text);
	holds = !text.failed && tu_checkpoint_names(checkpoint, key) &&
		tu_ed25519_holds(key->public_key, tu_buf_str(&text), checkpoint->signature);
	tu_buf_done(&text);
	return holds;
}

/* ---- files ---- */

static enum tu_status read_line(const struct tu_line_reader *reader, struct tu_str line,
	struct tu_checkpoint *out, struct tu_error *err)
{
	enum tu_status status = tu_ledger__line_read(reader, &form, line, out, err);

	if (!status && (out->n < 1 || out->at < 0))
		status = tu_fail_at(err, TU_E_SYNTAX,
			&(struct tu_error_place){.pointer = out->n < 1 ? "/n" : "/at"},
			"expected %s", out->n < 1 ? "a record's number, from 1" : "a time");
	return status;
}

static int by_record(const void *a, const void *b)
{
	const struct tu_checkpoint *left = a, *right = b;

	return (left->n > right->n) - (left->n < right->n);
}

static enum tu_status add(struct tu_checkpoints *list, struct tu_error *err)
{
	if (list->count == CHECKPOINTS_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "more than %d checkpoints", CHECKPOINTS_MAX);
	return TU_VEC_PUSH(list, (struct tu_checkpoint){0}) ? TU_OK : tu_no_memory(err);
}

static enum tu_status read_all(struct tu_checkpoints *list, const struct tu_line_reader *reader,
	struct tu_str text, struct tu_error *err)
{
	enum tu_status status = TU_OK;
	struct tu_str line;
	size_t number = 0;

	while (!status && text.len) {
		bool whole = tu_str_find(text, '\n') < text.len;

		(void)tu_str_split(&text, '\n', &line);
		number++;
		status = whole ? add(list, err)
			       : tu_fail(err, TU_E_SYNTAX, line.len,
					 "the file ends in the middle of a line");
		if (!status)
			status = read_line(reader, line, &list->at[list->count - 1], err);
	}
	if (status && err)
		err->line = number;
	if (!status && number == 0)
		status = tu_fail(err, TU_E_SYNTAX, 0, "no checkpoint is in it");
	return status;
}

enum tu_status tu_checkpoints_read(
	struct tu_checkpoints *list, struct tu_str text, struct tu_error *err)
{
	struct tu_buf again;
	const struct tu_line_reader reader = {tu_json_parser_new(), &again};
	size_t before = list->count;
	enum tu_status status;

	tu_buf_init(&again, TU_CHECKPOINT_LINE_MAX + 1);
	status = reader.parser ? read_all(list, &reader, text, err) : tu_no_memory(err);
	if (status)
		list->count = before;
	else
		qsort(list->at, list->count, sizeof(*list->at), by_record);
	tu_json_parser_free(reader.parser);
	tu_buf_done(&again);
	return status;
}

void tu_checkpoints_done(struct tu_checkpoints *list)
{
	TU_VEC_DONE(list);
}
