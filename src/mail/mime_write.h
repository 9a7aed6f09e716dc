/*
 * Write a mail (RFC 5322, MIME): text, and the same as HTML, in quoted-printable.
 *
 * Values come from anywhere. Addresses are refused when they are none. Of other values of the
 * header each control character becomes a space, what is not ASCII an encoded word (RFC 2047), and
 * lines are folded: no value can end its header or begin another one. Texts that are not UTF-8 get
 * U+FFFD.
 *
 * Pure; any thread.
 */
#ifndef TU_MAIL_MIME_WRITE_H
#define TU_MAIL_MIME_WRITE_H

#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_MAIL_ADDRESS_MAX = 254, TU_MAIL_HEADERS = 8 };

/* Can mail be sent to it: "local@host" of printable ASCII, without what ends or lists addresses in
 * a header or a command. Internationalised addresses (SMTPUTF8) are not supported. TU_E_USAGE. */
TU_NODISCARD enum tu_status tu_mail_address_check(struct tu_str address, struct tu_error *err);

struct tu_mail_header {
	const char *name;
	struct tu_str value;
};

struct tu_mail {
	struct tu_str from, from_name; /* the name may be empty */
	struct tu_str to;
	struct tu_str subject;
	int64_t date; /* seconds since 1970 */
	struct tu_str message_id; /* without "<>"; the same when it is sent again */
	struct tu_mail_header headers[TU_MAIL_HEADERS]; /* more of them; name NULL: none */
	struct tu_str text; /* lines end with LF */
	struct tu_str html; /* empty: none. Nothing in it may load anything */
};

/* Append it with CR LF. TU_E_USAGE: an address; TU_E_NOMEM: also when `out` is full. */
TU_NODISCARD enum tu_status tu_mail_write(
	const struct tu_mail *mail, struct tu_buf *out, struct tu_error *err);

/* Append a header, as above. */
void tu_mail_write_header(struct tu_buf *out, const char *name, struct tu_str value);

#endif
