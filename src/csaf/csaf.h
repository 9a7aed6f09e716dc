/*
 * A CSAF document prepared for its tests, and what tests use to look at it.
 *
 * Tests return nothing: what they find goes to tu_csaf_fail(); running out of memory or over a
 * limit is kept in `status`, and the run ends.
 */
#ifndef TU_CSAF_CSAF_H
#define TU_CSAF_CSAF_H

#include <tutela/arena.h>
#include <tutela/csaf.h>

#include "csaf/tree.h"

enum tu_csaf_versions { TU_CSAF_20 = 1, TU_CSAF_21 = 2, TU_CSAF_BOTH = 3 };

/* Profiles by $.document.category; any other category is CSAF Base. */
enum tu_csaf_profile {
	TU_CSAF_BASE = 0,
	TU_CSAF_INFORMATIONAL = 1,
	TU_CSAF_INCIDENT = 2,
	TU_CSAF_ADVISORY = 4,
	TU_CSAF_VEX = 8,
	TU_CSAF_DEPRECATED = 16,
	TU_CSAF_WITHDRAWN = 32,
	TU_CSAF_SUPERSEDED = 64
};

/* An instant of RFC 3339, with its fraction. */
struct tu_csaf_instant {
	int64_t seconds;
	uint32_t nanos;
	bool known; /* the text was a date and time with a zone */
	bool leap; /* it names a leap second, which CSAF 2.1 forbids */
};

struct tu_csaf_group {
	struct tu_json value;
	const uint32_t *products; /* numbers */
	size_t count;
};

struct tu_csaf_revision {
	struct tu_json value;
	struct tu_str number;
	struct tu_csaf_instant date;
};

struct tu_csaf;

struct tu_csaf_test {
	const char *id;
	const char *title;
	enum tu_csaf_class class_;
	uint8_t versions;
	uint8_t profiles; /* only for these; 0: all */
	void (*run)(struct tu_csaf *csaf); /* NULL: cannot be judged without a network */
};

struct tu_csaf {
	struct tu_arena *arena;
	uint8_t version; /* TU_CSAF_20 or TU_CSAF_21 */
	enum tu_csaf_profile profile;
	struct tu_json root, document, tracking, tree, vulnerabilities;
	struct tu_csaf_tree product_tree; /* its ids: also those that are only referred to */
	struct tu_intern *group_ids;
	struct tu_csaf_group *groups; /* by number of the id */
	const struct tu_csaf_revision *revisions; /* by date, then number */
	size_t revision_count;
	uint32_t *marks; /* a set of product numbers: those whose mark is `stamp` */
	uint32_t *marked_by; /* a value for each of them */
	uint32_t stamp;
	size_t work; /* references followed so far */
	const struct tu_csaf_test *test; /* that is running */
	size_t test_problems; /* it has told so far */
	size_t additional; /* problems of 6.2.20, which the walk of the schema finds */
	TU_VEC(struct tu_csaf_problem) problems;
	size_t counts[TU_CSAF_CLASSES];
	size_t left_out;
	enum tu_status status;
};

extern const struct tu_csaf_test tu_csaf_test_table[];
extern const size_t tu_csaf_test_table_count;
extern const struct tu_csaf_test tu_csaf_schema_test, tu_csaf_additional_test;

/* The schema of the version: members, types, words, patterns. */
void tu_csaf_check_schema(struct tu_csaf *csaf);
/* Tell of a member that no schema has (6.2.20). */
void tu_csaf_additional(struct tu_csaf *csaf, struct tu_json value, struct tu_str key);
/* One item of x_extensions (2.1), by its own schema. */
void tu_csaf_check_extension(struct tu_csaf *csaf, struct tu_json value);

/* Products, branches, groups, revisions. To be called once `root` and `version` are set. */
void tu_csaf_prepare(struct tu_csaf *csaf);
void tu_csaf_release(struct tu_csaf *csaf);

/* Tell a problem at a value, or at its member `member` (may be NULL) when that is absent. */
void tu_csaf_fail(struct tu_csaf *csaf, struct tu_json at, const char *member, const char *fmt, ...)
	TU_PRINTF(4, 5);
void tu_csaf_out_of(struct tu_csaf *csaf, enum tu_status status);

/* Visit every value at a path below `from`: keys joined by "/", "*" for each item or member. */
void tu_csaf_each(struct tu_csaf *csaf, struct tu_json from, const char *path,
	void (*visit)(struct tu_csaf *csaf, struct tu_json value, void *context), void *context);

/* An iterator over an array's items; over anything else: nothing. */
static inline struct tu_json_iter tu_csaf_items(struct tu_json array)
{
	return tu_json_is_array(array) ? tu_json_iter(array) : (struct tu_json_iter){0};
}

/* for-loop over the items of an array; `item` is declared outside. */
#define TU_CSAF_EACH(item, array) \
	for (struct tu_json_iter item##_iter = tu_csaf_items(array); \
		tu_json_next_item(&item##_iter, &(item));)

/* for-loop over the vulnerabilities. */
#define TU_CSAF_EACH_VULNERABILITY(item, csaf) TU_CSAF_EACH(item, (csaf)->vulnerabilities)

/* The number of the product id that a string value names. */
uint32_t tu_csaf_number(const struct tu_csaf *csaf, struct tu_json id);
struct tu_str tu_csaf_id(const struct tu_csaf *csaf, uint32_t number);

/* Product numbers that an item refers to by product_ids and group_ids. */
struct tu_csaf_numbers {
	uint32_t *at;
	size_t count;
	size_t cap;
};
void tu_csaf_refer(struct tu_csaf *csaf, struct tu_json item, struct tu_csaf_numbers *out);
/* The numbers of a list of product ids. */
void tu_csaf_list(struct tu_csaf *csaf, struct tu_json ids, struct tu_csaf_numbers *out);

/* A fresh, empty set of product numbers; a second one forgets the first. */
void tu_csaf_marks_clear(struct tu_csaf *csaf);
/* Put a number in; false when it was there, and then `*out_by` is its value. */
bool tu_csaf_mark(struct tu_csaf *csaf, uint32_t number, uint32_t by, uint32_t *out_by);
bool tu_csaf_marked(const struct tu_csaf *csaf, uint32_t number);

/* Paths of every reference to a product and to a group. */
extern const char *const tu_csaf_product_references[];
extern const size_t tu_csaf_product_reference_count;
extern const char *const tu_csaf_group_references[];
extern const size_t tu_csaf_group_reference_count;

/* "document", "language" and so on: short cuts. */
bool tu_csaf_is_english(const struct tu_csaf *csaf);
/* The newest revision's date; unknown when there is none. */
struct tu_csaf_instant tu_csaf_newest(const struct tu_csaf *csaf);
/* Whether the document is final or interim. */
bool tu_csaf_is_released(const struct tu_csaf *csaf);

/* ---- texts (csaf_text.c) ---- */

struct tu_csaf_instant tu_csaf_instant(struct tu_str text);
/* Append the file name of a document by its id (5.1): lower case, runs of other characters than
 * letters, digits, "+" and "-" to one "_". */
void tu_csaf_file_name(struct tu_str id, struct tu_buf *out);
/* Negative, zero, positive. */
int tu_csaf_instant_compare(struct tu_csaf_instant a, struct tu_csaf_instant b);

/* A version by CSAF's pattern: an integer or a semantic version. */
struct tu_csaf_version {
	struct tu_str major, minor, patch, pre, build;
	bool integer;
};
bool tu_csaf_version_parse(struct tu_str text, struct tu_csaf_version *out_version);
/* By precedence; an integer counts as N.0.0. `pre`: whether pre-release parts count. */
int tu_csaf_version_compare(struct tu_str a, struct tu_str b, bool pre);

enum tu_csaf_rule {
	TU_CSAF_TEXT, /* at least one character */
	TU_CSAF_URI,
	TU_CSAF_DATE,
	TU_CSAF_LANG,
	TU_CSAF_VERSION,
	TU_CSAF_TRIMMED, /* no white space at either end */
	TU_CSAF_CATEGORY, /* nor "-", "_", "." */
	TU_CSAF_CVE,
	TU_CSAF_CWE,
	TU_CSAF_CWE_VERSION,
	TU_CSAF_HASH,
	TU_CSAF_HASH_LOWER,
	TU_CSAF_ALGORITHM,
	TU_CSAF_PURL,
	TU_CSAF_PURL_LOWER,
	TU_CSAF_CPE,
	TU_CSAF_UUID,
	TU_CSAF_FRACTION,
	TU_CSAF_RULES
};
bool tu_csaf_rule_holds(enum tu_csaf_rule rule, struct tu_str text);
/* "a date and time with a zone": what the rule wants, for messages. */
const char *tu_csaf_rule_name(enum tu_csaf_rule rule);

/* The well-formed parts of a language tag (RFC 5646). */
enum tu_csaf_lang_answer { TU_CSAF_LANG_FINE, TU_CSAF_LANG_MALFORMED, TU_CSAF_LANG_UNKNOWN };
enum tu_csaf_lang_answer tu_csaf_lang_check(struct tu_str tag, struct tu_str *out_subtag);
bool tu_csaf_lang_private(struct tu_str tag, struct tu_str *out_subtag);
/* An SPDX expression (annex B of SPDX 3.0.1); DocumentRef is not allowed. `*out_unlisted`: some
 * licence or exception in it is on no list. */
bool tu_csaf_licence_check(struct tu_str expression, bool *out_unlisted);

#endif
