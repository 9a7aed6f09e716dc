#include "mail/mime_write.h"

#include <string.h>

#include "base/base64.h"
#include "base/time.h"
#include "base/utf8.h"

enum {
	LINE = 76, /* of a header and of quoted-printable */
	WORD = 45, /* bytes of an encoded word, which makes 72 characters of them */
	ASCII_WORD_MAX = 900 /* a line may have 998 */
};
/* "=_" never comes in quoted-printable. */
static const char boundary[] = "=_tutela";
static const char bad[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* ---- addresses ---- */

enum tu_status tu_mail_address_check(struct tu_str address, struct tu_error *err)
{
	size_t at = tu_str_rfind(address, '@');
	bool fine = address.len <= TU_MAIL_ADDRESS_MAX && at > 0 && at + 1 < address.len &&
		at <= 64 && tu_str_find(address, '@') == at;

	for (size_t i = 0; fine && i < address.len; i++)
		fine = address.ptr[i] > ' ' && address.ptr[i] < 0x7f &&
			!strchr("<>()[]\\\",;:", address.ptr[i]);
	fine = fine && address.ptr[0] != '-' && address.ptr[at + 1] != '.' &&
		address.ptr[at + 1] != '-' && address.ptr[address.len - 1] != '.';
	return fine ? TU_OK
		    : tu_fail(err, TU_E_USAGE, 0,
			      "this is no mail address such as \"name@example.org\", in ASCII");
}

/* ---- headers ---- */

/* The next character as UTF-8 without controls, stepped over. */
static struct tu_str next_character(struct tu_str *rest)
{
	size_t len = tu_utf8_len(*rest);
	struct tu_str text = len ? tu_str_first(*rest, len) : tu_str_c(bad);

	if (len == 1 && ((unsigned char)rest->ptr[0] < ' ' || rest->ptr[0] == 0x7f))
		text = TU_STR(" ");
	*rest = tu_str_from(*rest, len ? len : 1);
	return text;
}

static bool is_plain(struct tu_str value)
{
	size_t word = 0;

	for (size_t i = 0; i < value.len; i++) {
		word = value.ptr[i] == ' ' ? 0 : word + 1;
		if ((unsigned char)value.ptr[i] > 0x7f || word > ASCII_WORD_MAX)
			return false;
	}
	return tu_str_search(value, TU_STR("=?")) == value.len;
}

/* `column`: how many characters the line has. */
static void write_encoded(struct tu_buf *out, size_t column, struct tu_str value)
{
	struct tu_buf word;
	bool first = true;

	tu_buf_init(&word, WORD + 4);
	while (value.len) {
		tu_buf_clear(&word);
		while (value.len && word.len + 4 <= WORD) {
			struct tu_str c = next_character(&value);

			tu_buf_str_add(&word, c);
		}
		if (!first || column + 2 + 10 + 4 * ((word.len + 2) / 3) > LINE)
			tu_buf_c(out, "\r\n ");
		tu_buf_c(out, "=?UTF-8?B?");
		tu_base64_write((const uint8_t *)word.ptr, word.len, out);
		tu_buf_c(out, "?=");
		out->failed |= word.failed;
		first = false;
	}
	tu_buf_done(&word);
}

/* Folded where a space is, but not before the first word. */
static void write_plain(struct tu_buf *out, size_t column, struct tu_str value)
{
	struct tu_str word;
	bool first = true;

	while (tu_str_split(&value, ' ', &word)) {
		if (!word.len)
			continue;
		if (column + 1 + word.len > LINE && !first) {
			tu_buf_c(out, "\r\n ");
			column = 1;
		} else {
			tu_buf_byte(out, ' ');
			column++;
		}
		for (size_t i = 0; i < word.len; i++)
			tu_buf_byte(out,
				(unsigned char)word.ptr[i] < ' ' || word.ptr[i] == 0x7f
					? ' '
					: word.ptr[i]);
		column += word.len;
		first = false;
	}
}

void tu_mail_write_header(struct tu_buf *out, const char *name, struct tu_str value)
{
	size_t column = strlen(name) + 1;

	tu_buf_printf(out, "%s:", name);
	if (is_plain(value)) {
		write_plain(out, column, value);
	} else {
		tu_buf_byte(out, ' ');
		write_encoded(out, column + 1, value);
	}
	tu_buf_c(out, "\r\n");
}

static void write_from(struct tu_buf *out, const struct tu_mail *mail)
{
	tu_buf_c(out, "From:");
	if (mail->from_name.len) {
		tu_buf_byte(out, ' ');
		write_encoded(out, strlen("From: "), mail->from_name);
		tu_buf_c(out, "\r\n");
	}
	tu_buf_printf(out, " <%.*s>\r\n", TU_STR_FMT(mail->from));
}

static void write_date(struct tu_buf *out, int64_t at)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const int64_t day_s = 24 * 60 * 60;
	int64_t year, month, day, of = at % day_s;

	tu_time_civil(at / day_s, &year, &month, &day);
	tu_buf_printf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d +0000\r\n",
		days + 3 * (at / day_s % 7), (int)day, months + 3 * (month - 1), (int)year,
		(int)(of / 3600), (int)(of / 60 % 60), (int)(of % 60));
}

/* ---- the body ---- */

static void write_soft(struct tu_buf *out, size_t *column, size_t more)
{
	if (*column + more > LINE - 1) {
		tu_buf_c(out, "=\r\n");
		*column = 0;
	}
	*column += more;
}

/* Quoted-printable (RFC 2045, 6.7). */
static void write_quoted(struct tu_buf *out, struct tu_str text)
{
	size_t column = 0;

	while (text.len) {
		size_t len = tu_utf8_len(text);
		struct tu_str c = len ? tu_str_first(text, len) : tu_str_c(bad);
		bool ends;

		text = tu_str_from(text, len ? len : 1);
		ends = !text.len || text.ptr[0] == '\n';
		if (c.ptr[0] == '\n') {
			tu_buf_c(out, "\r\n");
			column = 0;
			continue;
		}
		for (size_t i = 0; i < c.len; i++) {
			unsigned char byte = (unsigned char)c.ptr[i];
			bool as_is = (byte > ' ' && byte < 0x7f && byte != '=') ||
				(byte == ' ' && !ends);

			write_soft(out, &column, as_is ? 1 : 3);
			if (as_is)
				tu_buf_byte(out, c.ptr[i]);
			else
				tu_buf_printf(out, "=%02X", byte);
		}
	}
	tu_buf_c(out, "\r\n");
}

static void write_part(struct tu_buf *out, const char *type, struct tu_str text)
{
	tu_buf_printf(out, "Content-Type: %s; charset=utf-8\r\n", type);
	tu_buf_c(out, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	write_quoted(out, text);
}

static void write_body(struct tu_buf *out, const struct tu_mail *mail)
{
	tu_buf_c(out, "MIME-Version: 1.0\r\n");
	if (!mail->html.len) {
		write_part(out, "text/plain", mail->text);
		return;
	}
	tu_buf_printf(
		out, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
	tu_buf_printf(out, "--%s\r\n", boundary);
	write_part(out, "text/plain", mail->text);
	tu_buf_printf(out, "--%s\r\n", boundary);
	write_part(out, "text/html", mail->html);
	tu_buf_printf(out, "--%s--\r\n", boundary);
}

enum tu_status tu_mail_write(const struct tu_mail *mail, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status = tu_mail_address_check(mail->from, err);

	if (!status)
		status = tu_mail_address_check(mail->to, err);
	if (status)
		return status;
	write_from(out, mail);
	tu_buf_printf(out, "To: <%.*s>\r\n", TU_STR_FMT(mail->to));
	tu_mail_write_header(out, "Subject", mail->subject);
	write_date(out, mail->date);
	if (mail->message_id.len) {
		tu_buf_c(out, "Message-ID: <");
		for (size_t i = 0; i < mail->message_id.len; i++)
			if (mail->message_id.ptr[i] > ' ' && mail->message_id.ptr[i] < 0x7f &&
				!strchr("<>", mail->message_id.ptr[i]))
				tu_buf_byte(out, mail->message_id.ptr[i]);
		tu_buf_c(out, ">\r\n");
	}
	for (size_t i = 0; i < TU_MAIL_HEADERS && mail->headers[i].name; i++)
		tu_mail_write_header(out, mail->headers[i].name, mail->headers[i].value);
	write_body(out, mail);
	return out->failed ? tu_no_memory(err) : TU_OK;
}
