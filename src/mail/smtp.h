/*
 * Send a mail to a server by SMTP (RFC 5321), through libcurl.
 *
 * A server gets a password over TLS alone. All of it ends within `seconds_max`, whatever the server
 * does; a mail that was not taken is not half sent, and whoever calls may try again. A server that
 * takes the mail and breaks the connection before it says so may get it twice: its Message-ID is
 * the same.
 *
 * Threads: any.
 */
#ifndef TU_MAIL_SMTP_H
#define TU_MAIL_SMTP_H

#include <tutela/error.h>
#include <tutela/str.h>

enum tu_smtp_security {
	TU_SMTP_STARTTLS, /* TLS after the greeting; a server that does not offer it gets nothing */
	TU_SMTP_TLS, /* TLS from the first byte, as on port 465 */
	TU_SMTP_PLAIN, /* none: for a server on a trusted network; never with a password */
	TU_SMTP_SECURITIES
};
const char *tu_smtp_security_name(enum tu_smtp_security security); /* "starttls", "tls", "plain" */
bool tu_smtp_security_by_name(struct tu_str name, enum tu_smtp_security *out_security);

struct tu_smtp {
	struct tu_str host; /* a name or an address, IPv6 without brackets */
	unsigned port;
	enum tu_smtp_security security;
	struct tu_str user, password; /* empty: without authentication */
	const char *ca_file; /* NULL: the system's */
	unsigned seconds_max; /* 0: 30 */
};

struct tu_smtp_mail {
	struct tu_str from, to; /* addresses of the envelope: tu_mail_address_check() */
	struct tu_str bytes; /* header and body, with CR LF (mail/mime_write.h) */
};

/* Letters, digits, "." "-" and ":" alone; of at most 253 bytes. */
bool tu_smtp_host_is_fine(struct tu_str host);

/* TU_E_USAGE: host, port or an address is none; a password without TLS. TU_E_UNSUPPORTED: libcurl
 * is not installed. TU_E_IO: the server, the network, TLS, or it refused, with its words. */
TU_NODISCARD enum tu_status tu_smtp_send(
	const struct tu_smtp *server, const struct tu_smtp_mail *mail, struct tu_error *err);

#endif
