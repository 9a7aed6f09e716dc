/*
 * NVD's API 2.0 (https://nvd.nist.gov/developers/vulnerabilities): {"cve": {…}} or the inner object
 * alone. Also overrides of NVD's configurations, which have the same shape but name their record in
 * "_annotation": those are records of a database of their own, so that they do not replace NVD's.
 */
#include "advisory/reader.h"

static const struct {
	struct tu_str key;
	enum tu_cvss_version version;
} metrics[] = {
	{TU_STR_INIT("cvssMetricV40"), TU_CVSS_4_0},
	{TU_STR_INIT("cvssMetricV31"), TU_CVSS_3_1},
	{TU_STR_INIT("cvssMetricV30"), TU_CVSS_3_0},
	{TU_STR_INIT("cvssMetricV2"), TU_CVSS_2},
};

static bool read_metric(
	struct tu_advisory_reader *r, struct tu_json list, enum tu_cvss_version version)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_next_item(&iter, &item)) {
		struct tu_json severity = tu_json_get(item, TU_STR("baseSeverity"));
		struct tu_json source = tu_json_get(item, TU_STR("source"));

		if (!tu_advisory__add_cvss(r, version, tu_json_get(item, TU_STR("cvssData")),
			    tu_advisory__text(r, severity, ADV_TEXT_MAX),
			    tu_advisory__text(r, source, ADV_NAME_MAX)))
			return false;
	}
	return true;
}

static bool read_metrics(struct tu_advisory_reader *r, struct tu_json object)
{
	struct tu_json_iter iter = tu_json_iter(object);
	struct tu_str key;
	struct tu_json list;

	if (!tu_json_is_object(object))
		return true;
	while (tu_json_next_member(&iter, &key, &list)) {
		for (size_t i = 0; i < TU_COUNT(metrics); i++) {
			if (!tu_str_eq(key, metrics[i].key))
				continue;
			if (!tu_json_is_array(list))
				tu_advisory__problem(r, list, "not an array");
			else if (!read_metric(r, list, metrics[i].version))
				return false;
		}
	}
	return true;
}

static bool read_weaknesses(struct tu_advisory_reader *r, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_json_iter inner = tu_json_iter(tu_json_get(item, TU_STR("description")));
		struct tu_json word;

		while (inner.doc && tu_json_is_object(item) && tu_json_next_item(&inner, &word)) {
			if (!tu_advisory__add_cwe(r, TU_JSON_STR(word, "value")))
				return false;
		}
	}
	return true;
}

static bool read_references(struct tu_advisory_reader *r, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;
	struct tu_str tags;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_json tag_list = tu_json_get(item, TU_STR("tags"));
		struct tu_json url =
			tu_json_is_string(item) ? item : tu_json_get(item, TU_STR("url"));

		if (!url.doc)
			tu_advisory__problem(r, item, "a reference without url");
		if (!tu_advisory__join_tags(r, tag_list, TU_STR(""), &tags) ||
			!tu_advisory__add_reference(r, url, tags))
			return false;
	}
	return true;
}

/* cveTags: [{sourceIdentifier, tags: ["disputed"]}] */
static bool is_disputed(struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item, tag;

	while (tu_json_next_item(&iter, &item)) {
		struct tu_json tags = tu_json_get(item, TU_STR("tags"));
		struct tu_json_iter inner = tu_json_iter(tags);

		while (tu_json_is_array(tags) && tu_json_next_item(&inner, &tag)) {
			if (tu_str_ieq(tu_json_str(tag), TU_STR("disputed")))
				return true;
		}
	}
	return false;
}

/* NVD repeats CISA's catalogue in records that are on it. */
static void read_kev(struct tu_advisory_reader *r, struct tu_json cve)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json added = tu_json_get(cve, TU_STR("cisaExploitAdd"));

	a->kev.date_added = tu_advisory__text(r, added, ADV_TEXT_MAX);
	a->has_kev = a->kev.date_added.len > 0;
	if (a->has_kev)
		a->kev.due_date = tu_advisory__text(
			r, tu_json_get(cve, TU_STR("cisaActionDue")), ADV_TEXT_MAX);
}

static void read_head(struct tu_advisory_reader *r, struct tu_json cve)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_str text = tu_advisory__english(tu_json_get(cve, TU_STR("descriptions")));
	struct tu_json tags = tu_json_get(cve, TU_STR("cveTags"));

	a->published = tu_advisory__time(r, tu_json_get(cve, TU_STR("published")));
	a->modified = tu_advisory__time(r, tu_json_get(cve, TU_STR("lastModified")));
	a->title = tu_advisory__title(text);
	a->state = tu_advisory__nvd_state(text);
	if (tu_str_ieq(TU_JSON_STR(cve, "vulnStatus"), TU_STR("Rejected")))
		a->state = TU_ADVISORY_REJECTED;
	else if (a->state == TU_ADVISORY_PUBLISHED && tu_json_is_array(tags) && is_disputed(tags))
		a->state = TU_ADVISORY_DISPUTED;
	read_kev(r, cve);
}

static void read_annotation(struct tu_advisory_reader *r, struct tu_json annotation)
{
	struct tu_advisory *a = &r->draft.advisory;

	a->database = TU_STR("overrides");
	a->published = tu_advisory__time(r, tu_json_get(annotation, TU_STR("published")));
	a->modified = tu_advisory__time(r, tu_json_get(annotation, TU_STR("modified")));
	a->title = tu_advisory__title(TU_JSON_STR(annotation, "description"));
}

enum tu_advisory_state tu_advisory__nvd_state(struct tu_str description)
{
	static const struct {
		struct tu_str words;
		enum tu_advisory_state state;
	} openings[] = {
		{TU_STR_INIT("** REJECT **"), TU_ADVISORY_REJECTED},
		{TU_STR_INIT("Rejected reason:"), TU_ADVISORY_REJECTED},
		{TU_STR_INIT("** DISPUTED **"), TU_ADVISORY_DISPUTED},
		{TU_STR_INIT("** RESERVED **"), TU_ADVISORY_RESERVED},
	};

	for (size_t i = 0; i < TU_COUNT(openings); i++) {
		if (tu_str_istarts(tu_str_trim(description), openings[i].words))
			return openings[i].state;
	}
	return TU_ADVISORY_PUBLISHED;
}

static bool read_body(struct tu_advisory_reader *r, struct tu_json cve)
{
	return read_metrics(r, tu_json_get(cve, TU_STR("metrics"))) &&
		read_weaknesses(r, tu_json_get(cve, TU_STR("weaknesses"))) &&
		read_references(r, tu_json_get(cve, TU_STR("references"))) &&
		tu_advisory__nvd2_configurations(r, tu_json_get(cve, TU_STR("configurations")), 0);
}

enum tu_status tu_advisory__nvd2(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json wrapped = tu_json_get(record, TU_STR("cve"));
	struct tu_json cve = tu_json_is_object(wrapped) ? wrapped : record;
	struct tu_json annotation = tu_json_get(record, TU_STR("_annotation"));
	struct tu_json id = tu_json_get(cve, TU_STR("id"));

	if (!id.doc)
		id = tu_json_get(annotation, TU_STR("cve_id"));
	tu_advisory__begin_record(r, record, tu_json_str(id), line);
	if (!tu_advisory__is_cve_id(r->id)) {
		tu_advisory__skip(r, id.doc ? id : cve, "a record without a CVE id");
		return TU_OK;
	}
	tu_advisory__begin(r, TU_SOURCE_NVD);
	read_head(r, cve);
	if (tu_json_is_object(annotation))
		read_annotation(r, annotation);
	if (!read_body(r, cve))
		return tu_advisory__no_memory(r);
	r->summary->records++;
	return tu_advisory__emit(r);
}
