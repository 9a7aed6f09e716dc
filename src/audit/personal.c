#include "audit/personal.h"

#include <stdio.h>

#include "base/random.h"
#include "base/utf8.h"

enum tu_status tu_personal_digest(const uint8_t salt[TU_PERSONAL_SALT], struct tu_str kind,
	struct tu_str value, uint8_t out_digest[TU_SHA256_BYTES])
{
	const struct tu_str pieces[] = {
		tu_str_of((const char *)salt, TU_PERSONAL_SALT), kind, tu_str_of("", 1), value};
	struct tu_sha256 hash;
	enum tu_status status = tu_sha256_begin(&hash);

	for (size_t i = 0; !status && i < TU_COUNT(pieces); i++)
		status = tu_sha256_add(&hash, pieces[i]);
	return status ? status : tu_sha256_end(&hash, out_digest);
}

static enum tu_status check(struct tu_str kind, struct tu_str value, struct tu_error *err)
{
	bool plain = value.len > 0 && value.len <= TU_PERSONAL_VALUE_MAX &&
		tu_utf8_invalid_at(value) == value.len;

	for (size_t i = 0; plain && i < value.len; i++)
		plain = (unsigned char)value.ptr[i] >= ' ';
	return plain ? TU_OK
		     : tu_fail(err, TU_E_USAGE, 0, "a %.*s is one line of UTF-8, of 1 to %d bytes",
			       TU_STR_FMT(kind), TU_PERSONAL_VALUE_MAX);
}

static enum tu_status insert(struct tu_tx *tx, const struct tu_value values[5],
	struct tu_personal *out_row, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_PERSONAL_ADD, tu_bind_rows(values, 1, 5), &rows, err);

	if (status)
		return status;
	out_row->id = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

enum tu_status tu_personal_add(struct tu_tx *tx, const struct tu_personal_new *value,
	struct tu_personal *out_row, struct tu_error *err)
{
	uint8_t salt[TU_PERSONAL_SALT], digest[TU_SHA256_BYTES];
	enum tu_status status = check(value->kind, value->value, err);

	if (!status)
		status = tu_random_bytes(salt, sizeof(salt), err);
	if (!status && tu_personal_digest(salt, value->kind, value->value, digest))
		status = tu_no_memory(err);
	if (status)
		return status;
	for (size_t i = 0; i < sizeof(digest); i++)
		(void)snprintf(out_row->digest + 2 * i, 3, "%02x", digest[i]);
	return insert(tx,
		(const struct tu_value[]){tu_blob(tu_str_of((const char *)digest, sizeof(digest))),
			tu_text(value->kind), value->person ? tu_int(value->person) : tu_null(),
			tu_blob(tu_str_of((const char *)salt, sizeof(salt))),
			tu_text(value->value)},
		out_row, err);
}

enum tu_status tu_personal_get(struct tu_tx *tx, int64_t id, struct tu_arena *arena,
	struct tu_str *out_value, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, TU_SQL_PERSONAL_GET, TU_BIND(tu_int(id)), &rows, err);
	bool copied;

	if (status)
		return status;
	copied = tu_arena_dup(arena, tu_rows_text(rows, 0), out_value);
	status = tu_rows_close(rows, err);
	return status || copied ? status : tu_no_memory(err);
}
