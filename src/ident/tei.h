/*
 * Transparency Exchange Identifiers: by which a product is asked for, "urn:tei:TYPE:DOMAIN:ID".
 *
 * OWASP Transparency Exchange API 0.4.0, discovery. The domain is the maker's, and answers
 * /.well-known/tea; the id is one that exists already. A UUID is a public id of ours with dashes:
 * 32 hexadecimal digits, the same number.
 */
#ifndef TU_IDENT_TEI_H
#define TU_IDENT_TEI_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_tei_type {
	TU_TEI_UUID,
	TU_TEI_UDI, /* a device identifier of ident/udi.h; production identifiers may follow */
	TU_TEI_GTIN, /* 8, 12, 13 or 14 digits */
	TU_TEI_EANUPC, /* 8, 12 or 13 digits */
	TU_TEI_PURL,
	TU_TEI_HASH, /* "SHA256:…" */
	TU_TEI_SWID,
	TU_TEI_ASIN,
	TU_TEI_TYPES
};
const char *tu_tei_type_name(enum tu_tei_type type);

enum { TU_UUID_DIGITS = 32, TU_UUID_TEXT = 36, TU_TEI_MAX = 2000 };

struct tu_tei {
	enum tu_tei_type type;
	struct tu_str domain, id; /* borrowed */
	char uuid[TU_UUID_DIGITS + 1]; /* of a UUID, as a public id; else empty */
};

/* TU_E_USAGE says what is wrong: the form, the type, the domain, a check digit. */
TU_NODISCARD enum tu_status tu_tei_read(
	struct tu_str text, struct tu_tei *out_tei, struct tu_error *err);
void tu_tei_write(
	enum tu_tei_type type, struct tu_str domain, struct tu_str id, struct tu_buf *out);
/* Is it a name of a domain: labels of letters, digits and hyphens with dots between them? */
bool tu_tei_is_domain(struct tu_str domain);

/* "https://example.com/pumps": "example.com". Empty: it names none. */
struct tu_str tu_tei_domain_of(struct tu_str url);

/* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" in either case. False, and an empty id: it is none. */
bool tu_uuid_read(struct tu_str text, char out_id[TU_UUID_DIGITS + 1]);
/* 32 digits with dashes; what is no id is left as it is. */
void tu_uuid_write(struct tu_str id, struct tu_buf *out);

#endif
