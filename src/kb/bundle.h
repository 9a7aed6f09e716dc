/*
 * Signed bundles: a knowledge base and the account of its sources in one file that can be carried
 * across an air gap. docs/formats/bundle.md.
 *
 * A bundle is whole, or a difference to a knowledge base that the receiver has. It is verified in
 * full, by its Ed25519 signature (RFC 8032), before any of it is unpacked.
 */
#ifndef TU_KB_BUNDLE_H
#define TU_KB_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/ed25519.h"
#include "base/sha256.h"

enum {
	KB_KEY_BYTES = TU_ED25519_KEY,
	KB_KEY_ID_BYTES = 8,
	KB_SIGNATURE_BYTES = TU_ED25519_SIGNATURE,
	KB_KEY_TEXT_MAX = 4096
};

struct kb_signing_key {
	uint8_t seed[KB_KEY_BYTES];
	uint8_t public_key[KB_KEY_BYTES];
};

struct kb_verifying_key {
	uint8_t public_key[KB_KEY_BYTES];
};

/* ---- keys ---- */

/* A new key from the system's random numbers. TU_E_IO when there are none. */
TU_NODISCARD enum tu_status tu_kb__key_make(struct kb_signing_key *out_key, struct tu_error *err);
/* Append a key's text: one line. */
void tu_kb__key_write_signing(const struct kb_signing_key *key, struct tu_buf *out);
void tu_kb__key_write_verifying(const struct kb_verifying_key *key, struct tu_buf *out);
/* Read such a text; lines that begin with "#" do not count. TU_E_SYNTAX; a key of the other kind is
 * reported so. */
TU_NODISCARD enum tu_status tu_kb__key_read_signing(
	struct tu_str text, struct kb_signing_key *out_key, struct tu_error *err);
TU_NODISCARD enum tu_status tu_kb__key_read_verifying(
	struct tu_str text, struct kb_verifying_key *out_key, struct tu_error *err);
/* The first bytes of the SHA-256 of the public key: to distinguish keys, not to trust. */
TU_NODISCARD enum tu_status tu_kb__key_id(const uint8_t public_key[KB_KEY_BYTES],
	uint8_t out_id[KB_KEY_ID_BYTES], struct tu_error *err);

/* ---- bundles ---- */

struct kb_bundle_parts {
	struct tu_str kb; /* the file's bytes */
	struct tu_str sidecar; /* may be empty */
	struct tu_str base; /* empty: a whole bundle */
	int64_t newest; /* newest record of the knowledge base */
	int64_t built; /* when it was built; 0: not known */
};

/* Compose a bundle into `out` (empty, its limit bounds the size). */
TU_NODISCARD enum tu_status tu_kb__bundle_write(const struct kb_bundle_parts *parts,
	const struct kb_signing_key *key, struct tu_buf *out, struct tu_error *err);

/* A bundle with a valid signature; borrows from the text that it was opened on. */
struct kb_bundle {
	bool is_delta;
	uint64_t kb_bytes;
	uint8_t kb_sha256[TU_SHA256_BYTES]; /* of the whole file */
	uint8_t base_sha256[TU_SHA256_BYTES];
	int64_t newest;
	int64_t built;
	struct tu_str payload;
	struct tu_str sidecar;
};

/* Check form, sizes and signature. TU_E_UNSUPPORTED (no bundle, another version), TU_E_CORRUPT (cut
 * short, changed, or signed by another key: the message says which). */
TU_NODISCARD enum tu_status tu_kb__bundle_open(struct tu_str text,
	const struct kb_verifying_key *key, struct kb_bundle *out_bundle, struct tu_error *err);

/* Unpack the knowledge base into `out`, with 64 bytes of padding after it. `base`: the knowledge
 * base that a delta was made against. TU_E_NOTFOUND when it is another one; TU_E_CORRUPT when the
 * result is not what the header says; TU_E_LIMIT, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_kb__bundle_unpack(const struct kb_bundle *bundle, struct tu_str base,
	struct tu_buf *out, struct tu_error *err);

#endif
