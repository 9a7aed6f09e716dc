/*
 * The laws of versions, ranges, package URLs and CPE names, which hold for any bytes whatever:
 * tests/prop asks them of random texts and fuzz/ of what a fuzzer finds.
 *
 * Each returns NULL, or the law that is broken.
 */
#ifndef TU_PROP_LAWS_H
#define TU_PROP_LAWS_H

#include <tutela/cpe.h>
#include <tutela/purl.h>
#include <tutela/range.h>

enum { LAW_ROOM = 64 * 1024 * 1024 };

static inline enum tu_order law_mirrored(enum tu_order order)
{
	static const enum tu_order mirror[] = {
		[TU_UNORDERED] = TU_UNORDERED,
		[TU_LESS] = TU_GREATER,
		[TU_EQUAL] = TU_EQUAL,
		[TU_GREATER] = TU_LESS,
	};

	return mirror[order];
}

/* The order of two keys; UNORDERED where a version has none. */
static inline enum tu_order law_key_order(enum tu_scheme scheme, struct tu_str a, struct tu_str b)
{
	struct tu_buf key_a, key_b;
	enum tu_order order = TU_UNORDERED;

	tu_buf_init(&key_a, LAW_ROOM);
	tu_buf_init(&key_b, LAW_ROOM);
	if (tu_version_key(scheme, a, &key_a, NULL) == TU_OK &&
		tu_version_key(scheme, b, &key_b, NULL) == TU_OK) {
		int cmp = tu_str_cmp(tu_buf_str(&key_a), tu_buf_str(&key_b));
		order = cmp < 0 ? TU_LESS : cmp > 0 ? TU_GREATER : TU_EQUAL;
	}
	tu_buf_done(&key_a);
	tu_buf_done(&key_b);
	return order;
}

static inline const char *law_of_versions(
	enum tu_scheme scheme, struct tu_str a, struct tu_str b, struct tu_str c)
{
	enum tu_order ab = tu_version_compare(scheme, a, b);
	enum tu_order bc = tu_version_compare(scheme, b, c);
	enum tu_order keys = law_key_order(scheme, a, b);

	if (tu_version_compare(scheme, a, a) != TU_EQUAL)
		return "a version is not equal to itself";
	if (tu_version_compare(scheme, b, a) != law_mirrored(ab))
		return "the order is not the same both ways round";
	if (scheme == TU_SCHEME_ALPM)
		return NULL; /* 1-1 = 1 = 1-2: neither an order nor that of the keys */
	if (scheme == TU_SCHEME_MAVEN) /* 1.sp.1 < 1-rc < 1 < 1.sp.1 */
		return keys == TU_UNORDERED || (keys == TU_EQUAL) == (ab == TU_EQUAL)
			? NULL
			: "equal versions have different keys";
	if (keys != TU_UNORDERED && keys != ab)
		return "the order of the keys is another";
	if (ab == TU_UNORDERED || bc == TU_UNORDERED)
		return NULL;
	enum tu_order ac = tu_version_compare(scheme, a, c);
	if (ab == bc && ac != ab && (ab == TU_EQUAL || scheme != TU_SCHEME_COMPOSER))
		return "the order is not transitive";
	if (ab == TU_EQUAL && ac != bc)
		return "equal versions stand in different places";
	return NULL;
}

/* An interval and what it becomes without one of its ends. */
static inline const char *law_of_intervals(struct tu_arena *arena, enum tu_scheme scheme,
	struct tu_str lo, struct tu_str hi, struct tu_str version)
{
	struct tu_interval both, low, high;
	struct tu_buf key;
	const char *broken = NULL;

	if (tu_interval_make(arena, scheme, lo, true, hi, false, &both) != TU_OK ||
		tu_interval_make(arena, scheme, lo, true, TU_STR(""), false, &low) != TU_OK ||
		tu_interval_make(arena, scheme, TU_STR(""), true, hi, true, &high) != TU_OK)
		return NULL; /* out of memory is no broken law */
	tu_buf_init(&key, LAW_ROOM);
	if (tu_version_key(scheme, version, &key, NULL) != TU_OK)
		tu_buf_clear(&key);
	enum tu_verdict inside = tu_interval_test(&both, version, tu_buf_str(&key));
	enum tu_verdict above = tu_interval_test(&low, version, tu_buf_str(&key));
	enum tu_verdict below = tu_interval_test(&high, version, tu_buf_str(&key));
	if (inside == TU_INSIDE && (above == TU_OUTSIDE || below == TU_OUTSIDE))
		broken = "a narrower range matches more";
	if (inside == TU_OUTSIDE && above == TU_INSIDE && below == TU_INSIDE &&
		tu_version_compare(scheme, version, hi) != TU_EQUAL)
		broken = "a version between both ends is outside";
	tu_buf_done(&key);
	return broken;
}

static inline bool law_is_placed(const struct tu_range *range)
{
	for (size_t i = 0; i < range->count; i++) {
		const struct tu_interval *one = &range->intervals[i];
		if ((one->lo.text.len > 0 && one->lo.key.len == 0) ||
			(one->hi.text.len > 0 && one->hi.key.len == 0))
			return false;
	}
	return true;
}

/* What a range says must not change when it is written and read again. */
static inline const char *law_of_rewriting(
	struct tu_arena *arena, const struct tu_range *range, struct tu_str version)
{
	const struct tu_range *again;
	struct tu_buf text;
	const char *broken = NULL;

	tu_buf_init(&text, LAW_ROOM);
	tu_range_write(range, &text);
	enum tu_verdict was = tu_range_test(range, version);
	if (!text.failed) {
		enum tu_status status = tu_range_parse(arena, tu_buf_str(&text), &again, NULL);
		if (status == TU_E_SYNTAX || status == TU_E_UNSUPPORTED)
			broken = "a range that was written cannot be read";
		else if (status == TU_OK && was != TU_UNDECIDED && !range->npm_prereleases &&
			law_is_placed(range) && range->scheme != TU_SCHEME_PYPI &&
			tu_range_test(again, version) ==
				(was == TU_INSIDE ? TU_OUTSIDE : TU_INSIDE))
			broken = "a range that was written and read says the contrary";
	}
	tu_buf_done(&text);
	return broken;
}

static inline const char *law_of_ranges(
	struct tu_arena *arena, struct tu_str text, struct tu_str version)
{
	const struct tu_range *range, *canonical;
	struct tu_buf once, twice;
	const char *broken = NULL;

	if (tu_range_parse(arena, text, &range, NULL) != TU_OK)
		return NULL;
	tu_buf_init(&once, LAW_ROOM);
	tu_buf_init(&twice, LAW_ROOM);
	if (tu_range_canonical(arena, text, &once, NULL) != TU_OK)
		broken = once.failed ? NULL : "a range that can be read has no canonical form";
	else if (tu_range_canonical(arena, tu_buf_str(&once), &twice, NULL) != TU_OK ||
		!tu_str_eq(tu_buf_str(&once), tu_buf_str(&twice)))
		broken = "the canonical form is not stable";
	else if (tu_range_parse(arena, tu_buf_str(&once), &canonical, NULL) != TU_OK ||
		tu_range_test(range, version) != tu_range_test(canonical, version))
		broken = "the canonical form says something else";
	tu_buf_done(&once);
	tu_buf_done(&twice);
	return broken ? broken : law_of_rewriting(arena, range, version);
}

static inline const char *law_of_purls(struct tu_arena *arena, struct tu_str text)
{
	struct tu_purl purl, again;
	struct tu_buf once, twice;
	const char *broken = NULL;

	if (tu_purl_parse(arena, text, &purl, NULL) != TU_OK)
		return NULL;
	tu_buf_init(&once, LAW_ROOM);
	tu_buf_init(&twice, LAW_ROOM);
	tu_purl_write(&purl, &once);
	enum tu_status status = tu_purl_parse(arena, tu_buf_str(&once), &again, NULL);
	if (status == TU_OK) {
		tu_purl_write(&again, &twice);
		if (!tu_str_eq(tu_buf_str(&once), tu_buf_str(&twice)))
			broken = "the canonical form is not stable";
	} else if (status != TU_E_LIMIT && status != TU_E_NOMEM) {
		broken =
			"the canonical form cannot be read"; /* it may be longer than TU_PURL_MAX */
	}
	tu_buf_done(&once);
	tu_buf_done(&twice);
	return broken;
}

/* "*" and "?" inside a value: as a target they have no answer (NISTIR 7696, table 6-2). */
static inline bool law_has_wildcard(const struct tu_cpe *cpe)
{
	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		struct tu_str attr = cpe->attr[i];
		for (size_t k = 0; attr.len > 1 && k < attr.len; k++) {
			if (attr.ptr[k] == '\\')
				k++;
			else if (attr.ptr[k] == '*' || attr.ptr[k] == '?')
				return true;
		}
		if (tu_str_eq(attr, TU_STR("?")))
			return true;
	}
	return false;
}

static inline enum tu_cpe_relation law_converse(enum tu_cpe_relation relation)
{
	static const enum tu_cpe_relation converse[] = {
		[TU_CPE_UNDEFINED] = TU_CPE_UNDEFINED,
		[TU_CPE_DISJOINT] = TU_CPE_DISJOINT,
		[TU_CPE_EQUAL] = TU_CPE_EQUAL,
		[TU_CPE_SUBSET] = TU_CPE_SUPERSET,
		[TU_CPE_SUPERSET] = TU_CPE_SUBSET,
	};

	return converse[relation];
}

static inline const char *law_of_cpe_pair(const struct tu_cpe *a, const struct tu_cpe *b)
{
	if (law_has_wildcard(a) || law_has_wildcard(b))
		return NULL;
	return tu_cpe_compare(b, a) == law_converse(tu_cpe_compare(a, b))
		? NULL
		: "the relation is not the converse of that the other way round";
}

static inline const char *law_of_cpe_text(
	struct tu_arena *arena, struct tu_str text, struct tu_cpe *out_cpe, bool *out_read)
{
	struct tu_cpe again;
	struct tu_buf once, twice;
	const char *broken = NULL;

	*out_read = tu_cpe_parse(arena, text, out_cpe, NULL) == TU_OK;
	if (!*out_read)
		return NULL;
	tu_buf_init(&once, LAW_ROOM);
	tu_buf_init(&twice, LAW_ROOM);
	tu_cpe_write(out_cpe, &once);
	enum tu_status status = tu_cpe_parse(arena, tu_buf_str(&once), &again, NULL);
	if (status == TU_OK) {
		tu_cpe_write(&again, &twice);
		if (!tu_str_eq(tu_buf_str(&once), tu_buf_str(&twice)))
			broken = "the canonical form is not stable";
		tu_buf_clear(&twice);
		tu_cpe_write_uri(out_cpe, &twice);
	} else if (status != TU_E_LIMIT && status != TU_E_NOMEM) {
		broken = "the canonical form cannot be read";
	}
	tu_buf_done(&once);
	tu_buf_done(&twice);
	return broken;
}

static inline const char *law_of_cpes(struct tu_arena *arena, struct tu_str a, struct tu_str b)
{
	struct tu_cpe cpe_a, cpe_b;
	bool read_a, read_b;
	const char *broken = law_of_cpe_text(arena, a, &cpe_a, &read_a);

	if (!broken)
		broken = law_of_cpe_text(arena, b, &cpe_b, &read_b);
	if (broken || !read_a || !read_b)
		return broken;
	return law_of_cpe_pair(&cpe_a, &cpe_b);
}

#endif
