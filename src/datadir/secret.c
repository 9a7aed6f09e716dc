#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/ed25519.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/input.h"
#include "base/random.h"
#include "base/sha256.h"
#include "datadir/secret.h"

static const struct tu_str head = TU_STR_INIT("tutela secret key 1\n");
enum { FILE_MAX = 4096, NAME_MAX_ = 200 };

static enum tu_status name_key(struct tu_secret_key *key, struct tu_error *err)
{
	struct tu_buf digits;

	tu_buf_init(&digits, 64);
	tu_sha256_mark(
		tu_str_of((const char *)key->bytes, sizeof(key->bytes)), TU_SECRET_KEY_ID, &digits);
	if (!digits.failed)
		(void)snprintf(key->id, sizeof(key->id), "%.*s", TU_STR_FMT(tu_buf_str(&digits)));
	tu_buf_done(&digits);
	return key->id[0] ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_secret_key_make(const char *path, struct tu_error *err)
{
	uint8_t bytes[TU_AEAD_KEY];
	struct tu_buf text;
	enum tu_status status;

	if (access(path, F_OK) == 0)
		return tu_fail(err, TU_E_IO, 0, "%s: exists already", path);
	status = tu_random_bytes(bytes, sizeof(bytes), err);
	if (status)
		return status;
	tu_buf_init(&text, FILE_MAX);
	tu_buf_str_add(&text, head);
	tu_hex_write(bytes, sizeof(bytes), &text);
	tu_buf_byte(&text, '\n');
	status = text.failed ? tu_no_memory(err) : tu_file_write(path, tu_buf_str(&text), err);
	tu_wipe(bytes, sizeof(bytes));
	tu_wipe(text.ptr, text.len);
	tu_buf_done(&text);
	return status;
}

static bool read_digits(struct tu_str text, uint8_t out[TU_AEAD_KEY])
{
	return tu_str_skip(&text, head) && tu_str_ends(text, TU_STR("\n")) &&
		tu_hex_read(tu_str_first(text, text.len - 1), out, TU_AEAD_KEY);
}

enum tu_status tu_secret_key_read(
	const char *path, struct tu_secret_key *out_key, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	*out_key = (struct tu_secret_key){0};
	if (access(path, F_OK) != 0)
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"%s: the key that secrets are sealed with is missing: put it back from "
			"where"
			" you keep it",
			path);
	status = tu_file_check_private(path, "the key of secrets", err);
	if (status)
		return status;
	tu_buf_init(&text, FILE_MAX);
	status = tu_input_read(path, &text, err);
	if (!status && !read_digits(tu_buf_str(&text), out_key->bytes))
		status = tu_fail(err, TU_E_SYNTAX, 0, "%s: not a key of secrets", path);
	if (!status)
		status = name_key(out_key, err);
	tu_wipe(text.ptr, text.len);
	tu_buf_done(&text);
	return status;
}

void tu_secret_key_wipe(struct tu_secret_key *key)
{
	tu_wipe(key, sizeof(*key));
}

/* What a box is bound to. */
static bool context_of(struct tu_str name, char out[NAME_MAX_ + 32], struct tu_str *out_context)
{
	int len = snprintf(out, NAME_MAX_ + 32, "tutela secret 1\n%.*s", TU_STR_FMT(name));

	*out_context = tu_str_of(out, (size_t)len);
	return name.len > 0 && name.len <= NAME_MAX_;
}

enum tu_status tu_secret_put(struct tu_tx *tx, const struct tu_secret_key *key,
	const struct tu_secret *secret, struct tu_error *err)
{
	char text[NAME_MAX_ + 32];
	uint8_t nonce[TU_AEAD_NONCE];
	struct tu_aead with = {key->bytes, nonce, TU_STR("")};
	struct tu_buf box;
	enum tu_status status;

	if (!context_of(secret->name, text, &with.context))
		return tu_fail(
			err, TU_E_USAGE, 0, "a secret needs a name of at most %d bytes", NAME_MAX_);
	status = tu_random_bytes(nonce, sizeof(nonce), err);
	if (status)
		return status;
	tu_buf_init(&box, TU_AEAD_MAX + TU_AEAD_TAG);
	status = tu_aead_seal(&with, secret->value, &box, err);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SECRET_PUT,
			TU_BIND(tu_text(secret->name), tu_text(tu_str_c(key->id)),
				tu_blob(tu_str_of((const char *)nonce, sizeof(nonce))),
				tu_blob(tu_buf_str(&box)), tu_int(secret->at)),
			NULL, err);
	tu_buf_done(&box);
	return status;
}

static enum tu_status open_row(const struct tu_rows *rows, const struct tu_secret_key *key,
	struct tu_str name, struct tu_buf *out, struct tu_error *err)
{
	char text[NAME_MAX_ + 32];
	struct tu_str nonce = tu_rows_text(rows, 1), box = tu_rows_text(rows, 2);
	struct tu_aead with = {key->bytes, (const uint8_t *)nonce.ptr, TU_STR("")};
	enum tu_status status;

	if (!tu_str_eq(tu_rows_text(rows, 0), tu_str_c(key->id)))
		return tu_fail(err, TU_E_CONFLICT, 0,
			"secret %.*s is sealed with key %.*s, and keys/secret.key is %s: put the "
			"right"
			" key file back",
			TU_STR_FMT(name), TU_STR_FMT(tu_rows_text(rows, 0)), key->id);
	if (nonce.len != TU_AEAD_NONCE || !context_of(name, text, &with.context))
		return tu_fail(err, TU_E_CORRUPT, 0, "secret %.*s: no box", TU_STR_FMT(name));
	status = tu_aead_open(&with, box, out, err);
	return status ? tu_error_prefix(err, "secret %.*s", TU_STR_FMT(name)) : TU_OK;
}

enum tu_status tu_secret_get(struct tu_tx *tx, const struct tu_secret_key *key, struct tu_str name,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_SECRET_GET, TU_BIND(tu_text(name)), &rows, err);
	enum tu_status end;

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no secret %.*s", TU_STR_FMT(name));
	if (status)
		return status;
	status = open_row(rows, key, name, out, err);
	end = tu_rows_close(rows, status ? NULL : err);
	return status ? status : end;
}
