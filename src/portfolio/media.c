#include "portfolio/media.h"

#include "base/checked.h"

enum { LOOKED_AT = 64 << 10 }; /* bytes: a format names itself early */

static const struct {
	struct tu_str begins; /* after white space */
	struct tu_str has; /* anywhere in what is looked at */
	const char *media;
} rows[] = {
	{TU_STR_INIT("{"), TU_STR_INIT("\"CycloneDX\""), "application/vnd.cyclonedx+json"},
	{TU_STR_INIT("{"), TU_STR_INIT("\"SPDX-"), "application/spdx+json"},
	{TU_STR_INIT("{"), TU_STR_INIT("https://spdx.org/rdf/3"), "application/spdx+json"},
	{TU_STR_INIT("{"), TU_STR_INIT("\"csaf_version\""), "application/csaf+json"},
	{TU_STR_INIT("{"), TU_STR_INIT(""), "application/json"},
	{TU_STR_INIT("["), TU_STR_INIT(""), "application/json"},
	{TU_STR_INIT("<"), TU_STR_INIT("http://cyclonedx.org/schema/bom"),
		"application/vnd.cyclonedx+xml"},
	{TU_STR_INIT("<"), TU_STR_INIT("http://spdx.org/rdf/terms"), "application/spdx+xml"},
	{TU_STR_INIT("<"), TU_STR_INIT("SoftwareIdentity"), "application/swid+xml"},
	{TU_STR_INIT("SPDXVersion:"), TU_STR_INIT(""), "text/spdx"},
	{TU_STR_INIT("%PDF-"), TU_STR_INIT(""), "application/pdf"},
};

static const struct {
	const char *media, *ending;
} endings[] = {
	{"application/vnd.cyclonedx+json", "cdx.json"},
	{"application/vnd.cyclonedx+xml", "cdx.xml"},
	{"application/spdx+json", "spdx.json"},
	{"application/spdx+xml", "spdx.rdf"},
	{"application/swid+xml", "swidtag"},
	{"text/spdx", "spdx"},
	{"application/csaf+json", "csaf.json"},
	{"application/json", "json"},
	{"application/pdf", "pdf"},
	{"text/html", "html"},
	{"text/plain", "txt"},
	{"application/octet-stream", "bin"},
};

const char *tu_media_of(struct tu_str bytes)
{
	struct tu_str text = tu_str_first(bytes, LOOKED_AT);

	(void)tu_str_skip(&text, TU_STR("\xef\xbb\xbf"));
	text = tu_str_trim(text);
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		if (tu_str_starts(text, rows[i].begins) &&
			(!rows[i].has.len || tu_str_search(text, rows[i].has) < text.len))
			return rows[i].media;
	return "application/octet-stream";
}

/* The last one is what nothing is known of. */
static size_t place_of(struct tu_str media)
{
	size_t i = 0;

	while (i + 1 < TU_COUNT(endings) && !tu_str_eq(media, tu_str_c(endings[i].media)))
		i++;
	return i;
}

const char *tu_media_known(struct tu_str media)
{
	return endings[place_of(media)].media;
}

const char *tu_media_ending(struct tu_str media)
{
	return endings[place_of(media)].ending;
}
