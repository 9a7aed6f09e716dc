/* The table of version schemes, and what all of them do alike. */
#include <tutela/version.h>

#include "version/key.h"

struct scheme {
	enum tu_scheme scheme;
	struct tu_str name;
	tu_version_encoder *encode;
	tu_version_relation *relate; /* may be NULL */
};

/* Names are those of the VERS registry and of purl types. The first row of a scheme has the name
 * that it is written with. */
static const struct scheme schemes[] = {
	{TU_SCHEME_SEMVER, TU_STR_INIT("semver"), tu_version__semver},
	{TU_SCHEME_NPM, TU_STR_INIT("npm"), tu_version__npm},
	{TU_SCHEME_CARGO, TU_STR_INIT("cargo"), tu_version__semver},
	{TU_SCHEME_GOLANG, TU_STR_INIT("golang"), tu_version__golang},
	{TU_SCHEME_HEX, TU_STR_INIT("hex"), tu_version__semver},
	{TU_SCHEME_PUB, TU_STR_INIT("pub"), tu_version__pub},
	{TU_SCHEME_SWIFT, TU_STR_INIT("swift"), tu_version__semver},
	{TU_SCHEME_NUGET, TU_STR_INIT("nuget"), tu_version__nuget},
	{TU_SCHEME_PYPI, TU_STR_INIT("pypi"), tu_version__pep440},
	{TU_SCHEME_MAVEN, TU_STR_INIT("maven"), tu_version__maven, tu_version__maven_relate},
	{TU_SCHEME_DEB, TU_STR_INIT("deb"), tu_version__deb},
	{TU_SCHEME_RPM, TU_STR_INIT("rpm"), tu_version__rpm},
	{TU_SCHEME_APK, TU_STR_INIT("apk"), tu_version__apk},
	{TU_SCHEME_GEM, TU_STR_INIT("gem"), tu_version__gem},
	{TU_SCHEME_COMPOSER, TU_STR_INIT("composer"), tu_version__composer,
		tu_version__composer_relate},
	{TU_SCHEME_CRAN, TU_STR_INIT("cran"), tu_version__cran},
	{TU_SCHEME_HACKAGE, TU_STR_INIT("hackage"), tu_version__dotted},
	{TU_SCHEME_CONAN, TU_STR_INIT("conan"), tu_version__conan},
	{TU_SCHEME_GENTOO, TU_STR_INIT("gentoo"), tu_version__gentoo},
	{TU_SCHEME_ALPM, TU_STR_INIT("alpm"), tu_version__alpm, tu_version__alpm_relate},
	{TU_SCHEME_OPENSSL, TU_STR_INIT("openssl"), tu_version__openssl},
	{TU_SCHEME_KERNEL, TU_STR_INIT("kernel"), tu_version__kernel},
	{TU_SCHEME_GENERIC, TU_STR_INIT("generic"), tu_version__generic},
	{TU_SCHEME_NGINX, TU_STR_INIT("nginx"), tu_version__semver},
	{TU_SCHEME_DATETIME, TU_STR_INIT("datetime"), tu_version__datetime},
	{TU_SCHEME_LEXICOGRAPHIC, TU_STR_INIT("lexicographic"), tu_version__lexicographic},
	{TU_SCHEME_INTDOT, TU_STR_INIT("intdot"), tu_version__dotted},
	{TU_SCHEME_APK, TU_STR_INIT("alpine"), tu_version__apk},
	{TU_SCHEME_APK, TU_STR_INIT("apkbuild"), tu_version__apk},
	{TU_SCHEME_ALPM, TU_STR_INIT("arch"), tu_version__alpm},
	{TU_SCHEME_GENTOO, TU_STR_INIT("ebuild"), tu_version__gentoo},
	{TU_SCHEME_DEB, TU_STR_INIT("debian"), tu_version__deb},
	{TU_SCHEME_DEB, TU_STR_INIT("dpkg"), tu_version__deb},
	{TU_SCHEME_PYPI, TU_STR_INIT("pep440"), tu_version__pep440},
	{TU_SCHEME_PYPI, TU_STR_INIT("python"), tu_version__pep440},
	{TU_SCHEME_GEM, TU_STR_INIT("rubygems"), tu_version__gem},
	{TU_SCHEME_GOLANG, TU_STR_INIT("go"), tu_version__golang},
	{TU_SCHEME_COMPOSER, TU_STR_INIT("packagist"), tu_version__composer},
	{TU_SCHEME_CARGO, TU_STR_INIT("rust"), tu_version__semver},
	{TU_SCHEME_KERNEL, TU_STR_INIT("linux"), tu_version__kernel},
};

bool tu_scheme_by_name(struct tu_str name, enum tu_scheme *out_scheme)
{
	for (size_t i = 0; i < TU_COUNT(schemes); i++) {
		if (tu_str_ieq(schemes[i].name, name)) {
			*out_scheme = schemes[i].scheme;
			return true;
		}
	}
	*out_scheme = TU_SCHEME_NONE;
	return false;
}

/* Rows up to the last scheme stand in the order of the enumeration; a test sees to it. */
static const struct scheme *row_of(enum tu_scheme scheme)
{
	if (scheme <= TU_SCHEME_NONE || scheme >= TU_SCHEME_COUNT_)
		return NULL;
	return &schemes[scheme - 1];
}

struct tu_str tu_scheme_name(enum tu_scheme scheme)
{
	const struct scheme *row = row_of(scheme);

	return row ? row->name : TU_STR("none");
}

/* Position of the first control character, or s.len. */
static size_t find_control(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
			return i;
	return s.len;
}

enum tu_status tu_version_key(
	enum tu_scheme scheme, struct tu_str version, struct tu_buf *out, struct tu_error *err)
{
	const struct scheme *row = row_of(scheme);
	size_t before = out->len;

	if (version.len > TU_VERSION_MAX)
		return tu_fail(err, TU_E_LIMIT, TU_VERSION_MAX,
			"version of %zu bytes; at most %d are read", version.len, TU_VERSION_MAX);
	if (!row)
		return tu_fail(err, TU_E_SYNTAX, 0, "no version scheme, so no order");
	struct tu_str trimmed = tu_str_trim(version);
	size_t control = find_control(trimmed);
	if (control < trimmed.len)
		return tu_fail(err, TU_E_SYNTAX, control, "control character in a version");
	bool ordered = trimmed.len > 0 && row->encode(trimmed, out);
	if (out->failed)
		return tu_no_memory(err);
	if (!ordered) {
		out->len = before;
		return tu_fail(err, TU_E_SYNTAX, 0, "\"%.*s\" has no place in the order of %.*s",
			TU_STR_FMT(tu_str_first(version, 80)), TU_STR_FMT(row->name));
	}
	return TU_OK;
}

static enum tu_order compare_keys(enum tu_scheme scheme, struct tu_str a, struct tu_str b)
{
	struct tu_buf key_a, key_b;
	enum tu_order order = TU_UNORDERED;

	tu_buf_init(&key_a, 4 * (size_t)TU_VERSION_MAX + 64);
	tu_buf_init(&key_b, 4 * (size_t)TU_VERSION_MAX + 64);
	if (tu_version_key(scheme, a, &key_a, NULL) == TU_OK &&
		tu_version_key(scheme, b, &key_b, NULL) == TU_OK) {
		int cmp = tu_str_cmp(tu_buf_str(&key_a), tu_buf_str(&key_b));
		order = cmp < 0 ? TU_LESS : cmp > 0 ? TU_GREATER : TU_EQUAL;
	}
	tu_buf_done(&key_a);
	tu_buf_done(&key_b);
	return order;
}

bool tu_version__keys_decide(enum tu_scheme scheme)
{
	const struct scheme *row = row_of(scheme);

	return row && !row->relate;
}

enum tu_order tu_version_compare(enum tu_scheme scheme, struct tu_str a, struct tu_str b)
{
	const struct scheme *row = row_of(scheme);
	enum tu_order order = TU_UNORDERED;

	if (tu_str_eq(a, b))
		return TU_EQUAL;
	if (!row || a.len > TU_VERSION_MAX || b.len > TU_VERSION_MAX)
		return TU_UNORDERED;
	a = tu_str_trim(a);
	b = tu_str_trim(b);
	if (find_control(a) < a.len || find_control(b) < b.len)
		return TU_UNORDERED;
	if (row->relate && row->relate(&a, &b, &order))
		return order;
	return compare_keys(scheme, a, b);
}
