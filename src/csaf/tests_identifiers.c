/* Tests of what identifies products: purls, CPE names, hashes. */
#include <tutela/purl.h>

#include "csaf/tests.h"

/* ---- product identification ---- */

static struct tu_json helper_of(const struct tu_csaf_product *product)
{
	return tu_json_get(product->value, TU_STR("product_identification_helper"));
}

static void each_helper(struct tu_csaf *csaf, const char *path,
	void (*check)(struct tu_csaf *csaf, struct tu_json value, void *context))
{
	for (size_t i = 0; i < csaf->product_tree.products.count; i++)
		tu_csaf_each(
			csaf, helper_of(&csaf->product_tree.products.at[i]), path, check, NULL);
}

static void check_purl(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	struct tu_error err = {0};
	struct tu_purl purl;

	(void)context;
	if (!tu_json_is_string(value))
		return;
	if (tu_purl_parse(csaf->arena, tu_json_str(value), &purl, &err) == TU_OK)
		return;
	if (err.status == TU_E_NOMEM)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	else
		tu_csaf_fail(csaf, value, NULL, "%s", err.message);
}

TU_CSAF_TEST(6_1_13)
{
	each_helper(csaf, "purl", check_purl);
	each_helper(csaf, "purls/*", check_purl);
}

static bool differ_in_qualifiers_only(const struct tu_purl *a, const struct tu_purl *b)
{
	return tu_str_eq(a->type, b->type) && tu_str_eq(a->namespace_, b->namespace_) &&
		tu_str_eq(a->name, b->name) && tu_str_eq(a->version, b->version) &&
		tu_str_eq(a->subpath, b->subpath);
}

TU_CSAF_TEST(6_1_42)
{
	struct tu_purl first = {0}, purl;
	struct tu_json value;

	for (size_t i = 0; i < csaf->product_tree.products.count; i++) {
		size_t read = 0;
		TU_CSAF_EACH(value,
			tu_json_get(helper_of(&csaf->product_tree.products.at[i]), TU_STR("purls")))
		{
			if (tu_purl_parse(csaf->arena, tu_json_str(value), &purl, NULL) != TU_OK)
				continue;
			if (read++ == 0)
				first = purl;
			else if (!differ_in_qualifiers_only(&first, &purl))
				tu_csaf_fail(csaf, value, NULL,
					"differs from the first purl in more than its qualifiers");
		}
	}
}

static void check_stars(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	struct tu_str text = tu_json_str(value);
	size_t stars = 0;

	(void)context;
	for (size_t i = 0; i < text.len; i++) {
		stars += text.ptr[i] == '*';
		i += text.ptr[i] == '\\';
	}
	if (stars > 1)
		tu_csaf_fail(csaf, value, NULL, "more than one star that is not escaped");
}

TU_CSAF_TEST(6_1_43)
{
	each_helper(csaf, "model_numbers/*", check_stars);
}

TU_CSAF_TEST(6_1_44)
{
	each_helper(csaf, "serial_numbers/*", check_stars);
}

TU_CSAF_TEST(6_1_61)
{
	each_helper(csaf, "skus/*", check_stars);
}

/* Names of algorithms are compared without their case. */
static bool add_algorithm(struct tu_intern *seen, struct tu_str algorithm, bool *out_new)
{
	uint32_t count = tu_intern_count(seen), id;
	struct tu_buf lower;
	bool fine;

	tu_buf_init(&lower, 1 << 20);
	for (size_t i = 0; i < algorithm.len; i++)
		tu_buf_byte(&lower, tu_char_lower(algorithm.ptr[i]));
	fine = !lower.failed && tu_intern_add(seen, tu_buf_str(&lower), &id);
	*out_new = fine && id >= count;
	tu_buf_done(&lower);
	return fine;
}

static void check_algorithms(struct tu_csaf *csaf, struct tu_json hashes, void *context)
{
	struct tu_intern *seen = tu_intern_new((size_t)1 << 26);
	struct tu_json hash;
	bool new;

	(void)context;
	if (!seen)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	TU_CSAF_EACH(hash, hashes)
	{
		struct tu_str algorithm = TU_JSON_STR(hash, "algorithm");
		if (csaf->status)
			break;
		if (!add_algorithm(seen, algorithm, &new))
			tu_csaf_out_of(csaf, TU_E_NOMEM);
		else if (!new)
			tu_csaf_fail(csaf, hash, "algorithm", "\"%.*s\" is used already",
				TU_STR_FMT(tu_str_first(algorithm, 80)));
	}
	tu_intern_free(seen);
}

TU_CSAF_TEST(6_1_25)
{
	each_helper(csaf, "hashes/*/file_hashes", check_algorithms);
}

static bool only_algorithm(struct tu_json hashes, const char *algorithm)
{
	struct tu_json hash;
	bool any = false;

	TU_CSAF_EACH(hash, hashes)
	{
		if (!tu_str_ieq(TU_JSON_STR(hash, "algorithm"), tu_str_c(algorithm)))
			return false;
		any = true;
	}
	return any;
}

static void check_md5(struct tu_csaf *csaf, struct tu_json hashes, void *context)
{
	(void)context;
	if (only_algorithm(hashes, "md5"))
		tu_csaf_fail(csaf, hashes, NULL, "md5 is the only algorithm");
}

TU_CSAF_TEST(6_2_8)
{
	each_helper(csaf, "hashes/*/file_hashes", check_md5);
}

static void check_sha1(struct tu_csaf *csaf, struct tu_json hashes, void *context)
{
	(void)context;
	if (only_algorithm(hashes, "sha1"))
		tu_csaf_fail(csaf, hashes, NULL, "sha1 is the only algorithm");
}

TU_CSAF_TEST(6_2_9)
{
	each_helper(csaf, "hashes/*/file_hashes", check_sha1);
}

static void check_length(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	(void)context;
	if (tu_json_str(value).len < 64)
		tu_csaf_fail(csaf, value, NULL, "shorter than 64 digits");
}

TU_CSAF_TEST(6_3_5)
{
	each_helper(csaf, "hashes/*/file_hashes/*/value", check_length);
}
