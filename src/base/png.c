#include "base/png.h"

#include <string.h>
#include <zlib.h>

#include "base/alloc.h"

static void put_number(uint8_t out[4], uint32_t number)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(number >> (24 - 8 * i));
}

static void add_bytes(struct tu_buf *out, const void *bytes, size_t len)
{
	tu_buf_str_add(out, tu_str_of(bytes, len));
}

/* Length, name, data, and the CRC of name and data. */
static void add_chunk(struct tu_buf *out, const char name[4], const uint8_t *data, size_t len)
{
	uint8_t number[4];
	uLong crc = crc32(0, (const Bytef *)name, 4);

	put_number(number, (uint32_t)len);
	add_bytes(out, number, sizeof(number));
	add_bytes(out, name, 4);
	if (len) {
		add_bytes(out, data, len);
		crc = crc32(crc, data, (uInt)len);
	}
	put_number(number, (uint32_t)crc);
	add_bytes(out, number, sizeof(number));
}

static void add_head(struct tu_buf *out, const struct tu_png *image)
{
	uint8_t head[13] = {0};

	put_number(head, image->width);
	put_number(head + 4, image->height);
	head[8] = 1; /* bit a pixel, grey; the rest is 0: the one method of each */
	add_chunk(out, "IHDR", head, sizeof(head));
}

/* A row has its filter before it: none. */
static uint8_t *filtered(const struct tu_png *image, size_t *out_len)
{
	size_t row = (image->width + 7) / 8;
	uint8_t *bytes;

	*out_len = (row + 1) * image->height;
	bytes = tu_alloc(*out_len, 1);
	for (uint32_t y = 0; bytes && y < image->height; y++)
		memcpy(bytes + y * (row + 1) + 1, image->rows + y * row, row);
	return bytes;
}

void tu_png_write(const struct tu_png *image, struct tu_buf *out)
{
	size_t len;
	uint8_t *bytes = filtered(image, &len);
	uLongf packed_len = compressBound((uLong)len);
	uint8_t *packed = tu_alloc(packed_len, 1);

	if (bytes && packed &&
		compress2(packed, &packed_len, bytes, (uLong)len, Z_BEST_COMPRESSION) == Z_OK) {
		add_bytes(out, "\x89PNG\r\n\x1a\n", 8);
		add_head(out, image);
		add_chunk(out, "IDAT", packed, packed_len);
		add_chunk(out, "IEND", NULL, 0);
	} else {
		out->failed = true;
	}
	tu_free(packed);
	tu_free(bytes);
}
