/*
 * What each purl type asks of its parts: the type definitions of
 * https://github.com/package-url/purl-spec as one table.
 *
 * Static storage, pure functions; thread-safe.
 */
#ifndef TU_IDENT_PURL_TYPES_H
#define TU_IDENT_PURL_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/str.h>
#include <tutela/version.h>

enum tu_purl_need { TU_PURL_OPTIONAL, TU_PURL_REQUIRED, TU_PURL_PROHIBITED };

/* Rules of a type beyond the general ones; bits of tu_purl_type.rules. */
enum tu_purl_rule {
	TU_PURL_LOWER_NAMESPACE = 1 << 0,
	TU_PURL_UPPER_NAMESPACE = 1 << 1,
	TU_PURL_LOWER_NAME = 1 << 2,
	TU_PURL_LOWER_VERSION = 1 << 3,
	TU_PURL_LOWER_SUBPATH = 1 << 4,
	TU_PURL_NAME_DASHES = 1 << 5, /* '_' becomes '-' */
	TU_PURL_NAME_UNDERSCORES = 1 << 6, /* all but [a-z0-9] becomes '_' */
	TU_PURL_NAME_PATH = 1 << 7, /* one namespace segment, the name is the rest of the path */
	TU_PURL_NAME_NO_COLONS = 1 << 8, /* "::" is a module, not a distribution */
	TU_PURL_NAME_POD = 1 << 9, /* no space, no '+', no leading '.' */
	TU_PURL_NAME_CHROME_ID = 1 << 10, /* 32 letters a to p */
	TU_PURL_VERSION_DOTTED = 1 << 11, /* one to four numbers */
	TU_PURL_LOWER_NAME_DATABRICKS = 1 << 12, /* lower case on that server only */
	TU_PURL_NAMESPACE_PAIR = 1 << 13, /* at most two segments */
	/* Not rules of writing but of comparing: the registry has no two packages whose names
	 * differ by case only, or by '-' and '_' only. */
	TU_PURL_FOLD_CASE = 1 << 14,
	TU_PURL_FOLD_DASHES = 1 << 15,
	/* The registry's names have no slash: one in a name ends the namespace. */
	TU_PURL_NAME_NO_SLASH = 1 << 16,
};

struct tu_purl_type {
	struct tu_str name;
	enum tu_scheme scheme;
	enum tu_purl_need namespace_;
	uint32_t rules;
	struct tu_str qualifier; /* a key that must be there; empty: none */
};

/* The row of a type (lower case); a row of general rules for a type that is not registered. */
const struct tu_purl_type *tu_purl_type_find(struct tu_str type);

/* ASCII letter, then letters, digits, '.', '-': the index of the first byte that is not so, or
 * type.len. An empty type gives 0. */
size_t tu_purl_type_invalid_at(struct tu_str type);

#endif
