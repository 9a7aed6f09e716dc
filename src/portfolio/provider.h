/*
 * What a maker publishes to others as a provider of CSAF (CSAF 2.0, 7): who publishes, with which
 * keys, and the documents of published statements under the names by which they are fetched.
 *
 * Who sees what. TLP:WHITE: anybody. GREEN: whoever is known here, of the devices that they may see
 * (portfolio/scope.h). AMBER and RED: the customers who are named in the revision, and nobody else;
 * for all others such a document does not exist.
 *
 * Errors are those of store/store.h, and what each function names. Texts are in the work's arena.
 */
#ifndef TU_PORTFOLIO_PROVIDER_H
#define TU_PORTFOLIO_PROVIDER_H

#include "base/sha512.h"
#include "list/query.h"
#include "portfolio/statement.h"

/* ---- who publishes ---- */

enum { TU_PROVIDER_CONTACTS = 8, TU_PROVIDER_TEXT_MAX = 2000 };

struct tu_provider_setting {
	int64_t version; /* 1: nobody has set it yet */
	int64_t changed; /* us; when it was set */
	bool on; /* without it nothing is offered */
	/* the publisher (CSAF 3.2.1.8); namespace: a URL */
	struct tu_str name, namespace_, contact, authority;
	/* security.txt (RFC 9116); contacts: "mailto:", "https://", "tel:" */
	struct tu_str contacts[TU_PROVIDER_CONTACTS];
	size_t contact_count; /* at least one */
	struct tu_str encryption, policy, acknowledgments, languages; /* empty: none */
	bool list, mirror; /* may aggregators */
};
TU_NODISCARD enum tu_status tu_provider_read(
	struct tu_work *w, struct tu_provider_setting *out, struct tu_error *err);
/* `to->version`: that was read; 0: whatever it is. TU_E_CONFLICT: it was changed since.
 * TU_E_USAGE with the member's pointer: a value that is not as it should be; no line of
 * security.txt may be made of a text that has a line end in it. */
TU_NODISCARD enum tu_status tu_provider_write(
	struct tu_work *w, const struct tu_provider_setting *to, struct tu_error *err);

/* A reader takes the publisher of the metadata and that of the documents for one: what is another
 * one in a device.yaml is a warning. Empty: they are the same, or nothing is offered. TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_provider_differs(struct tu_work *w,
	const struct tu_provider_setting *setting, const struct tu_device *model,
	struct tu_str *out_warning, struct tu_error *err);
/* The warnings of all devices that can be read, by name. */
struct tu_provider_warnings {
	TU_VEC(struct tu_str) list;
};
TU_NODISCARD enum tu_status tu_provider_warnings(struct tu_work *w,
	const struct tu_provider_setting *setting, struct tu_provider_warnings *out,
	struct tu_error *err);

/* ---- keys ---- */

struct tu_provider_key {
	struct tu_str fingerprint; /* 40 digits, lower case */
	struct tu_str public_key; /* armored */
	int64_t seen; /* us; when a service first had it */
};
struct tu_provider_keys {
	TU_VEC(struct tu_provider_key) list; /* the oldest first */
};
/* A service signs with this key; recorded when it is a new one. Keys stay: what they signed is
 * verified with them. */
TU_NODISCARD enum tu_status tu_provider_key_note(struct tu_work *w, struct tu_str fingerprint,
	struct tu_str public_key, struct tu_error *err);
TU_NODISCARD enum tu_status tu_provider_keys(
	struct tu_work *w, struct tu_provider_keys *out, struct tu_error *err);

/*
 * A key that somebody else may have: it is listed no longer, what it signed has no signature any
 * more, and is signed by the seal's key where that is another one. Nothing is ever signed by it
 * again, whoever still has it. TU_E_NOTFOUND: there is no such key; TU_E_USAGE: no reason.
 */
TU_NODISCARD enum tu_status tu_provider_key_revoke(struct tu_work *w, struct tu_str fingerprint,
	const struct tu_statement_seal *seal, struct tu_error *err);
/* Sign by the seal, unless its key was revoked: TU_E_NOTFOUND, as where there is none. */
TU_NODISCARD enum tu_status tu_provider_seal(struct tu_work *w,
	const struct tu_statement_seal *seal, const struct tu_seal_ask *ask, struct tu_seal *out,
	struct tu_error *err);

/* ---- documents ---- */

/* Who asks. Zeroed: nobody is known. */
struct tu_provider_reader {
	bool known;
	const struct tu_list_scope *scope; /* of who is known; NULL: no device */
	int64_t customer; /* the person, where they are a customer; 0: none */
};

struct tu_provider_file {
	int64_t id, document_id, bytes;
	struct tu_str name; /* "larkspur-ip-200-vex.json" */
	struct tu_str tracking, title, version, tlp, device;
	int64_t initial, released; /* seconds: of the first version, of this one */
	uint8_t sha256[TU_SHA256_BYTES], sha512[TU_SHA512_BYTES];
	struct tu_str fingerprint; /* of the key that signed it; empty: it is not signed */
};
struct tu_provider_files {
	TU_VEC(struct tu_provider_file) list; /* the newest release first */
};
/* What is published now. An empty label: of all; a name: that document, of this label. */
struct tu_provider_query {
	struct tu_provider_reader reader;
	struct tu_str tlp; /* "WHITE" */
	struct tu_str name;
};
TU_NODISCARD enum tu_status tu_provider_files(struct tu_work *w,
	const struct tu_provider_query *query, struct tu_provider_files *out, struct tu_error *err);
/* The year of the folder that it is in (7.1.11): of the first release, in UTC. */
int64_t tu_provider_year(const struct tu_provider_file *file);
/* The armored signature. TU_E_NOTFOUND: it has none. */
TU_NODISCARD enum tu_status tu_provider_signature(
	struct tu_work *w, int64_t file_id, struct tu_str *out, struct tu_error *err);

/* How many documents of any label are published without a signature. */
TU_NODISCARD enum tu_status tu_provider_unsigned(
	struct tu_work *w, int64_t *out_count, struct tu_error *err);
/* Sign what was published while there was no key; `*out_count` of them. Errors of the seal. */
TU_NODISCARD enum tu_status tu_provider_sign_rest(struct tu_work *w,
	const struct tu_statement_seal *seal, size_t *out_count, struct tu_error *err);

#endif
