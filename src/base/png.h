/*
 * Images of black and white as PNG (ISO/IEC 15948).
 */
#ifndef TU_BASE_PNG_H
#define TU_BASE_PNG_H

#include <stddef.h>
#include <stdint.h>

#include <tutela/buf.h>

/* A row is (width + 7) / 8 bytes, its first pixel the highest bit; 1 is white. */
struct tu_png {
	uint32_t width, height; /* above 0 */
	const uint8_t *rows;
};

/* Appended; out->failed without memory. */
void tu_png_write(const struct tu_png *image, struct tu_buf *out);

#endif
