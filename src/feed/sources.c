/*
 * The built-in sources. docs/internals/feed.md says for each URL and rule where it is documented.
 */
#include "feed/source.h"

#define HOURS(n) ((uint32_t)(n)*3600u)
#define DAYS(n) ((uint32_t)(n)*86400u)
#define MB(n) ((uint64_t)(n)*1000000u)

#define OSV_ECOSYSTEMS \
	"npm,PyPI,Maven,Go,crates.io,NuGet,RubyGems,Packagist,Hex,Pub,Hackage,Bitnami,Debian," \
	"Ubuntu,Alpine,AlmaLinux,Rocky Linux,SUSE,Linux"

const struct tu_feed_source tu_feed_sources[] = {
	{.name = TU_STR_INIT("nvd"),
		.gives = TU_STR_INIT("CVE records with CPE applicability, CVSS and CWE by NIST"),
		.form = TU_STR_INIT("NVD API 2.0"),
		.url = TU_STR_INIT("https://services.nvd.nist.gov/rest/json/cves/2.0"),
		.check = TU_STR_INIT("counts of each page and of the whole"),
		.method = TU_FEED_BY_NVD,
		.delay_ms = 6000,
		.keyed_delay_ms = 600,
		.loss_max = 25,
		.max_age = DAYS(2),
		.bytes_max = MB(200),
		.chosen = true},
	{.name = TU_STR_INIT("cve"),
		.gives = TU_STR_INIT("CVE records of all CNAs, with CISA's SSVC and CVSS"),
		.form = TU_STR_INIT("CVE JSON 5"),
		.url = TU_STR_INIT(
			"https://api.github.com/repos/CVEProject/cvelistV5/releases/latest"),
		.hosts = TU_STR_INIT("github.com,release-assets.githubusercontent.com,"
				     "objects.githubusercontent.com"),
		.items = TU_STR_INIT("_all_CVEs_at_midnight.zip.zip,_delta_CVEs_at_"),
		.check = TU_STR_INIT("size and SHA-256 of the release"),
		.method = TU_FEED_BY_RELEASE,
		.delay_ms = 1000,
		.loss_max = 10,
		.max_age = DAYS(2),
		.bytes_max = MB(3000),
		.chosen = true},
	{.name = TU_STR_INIT("kev"),
		.gives = TU_STR_INIT("vulnerabilities known to be exploited, by CISA"),
		.form = TU_STR_INIT("KEV"),
		.url = TU_STR_INIT("https://www.cisa.gov/sites/default/files/feeds/"
				   "known_exploited_vulnerabilities.json"),
		.check = TU_STR_INIT("parsed whole; number of entries; not older"),
		.method = TU_FEED_BY_FILES,
		.delay_ms = 1000,
		.loss_max = 10,
		.max_age = DAYS(2),
		.bytes_max = MB(100),
		.chosen = true},
	{.name = TU_STR_INIT("kev-enisa"),
		.gives = TU_STR_INIT("vulnerabilities known to be exploited, by ENISA and the "
				     "CSIRTs network"),
		.form = TU_STR_INIT("KEV"),
		.url = TU_STR_INIT("https://euvdservices.enisa.europa.eu/api/kev/dump"),
		.check = TU_STR_INIT("parsed whole; not older"),
		.method = TU_FEED_BY_FILES,
		.delay_ms = 1000,
		.loss_max = 10,
		.max_age = DAYS(3),
		.bytes_max = MB(100)},
	{.name = TU_STR_INIT("epss"),
		.gives = TU_STR_INIT("daily probability of exploitation, by FIRST"),
		.form = TU_STR_INIT("EPSS"),
		.url = TU_STR_INIT("https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"),
		.check = TU_STR_INIT("gzip checksum; not older"),
		.method = TU_FEED_BY_FILES,
		.delay_ms = 1000,
		.loss_max = 10,
		.max_age = DAYS(3),
		.bytes_max = MB(100),
		.chosen = true},
	{.name = TU_STR_INIT("osv"),
		.gives = TU_STR_INIT("package advisories of ecosystems and distributions"),
		.form = TU_STR_INIT("OSV"),
		.url = TU_STR_INIT("https://osv-vulnerabilities.storage.googleapis.com/{}"),
		.items = TU_STR_INIT(OSV_ECOSYSTEMS),
		.check = TU_STR_INIT(
			"MD5 that the store states, zip checksums, each record of the index"),
		.method = TU_FEED_BY_OSV,
		.delay_ms = 50,
		.loss_max = 25,
		.max_age = DAYS(3),
		.bytes_max = MB(2000),
		.chosen = true},
	{.name = TU_STR_INIT("vulnrichment"),
		.gives = TU_STR_INIT("CISA's SSVC, CVSS and CPE before they reach the CVE list"),
		.form = TU_STR_INIT("CVE JSON 5"),
		.url = TU_STR_INIT("https://codeload.github.com/cisagov/vulnrichment/tar.gz/"
				   "refs/heads/develop"),
		.check = TU_STR_INIT("gzip checksum"),
		.method = TU_FEED_BY_FILES,
		.delay_ms = 1000,
		.loss_max = 10,
		.max_age = DAYS(7),
		.bytes_max = MB(1000)},
	{.name = TU_STR_INIT("debian"),
		.gives = TU_STR_INIT("state of every CVE in every Debian release"),
		.form = TU_STR_INIT("Debian tracker"),
		.url = TU_STR_INIT("https://security-tracker.debian.org/tracker/data/json"),
		.check = TU_STR_INIT("parsed whole"),
		.method = TU_FEED_BY_FILES,
		.delay_ms = 1000,
		.loss_max = 10,
		.max_age = DAYS(3),
		.bytes_max = MB(500),
		.chosen = true},
	{.name = TU_STR_INIT("alpine"),
		.gives = TU_STR_INIT("fixed versions of Alpine's packages"),
		.form = TU_STR_INIT("secdb"),
		.url = TU_STR_INIT("https://secdb.alpinelinux.org/{}"),
		.items = TU_STR_INIT("edge/main.json,edge/community.json,"
				     "v3.23/main.json,v3.23/community.json,"
				     "v3.22/main.json,v3.22/community.json,"
				     "v3.21/main.json,v3.21/community.json,"
				     "v3.20/main.json,v3.20/community.json,"
				     "v3.19/main.json,v3.19/community.json,"
				     "v3.18/main.json,v3.18/community.json"),
		.check = TU_STR_INIT("parsed whole"),
		.method = TU_FEED_BY_FILES,
		.delay_ms = 500,
		.loss_max = 25,
		.max_age = DAYS(3),
		.bytes_max = MB(100),
		.chosen = true},
	{.name = TU_STR_INIT("csaf-cisa"),
		.gives = TU_STR_INIT("CISA's advisories on industrial and medical devices"),
		.form = TU_STR_INIT("CSAF"),
		.url = TU_STR_INIT("https://www.cisa.gov/sites/default/files/csaf/"
				   "provider-metadata.json"),
		.hosts = TU_STR_INIT("raw.githubusercontent.com"),
		.check = TU_STR_INIT("SHA-256 or SHA-512 beside each document"),
		.method = TU_FEED_BY_CSAF,
		.delay_ms = 200,
		.loss_max = 25,
		.max_age = DAYS(3),
		.bytes_max = MB(50),
		.chosen = true},
	{.name = TU_STR_INIT("csaf-siemens"),
		.gives = TU_STR_INIT("Siemens' and Siemens Healthineers' advisories"),
		.form = TU_STR_INIT("CSAF"),
		.url = TU_STR_INIT("https://cert-portal.siemens.com/productcert/csaf/"
				   "provider-metadata.json"),
		.check = TU_STR_INIT("SHA-256 or SHA-512 beside each document"),
		.method = TU_FEED_BY_CSAF,
		.delay_ms = 200,
		.loss_max = 25,
		.max_age = DAYS(7),
		.bytes_max = MB(50)},
	{.name = TU_STR_INIT("csaf-redhat"),
		.gives = TU_STR_INIT("Red Hat's VEX and advisories"),
		.form = TU_STR_INIT("CSAF"),
		.url = TU_STR_INIT("https://security.access.redhat.com/data/csaf/v2/"
				   "provider-metadata.json"),
		.check = TU_STR_INIT("SHA-256 or SHA-512 beside each document"),
		.method = TU_FEED_BY_CSAF,
		.delay_ms = 100,
		.loss_max = 25,
		.max_age = DAYS(3),
		.bytes_max = MB(200)},
};

const size_t tu_feed_source_count = TU_COUNT(tu_feed_sources);

struct tu_str tu_feed_method_name(enum tu_feed_method method)
{
	static const struct tu_str names[TU_FEED_METHODS_] = {
		[TU_FEED_BY_FILES] = TU_STR_INIT("files"),
		[TU_FEED_BY_NVD] = TU_STR_INIT("nvd"),
		[TU_FEED_BY_OSV] = TU_STR_INIT("osv"),
		[TU_FEED_BY_RELEASE] = TU_STR_INIT("release"),
		[TU_FEED_BY_CSAF] = TU_STR_INIT("csaf"),
	};

	return names[method];
}
