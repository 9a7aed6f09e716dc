/*
 * Read a mailbox by IMAP (RFC 3501), through libcurl.
 *
 * A server gets the password over TLS alone. Nothing that it says is believed: what it lists is
 * bounded, a message ends at `bytes_max` whatever size it states, and each call ends within
 * `seconds_max`, whatever the server does. Messages stay where they are and are marked as seen.
 *
 * Threads: one at a time for a session.
 */
#ifndef TU_MAIL_IMAP_H
#define TU_MAIL_IMAP_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "mail/smtp.h"

enum { TU_IMAP_LIST_MAX = 200 };

struct tu_imap {
	struct tu_str host; /* as of struct tu_smtp */
	unsigned port;
	enum tu_smtp_security security;
	struct tu_str user, password;
	struct tu_str folder; /* letters, digits, ". _ - /"; empty: INBOX */
	struct tu_str ca; /* certificates as PEM; empty: the system's */
	unsigned seconds_max; /* of each call; 0: 60 */
};

struct tu_imap_session;
struct tu_imap_list {
	int64_t uidvalidity;
	int64_t uids[TU_IMAP_LIST_MAX]; /* the lowest first */
	size_t count;
};

/* TU_E_USAGE: host, port, folder or user are none, or it would be without TLS. TU_E_UNSUPPORTED:
 * libcurl is not installed. */
TU_NODISCARD enum tu_status tu_imap_open(
	const struct tu_imap *server, struct tu_imap_session **out_session, struct tu_error *err);
void tu_imap_close(struct tu_imap_session *session); /* NULL is fine */

/* The first messages whose UID is above `after`, which is of `uidvalidity`; where the mailbox has
 * another one, from the beginning. TU_E_IO: the server, the network, TLS, a wrong password. */
TU_NODISCARD enum tu_status tu_imap_list(struct tu_imap_session *session, int64_t uidvalidity,
	int64_t after, struct tu_imap_list *out_list, struct tu_error *err);
/* A message into `out` (initialised with the most that it may be). TU_E_LIMIT: it is larger;
 * TU_E_NOTFOUND: it is gone; TU_E_IO. */
TU_NODISCARD enum tu_status tu_imap_fetch(
	struct tu_imap_session *session, int64_t uid, struct tu_buf *out, struct tu_error *err);

#endif
