#include <string.h>

#include "base/big_endian.h"
#include "ledger/chain.h"

enum tu_status tu_ledger_content(const struct tu_ledger_texts *texts,
	uint8_t out_content[TU_SHA256_BYTES], struct tu_error *err)
{
	const struct {
		const char *name;
		struct tu_str text;
	} parts[] = {{"actor", texts->actor}, {"action", texts->action},
		{"subject", texts->subject}, {"body", texts->body}};
	struct tu_sha256 hash;
	enum tu_status status = tu_sha256_begin(&hash);

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		if (tu_str_find(parts[i].text, '\0') < parts[i].text.len)
			return tu_fail_at(err, TU_E_SYNTAX,
				&(struct tu_error_place){.pointer = parts[i].name},
				"a text of a record contains a NUL byte");
		if (!status)
			status = tu_sha256_add(&hash, parts[i].text);
		if (!status && i + 1 < TU_COUNT(parts))
			status = tu_sha256_add(&hash, tu_str_of("", 1));
	}
	if (!status)
		status = tu_sha256_end(&hash, out_content);
	return status ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_ledger_hash(const uint8_t before[TU_SHA256_BYTES], int64_t number, int64_t at,
	const uint8_t content[TU_SHA256_BYTES], uint8_t out_hash[TU_SHA256_BYTES])
{
	uint8_t link[2 * TU_SHA256_BYTES + 16];

	memcpy(link, before, TU_SHA256_BYTES);
	tu_big_endian_put(link + TU_SHA256_BYTES, (uint64_t)number, 8);
	tu_big_endian_put(link + TU_SHA256_BYTES + 8, (uint64_t)at, 8);
	memcpy(link + TU_SHA256_BYTES + 16, content, TU_SHA256_BYTES);
	return tu_sha256(tu_str_of((const char *)link, sizeof(link)), out_hash);
}
