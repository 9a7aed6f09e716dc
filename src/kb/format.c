#include "kb/format.h"

#include "base/hash.h"
#include "ident/package.h"

uint64_t tu_kb__hash_parts(const struct tu_str *parts, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < count; i++)
		hash = tu_hash_seeded(parts[i], hash);
	return hash;
}

static uint64_t hash_folded(struct tu_str type, struct tu_str part, uint64_t hash)
{
	char piece[64];

	for (size_t at = 0; at < part.len; at += sizeof(piece)) {
		size_t len = part.len - at < sizeof(piece) ? part.len - at : sizeof(piece);

		tu_package_fold(type, part.ptr + at, piece, len);
		hash = tu_hash_seeded(tu_str_of(piece, len), hash);
	}
	return tu_hash_mix(hash, part.len + 1);
}

uint64_t tu_kb__hash_package(const struct tu_str parts[3])
{
	if (!tu_package_folds(parts[0]))
		return tu_kb__hash_parts(parts, 3);
	return hash_folded(
		parts[0], parts[2], hash_folded(parts[0], parts[1], tu_hash_seeded(parts[0], 0)));
}

uint32_t tu_kb__ecosystem_bit(struct tu_str type)
{
	/* Part of the file format: only append. */
	static const struct tu_str types[] = {TU_STR_INIT("npm"), TU_STR_INIT("pypi"),
		TU_STR_INIT("maven"), TU_STR_INIT("golang"), TU_STR_INIT("cargo"),
		TU_STR_INIT("gem"), TU_STR_INIT("nuget"), TU_STR_INIT("composer"),
		TU_STR_INIT("hex"), TU_STR_INIT("pub"), TU_STR_INIT("cran"), TU_STR_INIT("hackage"),
		TU_STR_INIT("swift"), TU_STR_INIT("conan"), TU_STR_INIT("deb"), TU_STR_INIT("rpm"),
		TU_STR_INIT("apk"), TU_STR_INIT("bitnami"), TU_STR_INIT("github"),
		TU_STR_INIT("cocoapods"), TU_STR_INIT("alpm")};

	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_eq(types[i], type))
			return (uint32_t)1 << i;
	}
	return 0;
}

int tu_kb__id_cmp(struct tu_str a, struct tu_str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < shorter; i++) {
		unsigned char x = (unsigned char)tu_char_lower(a.ptr[i]);
		unsigned char y = (unsigned char)tu_char_lower(b.ptr[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}
