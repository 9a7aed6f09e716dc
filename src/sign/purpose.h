/*
 * What is signed: named things, each a text of a known shape, and nothing else. The first line says
 * what the text is, so a signature for one purpose never passes for another's.
 *
 * Pure functions.
 */
#ifndef TU_SIGN_PURPOSE_H
#define TU_SIGN_PURPOSE_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/sha256.h"
#include "base/signing_key.h"

enum tu_sign_purpose {
	TU_SIGN_CHECKPOINT, /* ledger/checkpoint.h */
	TU_SIGN_STATEMENT, /* a document that is published: VEX, CSAF, a notice */
	TU_SIGN_RELEASE, /* a release of a device's software */
	TU_SIGN_CSAF, /* a CSAF document that is published: by OpenPGP (sign/openpgp.h), with the
			 document */
	TU_SIGN_PURPOSES
};

enum { TU_SIGN_PAYLOAD_MAX = 2048, TU_SIGN_SUBJECT_MAX = 512 };

/* "ledger checkpoint"; of a number that is none, "?". */
const char *tu_sign_purpose_name(enum tu_sign_purpose purpose);
/* The name of its key's files, without ending: "checkpoint". */
const char *tu_sign_purpose_file(enum tu_sign_purpose purpose);
/* Its key is one of OpenPGP: what is signed is the document itself, which the payload names. */
bool tu_sign_purpose_is_openpgp(enum tu_sign_purpose purpose);
bool tu_sign_purpose_by_name(struct tu_str name, enum tu_sign_purpose *out_purpose);

/* Is the payload a text of this purpose, to be signed by the key of this id? TU_E_SYNTAX with the
 * line; TU_E_LIMIT; TU_E_UNSUPPORTED for a purpose that is none. */
TU_NODISCARD enum tu_status tu_sign_check(enum tu_sign_purpose purpose, struct tu_str payload,
	struct tu_str key_id, struct tu_error *err);

/* The digest that such a payload has of its document; the payload was checked. */
bool tu_sign_content_digest(struct tu_str payload, uint8_t out_sha256[TU_SHA256_BYTES]);

/* What a signature on a document or a release covers. */
struct tu_sign_content {
	struct tu_str subject; /* one line of UTF-8, at most TU_SIGN_SUBJECT_MAX bytes */
	uint8_t sha256[TU_SHA256_BYTES]; /* of the document */
	int64_t at; /* us since 1970, UTC */
	struct tu_str key_id;
};

/* Append the payload of TU_SIGN_STATEMENT, TU_SIGN_RELEASE or TU_SIGN_CSAF. */
void tu_sign_content_text(
	enum tu_sign_purpose purpose, const struct tu_sign_content *content, struct tu_buf *out);

#endif
