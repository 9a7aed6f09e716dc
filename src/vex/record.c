#include "vex/record.h"

#include <string.h>

#include "ident/registry.h"

/* Longer ids have no page. */
enum { ID_LINKED_MAX = 64 };

#define OSV_PAGE "https://osv.dev/vulnerability/"
#define OSV_RECORD "OSV", "OSV", OSV_PAGE

static const struct tu_record_kind kinds[] = {
	{"CVE-", "NVD", "CVE", "https://nvd.nist.gov/vuln/detail/"},
	{"GHSA-", "GITHUB", "GitHub Security Advisories", "https://github.com/advisories/"},
	{"SNYK-", "SNYK", "Snyk", "https://security.snyk.io/vuln/"},
	{"sonatype-", "OSSINDEX", "Sonatype OSS Index", NULL},
	/* https://ossf.github.io/osv-schema/#id-modified-fields: databases of OSV */
	{"ALBA-", OSV_RECORD},
	{"ALEA-", OSV_RECORD},
	{"ALPINE-", OSV_RECORD},
	{"ALSA-", OSV_RECORD},
	{"ASB-A-", OSV_RECORD},
	{"BELL-", OSV_RECORD},
	{"BIT-", OSV_RECORD},
	{"CGA-", OSV_RECORD},
	{"CURL-CVE-", OSV_RECORD},
	{"DEBIAN-", OSV_RECORD},
	{"DLA-", OSV_RECORD},
	{"DSA-", OSV_RECORD},
	{"DTSA-", OSV_RECORD},
	{"EEF-", OSV_RECORD},
	{"GO-", OSV_RECORD},
	{"GSD-", OSV_RECORD},
	{"HSEC-", OSV_RECORD},
	{"JLSEC-", OSV_RECORD},
	{"LBSEC-", OSV_RECORD},
	{"MAL-", OSV_RECORD},
	{"MGASA-", OSV_RECORD},
	{"OESA-", OSV_RECORD},
	{"OSEC-", OSV_RECORD},
	{"OSV-", OSV_RECORD},
	{"PSF-", OSV_RECORD},
	{"PUB-A-", OSV_RECORD},
	{"PYSEC-", OSV_RECORD},
	{"RHBA-", OSV_RECORD},
	{"RHEA-", OSV_RECORD},
	{"RHSA-", OSV_RECORD},
	{"RLSA-", OSV_RECORD},
	{"RSEC-", OSV_RECORD},
	{"RUSTSEC-", OSV_RECORD},
	{"RXSA-", OSV_RECORD},
	{"SUSE-", OSV_RECORD},
	{"UBUNTU-", OSV_RECORD},
	{"USN-", OSV_RECORD},
	{"openSUSE-", OSV_RECORD},
};

const struct tu_record_kind *tu_record_kind(struct tu_str id)
{
	for (size_t i = 0; i < TU_COUNT(kinds); i++)
		if (tu_str_starts(id, tu_str_c(kinds[i].prefix)) &&
			id.len > strlen(kinds[i].prefix))
			return &kinds[i];
	return NULL;
}

/* An id goes into an address only when no character of it needs an escape. */
static bool is_plain(struct tu_str id)
{
	static const char others[] = "-_.:";

	for (size_t i = 0; i < id.len; i++)
		if (!tu_char_is_alnum(id.ptr[i]) && !memchr(others, id.ptr[i], sizeof(others) - 1))
			return false;
	return id.len <= ID_LINKED_MAX;
}

void tu_record_page(struct tu_str id, struct tu_buf *out)
{
	const struct tu_record_kind *kind = tu_record_kind(id);

	if (!kind || !kind->page || !is_plain(id))
		return;
	tu_buf_c(out, kind->page);
	tu_buf_str_add(out, id);
}

bool tu_record_weakness(struct tu_str cwe, struct tu_str *out_name)
{
	struct tu_str row, kind, since;
	char key[] = "0000000"; /* of the registry: seven digits */
	uint64_t number;

	if (!tu_str_skip(&cwe, TU_STR("CWE-")) || !tu_str_to_u64(cwe, 9999999, &number) ||
		cwe.ptr[0] == '0')
		return false;
	memcpy(key + 7 - cwe.len, cwe.ptr, cwe.len);
	return tu_registry_find(TU_REGISTRY_CWE, tu_str_c(key), &row) &&
		tu_str_split(&row, '\t', &kind) && tu_str_eq(kind, TU_STR("weakness")) &&
		tu_str_split(&row, '\t', &since) && tu_str_split(&row, '\t', out_name);
}
