#include "http/certificate.h"

#include "base/alloc.h"
#include "base/base64.h"
#include "base/time.h"

/* Tags of DER (X.690, 8.1.2). */
enum {
	INTEGER = 0x02,
	UTC_TIME = 0x17,
	GENERALIZED_TIME = 0x18,
	SEQUENCE = 0x30,
	VERSION = 0xa0 /* [0] EXPLICIT */
};

enum { DER_MAX = 1 << 16 };

/* Take one element; `out_tag` what it is, `out` its contents. */
static bool take(struct tu_str *rest, unsigned *out_tag, struct tu_str *out)
{
	size_t at = 2, len, bytes;

	if (rest->len < 2)
		return false;
	*out_tag = (unsigned char)rest->ptr[0];
	len = (unsigned char)rest->ptr[1];
	if (len >= 0x80) {
		bytes = len & 0x7f;
		if (bytes == 0 || bytes > 3 || rest->len < 2 + bytes)
			return false;
		for (len = 0; at < 2 + bytes; at++)
			len = len << 8 | (unsigned char)rest->ptr[at];
	}
	if (len > rest->len - at)
		return false;
	*out = tu_str_first(tu_str_from(*rest, at), len);
	*rest = tu_str_from(*rest, at + len);
	return true;
}

static bool take_as(struct tu_str *rest, unsigned tag, struct tu_str *out)
{
	unsigned found;

	return take(rest, &found, out) && found == tag;
}

/* "261201120000Z" or "20501201120000Z" */
static bool read_time(unsigned tag, struct tu_str text, int64_t *out_seconds)
{
	size_t year = tag == GENERALIZED_TIME ? 4 : 2;
	char out[] = "0000-00-00T00:00:00Z";
	static const size_t places[] = {5, 8, 11, 14, 17};

	if ((tag != UTC_TIME && tag != GENERALIZED_TIME) || text.len != year + 11)
		return false;
	/* RFC 5280, 4.1.2.5.1: 50 to 99 are of the last century */
	memcpy(out, text.ptr[0] < '5' ? "20" : "19", 2);
	memcpy(out + 4 - year, text.ptr, year);
	for (size_t i = 0; i < TU_COUNT(places); i++)
		memcpy(out + places[i], text.ptr + year + 2 * i, 2);
	return tu_time_parse(tu_str_c(out), out_seconds);
}

static bool end_of(struct tu_str der, int64_t *out_seconds)
{
	struct tu_str certificate, tbs, part, validity;
	unsigned tag = 0;

	if (!take_as(&der, SEQUENCE, &certificate) || !take_as(&certificate, SEQUENCE, &tbs) ||
		!take(&tbs, &tag, &part))
		return false;
	if (tag == VERSION && !take(&tbs, &tag, &part))
		return false;
	/* the serial number is taken; then: signature, issuer, validity */
	if (tag != INTEGER || !take_as(&tbs, SEQUENCE, &part) || !take_as(&tbs, SEQUENCE, &part) ||
		!take_as(&tbs, SEQUENCE, &validity))
		return false;
	return take(&validity, &tag, &part) && take(&validity, &tag, &part) &&
		read_time(tag, part, out_seconds);
}

/* The text between the lines of a block. */
static bool decode(struct tu_str text, struct tu_buf *out)
{
	size_t len;
	char *joined = tu_alloc(text.len + 1, 1);
	bool read = false;

	if (!joined)
		return false;
	len = 0;
	for (size_t i = 0; i < text.len; i++)
		if (!tu_char_is_space(text.ptr[i]))
			joined[len++] = text.ptr[i];
	if (len > 0 && len % 4 == 0) {
		size_t bytes = len / 4 * 3 - (joined[len - 1] == '=') - (joined[len - 2] == '=');
		uint8_t *der = tu_alloc(bytes, 1);

		read = der && tu_base64_read(tu_str_of(joined, len), der, bytes);
		if (read)
			tu_buf_add(out, der, bytes);
		tu_free(der);
	}
	tu_free(joined);
	return read && !out->failed;
}

bool tu_http_certificate_end(struct tu_str pem, int64_t *out_seconds)
{
	static const struct tu_str begin = TU_STR_INIT("-----BEGIN CERTIFICATE-----"),
				   end = TU_STR_INIT("-----END CERTIFICATE-----");
	int64_t earliest = INT64_MAX, one = 0;
	bool fine = true;

	*out_seconds = 0;
	for (size_t at = tu_str_search(pem, begin); fine && at < pem.len;
		at = tu_str_search(pem, begin)) {
		struct tu_buf der;
		size_t close;

		pem = tu_str_from(pem, at + begin.len);
		close = tu_str_search(pem, end);
		tu_buf_init(&der, DER_MAX);
		fine = close < pem.len && decode(tu_str_first(pem, close), &der) &&
			end_of(tu_buf_str(&der), &one);
		tu_buf_done(&der);
		if (fine && one < earliest)
			earliest = one;
	}
	if (!fine || earliest == INT64_MAX)
		return false;
	*out_seconds = earliest;
	return true;
}
