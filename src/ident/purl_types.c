#include "ident/purl_types.h"

#include <tutela/purl.h>

enum {
	LOWER_BOTH = TU_PURL_LOWER_NAMESPACE | TU_PURL_LOWER_NAME,
	FOLD = TU_PURL_FOLD_CASE,
	FOLD_BOTH = TU_PURL_FOLD_CASE | TU_PURL_FOLD_DASHES,
	NO_SLASH = TU_PURL_NAME_NO_SLASH,
	CHROME = TU_PURL_LOWER_NAME | TU_PURL_NAME_CHROME_ID | TU_PURL_VERSION_DOTTED,
};

#define ROW(type, order, need, bits) \
	{ \
		TU_STR_INIT(type), TU_SCHEME_##order, TU_PURL_##need, bits, \
		{ \
			NULL, 0 \
		} \
	}
#define ROW_WITH(type, order, need, bits, key) \
	{ \
		TU_STR_INIT(type), TU_SCHEME_##order, TU_PURL_##need, bits, TU_STR_INIT(key) \
	}

/* Sorted by name. golang is softer than its definition, which requires a namespace: the standard
 * library is a package of every Go vulnerability source and has none ("pkg:golang/stdlib@1.22"). */
static const struct tu_purl_type types[] = {
	ROW("alpm", ALPM, REQUIRED, LOWER_BOTH),
	ROW("apk", APK, REQUIRED, LOWER_BOTH),
	ROW("bazel", GENERIC, PROHIBITED, 0),
	ROW("bitbucket", GENERIC, REQUIRED, LOWER_BOTH | NO_SLASH),
	ROW("bitnami", SEMVER, PROHIBITED, TU_PURL_LOWER_NAME),
	ROW("brew", GENERIC, OPTIONAL, LOWER_BOTH),
	ROW("cargo", CARGO, PROHIBITED, FOLD_BOTH),
	ROW("chrome-extension", GENERIC, PROHIBITED, CHROME),
	ROW("cocoapods", GENERIC, PROHIBITED, TU_PURL_NAME_POD),
	ROW("composer", COMPOSER, REQUIRED, LOWER_BOTH | NO_SLASH),
	ROW("conan", CONAN, OPTIONAL, FOLD),
	ROW("conda", GENERIC, PROHIBITED, 0),
	ROW("cpan", GENERIC, OPTIONAL, TU_PURL_UPPER_NAMESPACE | TU_PURL_NAME_NO_COLONS),
	ROW("cran", CRAN, PROHIBITED, FOLD),
	ROW("deb", DEB, REQUIRED, LOWER_BOTH),
	ROW("docker", GENERIC, OPTIONAL, 0),
	ROW("gem", GEM, PROHIBITED, 0),
	ROW("generic", GENERIC, OPTIONAL, 0),
	ROW("git", GENERIC, REQUIRED, TU_PURL_NAME_PATH),
	ROW("github", GENERIC, REQUIRED, LOWER_BOTH | NO_SLASH),
	ROW("golang", GOLANG, OPTIONAL, FOLD | NO_SLASH),
	ROW("hackage", HACKAGE, PROHIBITED, TU_PURL_NAME_DASHES),
	ROW("hex", HEX, OPTIONAL, LOWER_BOTH | NO_SLASH),
	ROW("huggingface", GENERIC, REQUIRED, TU_PURL_LOWER_VERSION | NO_SLASH),
	ROW_WITH("julia", GENERIC, PROHIBITED, 0, "uuid"),
	ROW("luarocks", GENERIC, OPTIONAL, LOWER_BOTH),
	ROW("maven", MAVEN, REQUIRED, NO_SLASH),
	ROW("mlflow", GENERIC, PROHIBITED, TU_PURL_LOWER_NAME_DATABRICKS),
	ROW("npm", NPM, OPTIONAL, NO_SLASH),
	ROW("nuget", NUGET, PROHIBITED, FOLD),
	ROW("oci", GENERIC, PROHIBITED, TU_PURL_LOWER_NAME | TU_PURL_LOWER_VERSION),
	ROW("opam", GENERIC, PROHIBITED, 0),
	ROW("otp", GENERIC, PROHIBITED, TU_PURL_LOWER_NAME | TU_PURL_LOWER_SUBPATH),
	ROW("pub", PUB, PROHIBITED, TU_PURL_LOWER_NAME | TU_PURL_NAME_UNDERSCORES),
	ROW("pypi", PYPI, PROHIBITED,
		TU_PURL_LOWER_NAME | TU_PURL_LOWER_VERSION | TU_PURL_NAME_DASHES),
	ROW("qpkg", GENERIC, REQUIRED, TU_PURL_LOWER_NAMESPACE),
	ROW("rpm", RPM, REQUIRED, TU_PURL_LOWER_NAMESPACE),
	ROW_WITH("swid", GENERIC, OPTIONAL, TU_PURL_NAMESPACE_PAIR, "tag_id"),
	ROW("swift", SWIFT, REQUIRED, FOLD | NO_SLASH),
	ROW("vcpkg", GENERIC, PROHIBITED, 0),
	ROW("vscode-extension", GENERIC, REQUIRED, LOWER_BOTH | TU_PURL_LOWER_VERSION),
	ROW("yocto", GENERIC, OPTIONAL, TU_PURL_LOWER_NAMESPACE),
};

/* Most rows differ from a name in its first letter: it is asked for thousands of times. */
static int order_of(struct tu_str name, const struct tu_purl_type *type)
{
	int order = (unsigned char)name.ptr[0] - (unsigned char)type->name.ptr[0];

	return order ? order : tu_str_cmp(name, type->name);
}

const struct tu_purl_type *tu_purl_type_find(struct tu_str type)
{
	static const struct tu_purl_type unregistered = ROW("", GENERIC, OPTIONAL, 0);
	size_t lo = 0, hi = type.len ? TU_COUNT(types) : 0;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		int order = order_of(type, &types[middle]);

		if (order == 0)
			return &types[middle];
		if (order < 0)
			hi = middle;
		else
			lo = middle + 1;
	}
	return &unregistered;
}

size_t tu_purl_type_invalid_at(struct tu_str type)
{
	for (size_t i = 0; i < type.len; i++) {
		char c = type.ptr[i];

		if (!tu_char_is_alpha(c) &&
			(i == 0 || (!tu_char_is_digit(c) && c != '.' && c != '-')))
			return i;
	}
	return type.len;
}

enum tu_scheme tu_purl_scheme(struct tu_str type)
{
	return tu_purl_type_find(type)->scheme;
}
