/*
 * Which form a record has.
 */
#include "advisory/reader.h"

static bool has(struct tu_json object, struct tu_str key)
{
	return tu_json_get(object, key).doc != NULL;
}

static bool is_cve5(struct tu_json record)
{
	return has(record, TU_STR("cveMetadata")) ||
		tu_str_eq(TU_JSON_STR(record, "dataType"), TU_STR("CVE_RECORD"));
}

static bool is_nvd11(struct tu_json record)
{
	return has(tu_json_get(record, TU_STR("cve")), TU_STR("CVE_data_meta"));
}

static bool is_nvd2(struct tu_json record)
{
	struct tu_json cve = tu_json_get(record, TU_STR("cve"));

	if (tu_json_is_object(cve))
		return has(cve, TU_STR("id")) || has(record, TU_STR("_annotation"));
	return has(record, TU_STR("id")) &&
		(has(record, TU_STR("vulnStatus")) || has(record, TU_STR("sourceIdentifier")));
}

static bool is_kev(struct tu_json record)
{
	return has(record, TU_STR("cveID"));
}

static bool is_osv(struct tu_json record)
{
	return has(record, TU_STR("id")) &&
		(has(record, TU_STR("modified")) || has(record, TU_STR("affected")) ||
			has(record, TU_STR("schema_version")));
}

static bool is_csaf(struct tu_json record)
{
	struct tu_json document = tu_json_get(record, TU_STR("document"));

	return has(document, TU_STR("csaf_version")) ||
		(has(document, TU_STR("tracking")) && has(document, TU_STR("publisher")));
}

static bool is_secdb(struct tu_json record)
{
	return has(record, TU_STR("packages")) && has(record, TU_STR("urlprefix"));
}

static bool is_rubysec(struct tu_json record)
{
	return (has(record, TU_STR("gem")) || has(record, TU_STR("engine")) ||
		       has(record, TU_STR("library"))) &&
		has(record, TU_STR("title")) && has(record, TU_STR("date"));
}

static bool is_friendsofphp(struct tu_json record)
{
	return has(record, TU_STR("branches")) &&
		tu_str_starts(TU_JSON_STR(record, "reference"), TU_STR("composer://"));
}

static bool is_kev_list(struct tu_json record)
{
	return has(record, TU_STR("vulncheck_xdb")) &&
		tu_json_is_array(tu_json_get(record, TU_STR("cve")));
}

static bool is_kev_gcve(struct tu_json record)
{
	return has(tu_json_get(record, TU_STR("vulnerability")), TU_STR("vulnId")) &&
		has(tu_json_get(record, TU_STR("status")), TU_STR("exploited"));
}

static bool is_kev_euvd(struct tu_json record)
{
	return has(record, TU_STR("euvdId")) &&
		tu_json_is_array(tu_json_get(record, TU_STR("sources")));
}

static bool is_endoflife(struct tu_json record)
{
	struct tu_json result = tu_json_get(record, TU_STR("result"));
	struct tu_json_iter iter = tu_json_iter(result);
	struct tu_json first = result;

	if (tu_json_is_array(result) && !tu_json_next_item(&iter, &first))
		return false;
	return has(first, TU_STR("releases"));
}

/* Packages with vulnerabilities, which have releases: reported by the first of each. */
static bool is_debian(struct tu_json record)
{
	struct tu_json_iter packages = tu_json_iter(record);
	struct tu_json_iter ids;
	struct tu_str key;
	struct tu_json value;

	if (!tu_json_is_object(record) || !tu_json_next_member(&packages, &key, &value) ||
		!tu_json_is_object(value))
		return false;
	ids = tu_json_iter(value);
	return tu_json_next_member(&ids, &key, &value) &&
		tu_json_is_object(tu_json_get(value, TU_STR("releases")));
}

static const struct {
	enum tu_feed_form form;
	bool (*is)(struct tu_json record);
	enum tu_status (*read)(struct tu_advisory_reader *r, struct tu_json record, size_t line);
} forms[] = {
	{TU_FEED_CVE5, is_cve5, tu_advisory__cve5},
	{TU_FEED_NVD11, is_nvd11, tu_advisory__nvd11},
	{TU_FEED_NVD2, is_nvd2, tu_advisory__nvd2},
	{TU_FEED_KEV, is_kev, tu_advisory__kev},
	{TU_FEED_CSAF, is_csaf, tu_advisory__csaf},
	{TU_FEED_OSV, is_osv, tu_advisory__osv},
	{TU_FEED_SECDB, is_secdb, tu_advisory__secdb},
	{TU_FEED_RUBYSEC, is_rubysec, tu_advisory__rubysec},
	{TU_FEED_FRIENDSOFPHP, is_friendsofphp, tu_advisory__friendsofphp},
	{TU_FEED_KEV, is_kev_list, tu_advisory__kev_list},
	{TU_FEED_KEV, is_kev_gcve, tu_advisory__kev_gcve},
	{TU_FEED_KEV, is_kev_euvd, tu_advisory__kev_euvd},
	{TU_FEED_ENDOFLIFE, is_endoflife, tu_advisory__endoflife},
	{TU_FEED_DEBIAN, is_debian, tu_advisory__debian},
};

enum tu_status tu_advisory__read_record(
	struct tu_advisory_reader *r, struct tu_json record, size_t line, bool *out_known)
{
	*out_known = true;
	for (size_t i = 0; i < TU_COUNT(forms); i++) {
		if (!forms[i].is(record))
			continue;
		r->summary->form = forms[i].form;
		return forms[i].read(r, record, line);
	}
	*out_known = false;
	return TU_OK;
}
