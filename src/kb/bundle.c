#include "kb/bundle.h"

#include "base/checked.h"
#include "base/pack.h"

#define BUNDLE_MAGIC "TUTELABN"

enum { BUNDLE_FORMAT = 1, FLAG_DELTA = 1, PADDING = 64, SIDECAR_MAX = 1024 * 1024 };

static const uint64_t kb_bytes_max = (uint64_t)4 << 30;

/* Little-endian, as it lies in the file; docs/formats/bundle.md has the table. */
struct header {
	char magic[8];
	uint32_t format;
	uint32_t flags;
	uint64_t kb_bytes;
	uint64_t payload_bytes;
	uint64_t sidecar_bytes;
	int64_t newest;
	int64_t built;
	uint8_t kb_sha256[TU_SHA256_BYTES];
	uint8_t base_sha256[TU_SHA256_BYTES];
	uint8_t key_id[TU_KEY_ID_BYTES];
};
_Static_assert(sizeof(struct header) == 56 + 64 + 8, "file format");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the header is copied as it lies");

/* What is signed: a word, so that no signature serves for anything else, and the digest of all that
 * comes before the signature. */
struct message {
	char word[16];
	uint8_t digest[TU_SHA256_BYTES];
};

static enum tu_status digest_all(struct tu_str text, struct message *out, struct tu_error *err)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->word, "tutela bundle 1", 15);
	return tu_sha256(text, out->digest) == TU_OK ? TU_OK : tu_no_memory(err);
}

static struct tu_str message_text(const struct message *message)
{
	return tu_str_of((const char *)message, sizeof(*message));
}

/* ---- writing ---- */

static enum tu_status make_header(const struct kb_bundle_parts *parts,
	const struct tu_signing_key *key, struct header *out, struct tu_error *err)
{
	*out = (struct header){.format = BUNDLE_FORMAT,
		.flags = parts->base.len ? FLAG_DELTA : 0,
		.kb_bytes = parts->kb.len,
		.sidecar_bytes = parts->sidecar.len,
		.newest = parts->newest,
		.built = parts->built};
	memcpy(out->magic, BUNDLE_MAGIC, sizeof(out->magic));
	if (parts->sidecar.len > SIDECAR_MAX || parts->kb.len > kb_bytes_max)
		return tu_fail(err, TU_E_LIMIT, 0, "too large for a bundle");
	if (tu_sha256(parts->kb, out->kb_sha256) != TU_OK ||
		(parts->base.len && tu_sha256(parts->base, out->base_sha256) != TU_OK))
		return tu_no_memory(err);
	return tu_key_id(key->public_key, out->key_id, err);
}

enum tu_status tu_kb__bundle_write(const struct kb_bundle_parts *parts,
	const struct tu_signing_key *key, struct tu_buf *out, struct tu_error *err)
{
	struct header header;
	struct message message;
	uint8_t signature[TU_ED25519_SIGNATURE];
	enum tu_status status = make_header(parts, key, &header, err);

	if (status != TU_OK)
		return status;
	tu_buf_add(out, &header, sizeof(header));
	status = out->failed ? tu_no_memory(err) : tu_pack(parts->kb, parts->base, out, err);
	if (status != TU_OK)
		return status;
	header.payload_bytes = out->len - sizeof(header);
	memcpy(out->ptr, &header, sizeof(header));
	tu_buf_str_add(out, parts->sidecar);
	status = out->failed ? tu_no_memory(err) : digest_all(tu_buf_str(out), &message, err);
	if (status == TU_OK)
		status = tu_ed25519_sign(key->seed, message_text(&message), signature, err);
	tu_buf_add(out, signature, sizeof(signature));
	return status == TU_OK && out->failed ? tu_no_memory(err) : status;
}

/* ---- opening ---- */

static enum tu_status check_header(
	struct tu_str text, const struct header *header, struct tu_error *err)
{
	size_t whole = sizeof(*header) + TU_ED25519_SIGNATURE;

	if (header->format != BUNDLE_FORMAT)
		return tu_fail(err, TU_E_UNSUPPORTED, 8,
			"a bundle of format %u; this program reads format %d", header->format,
			BUNDLE_FORMAT);
	if (header->flags & ~(uint32_t)FLAG_DELTA)
		return tu_fail(err, TU_E_UNSUPPORTED, 12, "a bundle of a kind that is not known");
	if (header->kb_bytes > kb_bytes_max || header->sidecar_bytes > SIDECAR_MAX)
		return tu_fail(err, TU_E_LIMIT, 16, "a bundle of more than is allowed");
	if (!tu_add(whole, header->payload_bytes, &whole) ||
		!tu_add(whole, header->sidecar_bytes, &whole) || whole != text.len)
		return tu_fail(err, TU_E_CORRUPT, text.len,
			"the bundle is cut short or longer than it says: %zu bytes", text.len);
	return TU_OK;
}

static enum tu_status check_signature(struct tu_str text, const struct header *header,
	const struct tu_verifying_key *key, struct tu_error *err)
{
	struct tu_str signed_part = tu_str_first(text, text.len - TU_ED25519_SIGNATURE);
	const uint8_t *signature = (const uint8_t *)text.ptr + signed_part.len;
	struct message message;
	uint8_t id[TU_KEY_ID_BYTES];
	enum tu_status status = digest_all(signed_part, &message, err);

	if (status == TU_OK)
		status = tu_key_id(key->public_key, id, err);
	if (status != TU_OK)
		return status;
	if (memcmp(id, header->key_id, sizeof(id)) != 0)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"the bundle is signed by another key than the one that is trusted");
	if (!tu_ed25519_holds(key->public_key, message_text(&message), signature))
		return tu_fail(err, TU_E_CORRUPT, 0,
			"the signature does not hold: the bundle was changed after it was signed");
	return TU_OK;
}

enum tu_status tu_kb__bundle_open(struct tu_str text, const struct tu_verifying_key *key,
	struct kb_bundle *out_bundle, struct tu_error *err)
{
	struct header header;
	enum tu_status status;

	if (text.len < 8 || memcmp(text.ptr, BUNDLE_MAGIC, 8) != 0)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "not a bundle of Tutela");
	if (text.len < sizeof(header))
		return tu_fail(
			err, TU_E_CORRUPT, text.len, "the bundle is cut short in its header");
	memcpy(&header, text.ptr, sizeof(header));
	status = check_header(text, &header, err);
	if (status == TU_OK)
		status = check_signature(text, &header, key, err);
	if (status != TU_OK)
		return status;
	*out_bundle = (struct kb_bundle){.is_delta = (header.flags & FLAG_DELTA) != 0,
		.kb_bytes = header.kb_bytes,
		.newest = header.newest,
		.built = header.built,
		.payload = tu_str_first(
			tu_str_from(text, sizeof(header)), (size_t)header.payload_bytes),
		.sidecar = tu_str_first(
			tu_str_from(text, sizeof(header) + (size_t)header.payload_bytes),
			(size_t)header.sidecar_bytes)};
	memcpy(out_bundle->kb_sha256, header.kb_sha256, TU_SHA256_BYTES);
	memcpy(out_bundle->base_sha256, header.base_sha256, TU_SHA256_BYTES);
	return TU_OK;
}

/* ---- unpacking ---- */

static enum tu_status check_base(
	const struct kb_bundle *bundle, struct tu_str base, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];

	if (!bundle->is_delta)
		return TU_OK;
	if (tu_sha256(base, digest) != TU_OK)
		return tu_no_memory(err);
	if (base.len == 0 || memcmp(digest, bundle->base_sha256, sizeof(digest)) != 0)
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"the bundle is a difference to another knowledge base than the one that is "
			"here; a whole bundle is needed");
	return TU_OK;
}

enum tu_status tu_kb__bundle_unpack(const struct kb_bundle *bundle, struct tu_str base,
	struct tu_buf *out, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	enum tu_status status = check_base(bundle, base, err);

	if (status != TU_OK)
		return status;
	status = tu_unpack(bundle->payload, bundle->is_delta ? base : TU_STR(""),
		(size_t)bundle->kb_bytes, PADDING, out, err);
	if (status != TU_OK)
		return status;
	if (tu_sha256(tu_buf_str(out), digest) != TU_OK ||
		memcmp(digest, bundle->kb_sha256, sizeof(digest)) != 0)
		return tu_fail(err, TU_E_CORRUPT, 0, "what is in the bundle is not what it says");
	return TU_OK;
}
