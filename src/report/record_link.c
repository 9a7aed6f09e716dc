/* Where the public record of a vulnerability is, by the kind of its id. */
#include "report/page_parts.h"

/* Ids up to this length stay on one line; longer ones than the second have no link. */
enum { ID_UNBROKEN_MAX = 20, ID_LINKED_MAX = 64 };

#define NVD "https://nvd.nist.gov/vuln/detail/"
#define GITHUB "https://github.com/advisories/"
#define OSV "https://osv.dev/vulnerability/"

static const struct {
	const char *prefix; /* of the id */
	const char *page; /* which the id completes */
} records[] = {
	{"CVE-", NVD},
	{"GHSA-", GITHUB},
	{"ALBA-", OSV},
	{"ALEA-", OSV},
	{"ALPINE-", OSV},
	{"ALSA-", OSV},
	{"ASB-A-", OSV},
	{"BIT-", OSV},
	{"CGA-", OSV},
	{"CURL-CVE-", OSV},
	{"DEBIAN-", OSV},
	{"DLA-", OSV},
	{"DSA-", OSV},
	{"GO-", OSV},
	{"HSEC-", OSV},
	{"MAL-", OSV},
	{"MGASA-", OSV},
	{"OSV-", OSV},
	{"PSF-", OSV},
	{"PYSEC-", OSV},
	{"RHBA-", OSV},
	{"RHEA-", OSV},
	{"RHSA-", OSV},
	{"RLSA-", OSV},
	{"RSEC-", OSV},
	{"RUSTSEC-", OSV},
	{"RXSA-", OSV},
	{"SUSE-SU-", OSV},
	{"UBUNTU-", OSV},
	{"USN-", OSV},
};

/* An id goes into an address only when no character of it needs an escape. */
static bool is_plain(struct tu_str id)
{
	static const char others[] = "-_.:";

	for (size_t i = 0; i < id.len; i++)
		if (!tu_char_is_alnum(id.ptr[i]) && !memchr(others, id.ptr[i], sizeof(others) - 1))
			return false;
	return id.len <= ID_LINKED_MAX;
}

static const char *record_page(struct tu_str id)
{
	for (size_t i = 0; i < TU_COUNT(records) && is_plain(id); i++)
		if (tu_str_starts(id, tu_str_c(records[i].prefix)))
			return records[i].page;
	return NULL;
}

void tu_page__id(struct tu_page *page, struct tu_str id)
{
	const char *address = record_page(id);
	const char *style = id.len <= ID_UNBROKEN_MAX ? " class=\"k\"" : "";

	if (!address) {
		tu_html_element(page->out, *style ? "span class=\"k\"" : "span", id);
		return;
	}
	tu_page__raw(page, "<a");
	tu_page__raw(page, style);
	tu_page__raw(page, " href=\"");
	tu_page__word(page, address);
	tu_page__text(page, id);
	tu_page__raw(page, "\">");
	tu_page__text(page, id);
	tu_page__raw(page, "</a>");
}

void tu_page__row_id(struct tu_page *page, struct tu_str id)
{
	tu_page__raw(page, "<th scope=\"row\">");
	tu_page__id(page, id);
	tu_page__raw(page, "</th>");
}
