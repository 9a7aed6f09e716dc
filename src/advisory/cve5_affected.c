/* What a container of a CVE record calls affected: products by plain words and by CPE, packages by
 * collection and name. */
#include "advisory/cve5.h"

#include <tutela/purl.h>

#include "ident/distro.h"
#include "ident/package.h"

static bool says_nothing(struct tu_str word)
{
	return word.len == 0 || tu_str_ieq(word, TU_STR("n/a")) || tu_str_eq(word, TU_STR("-")) ||
		tu_str_eq(word, TU_STR("*"));
}

/* Collections of packages, by a part of their URL. */
struct collection {
	struct tu_str url;
	struct tu_str type; /* purl type; empty: not packages */
	struct tu_str namespace_; /* of a distribution: then vendor and product name it, not what is
				     affected */
	struct tu_str target; /* CPE target_sw of products in it */
};

#define S(text) TU_STR_INIT(text)

static const struct collection collections[] = {
	{S("npmjs."), S("npm"), S(""), S("")},
	{S("pypi.org"), S("pypi"), S(""), S("")},
	{S("pypi.python.org"), S("pypi"), S(""), S("")},
	{S("maven."), S("maven"), S(""), S("")},
	{S("mvnrepository.com"), S("maven"), S(""), S("")},
	{S("central.sonatype.com"), S("maven"), S(""), S("")},
	{S("rubygems.org"), S("gem"), S(""), S("")},
	{S("crates.io"), S("cargo"), S(""), S("")},
	{S("nuget.org"), S("nuget"), S(""), S("")},
	{S("packagist.org"), S("composer"), S(""), S("")},
	{S("pkg.go.dev"), S("golang"), S(""), S("")},
	{S("proxy.golang.org"), S("golang"), S(""), S("")},
	{S("hex.pm"), S("hex"), S(""), S("")},
	{S("pub.dev"), S("pub"), S(""), S("")},
	{S("hackage.haskell.org"), S("hackage"), S(""), S("")},
	{S("cran.r-project.org"), S("cran"), S(""), S("")},
	{S("conan.io"), S("conan"), S(""), S("")},
	{S("access.redhat.com/downloads"), S("rpm"), S("redhat"), S("")},
	{S("catalog.redhat.com/software/containers"), S("oci"), S("redhat"), S("")},
	{S("packages.fedoraproject.org"), S("rpm"), S("fedora"), S("")},
	{S("gitee.com/src-openeuler"), S("rpm"), S("openeuler"), S("")},
	{S("wordpress.org/plugins"), S(""), S(""), S("wordpress")},
	{S("wordpress.org/themes"), S(""), S(""), S("wordpress")},
};

static const struct collection *find_collection(struct tu_str url)
{
	for (size_t i = 0; url.len && i < TU_COUNT(collections); i++) {
		if (tu_str_isearch(url, collections[i].url) < url.len)
			return &collections[i];
	}
	return NULL;
}

/* ---- packages ---- */

/* Go names an import path; the module is the vendor there. */
static struct tu_str go_module(struct tu_str vendor, struct tu_str import)
{
	static const struct {
		struct tu_str vendor;
		struct tu_str module;
	} own[] = {
		{TU_STR_INIT("Go standard library"), TU_STR_INIT("stdlib")},
		{TU_STR_INIT("Go toolchain"), TU_STR_INIT("toolchain")},
	};

	for (size_t i = 0; i < TU_COUNT(own); i++) {
		if (tu_str_ieq(vendor, own[i].vendor))
			return own[i].module;
	}
	return tu_str_find(vendor, '.') < vendor.len && tu_str_starts(import, vendor) ? vendor
										      : import;
}

static bool read_distro(struct tu_advisory_reader *r, struct tu_json item, struct tu_str product,
	struct tu_str *out_distro)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(item, TU_STR("cpes")));
	struct tu_json name;
	struct tu_cpe cpe;
	enum tu_status status;

	*out_distro = product;
	if (!tu_json_next_item(&iter, &name))
		return true;
	status = tu_advisory__cpe(r, tu_json_str(name), &cpe);
	if (status == TU_E_NOMEM)
		return false;
	return status || tu_advisory__cpe_distro(r, &cpe, out_distro);
}

static bool add_package(struct tu_advisory_reader *r, struct tu_json item,
	struct tu_affected_package *package, enum tu_scheme scheme)
{
	enum adv_cve5_rows rows;

	if (!tu_advisory__cve5_versions(r, item, scheme, &package->versions, &rows))
		return false;
	return rows == ADV_ROWS_COMMITS || tu_advisory__add_package(r, package);
}

static bool add_distro_package(struct tu_advisory_reader *r, struct tu_json item,
	const struct collection *collection, struct tu_str name)
{
	struct tu_affected_package package = {
		.type = collection->type, .namespace_ = collection->namespace_, .name = name};
	struct tu_str product = TU_JSON_STR(item, "product");

	return read_distro(r, item, product, &package.distro) &&
		add_package(r, item, &package, TU_SCHEME_RPM);
}

static bool add_language_package(struct tu_advisory_reader *r, struct tu_json item,
	const struct collection *collection, struct tu_str name)
{
	const struct adv_ecosystem *ecosystem = tu_advisory__ecosystem_of_type(collection->type);
	struct tu_affected_package package = {0};
	bool fine = false;

	if (!ecosystem)
		return true;
	if (tu_str_eq(collection->type, TU_STR("golang"))) {
		package.module = name;
		name = go_module(TU_JSON_STR(item, "vendor"), name);
	}
	if (!tu_advisory__ecosystem_name(r, ecosystem, name, &package, &fine))
		return false;
	if (!fine) {
		tu_advisory__problem(r, tu_json_get(item, TU_STR("packageName")),
			"not a package name of %.*s", TU_STR_FMT(ecosystem->name));
		return true;
	}
	return add_package(r, item, &package, tu_advisory__ecosystem_scheme(ecosystem));
}

/* "packageURL" (CVE 5.2) names the package outright. */
static bool add_purl(struct tu_advisory_reader *r, struct tu_json item, struct tu_json value)
{
	struct tu_affected_package package = {0};
	struct tu_purl purl;
	enum tu_status status =
		tu_purl_parse(r->arena, tu_advisory__text(r, value, TU_PURL_MAX), &purl, NULL);

	if (status == TU_OK && !tu_package_settle(r->arena, &purl))
		status = TU_E_NOMEM;
	if (status == TU_E_NOMEM)
		return false;
	if (status) {
		tu_advisory__problem(r, value, "not a package URL");
		return true;
	}
	package.type = purl.type;
	package.namespace_ = purl.namespace_;
	package.name = purl.name;
	return tu_distro_spell_in(r->arena, purl.namespace_,
		       tu_purl_qualifier(&purl, TU_STR("distro")), &package.distro) &&
		add_package(r, item, &package, tu_purl_scheme(purl.type));
}

/* `*out_distro`: the item mentions a distribution's package only. */
static bool read_package(struct tu_advisory_reader *r, struct tu_json item,
	const struct collection *collection, bool *out_distro)
{
	struct tu_json url = tu_json_get(item, TU_STR("packageURL"));
	struct tu_str name =
		tu_advisory__text(r, tu_json_get(item, TU_STR("packageName")), ADV_NAME_MAX);

	*out_distro = false;
	if (tu_json_is_string(url))
		return add_purl(r, item, url);
	if (!collection || collection->type.len == 0 || says_nothing(name))
		return true;
	*out_distro = collection->namespace_.len > 0;
	return *out_distro ? add_distro_package(r, item, collection, name)
			   : add_language_package(r, item, collection, name);
}

/* ---- products ---- */

static bool attr_from_plain(struct tu_advisory_reader *r, struct tu_str text, struct tu_str *out)
{
	tu_buf_clear(&r->text);
	tu_cpe_attr_from_plain(text, &r->text);
	return tu_advisory__copy_text(r, out);
}

/* The kernel's CNA writes "Linux", which is the product linux_kernel of CPE names. */
static bool is_kernel(struct tu_str vendor, struct tu_str product)
{
	return tu_str_ieq(vendor, TU_STR("linux")) &&
		(tu_str_ieq(product, TU_STR("linux")) ||
			tu_str_ieq(product, TU_STR("linux kernel")) ||
			tu_str_ieq(product, TU_STR("kernel")));
}

/* An item's products so far: the same name need not be there twice. */
static bool is_there(
	const struct tu_advisory_reader *r, size_t first, const struct tu_affected_product *product)
{
	enum { LOOKED_AT = 64 };
	size_t end = r->draft.products.count;

	for (size_t i = first; i < end && i < first + LOOKED_AT; i++) {
		const struct tu_affected_product *other = &r->draft.products.at[i];
		size_t k = TU_CPE_VENDOR;

		if (other->versions.spans != product->versions.spans)
			continue;
		while (k < TU_CPE_ATTRS && tu_str_eq(other->cpe.attr[k], product->cpe.attr[k]))
			k++;
		if (k == TU_CPE_ATTRS)
			return true;
	}
	return false;
}

/* A name that states a version, in an item without rows: the default status is of that version. */
static bool own_version(struct tu_advisory_reader *r, struct tu_affected_product *product)
{
	struct tu_str *version = &product->cpe.attr[TU_CPE_VERSION];
	struct tu_span span = {.coverage = product->versions.otherwise};
	struct tu_str text;

	if (tu_str_eq(*version, TU_STR("*")) || tu_str_eq(*version, TU_STR("-")))
		return true;
	tu_buf_clear(&r->text);
	tu_cpe_attr_plain(*version, &r->text);
	if (!tu_advisory__copy_text(r, &text) ||
		!tu_advisory__single(r, product->versions.scheme, text, &span.interval) ||
		!tu_advisory__add_span(r, &span))
		return false;
	*version = TU_STR("*");
	product->versions.otherwise = TU_COVERAGE_UNKNOWN;
	return tu_advisory__take_spans(r, &product->versions);
}

static bool add_cpe(struct tu_advisory_reader *r, struct tu_json name, size_t first,
	const struct tu_versions *versions)
{
	struct tu_affected_product product = {.vulnerable = true, .versions = *versions};
	enum tu_status status = tu_advisory__cpe(r, tu_json_str(name), &product.cpe);

	if (status == TU_E_NOMEM)
		return false;
	if (status) {
		tu_advisory__problem(r, name, "\"%.*s\" is not a CPE name",
			TU_STR_FMT(tu_str_first(tu_json_str(name), 120)));
		return true;
	}
	if (!tu_advisory__names_product(&product.cpe)) {
		tu_advisory__skip(r, name, "\"%.*s\" names no one product: it is left out",
			TU_STR_FMT(tu_str_first(tu_json_str(name), 120)));
		return true;
	}
	if (versions->count)
		product.cpe.attr[TU_CPE_VERSION] = TU_STR("*");
	else if (!own_version(r, &product))
		return false;
	return is_there(r, first, &product) || tu_advisory__add_product(r, &product);
}

static bool add_cpes(struct tu_advisory_reader *r, struct tu_json item, size_t first,
	const struct tu_versions *versions)
{
	struct tu_json list = tu_json_get(item, TU_STR("cpes"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json name;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &name)) {
		if (!add_cpe(r, name, first, versions))
			return false;
	}
	return true;
}

/* Do the CPE names of the item already say what the words say? */
static bool is_named(const struct tu_advisory_reader *r, size_t first, const struct tu_cpe *words)
{
	for (size_t i = first; i < r->draft.products.count; i++) {
		const struct tu_cpe *cpe = &r->draft.products.at[i].cpe;

		if (tu_str_eq(cpe->attr[TU_CPE_VENDOR], words->attr[TU_CPE_VENDOR]) &&
			tu_str_eq(cpe->attr[TU_CPE_PRODUCT], words->attr[TU_CPE_PRODUCT]))
			return true;
	}
	return false;
}

static bool add_words(struct tu_advisory_reader *r, struct tu_json item, size_t first,
	const struct collection *collection, const struct tu_versions *versions)
{
	struct tu_str vendor =
		tu_advisory__text(r, tu_json_get(item, TU_STR("vendor")), ADV_NAME_MAX);
	struct tu_str name =
		tu_advisory__text(r, tu_json_get(item, TU_STR("product")), ADV_NAME_MAX);
	struct tu_affected_product product = {
		.vulnerable = true, .from_text = true, .versions = *versions};

	if (says_nothing(vendor) || says_nothing(name))
		return true;
	tu_advisory__cpe_any(&product.cpe);
	if (collection && collection->target.len)
		product.cpe.attr[TU_CPE_TARGET_SW] = collection->target;
	if (is_kernel(vendor, name)) {
		product.cpe.attr[TU_CPE_PART] = TU_STR("o");
		name = TU_STR("linux_kernel");
	}
	if (!attr_from_plain(r, vendor, &product.cpe.attr[TU_CPE_VENDOR]) ||
		!attr_from_plain(r, name, &product.cpe.attr[TU_CPE_PRODUCT]))
		return false;
	return is_named(r, first, &product.cpe) || tu_advisory__add_product(r, &product);
}

/* ---- items ---- */

/* Commits have no order. Where the container says the same of versions, nothing is lost. */
static void tell_commits(struct tu_advisory_reader *r, struct tu_json list, struct tu_json item)
{
	enum { LOOKED_AT = 64 };
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json other;

	for (size_t i = 0; i < LOOKED_AT && tu_json_next_item(&iter, &other); i++) {
		if (other.at != item.at &&
			tu_str_eq(TU_JSON_STR(other, "product"), TU_JSON_STR(item, "product")) &&
			tu_advisory__cve5_has_versions(other))
			return;
	}
	tu_advisory__problem(r, item, "only commits: they have no order and are left out");
}

/* "programFiles": ["drivers/dma/idxd/sysfs.c"], paths without spaces. */
static bool read_files(struct tu_advisory_reader *r, struct tu_json list, struct tu_str *out_files)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	*out_files = (struct tu_str){"", 0};
	if (!tu_json_is_array(list))
		return true;
	tu_buf_clear(&r->text);
	while (tu_json_next_item(&iter, &item)) {
		struct tu_str path = tu_str_trim(tu_json_str(item));

		/* A list that is cut short would exclude what it must not: then there is none. */
		if (path.len == 0 || tu_str_find(path, ' ') < path.len ||
			r->text.len + path.len > ADV_URL_MAX)
			return true;
		if (r->text.len)
			tu_buf_byte(&r->text, ' ');
		tu_buf_str_add(&r->text, path);
	}
	return tu_advisory__copy_text(r, out_files);
}

/* All products of the item are at fault in the same files. */
static bool add_files(struct tu_advisory_reader *r, struct tu_json item, size_t first)
{
	struct tu_str files;

	if (!read_files(r, tu_json_get(item, TU_STR("programFiles")), &files))
		return false;
	for (size_t i = first; i < r->draft.products.count; i++)
		r->draft.products.at[i].files = files;
	return true;
}

static bool read_item(struct tu_advisory_reader *r, struct tu_json list, struct tu_json item)
{
	struct tu_json url = tu_json_get(item, TU_STR("collectionURL"));
	const struct collection *collection =
		find_collection(tu_str_first(tu_json_str(url), ADV_URL_MAX));
	size_t first = r->draft.products.count;
	struct tu_versions versions;
	enum adv_cve5_rows rows;
	enum tu_scheme scheme = TU_SCHEME_NONE;
	bool distro;

	if (!read_package(r, item, collection, &distro))
		return false;
	if (distro)
		return true;
	if (is_kernel(TU_JSON_STR(item, "vendor"), TU_JSON_STR(item, "product")))
		scheme = TU_SCHEME_KERNEL;
	if (!tu_advisory__cve5_versions(r, item, scheme, &versions, &rows))
		return false;
	if (rows == ADV_ROWS_COMMITS) {
		tell_commits(r, list, item);
		return true;
	}
	return add_cpes(r, item, first, &versions) &&
		add_words(r, item, first, collection, &versions) && add_files(r, item, first);
}

bool tu_advisory__cve5_affected(struct tu_advisory_reader *r, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!tu_json_is_object(item))
			tu_advisory__problem(r, item, "not an object");
		else if (!read_item(r, list, item))
			return false;
	}
	return true;
}
