#include "kb/format.h"

#include "base/hash.h"

uint64_t kb_hash_parts(const struct tu_str *parts, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < count; i++)
		hash = tu_hash_seeded(parts[i], hash);
	return hash;
}

int kb_id_cmp(struct tu_str a, struct tu_str b)
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
