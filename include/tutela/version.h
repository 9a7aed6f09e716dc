/*
 * Version schemes.
 *
 * A scheme compiles a version to a byte string, its key, whose memcmp order (a shorter prefix
 * first: tu_str_cmp) is the scheme's order. Two versions that the scheme treats as equal have the
 * same key. What a scheme cannot order has no key: it is UNORDERED, never a guess.
 *
 * Pure functions of their arguments; thread-safe.
 */
#ifndef TUTELA_VERSION_H
#define TUTELA_VERSION_H

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

TU_BEGIN_C

/* Stored in knowledge bases: never renumber, only append. */
enum tu_scheme {
	TU_SCHEME_NONE = 0, /* not known: nothing is comparable, only identical text is equal */
	TU_SCHEME_SEMVER = 1,
	TU_SCHEME_NPM = 2,
	TU_SCHEME_CARGO = 3,
	TU_SCHEME_GOLANG = 4,
	TU_SCHEME_HEX = 5,
	TU_SCHEME_PUB = 6,
	TU_SCHEME_SWIFT = 7,
	TU_SCHEME_NUGET = 8,
	TU_SCHEME_PYPI = 9,
	TU_SCHEME_MAVEN = 10,
	TU_SCHEME_DEB = 11,
	TU_SCHEME_RPM = 12,
	TU_SCHEME_APK = 13,
	TU_SCHEME_GEM = 14,
	TU_SCHEME_COMPOSER = 15,
	TU_SCHEME_CRAN = 16,
	TU_SCHEME_HACKAGE = 17,
	TU_SCHEME_CONAN = 18,
	TU_SCHEME_GENTOO = 19,
	TU_SCHEME_ALPM = 20,
	TU_SCHEME_OPENSSL = 21,
	TU_SCHEME_KERNEL = 22,
	TU_SCHEME_GENERIC =
		23, /* CPE and generic purls: docs/internals/version.md states the order */
	TU_SCHEME_NGINX = 24,
	TU_SCHEME_DATETIME = 25,
	TU_SCHEME_LEXICOGRAPHIC = 26,
	TU_SCHEME_INTDOT = 27,
	TU_SCHEME_COUNT_
};

enum { TU_VERSION_MAX = 4096 /* bytes of one version; longer ones are TU_E_LIMIT */ };

enum tu_order { TU_UNORDERED, TU_LESS, TU_EQUAL, TU_GREATER };

/* The scheme with this vers/purl-type name ("npm", "deb", also "alpine", "rpm", …), ASCII case
 * folded. False and TU_SCHEME_NONE when there is none. */
TU_API bool tu_scheme_by_name(struct tu_str name, enum tu_scheme *out_scheme);

/* The vers name of a scheme; "none" for TU_SCHEME_NONE. Static storage. */
TU_API struct tu_str tu_scheme_name(enum tu_scheme scheme);

/* Append the key of `version` to `out`. TU_E_SYNTAX: the scheme cannot order it, `out` is as
 * before. TU_E_LIMIT: too long. TU_E_NOMEM: `out` ran out. `err` may be NULL. */
TU_API TU_NODISCARD enum tu_status tu_version_key(
	enum tu_scheme scheme, struct tu_str version, struct tu_buf *out, struct tu_error *err);

/* Compare two versions. TU_UNORDERED when either has no key (identical text is TU_EQUAL even
 * then) or when memory is out. The order is that of the keys, but for what the scheme's own program
 * says beyond any order: Composer puts branches ("dev-main") before versions, Arch Linux leaves out
 * a release that only one of the two has. */
TU_API enum tu_order tu_version_compare(enum tu_scheme scheme, struct tu_str a, struct tu_str b);

TU_END_C

#endif
