/* Hash algorithms: how the formats spell them, and how long their values are. */
#include "sbom/inventory.h"

#include "base/bytes16.h"

/* CycloneDX: definitions/hash-alg of its schemas. SPDX: clause 7.10 of version 2.3. */
struct algorithm {
	struct tu_str name; /* CycloneDX's spelling, else SPDX's */
	struct tu_str alias;
	size_t digits; /* hexadecimal; 0: several lengths are in use */
};

static const struct algorithm algorithms[] = {
	{TU_STR_INIT("SHA-256"), TU_STR_INIT("SHA256"), 64},
	{TU_STR_INIT("SHA-1"), TU_STR_INIT("SHA1"), 40},
	{TU_STR_INIT("MD5"), TU_STR_INIT(""), 32},
	{TU_STR_INIT("SHA-512"), TU_STR_INIT("SHA512"), 128},
	{TU_STR_INIT("SHA-384"), TU_STR_INIT("SHA384"), 96},
	{TU_STR_INIT("SHA-224"), TU_STR_INIT("SHA224"), 56},
	{TU_STR_INIT("SHA3-256"), TU_STR_INIT(""), 64},
	{TU_STR_INIT("SHA3-384"), TU_STR_INIT(""), 96},
	{TU_STR_INIT("SHA3-512"), TU_STR_INIT(""), 128},
	{TU_STR_INIT("BLAKE2b-256"), TU_STR_INIT(""), 64},
	{TU_STR_INIT("BLAKE2b-384"), TU_STR_INIT(""), 96},
	{TU_STR_INIT("BLAKE2b-512"), TU_STR_INIT(""), 128},
	{TU_STR_INIT("BLAKE3"), TU_STR_INIT(""), 0},
	{TU_STR_INIT("Streebog-256"), TU_STR_INIT(""), 64},
	{TU_STR_INIT("Streebog-512"), TU_STR_INIT(""), 128},
	{TU_STR_INIT("MD2"), TU_STR_INIT(""), 32},
	{TU_STR_INIT("MD4"), TU_STR_INIT(""), 32},
	{TU_STR_INIT("MD6"), TU_STR_INIT(""), 0},
	{TU_STR_INIT("ADLER32"), TU_STR_INIT(""), 8},
};

/* Most names differ in length already, and most of the others are written as here. */
static bool is_name(struct tu_str known, struct tu_str name)
{
	return known.len == name.len && (tu_str_eq(known, name) || tu_str_ieq(known, name));
}

static const struct algorithm *algorithm_of(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(algorithms); i++) {
		if (is_name(algorithms[i].name, name) || is_name(algorithms[i].alias, name))
			return &algorithms[i];
	}
	return NULL;
}

/* Without a branch: of what is random, half of the guesses of the processor are wrong. */
static bool is_hexadecimal(struct tu_str value)
{
	struct tu_bytes16 wrong = {0};
	unsigned wrong_rest = 0;
	size_t i = 0;

	for (; i + sizeof(wrong) <= value.len; i += sizeof(wrong)) {
		struct tu_bytes16 c = tu_bytes16_at(value.ptr + i);

		wrong.v |= (__typeof__(wrong.v))((c.v - '0' > 9) & ((c.v | 0x20) - 'a' > 5));
	}
	for (; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		unsigned digit = (unsigned)c - '0', letter = (c | 0x20u) - 'a';

		wrong_rest |= (unsigned)(digit > 9) & (unsigned)(letter > 5);
	}
	return wrong_rest == 0 && !tu_bytes16_any(wrong);
}

enum tu_status tu_sbom__hash(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str name, struct tu_str value)
{
	const struct algorithm *algorithm = name.len ? algorithm_of(name) : NULL;
	enum tu_status status;

	if (value.len == 0)
		return tu_sbom__note(b, at, "left out: a hash without value", TU_STR(""));
	if (!algorithm) {
		status = tu_sbom__note(b, at, "not understood: hash algorithm", name);
		return status ? status : tu_sbom__add_hash(b, name, value);
	}
	if (!is_hexadecimal(value) || (algorithm->digits && value.len != algorithm->digits))
		return tu_sbom__note_each(b, at,
			"left out: a hash whose value does not fit its algorithm,",
			algorithm->name);
	return tu_sbom__add_digest(b, algorithm->name, value);
}
