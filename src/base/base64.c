#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void tu_base64_write(const uint8_t *bytes, size_t len, struct tu_buf *out)
{
	for (size_t i = 0; i < len; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		group |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
		group |= i + 2 < len ? bytes[i + 2] : 0;
		tu_buf_byte(out, digits[group >> 18]);
		tu_buf_byte(out, digits[group >> 12 & 63]);
		tu_buf_byte(out, i + 1 < len ? digits[group >> 6 & 63] : '=');
		tu_buf_byte(out, i + 2 < len ? digits[group & 63] : '=');
	}
}

/* The value of a digit, 0 for the padding where that may stand; false for anything else. */
static bool value_of(char c, bool padding, uint32_t *out)
{
	const char *at = c ? strchr(digits, c) : NULL;

	*out = at ? (uint32_t)(at - digits) : 0;
	return padding ? c == '=' : at != NULL;
}

bool tu_base64_read(struct tu_str text, uint8_t *out_bytes, size_t len)
{
	if (text.len != (len + 2) / 3 * 4)
		return false;
	for (size_t i = 0; i < len; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		uint32_t group = 0;

		for (size_t k = 0; k < 4; k++) {
			uint32_t value;

			if (!value_of(text.ptr[i / 3 * 4 + k], k > have, &value))
				return false;
			group = group << 6 | value;
		}
		/* bits after the last byte are zero: a text has one form */
		if (have < 3 && group & ((1u << (8 * (3 - have))) - 1))
			return false;
		for (size_t k = 0; k < have; k++)
			out_bytes[i + k] = (uint8_t)(group >> (16 - 8 * k));
	}
	return true;
}
