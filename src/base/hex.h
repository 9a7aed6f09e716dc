/* Hexadecimal digits and percent-encoding (RFC 3986, 2.1). */
#ifndef TU_BASE_HEX_H
#define TU_BASE_HEX_H

#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/str.h>

/* The value of a hexadecimal digit in either case; -1 when it is none. */
static inline int tu_hex_value(char c)
{
	if (tu_char_is_digit(c))
		return c - '0';
	c = tu_char_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Read exactly `size` bytes, two digits in either case each. False for anything else; what is in
 * `out_bytes` is then of no use. */
static inline bool tu_hex_read(struct tu_str text, uint8_t *out_bytes, size_t size)
{
	if (text.len % 2 || text.len / 2 != size)
		return false;
	for (size_t i = 0; i < size; i++) {
		int high = tu_hex_value(text.ptr[2 * i]), low = tu_hex_value(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out_bytes[i] = (uint8_t)(high * 16 + low);
	}
	return true;
}

/* The same in lower case only, the one way in which our own files write them. */
static inline bool tu_hex_read_lower(struct tu_str text, uint8_t *out_bytes, size_t size)
{
	for (size_t i = 0; i < text.len; i++)
		if (tu_char_is_upper(text.ptr[i]))
			return false;
	return tu_hex_read(text, out_bytes, size);
}

/* Append bytes in lower case. */
static inline void tu_hex_write(const uint8_t *bytes, size_t size, struct tu_buf *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		tu_buf_byte(out, hex[bytes[i] >> 4]);
		tu_buf_byte(out, hex[bytes[i] & 15]);
	}
}

/* The byte that the "%XX" at the start of `s` stands for; -1 when there is none. */
static inline int tu_percent_value(struct tu_str s)
{
	int high = s.len > 2 && s.ptr[0] == '%' ? tu_hex_value(s.ptr[1]) : -1;
	int low = high < 0 ? -1 : tu_hex_value(s.ptr[2]);

	return low < 0 ? -1 : high * 16 + low;
}

/* Decode `text` into `out`, which has room for text.len bytes. A "%" without two digits stays. */
static inline struct tu_str tu_percent_decode(struct tu_str text, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		int value = tu_percent_value(tu_str_from(text, i));

		out[len++] = value < 0 ? text.ptr[i] : (char)value;
		i += value < 0 ? 0 : 2;
	}
	return tu_str_of(out, len);
}

#endif
