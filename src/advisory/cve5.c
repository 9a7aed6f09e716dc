/*
 * CVE records, JSON 5.x (https://github.com/CVEProject/cve-schema). Each container is an advisory
 * of its own: what the CNA says and what an ADP adds are never mixed.
 */
#include "advisory/cve5.h"

/* ---- scores, SSVC, KEV ---- */

static const struct {
	struct tu_str key;
	enum tu_cvss_version version;
} metrics[] = {
	{TU_STR_INIT("cvssV4_0"), TU_CVSS_4_0},
	{TU_STR_INIT("cvssV3_1"), TU_CVSS_3_1},
	{TU_STR_INIT("cvssV3_0"), TU_CVSS_3_0},
	{TU_STR_INIT("cvssV2_0"), TU_CVSS_2},
};

static bool read_ssvc(struct tu_advisory_reader *r, struct tu_json content)
{
	struct tu_ssvc *ssvc = &r->draft.advisory.ssvc;
	const struct {
		struct tu_str key;
		struct tu_str *out;
	} points[] = {
		{TU_STR("Exploitation"), &ssvc->exploitation},
		{TU_STR("Automatable"), &ssvc->automatable},
		{TU_STR("Technical Impact"), &ssvc->technical_impact},
	};
	struct tu_json options = tu_json_get(content, TU_STR("options"));
	struct tu_json_iter iter = tu_json_iter(options);
	struct tu_json option;

	while (tu_json_is_array(options) && tu_json_next_item(&iter, &option)) {
		for (size_t i = 0; i < TU_COUNT(points); i++) {
			struct tu_json value = tu_json_get(option, points[i].key);

			if (value.doc &&
				!tu_advisory__lower(r, tu_advisory__text(r, value, ADV_NAME_MAX),
					points[i].out))
				return false;
		}
	}
	return true;
}

static void read_kev(struct tu_advisory_reader *r, struct tu_json content)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json added = tu_json_get(content, TU_STR("dateAdded"));

	a->has_kev = true;
	if (tu_advisory__time(r, added))
		a->kev.date_added = tu_json_str(added);
}

/* A severity in words: {"value": "Important"} or {"text": "High"}. */
static bool read_words(struct tu_advisory_reader *r, struct tu_json content)
{
	enum { WORD_MAX = 64 };
	struct tu_score score = {.base_tenths = 0xff, .scorer = r->draft.advisory.database};

	score.severity = TU_JSON_STR(content, "value");
	if (score.severity.len == 0)
		score.severity = TU_JSON_STR(content, "text");
	if (score.severity.len == 0 || score.severity.len > WORD_MAX)
		return true;
	return tu_advisory__add_score(r, score);
}

static bool read_other(struct tu_advisory_reader *r, struct tu_json other)
{
	struct tu_str type = TU_JSON_STR(other, "type");
	struct tu_json content = tu_json_get(other, TU_STR("content"));

	if (tu_str_ieq(type, TU_STR("ssvc")))
		return read_ssvc(r, content);
	if (tu_str_ieq(type, TU_STR("kev"))) {
		read_kev(r, content);
		return true;
	}
	return read_words(r, content);
}

static bool read_metric(struct tu_advisory_reader *r, struct tu_json metric)
{
	struct tu_json_iter iter = tu_json_iter(metric);
	struct tu_str key;
	struct tu_json value;

	while (tu_json_is_object(metric) && tu_json_next_member(&iter, &key, &value)) {
		if (tu_str_eq(key, TU_STR("other")) && !read_other(r, value))
			return false;
		for (size_t i = 0; i < TU_COUNT(metrics); i++) {
			if (tu_str_eq(key, metrics[i].key) &&
				!tu_advisory__add_cvss(r, metrics[i].version, value, TU_STR(""),
					r->draft.advisory.database))
				return false;
		}
	}
	return true;
}

/* ---- the other lists ---- */

static bool each(struct tu_advisory_reader *r, struct tu_json list,
	bool (*read)(struct tu_advisory_reader *r, struct tu_json item))
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!read(r, item))
			return false;
	}
	return true;
}

static bool read_weakness(struct tu_advisory_reader *r, struct tu_json item)
{
	struct tu_str id = TU_JSON_STR(item, "cweId");

	return tu_advisory__add_cwe(r, id.len ? id : TU_JSON_STR(item, "description"));
}

static bool read_problem_type(struct tu_advisory_reader *r, struct tu_json item)
{
	return each(r, tu_json_get(item, TU_STR("descriptions")), read_weakness);
}

/* "x_refsource_…", "x_transferred" are the program's own bookkeeping. */
static bool read_reference(struct tu_advisory_reader *r, struct tu_json item)
{
	struct tu_json url = tu_json_get(item, TU_STR("url"));
	struct tu_str tags;

	if (!url.doc)
		tu_advisory__problem(r, item, "a reference without url");
	return tu_advisory__join_tags(r, tu_json_get(item, TU_STR("tags")), TU_STR("x_"), &tags) &&
		tu_advisory__add_reference(r, url, tags);
}

static bool read_lists(struct tu_advisory_reader *r, struct tu_json container)
{
	return each(r, tu_json_get(container, TU_STR("metrics")), read_metric) &&
		each(r, tu_json_get(container, TU_STR("problemTypes")), read_problem_type) &&
		each(r, tu_json_get(container, TU_STR("references")), read_reference) &&
		tu_advisory__cve5_affected(r, tu_json_get(container, TU_STR("affected"))) &&
		tu_advisory__nvd2_configurations(
			r, tu_json_get(container, TU_STR("cpeApplicability")), 1);
}

/* ---- containers ---- */

static enum tu_advisory_state read_state(struct tu_advisory_reader *r, struct tu_json meta)
{
	static const struct {
		struct tu_str word;
		enum tu_advisory_state state;
	} states[] = {
		{TU_STR_INIT("PUBLISHED"), TU_ADVISORY_PUBLISHED},
		{TU_STR_INIT("REJECTED"), TU_ADVISORY_REJECTED},
		{TU_STR_INIT("RESERVED"), TU_ADVISORY_RESERVED},
	};
	struct tu_json state = tu_json_get(meta, TU_STR("state"));

	for (size_t i = 0; i < TU_COUNT(states); i++) {
		if (tu_str_ieq(tu_json_str(state), states[i].word))
			return states[i].state;
	}
	tu_advisory__problem(r, state.doc ? state : meta, "a record without a known state");
	return TU_ADVISORY_PUBLISHED;
}

static bool has_tag(struct tu_json container, struct tu_str tag)
{
	struct tu_json list = tu_json_get(container, TU_STR("tags"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (tu_str_ieq(tu_json_str(item), tag))
			return true;
	}
	return false;
}

static void read_title(struct tu_advisory_reader *r, struct tu_json container)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json reasons = tu_json_get(container, TU_STR("rejectedReasons"));

	if (a->source == TU_SOURCE_CVE)
		a->title = tu_advisory__title(TU_JSON_STR(container, "title"));
	if (a->title.len == 0)
		a->title = tu_advisory__title(
			tu_advisory__english(tu_json_get(container, TU_STR("descriptions"))));
	if (a->title.len == 0)
		a->title = tu_advisory__title(tu_advisory__english(reasons));
}

/* GitHub numbers its own records of the same vulnerability. */
static bool read_own_id(struct tu_advisory_reader *r, struct tu_json container)
{
	struct tu_json source = tu_json_get(container, TU_STR("source"));
	struct tu_json advisory = tu_json_get(source, TU_STR("advisory"));

	if (!tu_str_starts(tu_json_str(advisory), TU_STR("GHSA-")))
		return true;
	return tu_advisory__add_alias(r, advisory);
}

static bool read_container(struct tu_advisory_reader *r, struct tu_json meta,
	struct tu_json container, enum tu_source source)
{
	struct tu_json provider = tu_json_get(container, TU_STR("providerMetadata"));
	struct tu_json name = tu_json_get(provider, TU_STR("shortName"));
	struct tu_advisory *a = &r->draft.advisory;

	tu_advisory__begin(r, source);
	a->database = tu_advisory__text(r, name, ADV_NAME_MAX);
	a->state = read_state(r, meta);
	a->published = tu_advisory__time(r, tu_json_get(meta, TU_STR("datePublished")));
	if (source == TU_SOURCE_CVE_ADP)
		a->modified = tu_advisory__time(r, tu_json_get(provider, TU_STR("dateUpdated")));
	if (a->modified == 0)
		a->modified = tu_advisory__time(r, tu_json_get(meta, TU_STR("dateUpdated")));
	if (a->state == TU_ADVISORY_PUBLISHED && has_tag(container, TU_STR("disputed")))
		a->state = TU_ADVISORY_DISPUTED;
	read_title(r, container);
	return read_own_id(r, container) &&
		each(r, tu_json_get(container, TU_STR("replacedBy")), tu_advisory__add_related) &&
		read_lists(r, container);
}

static enum tu_status emit_container(struct tu_advisory_reader *r, struct tu_json meta,
	struct tu_json container, enum tu_source source)
{
	if (!tu_json_is_object(container)) {
		tu_advisory__problem(r, container, "not an object");
		return TU_OK;
	}
	return read_container(r, meta, container, source) ? tu_advisory__emit(r)
							  : tu_advisory__no_memory(r);
}

static enum tu_status read_adps(
	struct tu_advisory_reader *r, struct tu_json meta, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	enum tu_status status = TU_OK;
	struct tu_json container;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (!status && tu_json_is_array(list) && tu_json_next_item(&iter, &container))
		status = emit_container(r, meta, container, TU_SOURCE_CVE_ADP);
	return status;
}

enum tu_status tu_advisory__cve5(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json meta = tu_json_get(record, TU_STR("cveMetadata"));
	struct tu_json id = tu_json_get(meta, TU_STR("cveId"));
	struct tu_json containers = tu_json_get(record, TU_STR("containers"));
	struct tu_json cna = tu_json_get(containers, TU_STR("cna"));
	enum tu_status status = TU_OK;

	tu_advisory__begin_record(r, record, tu_json_str(id), line);
	if (!tu_advisory__is_cve_id(r->id)) {
		tu_advisory__skip(r, id.doc ? id : record, "a record without a CVE id");
		return TU_OK;
	}
	if (cna.doc)
		status = emit_container(r, meta, cna, TU_SOURCE_CVE);
	else
		tu_advisory__problem(r, containers.doc ? containers : record, "no CNA container");
	if (!status)
		status = read_adps(r, meta, tu_json_get(containers, TU_STR("adp")));
	r->summary->records++;
	return status;
}
