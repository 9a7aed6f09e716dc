/* What a CSAF document says of products: their status and what fixes them. */
#include "advisory/csaf.h"
#include "csaf/versions.h"

#include <tutela/claim.h>
#include <tutela/purl.h>

#include "ident/distro.h"
#include "ident/package.h"

static struct tu_json helper_of(const struct tu_csaf_product *product)
{
	return tu_json_get(product->value, TU_STR("product_identification_helper"));
}

/* ---- versions ---- */

/* The groups of product_status and what they say of a product's version. */
enum group_kind { AFFECTED, END_OF_AFFECTED, NOT_AFFECTED, FIXED, UNKNOWN };

/* "first_affected" and "last_affected" name an end of what "known_affected" names whole. */
static enum group_kind kind_of(struct tu_str word)
{
	static const enum group_kind kinds[TU_CLAIM_STATUSES] = {
		[TU_CLAIM_UNSTATED] = UNKNOWN,
		[TU_CLAIM_UNDER_INVESTIGATION] = UNKNOWN,
		[TU_CLAIM_NOT_AFFECTED] = NOT_AFFECTED,
		[TU_CLAIM_AFFECTED] = AFFECTED,
		[TU_CLAIM_FIXED] = FIXED,
	};
	enum tu_claim_status status = tu_claim_status_of(TU_WORDS_CSAF, word);
	bool whole = tu_str_eq(word, tu_str_c(tu_claim_word(TU_WORDS_CSAF, status)));

	return status == TU_CLAIM_AFFECTED && !whole ? END_OF_AFFECTED : kinds[status];
}

/* What a group says of the versions that it names, and of all others. */
static const struct {
	enum tu_coverage named;
	enum tu_coverage others;
} says[] = {
	[AFFECTED] = {TU_COVERAGE_AFFECTED, TU_COVERAGE_UNAFFECTED},
	[END_OF_AFFECTED] = {TU_COVERAGE_AFFECTED, TU_COVERAGE_UNKNOWN},
	[NOT_AFFECTED] = {TU_COVERAGE_UNAFFECTED, TU_COVERAGE_UNKNOWN},
	[FIXED] = {TU_COVERAGE_UNAFFECTED, TU_COVERAGE_UNKNOWN},
	[UNKNOWN] = {TU_COVERAGE_UNKNOWN, TU_COVERAGE_UNKNOWN},
};

/* The versions of a product in words. */
struct words {
	struct tu_str text; /* of its branches; then of branches and identifier together */
	struct tu_str own; /* of its identifier */
	bool exact; /* the identifier spells a version as the package manager does */
	bool unknown; /* the two contradict each other, or only a part of them can be read */
};

static bool says_affected(enum group_kind kind)
{
	return kind == AFFECTED || kind == END_OF_AFFECTED;
}

static void join_words(struct words *words, const struct tu_csaf_scope *scope, enum group_kind kind)
{
	switch (scope->kind) {
	case TU_CSAF_SCOPE_CONTRADICTS:
		words->unknown = true;
		break;
	case TU_CSAF_SCOPE_UNREADABLE: /* more than is affected, rather than less */
		words->unknown = !says_affected(kind);
		break;
	case TU_CSAF_SCOPE_ALL:
		words->text = words->own;
		break;
	case TU_CSAF_SCOPE_ONE:
		words->text = words->exact && words->own.len ? words->own : scope->text;
		break;
	case TU_CSAF_SCOPE_RANGE:
		words->text = words->own.len && !says_affected(kind) ? words->own : scope->text;
		break;
	}
}

/* A product is the leaf of its path: the versions of its branches and those of its identifier. */
static bool settle_words(struct csaf *c, const struct tu_csaf_product *what, enum group_kind kind,
	struct words *words)
{
	const struct tu_csaf_path *path = tu_csaf_tree_path(&c->tree, what);
	bool nested = path->within != TU_CSAF_NONE;
	struct tu_csaf_scope scope;

	words->unknown = path->blank && words->own.len == 0;
	if (!nested && (words->text.len == 0 || words->own.len == 0)) {
		words->text = words->text.len ? words->text : words->own;
		return true;
	}
	if (!nested && tu_csaf_version_within(words->text, words->own)) {
		words->text = words->exact ? words->own : words->text;
		return true;
	}
	if (tu_csaf_scope_of(c->r->arena, &c->tree, what, &scope) != TU_OK)
		return false;
	join_words(words, &scope, kind);
	if (words->unknown)
		tu_advisory__problem(c->r, what->value,
			"branches and identifiers state different versions, or cannot be read");
	return true;
}

/* Nothing is known of versions that only an end of the affected ones is stated for. */
static enum tu_coverage others_of(const struct csaf *c, enum group_kind kind)
{
	return kind == END_OF_AFFECTED && c->lists_affected ? says[AFFECTED].others
							    : says[kind].others;
}

static bool words_versions(struct csaf *c, const struct words *words, enum group_kind kind,
	struct tu_versions *out_versions)
{
	struct csaf_versions read = {.scheme = out_versions->scheme};

	c->r->draft.spans.count = 0;
	if (words->unknown || words->text.len > TU_VERSION_MAX) {
		out_versions->otherwise = TU_COVERAGE_UNKNOWN;
		return true;
	}
	if (!tu_advisory__csaf_read_versions(c->r, words->text, says[kind].named, &read))
		return false;
	if (read.all || kind == UNKNOWN)
		c->r->draft.spans.count = 0;
	*out_versions = (struct tu_versions){.scheme = read.scheme,
		.otherwise = read.all ? says[kind].named : others_of(c, kind)};
	if (says_affected(kind))
		out_versions->fixed = read.fixed;
	return tu_advisory__take_spans(c->r, out_versions);
}

/* A distribution's package: fixed in a version means that all before it are affected. */
static bool distro_versions(
	struct csaf *c, struct tu_str version, enum group_kind kind, struct tu_versions *versions)
{
	struct tu_span span = {.coverage = says[kind].named};

	versions->otherwise = version.len ? others_of(c, kind) : says[kind].named;
	if (version.len == 0 || kind == UNKNOWN)
		return true;
	if (!tu_advisory__single(c->r, versions->scheme, version, &span.interval))
		return false;
	if (kind == FIXED) {
		versions->otherwise = TU_COVERAGE_UNAFFECTED;
		versions->fixed = version;
		span.coverage = TU_COVERAGE_AFFECTED;
		span.interval.hi.inclusive = false;
	}
	if (!says_affected(kind))
		span.interval.lo = (struct tu_bound){0};
	return tu_advisory__add_span(c->r, &span) && tu_advisory__take_spans(c->r, versions);
}

/* ---- packages ---- */

static bool is_distro_type(struct tu_str type)
{
	return tu_str_eq(type, TU_STR("rpm")) || tu_str_eq(type, TU_STR("deb")) ||
		tu_str_eq(type, TU_STR("apk"));
}

static bool read_cpe(struct csaf *c, struct tu_json helper, struct tu_cpe *out_cpe, bool *out_has)
{
	struct tu_json name = tu_json_get(helper, TU_STR("cpe"));
	enum tu_status status;

	*out_has = false;
	if (!tu_json_is_string(name))
		return true;
	status = tu_advisory__cpe(c->r, tu_advisory__text(c->r, name, TU_CPE_MAX), out_cpe);
	if (status == TU_E_NOMEM)
		return false;
	if (status)
		tu_advisory__problem(c->r, name, "not a CPE name");
	*out_has = status == TU_OK;
	return true;
}

/* A platform without a release still is one: its name keeps its packages apart from others'. */
static bool platform_name(struct csaf *c, const struct tu_csaf_product *platform,
	const struct tu_cpe *cpe, struct tu_str *out_distro)
{
	struct tu_str spelled;

	tu_buf_clear(&c->r->text);
	if (cpe)
		tu_cpe_attr_plain(cpe->attr[TU_CPE_PRODUCT], &c->r->text);
	else
		tu_buf_str_add(&c->r->text,
			tu_str_first(tu_csaf_tree_path(&c->tree, platform)->product, ADV_ID_MAX));
	if (!tu_distro_spell(c->r->arena, tu_buf_str(&c->r->text), &spelled))
		return false;
	*out_distro = spelled;
	if (tu_distro_is_understood(spelled))
		return true;
	/* The word alone would stand for every release. */
	if (tu_distro_is_known(spelled)) {
		tu_buf_clear(&c->r->text);
		tu_buf_printf(&c->r->text, "%.*s-unknown", TU_STR_FMT(spelled));
	}
	return tu_advisory__copy_text(c->r, out_distro);
}

static bool platform_distro(
	struct csaf *c, const struct tu_csaf_product *platform, struct tu_str *out_distro)
{
	struct tu_cpe cpe;
	bool has;

	if (!platform)
		return true;
	if (!read_cpe(c, helper_of(platform), &cpe, &has) ||
		(has && !tu_advisory__cpe_distro(c->r, &cpe, out_distro)))
		return false;
	return out_distro->len || platform_name(c, platform, has ? &cpe : NULL, out_distro);
}

/* "epoch" stands in a qualifier of rpm purls, before the colon in versions. */
static bool full_version(struct csaf *c, const struct tu_purl *purl, struct tu_str *out_version)
{
	struct tu_str epoch = tu_purl_qualifier(purl, TU_STR("epoch"));

	*out_version = purl->version;
	if (epoch.len == 0 || purl->version.len == 0 || tu_str_eq(epoch, TU_STR("0")))
		return true;
	tu_buf_clear(&c->r->text);
	tu_buf_str_add(&c->r->text, epoch);
	tu_buf_byte(&c->r->text, ':');
	tu_buf_str_add(&c->r->text, purl->version);
	return tu_advisory__copy_text(c->r, out_version);
}

/* The same package for another architecture says nothing new. */
static bool repeats_last(const struct tu_advisory_reader *r,
	const struct tu_affected_package *package, struct tu_str version, enum group_kind kind)
{
	const struct tu_affected_package *last;
	struct tu_str bound;

	if (r->draft.packages.count == 0)
		return false;
	last = &r->draft.packages.at[r->draft.packages.count - 1];
	bound = last->versions.count ? last->versions.spans[0].interval.hi.text
				     : (struct tu_str){"", 0};
	return tu_str_eq(last->name, package->name) && tu_str_eq(last->distro, package->distro) &&
		tu_str_eq(last->type, package->type) && tu_str_eq(bound, version) &&
		(kind == FIXED) == (last->versions.fixed.len > 0);
}

static bool is_range(struct tu_str words)
{
	for (size_t i = 0; i < words.len; i++) {
		if (strchr("<>=|*", words.ptr[i]))
			return true;
	}
	return false;
}

static bool package_versions(struct csaf *c, const struct tu_affected_package *package,
	const struct words *words, enum group_kind kind, struct tu_versions *versions)
{
	bool single = is_distro_type(package->type) && !words->unknown &&
		words->text.len <= TU_VERSION_MAX && !is_range(words->text);

	return single ? distro_versions(c, words->text, kind, versions)
		      : words_versions(c, words, kind, versions);
}

static bool add_package(struct csaf *c, const struct tu_purl *purl,
	const struct tu_csaf_product *what, const struct tu_csaf_product *platform,
	enum group_kind kind)
{
	struct tu_affected_package package = {
		.type = purl->type, .namespace_ = purl->namespace_, .name = purl->name};
	struct words words = {.exact = true};

	words.text = tu_csaf_version_text(tu_csaf_tree_path(&c->tree, what), purl);
	package.versions.scheme = tu_purl_scheme(purl->type);
	if (!tu_distro_spell_in(c->r->arena, purl->namespace_,
		    tu_purl_qualifier(purl, TU_STR("distro")), &package.distro) ||
		!full_version(c, purl, &words.own) || !settle_words(c, what, kind, &words) ||
		!platform_distro(c, platform, &package.distro))
		return false;
	if (is_distro_type(purl->type) && !words.unknown &&
		repeats_last(c->r, &package, words.text, kind))
		return true;
	return package_versions(c, &package, &words, kind, &package.versions) &&
		tu_advisory__add_package(c->r, &package);
}

static struct tu_json purl_of(struct tu_json helper)
{
	struct tu_json purl = tu_json_get(helper, TU_STR("purl"));
	struct tu_json_iter iter = tu_json_iter(tu_json_get(helper, TU_STR("purls")));

	if (!tu_json_is_string(purl) && !tu_json_next_item(&iter, &purl))
		return (struct tu_json){0};
	return purl;
}

/* Makers of distributions, by the vendor in the CPE name of their system, whose components are
 * packages also where no purl says so. */
static struct tu_str namespace_of_system(const struct tu_cpe *system)
{
	static const struct tu_str vendors[] = {
		TU_STR_INIT("redhat"), TU_STR_INIT("suse"), TU_STR_INIT("opensuse")};

	for (size_t i = 0; i < TU_COUNT(vendors); i++) {
		if (tu_str_eq(system->attr[TU_CPE_VENDOR], vendors[i]))
			return vendors[i];
	}
	return (struct tu_str){"", 0};
}

static bool begins_with_digit(struct tu_str text)
{
	return text.len && tu_char_is_digit(text.ptr[0]);
}

/* "libzck1-1.3.2-1.2" is name, version and release; "kernel" is a name. */
static void split_package(struct tu_str text, struct tu_purl *purl)
{
	size_t release = tu_str_rfind(text, '-');
	size_t version = tu_str_rfind(tu_str_first(text, release), '-');

	purl->name = text;
	if (release == text.len || version >= release ||
		!begins_with_digit(tu_str_from(text, release + 1)) ||
		!begins_with_digit(tu_str_from(text, version + 1)))
		return;
	purl->name = tu_str_first(text, version);
	purl->version = tu_str_from(text, version + 1);
}

/* A component of a system that is named as its package is. `*out_is` false: it is not. */
static bool package_of_system(struct csaf *c, const struct tu_csaf_product *what,
	const struct tu_csaf_product *platform, struct tu_purl *out_purl, bool *out_is)
{
	const struct tu_csaf_path *path = tu_csaf_tree_path(&c->tree, what);
	struct tu_str name = path->version.len ? path->version : path->product;
	struct tu_cpe system;

	*out_is = false;
	*out_purl = (struct tu_purl){.type = TU_STR("rpm")};
	if (!platform || tu_json_get(helper_of(what), TU_STR("cpe")).doc)
		return true;
	if (!read_cpe(c, helper_of(platform), &system, out_is))
		return false;
	if (*out_is)
		out_purl->namespace_ = namespace_of_system(&system);
	split_package(name, out_purl);
	*out_is = *out_is && out_purl->namespace_.len && out_purl->name.len &&
		tu_str_find(name, ' ') == name.len && tu_str_find(name, ':') == name.len &&
		tu_str_find(name, '/') == name.len;
	return true;
}

/* ---- products ---- */

static bool attr_from_plain(struct csaf *c, struct tu_str text, struct tu_str *out)
{
	tu_buf_clear(&c->r->text);
	tu_cpe_attr_from_plain(text, &c->r->text);
	return tu_advisory__copy_text(c->r, out);
}

static bool is_open(struct tu_str attr)
{
	return tu_str_eq(attr, TU_STR("*")) || tu_str_eq(attr, TU_STR("-"));
}

/* Take the version out of a CPE name. */
static bool take_version(struct csaf *c, struct tu_cpe *cpe, struct tu_str *out_version)
{
	struct tu_str *version = &cpe->attr[TU_CPE_VERSION];

	if (!is_open(*version)) {
		tu_buf_clear(&c->r->text);
		tu_cpe_attr_plain(*version, &c->r->text);
		if (!tu_advisory__copy_text(c->r, out_version))
			return false;
	}
	*version = TU_STR("*");
	return true;
}

/* By CPE name, else by the words of the branches. `*out_named` false: it has neither. */
static bool name_product(struct csaf *c, const struct tu_csaf_product *what,
	struct tu_affected_product *product, struct tu_str *out_version, bool *out_named)
{
	const struct tu_csaf_path *path = tu_csaf_tree_path(&c->tree, what);

	if (!read_cpe(c, helper_of(what), &product->cpe, out_named))
		return false;
	if (*out_named)
		return take_version(c, &product->cpe, out_version);
	*out_named = path->vendor.len && path->vendor.len <= ADV_NAME_MAX && path->product.len &&
		path->product.len <= ADV_NAME_MAX;
	if (!*out_named)
		return true;
	tu_advisory__cpe_any(&product->cpe);
	product->from_text = true;
	return attr_from_plain(c, path->vendor, &product->cpe.attr[TU_CPE_VENDOR]) &&
		attr_from_plain(c, path->product, &product->cpe.attr[TU_CPE_PRODUCT]);
}

static bool add_product(struct csaf *c, const struct tu_csaf_product *what, enum group_kind kind)
{
	struct tu_affected_product product = {
		.vulnerable = true, .versions.scheme = TU_SCHEME_GENERIC};
	struct words words = {.text = tu_csaf_tree_path(&c->tree, what)->version};
	size_t index = (size_t)(what - c->tree.products.at);
	bool named;

	if (!name_product(c, what, &product, &words.own, &named))
		return false;
	if (!named) {
		tu_advisory__problem(
			c->r, what->value, "a product without vendor and name, CPE or purl");
		return true;
	}
	if (!settle_words(c, what, kind, &words) ||
		!words_versions(c, &words, kind, &product.versions))
		return false;
	if (says_affected(kind) && product.versions.fixed.len == 0 && index < c->fixes.count)
		product.versions.fixed = c->fixes.at[index];
	return tu_advisory__add_product(c->r, &product);
}

/* `*out_is` false: it has no package URL that can be read. */
static bool read_purl(
	struct csaf *c, const struct tu_csaf_product *what, struct tu_purl *out_purl, bool *out_is)
{
	struct tu_json name = purl_of(helper_of(what));
	enum tu_status status = TU_E_SYNTAX;

	if (name.doc)
		status = tu_purl_parse(
			c->r->arena, tu_advisory__text(c->r, name, TU_PURL_MAX), out_purl, NULL);
	if (status == TU_OK && !tu_package_settle(c->r->arena, out_purl))
		status = TU_E_NOMEM;
	if (name.doc && status && status != TU_E_NOMEM)
		tu_advisory__problem(c->r, name, "not a package URL");
	*out_is = status == TU_OK;
	return status != TU_E_NOMEM;
}

/* `item`: a product_id of a status group. */
static bool add_status(struct csaf *c, struct tu_json item, enum group_kind kind)
{
	const struct tu_csaf_product *named = tu_csaf_tree_find(&c->tree, tu_json_str(item));
	const struct tu_csaf_product *what, *platform;
	struct tu_purl purl;
	bool is_package;

	if (!named || !tu_csaf_tree_resolve(&c->tree, named, &what, &platform)) {
		tu_advisory__problem(c->r, item, "a product that the tree does not have");
		return true;
	}
	if (!read_purl(c, what, &purl, &is_package))
		return false;
	if (!is_package && purl_of(helper_of(what)).doc)
		return true;
	if (!is_package && !package_of_system(c, what, platform, &purl, &is_package))
		return false;
	return is_package ? add_package(c, &purl, what, platform, kind)
			  : add_product(c, what, kind);
}

static bool read_group(struct csaf *c, struct tu_json list, enum group_kind kind)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(c->r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item))
		if (!add_status(c, item, kind))
			return false;
	return true;
}

bool tu_advisory__csaf_read_statuses(struct csaf *c, struct tu_json status)
{
	const char *word;

	c->lists_affected = tu_json_count(tu_json_get(status, TU_STR("known_affected"))) > 0;
	for (size_t i = 0; (word = tu_claim_word_at(TU_WORDS_CSAF, i)) != NULL; i++)
		if (!read_group(c, tu_json_get(status, tu_str_c(word)), kind_of(tu_str_c(word))))
			return false;
	return true;
}

/* ---- remediations ---- */

/* "Update to V3.1.4 or later version": the version. */
static struct tu_str version_in(struct tu_str details)
{
	static const struct tu_str words[] = {
		TU_STR_INIT("update to "), TU_STR_INIT("upgrade to ")};

	details = tu_str_first(details, ADV_TEXT_MAX);
	for (size_t i = 0; i < TU_COUNT(words); i++) {
		struct tu_str rest =
			tu_str_from(details, tu_str_isearch(details, words[i]) + words[i].len);
		struct tu_str token;
		size_t digit = 0;

		if (tu_str_istarts(rest, TU_STR("version ")))
			rest = tu_str_from(rest, 8);
		token = tu_str_first(rest, tu_str_find(rest, ' '));
		while (token.len && strchr(".,;:", token.ptr[token.len - 1]))
			token.len--;
		while (digit < token.len && !tu_char_is_digit(token.ptr[digit]))
			digit++;
		/* "V3.1.4", "3.1": not a sentence that begins with another word */
		if (digit < token.len && digit <= 1 && token.len <= 64)
			return token;
	}
	return (struct tu_str){"", 0};
}

bool tu_advisory__csaf_read_remediations(struct csaf *c, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	c->fixes.count = 0;
	for (size_t i = 0; i < c->tree.products.count; i++) {
		if (!TU_VEC_PUSH(&c->fixes, (struct tu_str){"", 0}))
			return false;
	}
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_json_iter ids = tu_json_iter(tu_json_get(item, TU_STR("product_ids")));
		struct tu_str version = version_in(TU_JSON_STR(item, "details"));
		const struct tu_csaf_product *named, *what, *platform;
		struct tu_json id;

		if (version.len == 0 ||
			!tu_str_eq(TU_JSON_STR(item, "category"), TU_STR("vendor_fix")))
			continue;
		while (tu_json_next_item(&ids, &id)) {
			named = tu_csaf_tree_find(&c->tree, tu_json_str(id));
			if (named && tu_csaf_tree_resolve(&c->tree, named, &what, &platform))
				c->fixes.at[what - c->tree.products.at] = version;
		}
	}
	return true;
}
