#include "kb/format.h"

#include "base/hash.h"

uint64_t tu_kb__hash_parts(const struct tu_str *parts, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < count; i++)
		hash = tu_hash_seeded(parts[i], hash);
	return hash;
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
