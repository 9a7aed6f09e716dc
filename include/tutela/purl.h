/*
 * Package URLs (https://github.com/package-url/purl-spec; ECMA-427).
 *
 * Ownership: a parsed purl lives in the arena and borrows nothing else. Thread-safe.
 */
#ifndef TUTELA_PURL_H
#define TUTELA_PURL_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>
#include <tutela/version.h>

TU_BEGIN_C

enum { TU_PURL_MAX = 8192 /* bytes */, TU_PURL_QUALIFIERS_MAX = 64 };

struct tu_purl_qualifier {
	struct tu_str key; /* lower case */
	struct tu_str value; /* decoded, not empty */
};

/* All parts decoded and normalised by the rules of their type; an absent part is empty. */
struct tu_purl {
	struct tu_str type;
	struct tu_str namespace_; /* segments joined by '/' */
	struct tu_str name;
	struct tu_str version;
	const struct tu_purl_qualifier *qualifiers; /* sorted by key */
	size_t qualifier_count;
	struct tu_str subpath;
};

/* Parse, normalise and validate by the type's definition (required or prohibited namespace and
 * version, case, character rules). Unknown types obey the general rules only. On failure
 * err->offset is the byte in `text` and the message names the part. */
TU_API TU_NODISCARD enum tu_status tu_purl_parse(
	struct tu_arena *arena, struct tu_str text, struct tu_purl *out_purl, struct tu_error *err);

/* Build from raw parts: `*purl` has unnormalised parts, which are normalised and validated as
 * tu_purl_parse() does; qualifiers may come in any order and with empty values (dropped). */
TU_API TU_NODISCARD enum tu_status tu_purl_normalise(
	struct tu_arena *arena, struct tu_purl *purl, struct tu_error *err);

/* Append the canonical string. */
TU_API void tu_purl_write(const struct tu_purl *purl, struct tu_buf *out);

/* The value of a qualifier, or the empty view. */
TU_API struct tu_str tu_purl_qualifier(const struct tu_purl *purl, struct tu_str key);

/* The version scheme of a purl type; TU_SCHEME_GENERIC for types without one of their own. */
TU_API enum tu_scheme tu_purl_scheme(struct tu_str type);

TU_END_C

#endif
