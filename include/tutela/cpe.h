/*
 * CPE 2.3 names (NISTIR 7695) and name matching (NISTIR 7696).
 *
 * An attribute is held in the escaped form of the formatted string, lower case: "*" is ANY, "-" is
 * NA, everything else is a value in which a special character is preceded by a backslash.
 *
 * Ownership: a parsed name lives in the arena. Thread-safe.
 */
#ifndef TUTELA_CPE_H
#define TUTELA_CPE_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

TU_BEGIN_C

enum tu_cpe_attr {
	TU_CPE_PART,
	TU_CPE_VENDOR,
	TU_CPE_PRODUCT,
	TU_CPE_VERSION,
	TU_CPE_UPDATE,
	TU_CPE_EDITION,
	TU_CPE_LANGUAGE,
	TU_CPE_SW_EDITION,
	TU_CPE_TARGET_SW,
	TU_CPE_TARGET_HW,
	TU_CPE_OTHER,
	TU_CPE_ATTRS
};

enum { TU_CPE_MAX = 4096 /* bytes */ };

struct tu_cpe {
	struct tu_str attr[TU_CPE_ATTRS];
};

/* Relations of NISTIR 7696, table 6-2 and 6-4. UNDEFINED: the target has an unquoted wildcard that
 * the comparison has no answer for. */
enum tu_cpe_relation {
	TU_CPE_UNDEFINED,
	TU_CPE_DISJOINT,
	TU_CPE_EQUAL,
	TU_CPE_SUBSET,
	TU_CPE_SUPERSET
};

/* Parse a 2.3 formatted string, a 2.2 URI ("cpe:/a:…", unpacking "~" editions) or a WFN
 * ("wfn:[part=…]"). On failure err->offset is the byte in `text`. */
TU_API TU_NODISCARD enum tu_status tu_cpe_parse(
	struct tu_arena *arena, struct tu_str text, struct tu_cpe *out_cpe, struct tu_error *err);

/* Append the canonical 2.3 formatted string. */
TU_API void tu_cpe_write(const struct tu_cpe *cpe, struct tu_buf *out);

/* Append the 2.2 URI binding (NISTIR 7695, 6.1.2). */
TU_API void tu_cpe_write_uri(const struct tu_cpe *cpe, struct tu_buf *out);

/* One attribute: what is the source (advisory) to the target (component)? */
TU_API enum tu_cpe_relation tu_cpe_attr_compare(struct tu_str source, struct tu_str target);

/* Whole names: EQUAL, SUBSET, SUPERSET or DISJOINT as NISTIR 7696, 6.3 says; UNDEFINED otherwise.
 * Guard: where vendor and product of either name are both ANY the answer is UNDEFINED: such a
 * name would match everything. */
TU_API enum tu_cpe_relation tu_cpe_compare(
	const struct tu_cpe *source, const struct tu_cpe *target);

/* Append the value without escapes: what a person would write ("foo\.bar" gives "foo.bar"). */
TU_API void tu_cpe_attr_plain(struct tu_str attr, struct tu_buf *out);

/* Append plain text as an attribute value: lower case, spaces to "_", specials escaped. This is
 * how CVE 5 vendor and product names meet CPE names. Empty text appends "*". */
TU_API void tu_cpe_attr_from_plain(struct tu_str text, struct tu_buf *out);

TU_END_C

#endif
