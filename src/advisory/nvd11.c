/* NVD's JSON 1.1 feeds, whose records have the CVE 4 shape inside. */
#include "advisory/reader.h"

static bool read_impact(struct tu_advisory_reader *r, struct tu_json impact)
{
	struct tu_json v3 = tu_json_get(impact, TU_STR("baseMetricV3"));
	struct tu_json v2 = tu_json_get(impact, TU_STR("baseMetricV2"));
	struct tu_json cvss3 = tu_json_get(v3, TU_STR("cvssV3"));
	struct tu_json cvss2 = tu_json_get(v2, TU_STR("cvssV2"));
	struct tu_str scorer = TU_STR("nvd@nist.gov");
	enum tu_cvss_version version =
		tu_advisory__cvss_version(TU_JSON_STR(cvss3, "vectorString")) == TU_CVSS_3_0
		? TU_CVSS_3_0
		: TU_CVSS_3_1;

	if (v3.doc && !tu_advisory__add_cvss(r, version, cvss3, TU_STR(""), scorer))
		return false;
	return !v2.doc ||
		tu_advisory__add_cvss(r, TU_CVSS_2, cvss2, TU_JSON_STR(v2, "severity"), scorer);
}

static bool read_weaknesses(struct tu_advisory_reader *r, struct tu_json types)
{
	struct tu_json list = tu_json_get(types, TU_STR("problemtype_data"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item, word;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_json words = tu_json_get(item, TU_STR("description"));
		struct tu_json_iter inner = tu_json_iter(words);

		while (tu_json_is_array(words) && tu_json_next_item(&inner, &word)) {
			if (!tu_advisory__add_cwe(r, TU_JSON_STR(word, "value")))
				return false;
		}
	}
	return true;
}

static bool read_references(struct tu_advisory_reader *r, struct tu_json references)
{
	struct tu_json list = tu_json_get(references, TU_STR("reference_data"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;
	struct tu_str tags;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!tu_advisory__join_tags(
			    r, tu_json_get(item, TU_STR("tags")), TU_STR(""), &tags) ||
			!tu_advisory__add_reference(r, tu_json_get(item, TU_STR("url")), tags))
			return false;
	}
	return true;
}

static void read_head(struct tu_advisory_reader *r, struct tu_json record, struct tu_json cve)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json description = tu_json_get(cve, TU_STR("description"));
	struct tu_str text =
		tu_advisory__english(tu_json_get(description, TU_STR("description_data")));

	a->published = tu_advisory__time(r, tu_json_get(record, TU_STR("publishedDate")));
	a->modified = tu_advisory__time(r, tu_json_get(record, TU_STR("lastModifiedDate")));
	a->title = tu_advisory__title(text);
	a->state = tu_advisory__nvd_state(text);
}

static bool read_body(struct tu_advisory_reader *r, struct tu_json record, struct tu_json cve)
{
	struct tu_json configurations = tu_json_get(record, TU_STR("configurations"));

	return read_impact(r, tu_json_get(record, TU_STR("impact"))) &&
		read_weaknesses(r, tu_json_get(cve, TU_STR("problemtype"))) &&
		read_references(r, tu_json_get(cve, TU_STR("references"))) &&
		tu_advisory__nvd11_configurations(r, tu_json_get(configurations, TU_STR("nodes")));
}

enum tu_status tu_advisory__nvd11(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json cve = tu_json_get(record, TU_STR("cve"));
	struct tu_json meta = tu_json_get(cve, TU_STR("CVE_data_meta"));
	struct tu_json id = tu_json_get(meta, TU_STR("ID"));

	tu_advisory__begin_record(r, record, tu_json_str(id), line);
	if (!tu_advisory__is_cve_id(r->id)) {
		tu_advisory__skip(r, id.doc ? id : record, "a record without a CVE id");
		return TU_OK;
	}
	tu_advisory__begin(r, TU_SOURCE_NVD);
	read_head(r, record, cve);
	if (!read_body(r, record, cve))
		return tu_advisory__no_memory(r);
	r->summary->records++;
	return tu_advisory__emit(r);
}
