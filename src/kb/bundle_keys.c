/* Ed25519 keys as lines of text, by OpenSSL. */
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "kb/bundle.h"

static const struct tu_str signing_word = TU_STR_INIT("tutela-signing-key-1");
static const struct tu_str verifying_word = TU_STR_INIT("tutela-verifying-key-1");

static enum tu_status derive(struct kb_signing_key *key, struct tu_error *err)
{
	EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(
		EVP_PKEY_ED25519, NULL, key->seed, sizeof(key->seed));
	size_t len = sizeof(key->public_key);
	bool ok = pair && EVP_PKEY_get_raw_public_key(pair, key->public_key, &len) == 1 &&
		len == sizeof(key->public_key);

	EVP_PKEY_free(pair);
	return ok ? TU_OK : tu_fail(err, TU_E_NOMEM, 0, "the key cannot be used");
}

enum tu_status kb_key_make(struct kb_signing_key *out_key, struct tu_error *err)
{
	if (RAND_bytes(out_key->seed, sizeof(out_key->seed)) != 1)
		return tu_fail(err, TU_E_IO, 0, "the system gives no random numbers");
	return derive(out_key, err);
}

static void write_key(struct tu_str word, const uint8_t *bytes, struct tu_buf *out)
{
	unsigned char text[64];
	int len = EVP_EncodeBlock(text, bytes, KB_KEY_BYTES);

	tu_buf_str_add(out, word);
	tu_buf_c(out, " ed25519 ");
	tu_buf_add(out, text, (size_t)len);
	tu_buf_c(out, "\n");
}

void kb_key_write_signing(const struct kb_signing_key *key, struct tu_buf *out)
{
	write_key(signing_word, key->seed, out);
}

void kb_key_write_verifying(const struct kb_verifying_key *key, struct tu_buf *out)
{
	write_key(verifying_word, key->public_key, out);
}

/* 32 bytes are 44 characters, of which the last is "=". */
static bool decode(struct tu_str text, uint8_t *out)
{
	unsigned char bytes[64];

	if (text.len != 44 || text.ptr[43] != '=' || text.ptr[42] == '=')
		return false;
	if (EVP_DecodeBlock(bytes, (const unsigned char *)text.ptr, 44) != 33)
		return false;
	memcpy(out, bytes, KB_KEY_BYTES);
	return true;
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
	if (!tu_str_eq(kind, TU_STR("ed25519")) || !decode(tu_str_trim(line), out))
		return tu_fail(err, TU_E_SYNTAX, 0, "not 32 bytes of an Ed25519 key in base64");
	return TU_OK;
}

static enum tu_status read_key(struct tu_str text, struct tu_str word, struct tu_str other,
	uint8_t *out, struct tu_error *err)
{
	struct tu_str line;

	if (text.len > KB_KEY_TEXT_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too long for a key");
	while (tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		if (line.len && line.ptr[0] != '#')
			return read_line(line, word, other, out, err);
	}
	return tu_fail(err, TU_E_SYNTAX, 0, "no key is in it");
}

enum tu_status kb_key_read_signing(
	struct tu_str text, struct kb_signing_key *out_key, struct tu_error *err)
{
	enum tu_status status = read_key(text, signing_word, verifying_word, out_key->seed, err);

	return status == TU_OK ? derive(out_key, err) : status;
}

enum tu_status kb_key_read_verifying(
	struct tu_str text, struct kb_verifying_key *out_key, struct tu_error *err)
{
	return read_key(text, verifying_word, signing_word, out_key->public_key, err);
}

enum tu_status kb_key_id(
	const uint8_t public_key[KB_KEY_BYTES], uint8_t out_id[KB_KEY_ID_BYTES], struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	enum tu_status status =
		tu_sha256(tu_str_of((const char *)public_key, KB_KEY_BYTES), digest);

	if (status != TU_OK)
		return tu_fail(err, status, 0, "out of memory");
	memcpy(out_id, digest, KB_KEY_ID_BYTES);
	return TU_OK;
}
