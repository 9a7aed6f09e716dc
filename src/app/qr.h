/*
 * QR codes (ISO/IEC 18004) of a text, by libzint, which is loaded when one is asked for. Error
 * correction is M, about 15 %, with the quiet zone of four modules.
 */
#ifndef TU_APP_QR_H
#define TU_APP_QR_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_qr_image {
	TU_QR_SVG, /* modules of one unit; no size of its own */
	TU_QR_PNG /* black and white, 8 pixels a module */
};

/* Appended. TU_E_UNSUPPORTED: libzint is not installed; TU_E_USAGE: it is too long; TU_E_NOMEM. Any
 * thread. */
TU_NODISCARD enum tu_status tu_qr_write(
	struct tu_str text, enum tu_qr_image image, struct tu_buf *out, struct tu_error *err);

#endif
