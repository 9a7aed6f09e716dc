#include "base/signing_key.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/sha256.h"

static const struct tu_str signing_word = TU_STR_INIT("tutela-signing-key-1");
static const struct tu_str verifying_word = TU_STR_INIT("tutela-verifying-key-1");

enum tu_status tu_key_make(struct tu_signing_key *out_key, struct tu_error *err)
{
	enum tu_status status = tu_ed25519_make(out_key->seed, err);

	return status == TU_OK ? tu_ed25519_public(out_key->seed, out_key->public_key, err)
			       : status;
}

static void write_key(struct tu_str word, const uint8_t *bytes, struct tu_buf *out)
{
	tu_buf_str_add(out, word);
	tu_buf_c(out, " ed25519 ");
	tu_base64_write(bytes, TU_ED25519_KEY, out);
	tu_buf_c(out, "\n");
}

void tu_key_write_signing(const struct tu_signing_key *key, struct tu_buf *out)
{
	write_key(signing_word, key->seed, out);
}

void tu_key_write_verifying(const struct tu_verifying_key *key, struct tu_buf *out)
{
	write_key(verifying_word, key->public_key, out);
}

static enum tu_status read_line(struct tu_str line, struct tu_str word, struct tu_str other,
	uint8_t *out, struct tu_error *err)
{
	struct tu_str kind;

	(void)tu_str_split(&line, ' ', &kind);
	if (tu_str_eq(kind, other))
		return tu_fail(err, TU_E_SYNTAX, 0, "this is a %.*s; a %.*s is wanted",
			TU_STR_FMT(other), TU_STR_FMT(word));
	if (!tu_str_eq(kind, word))
		return tu_fail(err, TU_E_SYNTAX, 0, "not a %.*s", TU_STR_FMT(word));
	(void)tu_str_split(&line, ' ', &kind);
	if (!tu_str_eq(kind, TU_STR("ed25519")) ||
		!tu_base64_read(tu_str_trim(line), out, TU_ED25519_KEY))
		return tu_fail(err, TU_E_SYNTAX, 0, "not 32 bytes of an Ed25519 key in base64");
	return TU_OK;
}

static enum tu_status read_key(struct tu_str text, struct tu_str word, struct tu_str other,
	uint8_t *out, struct tu_error *err)
{
	struct tu_str line;

	if (text.len > TU_KEY_TEXT_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too long for a key");
	while (tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		if (line.len && line.ptr[0] != '#')
			return read_line(line, word, other, out, err);
	}
	return tu_fail(err, TU_E_SYNTAX, 0, "no key is in it");
}

enum tu_status tu_key_read_signing(
	struct tu_str text, struct tu_signing_key *out_key, struct tu_error *err)
{
	enum tu_status status = read_key(text, signing_word, verifying_word, out_key->seed, err);

	return status == TU_OK ? tu_ed25519_public(out_key->seed, out_key->public_key, err)
			       : status;
}

enum tu_status tu_key_read_verifying(
	struct tu_str text, struct tu_verifying_key *out_key, struct tu_error *err)
{
	return read_key(text, verifying_word, signing_word, out_key->public_key, err);
}

enum tu_status tu_key_id(const uint8_t public_key[TU_ED25519_KEY], uint8_t out_id[TU_KEY_ID_BYTES],
	struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	enum tu_status status =
		tu_sha256(tu_str_of((const char *)public_key, TU_ED25519_KEY), digest);

	if (status != TU_OK)
		return tu_no_memory(err);
	memcpy(out_id, digest, TU_KEY_ID_BYTES);
	return TU_OK;
}

enum tu_status tu_key_id_text(const uint8_t public_key[TU_ED25519_KEY],
	char out_id[TU_KEY_ID_DIGITS + 1], struct tu_error *err)
{
	uint8_t id[TU_KEY_ID_BYTES];
	enum tu_status status = tu_key_id(public_key, id, err);

	for (size_t i = 0; !status && i < sizeof(id); i++)
		(void)snprintf(out_id + 2 * i, 3, "%02x", id[i]);
	return status;
}
