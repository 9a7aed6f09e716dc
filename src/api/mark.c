#include "api/mark.h"

#include <string.h>

#include "base/big_endian.h"
#include "base/hex.h"
#include "base/hmac.h"

enum { HALF = 8, BOTH = 2 * HALF, WORD_MAX = 5 };

/* The first half of the code of a word and eight bytes. */
static enum tu_status code(const struct tu_secret_key *key, struct tu_str word,
	const uint8_t bytes[static HALF], uint8_t out[static TU_HMAC_MAX], struct tu_error *err)
{
	char text[WORD_MAX + HALF];

	memcpy(text, word.ptr, word.len);
	memcpy(text + word.len, bytes, HALF);
	return tu_hmac(TU_HMAC_SHA256, tu_str_of((const char *)key->bytes, sizeof(key->bytes)),
		tu_str_of(text, word.len + HALF), out, err);
}

static enum tu_status check_of(const struct tu_secret_key *key, int64_t number,
	uint8_t out[static TU_HMAC_MAX], struct tu_error *err)
{
	uint8_t bytes[HALF];

	tu_big_endian_put(bytes, (uint64_t)number, HALF);
	return code(key, TU_STR("event"), bytes, out, err);
}

enum tu_status tu_mark_write(const struct tu_secret_key *key, int64_t number,
	char out[static TU_MARK_DIGITS + 1], struct tu_error *err)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t check[TU_HMAC_MAX], hide[TU_HMAC_MAX], mark[BOTH];
	enum tu_status status = check_of(key, number, check, err);

	if (status == TU_OK)
		status = code(key, TU_STR("hide"), check, hide, err);
	if (status != TU_OK)
		return status;
	memcpy(mark, check, HALF);
	tu_big_endian_put(mark + HALF, (uint64_t)number ^ tu_big_endian_get(hide, HALF), HALF);
	for (size_t i = 0; i < BOTH; i++) {
		out[2 * i] = digits[mark[i] >> 4];
		out[2 * i + 1] = digits[mark[i] & 15];
	}
	out[TU_MARK_DIGITS] = '\0';
	return TU_OK;
}

bool tu_mark_read(const struct tu_secret_key *key, struct tu_str text, int64_t *out_number)
{
	uint8_t mark[BOTH], hide[TU_HMAC_MAX], check[TU_HMAC_MAX];

	*out_number = 0;
	if (text.len != TU_MARK_DIGITS || !tu_hex_read(text, mark, BOTH) ||
		code(key, TU_STR("hide"), mark, hide, NULL) != TU_OK)
		return false;
	*out_number =
		(int64_t)(tu_big_endian_get(mark + HALF, HALF) ^ tu_big_endian_get(hide, HALF));
	return check_of(key, *out_number, check, NULL) == TU_OK &&
		tu_same_secret(
			tu_str_of((const char *)check, HALF), tu_str_of((const char *)mark, HALF));
}
