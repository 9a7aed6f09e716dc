/* The one form of a password: NFC. */
#ifndef TU_SIGN_PASSWORD_FORM_H
#define TU_SIGN_PASSWORD_FORM_H

#include <tutela/buf.h>

#include "sign/password.h"

/* A letter of NFC may be longer than what it was made of (UAX 15: at most three times in UTF-8). */
enum { TU_PASSWORD_FORM_MAX = 3 * TU_PASSWORD_MAX + 1 };

/* Append the form. TU_E_USAGE: empty, longer than TU_PASSWORD_MAX, no UTF-8, or with control
 * characters; TU_E_UNSUPPORTED: not ASCII, and libutf8proc is not installed. Wipe `out`. */
TU_NODISCARD enum tu_status tu_password__form(
	struct tu_str password, struct tu_buf *out, struct tu_error *err);

#endif
