/*
 * Read a mail (RFC 5322, MIME: RFC 2045 to 2049) with distrust: what it says, and what came with
 * it.
 *
 * Everything that a mail can say is bounded: its size, the header and its lines, how deep parts are
 * nested and how many there are. What is beyond is TU_E_LIMIT, and the caller keeps the mail as it
 * came. Texts become UTF-8: of us-ascii, utf-8, iso-8859-1 and windows-1252; a text in any other
 * charset is an attachment, and `unknown_charset` says so. HTML is an attachment, always. Nothing
 * is decrypted and no signature is checked: a mail that is encrypted is marked and stays whole.
 *
 * Pure; any thread. What is given out is in the arena or in the mail's own bytes.
 */
#ifndef TU_MAIL_MIME_READ_H
#define TU_MAIL_MIME_READ_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/arena.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum {
	TU_MIME_BYTES_MAX = 25 << 20,
	TU_MIME_HEADER_MAX = 256 << 10, /* of one header block */
	TU_MIME_DEPTH_MAX = 20,
	TU_MIME_PARTS_MAX = 200,
	TU_MIME_FILES_MAX = 50
};

struct tu_mime_file {
	struct tu_str name; /* as it was sent, decoded; may be empty */
	struct tu_str type; /* "text/html" as it was sent */
	struct tu_str bytes;
};

struct tu_mime {
	struct tu_str subject, message_id; /* decoded; empty: none */
	struct tu_str from; /* the address alone: "eve@example.org"; empty: none */
	struct tu_str reply_to; /* the same */
	struct tu_str text; /* of the text parts, with a line between them */
	struct tu_mime_file files[TU_MIME_FILES_MAX];
	size_t file_count;
	bool encrypted; /* OpenPGP or S/MIME, as a MIME structure or inline */
	/* A program sent it, or a list: it is never answered, or two programs answer each other for
	 * ever (RFC 3834, 2). */
	bool automatic;
	bool unknown_charset, damaged; /* of a text; in an encoding: what could be read is there */
};

/* TU_E_LIMIT, TU_E_NOMEM; TU_E_SYNTAX: it has no header. */
TU_NODISCARD enum tu_status tu_mime_read(
	struct tu_arena *arena, struct tu_str mail, struct tu_mime *out, struct tu_error *err);

#endif
