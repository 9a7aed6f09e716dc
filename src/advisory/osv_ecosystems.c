/*
 * OSV's ecosystems (https://ossf.github.io/osv-schema/, "Defined ecosystems") and what they are in
 * package URLs.
 */
#include "advisory/reader.h"

#include <tutela/purl.h>

#include "ident/distro.h"
#include "ident/lenient.h"
#include "ident/package.h"
#include "ident/pep503.h"

#define S(text) TU_STR_INIT(text)

/* Distributions: namespaces and distro words as SBOM tools write them from /etc/os-release. */
static const struct adv_ecosystem ecosystems[] = {
	/* ecosystem, purl type, namespace, form of names, form of releases, distro, scheme */
	{S("npm"), S("npm"), S(""), ADV_NAME_SCOPE, ADV_RELEASE_NONE, S(""), 0},
	{S("PyPI"), S("pypi"), S(""), ADV_NAME_PEP503, ADV_RELEASE_NONE, S(""), 0},
	{S("Maven"), S("maven"), S(""), ADV_NAME_COLON, ADV_RELEASE_NONE, S(""), 0},
	{S("Go"), S("golang"), S(""), ADV_NAME_PATH, ADV_RELEASE_NONE, S(""), 0},
	{S("crates.io"), S("cargo"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("RubyGems"), S("gem"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("NuGet"), S("nuget"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("Packagist"), S("composer"), S(""), ADV_NAME_PATH, ADV_RELEASE_NONE, S(""), 0},
	{S("Hex"), S("hex"), S(""), ADV_NAME_PATH, ADV_RELEASE_NONE, S(""), 0},
	{S("Pub"), S("pub"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("SwiftURL"), S("swift"), S(""), ADV_NAME_URL, ADV_RELEASE_NONE, S(""), 0},
	{S("ConanCenter"), S("conan"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("CRAN"), S("cran"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("Bioconductor"), S("bioconductor"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""),
		TU_SCHEME_CRAN},
	{S("Hackage"), S("hackage"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("GHC"), S("generic"), S("ghc"), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""),
		TU_SCHEME_HACKAGE},
	{S("opam"), S("opam"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), TU_SCHEME_DEB},
	{S("Julia"), S("julia"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), TU_SCHEME_SEMVER},
	{S("Kubernetes"), S("golang"), S(""), ADV_NAME_PATH, ADV_RELEASE_NONE, S(""), 0},
	{S("GitHub Actions"), S("github"), S(""), ADV_NAME_PATH, ADV_RELEASE_NONE, S(""),
		TU_SCHEME_SEMVER},
	{S("VSCode"), S("vscode-extension"), S(""), ADV_NAME_DOT, ADV_RELEASE_NONE, S(""),
		TU_SCHEME_SEMVER},
	{S("Bitnami"), S("bitnami"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("OSS-Fuzz"), S("generic"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("GIT"), S("generic"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("Android"), S("android"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("Linux"), S("generic"), S(""), ADV_NAME_KERNEL, ADV_RELEASE_NONE, S(""),
		TU_SCHEME_KERNEL},
	{S("FreeBSD"), S("freebsd"), S(""), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("Debian"), S("deb"), S("debian"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN, S("debian"), 0},
	{S("Ubuntu"), S("deb"), S("ubuntu"), ADV_NAME_PLAIN, ADV_RELEASE_UBUNTU, S("ubuntu"), 0},
	{S("Echo"), S("deb"), S("echo"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN, S("echo"), 0},
	{S("Alpine"), S("apk"), S("alpine"), ADV_NAME_PLAIN, ADV_RELEASE_V, S("alpine"), 0},
	{S("Alpaquita"), S("apk"), S("alpaquita"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN,
		S("alpaquita"), 0},
	{S("BellSoft Hardened Containers"), S("apk"), S("alpaquita"), ADV_NAME_PLAIN,
		ADV_RELEASE_PLAIN, S("alpaquita"), 0},
	{S("Wolfi"), S("apk"), S("wolfi"), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("Chainguard"), S("apk"), S("chainguard"), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("MinimOS"), S("apk"), S("minimos"), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("CleanStart"), S("apk"), S("cleanstart"), ADV_NAME_PLAIN, ADV_RELEASE_NONE, S(""), 0},
	{S("AlmaLinux"), S("rpm"), S("almalinux"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN,
		S("almalinux"), 0},
	{S("Rocky Linux"), S("rpm"), S("rocky"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN, S("rocky"), 0},
	{S("Red Hat"), S("rpm"), S("redhat"), ADV_NAME_PLAIN, ADV_RELEASE_CPE, S("rhel"), 0},
	{S("SUSE"), S("rpm"), S("suse"), ADV_NAME_PLAIN, ADV_RELEASE_SUSE, S("sles"), 0},
	{S("openSUSE"), S("rpm"), S("opensuse"), ADV_NAME_PLAIN, ADV_RELEASE_SUSE, S("opensuse"),
		0},
	{S("Mageia"), S("rpm"), S("mageia"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN, S("mageia"), 0},
	{S("openEuler"), S("rpm"), S("openeuler"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN,
		S("openeuler"), 0},
	{S("Photon OS"), S("rpm"), S("photon"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN, S("photon"), 0},
	{S("Azure Linux"), S("rpm"), S("azurelinux"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN,
		S("azurelinux"), 0},
	{S("Mariner"), S("rpm"), S("azurelinux"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN,
		S("azurelinux"), 0},
	{S("CBL-Mariner"), S("rpm"), S("azurelinux"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN,
		S("azurelinux"), 0},
	{S("TuxCare"), S("rpm"), S("tuxcare"), ADV_NAME_PLAIN, ADV_RELEASE_PLAIN, S("tuxcare"), 0},
};

const struct adv_ecosystem *tu_advisory__ecosystem_find(
	struct tu_str ecosystem, struct tu_str *out_release)
{
	size_t colon = tu_str_find(ecosystem, ':');
	struct tu_str name = tu_str_trim(tu_str_first(ecosystem, colon));

	*out_release = tu_str_trim(tu_str_from(ecosystem, colon + 1));
	/* "Debian" is every release of it, "Debian:" one that is not said. */
	if (colon < ecosystem.len && out_release->len == 0)
		*out_release = TU_STR("unknown");
	for (size_t i = 0; i < TU_COUNT(ecosystems); i++) {
		if (tu_str_ieq(ecosystems[i].name, name))
			return &ecosystems[i];
	}
	return NULL;
}

const struct adv_ecosystem *tu_advisory__ecosystem_of_type(struct tu_str type)
{
	for (size_t i = 0; i < TU_COUNT(ecosystems); i++) {
		if (tu_str_eq(ecosystems[i].type, type) && ecosystems[i].namespace_.len == 0)
			return &ecosystems[i];
	}
	return NULL;
}

enum tu_scheme tu_advisory__ecosystem_scheme(const struct adv_ecosystem *ecosystem)
{
	return ecosystem->scheme ? ecosystem->scheme : tu_purl_scheme(ecosystem->type);
}

/* ---- releases ---- */

static void put_lower(struct tu_buf *out, struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		tu_buf_byte(out, text.ptr[i] == ' ' ? '-' : tu_char_lower(text.ptr[i]));
}

static void put_dashed(struct tu_buf *out, struct tu_str text)
{
	tu_buf_byte(out, '-');
	put_lower(out, text);
}

/* "22.04:LTS", "Pro:18.04:LTS", "Pro:FIPS:22.04:LTS": fixes of Ubuntu Pro are numbered above those
 * of the plain release, so they may stand for it; those of its other builds may not. */
static void put_ubuntu(struct tu_buf *out, struct tu_str release)
{
	struct tu_str part;

	while (release.len && tu_str_split(&release, ':', &part)) {
		if (part.len && !tu_str_eq(part, TU_STR("Pro")))
			put_dashed(out, part);
		if (part.len && tu_char_is_digit(part.ptr[0]))
			break;
	}
}

/* "enterprise_linux:9::appstream", "rhel_aus:8.4::appstream", "openshift:4.12::el8": product and
 * release. Only the system itself stands for packages of the system. */
static void put_cpe(struct tu_buf *out, struct tu_str release)
{
	struct tu_str product;
	struct tu_str number;

	if (!tu_str_split(&release, ':', &product) || !tu_str_split(&release, ':', &number) ||
		number.len == 0)
		return;
	if (!tu_str_eq(product, TU_STR("enterprise_linux")) &&
		!tu_str_starts(product, TU_STR("rhel_"))) {
		tu_buf_clear(out);
		put_lower(out, product);
	}
	put_dashed(out, number);
}

/* "Linux Enterprise Server 15 SP4" is 15.4, whatever the module; "Linux Enterprise Micro 5.3",
 * "Linux Micro 6.0" and "Leap 15.4" are products of their own. */
static void put_suse(struct tu_buf *out, struct tu_str release)
{
	static const struct {
		struct tu_str name;
		struct tu_str distro;
	} products[] = {
		{S("Linux Enterprise Micro"), S("slem")},
		{S("Linux Micro"), S("slem")},
		{S("Linux Enterprise"), S("")},
	};
	struct tu_str rest, number, word;
	size_t i = 0;
	size_t at = 0;

	while (i < TU_COUNT(products) && !tu_str_istarts(release, products[i].name))
		i++;
	while (at < release.len && !tu_char_is_digit(release.ptr[at]))
		at++;
	if (i == TU_COUNT(products) || at == release.len) {
		put_dashed(out, release);
		return;
	}
	rest = tu_str_from(release, at);
	if (products[i].distro.len) {
		tu_buf_clear(out);
		tu_buf_str_add(out, products[i].distro);
		put_dashed(out, tu_str_first(rest, tu_str_find(rest, ' ')));
		return;
	}
	number = tu_str_digits(&rest);
	put_dashed(out, number);
	word = tu_str_from(rest, tu_str_isearch(rest, TU_STR("SP")));
	if (tu_str_istarts(word, TU_STR("SP"))) {
		word = tu_str_from(word, 2);
		number = tu_str_digits(&word);
		if (number.len)
			tu_buf_printf(out, ".%.*s", TU_STR_FMT(number));
	}
}

bool tu_advisory__ecosystem_distro(struct tu_advisory_reader *r,
	const struct adv_ecosystem *ecosystem, struct tu_str release, struct tu_str *out_distro)
{
	size_t word;

	*out_distro = (struct tu_str){"", 0};
	if (ecosystem->release == ADV_RELEASE_NONE || release.len == 0)
		return true;
	tu_buf_clear(&r->text);
	tu_buf_str_add(&r->text, ecosystem->distro);
	word = r->text.len;
	if (ecosystem->release == ADV_RELEASE_UBUNTU)
		put_ubuntu(&r->text, release);
	else if (ecosystem->release == ADV_RELEASE_CPE)
		put_cpe(&r->text, release);
	else if (ecosystem->release == ADV_RELEASE_SUSE)
		put_suse(&r->text, release);
	else if (tu_str_skip(&release, TU_STR("v")) || release.len)
		put_dashed(&r->text, release);
	/* A suffix without a release in it: the word alone would stand for all releases. */
	if (r->text.len == word)
		tu_buf_c(&r->text, "-unknown");
	/* Releases that are named in more than one way: "22.03-LTS-SP1", "bookworm". */
	if (tu_str_eq(ecosystem->distro, TU_STR("openeuler")) ||
		(ecosystem->release == ADV_RELEASE_PLAIN && release.len &&
			!tu_char_is_digit(release.ptr[0]) && tu_distro_is_known(ecosystem->distro)))
		return tu_distro_spell(r->arena, tu_buf_str(&r->text), out_distro);
	return tu_advisory__copy_text(r, out_distro);
}

bool tu_advisory__cpe_distro(
	struct tu_advisory_reader *r, const struct tu_cpe *cpe, struct tu_str *out_distro)
{
	return tu_distro_of_cpe(r->arena, cpe, out_distro);
}

/* ---- names ---- */

static void split_at(struct tu_str name, size_t at, struct tu_affected_package *package)
{
	bool split = at < name.len;

	package->namespace_ = split ? tu_str_first(name, at) : (struct tu_str){"", 0};
	package->name = split ? tu_str_from(name, at + 1) : name;
}

static struct tu_str without_scheme(struct tu_str url)
{
	size_t at = tu_str_search(url, TU_STR("://"));

	if (at < url.len)
		url = tu_str_from(url, at + 3);
	if (tu_str_ends(url, TU_STR(".git")))
		url = tu_str_first(url, url.len - 4);
	while (url.len && url.ptr[url.len - 1] == '/')
		url = tu_str_first(url, url.len - 1);
	return url;
}

/* Names of distributions' packages are nearly always canonical; then nothing is copied. */
static bool is_plain(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!tu_char_is_lower(c) && !tu_char_is_digit(c) && c != '-' && c != '.' &&
			c != '+')
			return false;
	}
	return name.len > 0;
}

static bool normalise(
	struct tu_advisory_reader *r, struct tu_affected_package *package, bool *out_fine)
{
	struct tu_purl purl = {
		.type = package->type, .namespace_ = package->namespace_, .name = package->name};
	enum tu_status status = tu_purl_normalise(r->arena, &purl, NULL);

	if (status == TU_E_NOMEM)
		return false;
	*out_fine = status == TU_OK;
	if (status)
		return true;
	if (tu_str_eq(purl.type, TU_STR("npm")) && !tu_package_settle(r->arena, &purl))
		return false;
	package->namespace_ = purl.namespace_;
	package->name = purl.name;
	return true;
}

bool tu_advisory__ecosystem_name(struct tu_advisory_reader *r,
	const struct adv_ecosystem *ecosystem, struct tu_str name,
	struct tu_affected_package *package, bool *out_fine)
{
	package->type = ecosystem->type;
	package->namespace_ = ecosystem->namespace_;
	package->name = name;
	*out_fine = name.len > 0;
	switch (ecosystem->form) {
	case ADV_NAME_PATH:
		split_at(name, tu_str_rfind(name, '/'), package);
		break;
	case ADV_NAME_SCOPE:
		if (tu_str_starts(name, TU_STR("@")))
			split_at(name, tu_str_find(name, '/'), package);
		break;
	case ADV_NAME_COLON:
		split_at(name, tu_str_find(name, ':'), package);
		break;
	case ADV_NAME_DOT:
		split_at(name, tu_str_find(name, '.'), package);
		break;
	case ADV_NAME_URL:
		name = without_scheme(name);
		split_at(name, tu_str_rfind(name, '/'), package);
		break;
	case ADV_NAME_PEP503:
		if (!tu_pep503(r->arena, name, &package->name))
			return false;
		break;
	case ADV_NAME_PLAIN:
	case ADV_NAME_KERNEL:
		break;
	}
	if (ecosystem->namespace_.len && is_plain(name))
		return true;
	return normalise(r, package, out_fine);
}

bool tu_advisory__purl_name(struct tu_advisory_reader *r, struct tu_json object,
	struct tu_affected_package *package, bool *out_fine)
{
	struct tu_str text = tu_advisory__text(r, tu_json_get(object, TU_STR("purl")), TU_PURL_MAX);
	struct tu_error fault = {0};
	struct tu_purl purl;
	enum tu_status status = TU_E_NOTFOUND;

	if (text.len)
		status = tu_purl_read(r->arena, text, &purl, &fault);
	if (status == TU_OK && !tu_package_settle(r->arena, &purl))
		status = TU_E_NOMEM;
	*out_fine = status == TU_OK && !tu_package_of_distribution(purl.type);
	if (*out_fine) {
		package->type = purl.type;
		package->namespace_ = purl.namespace_;
		package->name = purl.name;
	}
	return status != TU_E_NOMEM;
}
