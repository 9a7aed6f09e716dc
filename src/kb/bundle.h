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

#include "base/sha256.h"
#include "base/signing_key.h"

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
	const struct tu_signing_key *key, struct tu_buf *out, struct tu_error *err);

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
	const struct tu_verifying_key *key, struct kb_bundle *out_bundle, struct tu_error *err);

/* Unpack the knowledge base into `out`, with 64 bytes of padding after it. `base`: the knowledge
 * base that a delta was made against. TU_E_NOTFOUND when it is another one; TU_E_CORRUPT when the
 * result is not what the header says; TU_E_LIMIT, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_kb__bundle_unpack(const struct kb_bundle *bundle, struct tu_str base,
	struct tu_buf *out, struct tu_error *err);

#endif
