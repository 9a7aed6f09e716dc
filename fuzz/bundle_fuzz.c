/*
 * Bundles and keys from strangers: opening never crashes; what opens unpacks or is refused.
 *
 * No input can be signed by chance, so the first byte says whether the rest is sealed with a key of
 * the target's own: what lies behind the signature is then reached, too.
 */
#include <stdlib.h>
#include <string.h>

#include "kb/bundle.h"

enum { UNPACKED_MAX = 1 << 20, WORD = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t seed[TU_ED25519_KEY] = {7};

/* Append the signature that the text would have, as bundle.c makes it. */
static bool seal(struct tu_buf *text)
{
	uint8_t message[WORD + TU_SHA256_BYTES] = "tutela bundle 1";
	uint8_t signature[TU_ED25519_SIGNATURE];
	uint8_t public_key[TU_ED25519_KEY];

	if (text->len >= 128 && tu_ed25519_public(seed, public_key, NULL) == TU_OK &&
		tu_key_id(public_key, (uint8_t *)text->ptr + 120, NULL) != TU_OK)
		return false;
	if (tu_sha256(tu_buf_str(text), message + WORD) ||
		tu_ed25519_sign(
			seed, tu_str_of((const char *)message, sizeof(message)), signature, NULL))
		return false;
	tu_buf_add(text, signature, sizeof(signature));
	return !text->failed;
}

static void try_bundle(struct tu_str text)
{
	struct tu_verifying_key key;
	struct kb_bundle bundle;
	struct tu_error err = {0};
	struct tu_buf kb;

	if (tu_ed25519_public(seed, key.public_key, NULL) != TU_OK)
		return;
	tu_buf_init(&kb, UNPACKED_MAX);
	if (tu_kb__bundle_open(text, &key, &bundle, &err) == TU_OK)
		(void)!tu_kb__bundle_unpack(&bundle, TU_STR("a base"), &kb, &err);
	else if (!err.message[0])
		abort();
	tu_buf_done(&kb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_signing_key signing;
	struct tu_verifying_key verifying;
	struct tu_buf text;

	if (size == 0)
		return 0;
	tu_buf_init(&text, UNPACKED_MAX);
	tu_buf_add(&text, data + 1, size - 1);
	if (data[0] & 1 && !seal(&text)) {
		tu_buf_done(&text);
		return 0;
	}
	try_bundle(tu_buf_str(&text));
	(void)!tu_key_read_signing(tu_buf_str(&text), &signing, NULL);
	(void)!tu_key_read_verifying(tu_buf_str(&text), &verifying, NULL);
	tu_buf_done(&text);
	return 0;
}
