#include "access/totp.h"

#include "base/hmac.h"
#include "base/percent.h"

int64_t tu_totp_step(int64_t at)
{
	return at / 1000000 / TU_TOTP_STEP_S;
}

enum tu_status tu_totp_code(
	struct tu_str secret, int64_t step, unsigned digits, char out_code[9], struct tu_error *err)
{
	static const uint32_t powers[] = {1000000, 10000000, 100000000};
	uint8_t counter[8], mac[TU_HMAC_MAX];
	uint32_t value;
	size_t at;
	enum tu_status status;

	for (unsigned i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	status = tu_hmac(
		TU_HMAC_SHA1, secret, tu_str_of((const char *)counter, sizeof(counter)), mac, err);
	at = mac[19] & 15; /* RFC 4226, 5.3 */
	value = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
		(uint32_t)mac[at + 2] << 8 | mac[at + 3];
	if (digits < 6 || digits > 8)
		digits = TU_TOTP_DIGITS;
	value %= powers[digits - 6];
	out_code[digits] = '\0';
	for (unsigned i = digits; i > 0; value /= 10)
		out_code[--i] = (char)('0' + value % 10);
	return status;
}

/* False: not six digits. */
static bool read_code(struct tu_str code, char out[TU_TOTP_DIGITS])
{
	size_t count = 0;

	for (size_t i = 0; i < code.len; i++) {
		if (tu_char_is_space(code.ptr[i]))
			continue;
		if (!tu_char_is_digit(code.ptr[i]) || count == TU_TOTP_DIGITS)
			return false;
		out[count++] = code.ptr[i];
	}
	return count == TU_TOTP_DIGITS;
}

enum tu_status tu_totp_match(struct tu_str secret, const struct tu_totp_try *attempt,
	int64_t *out_step, struct tu_error *err)
{
	char given[TU_TOTP_DIGITS], right[9];
	int64_t now = tu_totp_step(attempt->at);
	bool fine = read_code(attempt->code, given);
	enum tu_status status = TU_OK;

	*out_step = 0;
	for (int64_t step = now - TU_TOTP_SLACK; !status && step <= now + TU_TOTP_SLACK; step++) {
		status = tu_totp_code(secret, step, TU_TOTP_DIGITS, right, err);
		if (!status && fine && step > attempt->used && step > 0 &&
			tu_same_secret(tu_str_of(given, TU_TOTP_DIGITS), tu_str_c(right)))
			*out_step = step;
	}
	return status;
}

void tu_base32_write(const uint8_t *bytes, size_t len, struct tu_buf *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < len; i++) {
		held = held << 8 | bytes[i];
		for (bits += 8; bits >= 5; bits -= 5)
			tu_buf_byte(out, letters[held >> (bits - 5) & 31]);
		held &= (1u << bits) - 1;
	}
	if (bits)
		tu_buf_byte(out, letters[held << (5 - bits) & 31]);
}

void tu_totp_uri_write(const struct tu_totp_uri *uri, struct tu_buf *out)
{
	static const struct tu_str plain = TU_STR_INIT("-._~");

	tu_buf_c(out, "otpauth://totp/");
	tu_percent_add(uri->issuer, plain, out);
	tu_buf_byte(out, ':');
	tu_percent_add(uri->account, plain, out);
	tu_buf_c(out, "?secret=");
	tu_base32_write((const uint8_t *)uri->secret.ptr, uri->secret.len, out);
	tu_buf_c(out, "&issuer=");
	tu_percent_add(uri->issuer, plain, out);
	tu_buf_printf(out, "&algorithm=SHA1&digits=%d&period=%d", TU_TOTP_DIGITS, TU_TOTP_STEP_S);
}
