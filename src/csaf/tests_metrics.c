/* Tests of scores and ratings together: which product has which, from whom. */
#include <stdlib.h>

#include "csaf/tests.h"

/* ---- who is scored by what ---- */

struct pair {
	uint32_t product;
	uint32_t key; /* version and source */
	struct tu_json item;
};

struct pairs {
	TU_VEC(struct pair) at;
	struct tu_intern *keys;
};

static uint32_t key_of(struct tu_csaf *csaf, struct pairs *pairs, const char *what,
	struct tu_str version, struct tu_json item)
{
	struct tu_str source = TU_JSON_STR(item, "source");
	struct tu_buf text;
	uint32_t key = 0;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text, "%s %.*s ", what, TU_STR_FMT(version));
	tu_buf_str_add(&text, source);
	if (text.failed || !tu_intern_add(pairs->keys, tu_buf_str(&text), &key))
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	tu_buf_done(&text);
	return key;
}

static void add_pairs(struct tu_csaf *csaf, struct pairs *pairs, struct tu_json item, uint32_t key)
{
	struct tu_json id;

	TU_CSAF_EACH(id, tu_json_get(item, TU_STR("products")))
	if (!csaf->status &&
		!TU_VEC_PUSH(&pairs->at, (struct pair){tu_csaf_number(csaf, id), key, item}))
		tu_csaf_out_of(csaf, TU_E_NOMEM);
}

static int compare_pairs(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;

	if (a->product != b->product)
		return a->product < b->product ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->item.at > b->item.at) - (a->item.at < b->item.at);
}

static bool pairs_begin(struct tu_csaf *csaf, struct pairs *pairs)
{
	*pairs = (struct pairs){.keys = tu_intern_new((size_t)1 << 28)};
	if (!pairs->keys)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	return pairs->keys != NULL;
}

static void pairs_done(struct pairs *pairs)
{
	TU_VEC_DONE(&pairs->at);
	tu_intern_free(pairs->keys);
}

/* The objects that hold scores: items themselves in 2.0, their content in 2.1. */
static struct tu_json content_of(const struct tu_csaf *csaf, struct tu_json item)
{
	return csaf->version == TU_CSAF_21 ? tu_json_get(item, TU_STR("content")) : item;
}

static struct tu_json score_list(const struct tu_csaf *csaf, struct tu_json vulnerability)
{
	return tu_json_get(
		vulnerability, csaf->version == TU_CSAF_21 ? TU_STR("metrics") : TU_STR("scores"));
}

/* Any member cvss_… counts, also of versions that the standard does not name yet. */
static void collect_cvss(struct tu_csaf *csaf, struct pairs *pairs, struct tu_json item)
{
	struct tu_json content = content_of(csaf, item), object;
	struct tu_json_iter iter = tu_json_iter(content);
	struct tu_str key;

	while (tu_json_is_object(content) && !csaf->status &&
		tu_json_next_member(&iter, &key, &object))
		if (tu_str_starts(key, TU_STR("cvss_v")))
			add_pairs(csaf, pairs, item,
				key_of(csaf, pairs, "cvss", TU_JSON_STR(object, "version"), item));
}

static bool is_same(const struct pair *a, const struct pair *b)
{
	return a->key == b->key;
}

/* Keys come in twos: what a source says by CVSS, and by a word. */
static bool is_other_kind(const struct pair *a, const struct pair *b)
{
	return a->key != b->key && a->key / 2 == b->key / 2;
}

/* Tell of neighbours in order that are about one product and clash. */
static void tell_clashes(struct tu_csaf *csaf, struct pairs *pairs,
	bool (*clash)(const struct pair *a, const struct pair *b), const char *what)
{
	if (pairs->at.count)
		qsort(pairs->at.at, pairs->at.count, sizeof(*pairs->at.at), compare_pairs);
	for (size_t i = 1; i < pairs->at.count; i++) {
		const struct pair *a = &pairs->at.at[i - 1], *b = &pairs->at.at[i];
		if (a->product == b->product && a->product != TU_CSAF_NONE && clash(a, b))
			tu_csaf_fail(csaf, b->item, NULL, "product \"%.*s\" has %s",
				TU_STR_FMT(tu_str_first(tu_csaf_id(csaf, a->product), 80)), what);
	}
}

TU_CSAF_TEST(6_1_7)
{
	struct tu_json vulnerability, item;
	struct pairs pairs;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		if (!pairs_begin(csaf, &pairs))
			return;
		TU_CSAF_EACH(item, score_list(csaf, vulnerability))
		collect_cvss(csaf, &pairs, item);
		tell_clashes(csaf, &pairs, is_same, "another score of the same version and source");
		pairs_done(&pairs);
	}
}

static void collect_ratings(struct tu_csaf *csaf, struct pairs *pairs, struct tu_json item)
{
	struct tu_json content = content_of(csaf, item), object;
	struct tu_json_iter iter = tu_json_iter(content);
	uint32_t source = key_of(csaf, pairs, "", TU_STR(""), item);
	struct tu_str key;
	bool cvss = false, word = false;

	while (tu_json_is_object(content) && tu_json_next_member(&iter, &key, &object)) {
		cvss |= tu_str_starts(key, TU_STR("cvss_v"));
		word |= tu_str_eq(key, TU_STR("qualitative_severity_rating"));
	}
	if (cvss)
		add_pairs(csaf, pairs, item, source * 2);
	if (word)
		add_pairs(csaf, pairs, item, source * 2 + 1);
}

TU_CSAF_TEST(6_1_56)
{
	struct tu_json vulnerability, item;
	struct pairs pairs;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		if (!pairs_begin(csaf, &pairs))
			return;
		TU_CSAF_EACH(item, score_list(csaf, vulnerability))
		collect_ratings(csaf, &pairs, item);
		tell_clashes(csaf, &pairs, is_other_kind,
			"a CVSS and a qualitative rating of one source");
		pairs_done(&pairs);
	}
}
