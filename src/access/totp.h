/*
 * One-time passwords by time (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds; what every
 * authenticator knows. Pure; any thread.
 */
#ifndef TU_ACCESS_TOTP_H
#define TU_ACCESS_TOTP_H

#include <tutela/buf.h>
#include <tutela/error.h>

enum {
	TU_TOTP_SECRET = 20, /* bytes (RFC 4226, 4, R6) */
	TU_TOTP_DIGITS = 6,
	TU_TOTP_STEP_S = 30,
	TU_TOTP_SLACK = 1 /* steps before and after, which count too (RFC 6238, 5.2) */
};

/* The step of a time, us since 1970, UTC. */
int64_t tu_totp_step(int64_t at);

/* The code of a step, `digits` of them (6 to 8) and NUL. TU_E_UNSUPPORTED: no SHA-1. */
TU_NODISCARD enum tu_status tu_totp_code(struct tu_str secret, int64_t step, unsigned digits,
	char out_code[9], struct tu_error *err);

struct tu_totp_try {
	struct tu_str code; /* white space in it does not count */
	int64_t at;
	int64_t used; /* the last step that was used */
};

/* The step, within the slack around `at` and after `used`, that a code is of; 0: of none. */
TU_NODISCARD enum tu_status tu_totp_match(struct tu_str secret, const struct tu_totp_try *attempt,
	int64_t *out_step, struct tu_error *err);

/* Append in the letters of base32 (RFC 4648, 6), without padding. */
void tu_base32_write(const uint8_t *bytes, size_t len, struct tu_buf *out);

struct tu_totp_uri {
	struct tu_str issuer; /* "Tutela", or the maker's name */
	struct tu_str account; /* the login */
	struct tu_str secret; /* bytes */
};

/* Append the URI that is shown as a QR code: otpauth://totp/… (Key URI Format). */
void tu_totp_uri_write(const struct tu_totp_uri *uri, struct tu_buf *out);

#endif
