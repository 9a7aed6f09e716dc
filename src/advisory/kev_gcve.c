/*
 * Assertions of exploitation in the form of GCVE-BCP-07, and ENISA's dump of the EUVD.
 *
 * BCP-07: one assertion by one origin about one vulnerability ("vulnerability.vulnId"), with the
 * times at which it was seen, asserted and recorded. One whose "status.exploited" is false says
 * that its origin has taken it back: it is kept as withdrawn. Who asserts is "gcve.origin_uuid";
 * the origins whose UUIDs GCVE's registry of references names have their names here, others go by
 * the "source" of their evidence.
 *
 * The EUVD's dump names its catalogues in "sources": "eukev_kev" is ENISA's own word, "cisa_kev"
 * repeats CISA's, also where CISA has removed the entry since.
 */
#include "advisory/reader.h"

static const struct {
	struct tu_str uuid;
	struct tu_str source; /* as gcve-eu-kev writes it */
	struct tu_str name;
} origins[] = {
	{TU_STR_INIT("405284c2-e461-4670-8979-7fd2c9755a60"), TU_STR_INIT("cisa-kev"),
		TU_STR_INIT("CISA")},
	{TU_STR_INIT("cce329bf-df49-4c6e-a027-80be2e6483bd"), TU_STR_INIT("enisa-kev"),
		TU_STR_INIT("ENISA")},
	{TU_STR_INIT("c8fb6bf1-f81f-4cb8-95b1-eadbb3b54ee8"), TU_STR_INIT("shadowserver"),
		TU_STR_INIT("Shadowserver")},
	{TU_STR_INIT("caeb2787-0d58-4236-9039-7c86c3e566f3"), TU_STR_INIT("previdian"),
		TU_STR_INIT("Previdian")},
};

/* "GCVE" where nothing names who asserts. */
static struct tu_str origin_of(struct tu_json record, struct tu_json evidence)
{
	struct tu_str uuid = TU_JSON_STR(tu_json_get(record, TU_STR("gcve")), "origin_uuid");
	struct tu_str source = TU_JSON_STR(evidence, "source");

	for (size_t i = 0; i < TU_COUNT(origins); i++)
		if (tu_str_ieq(uuid, origins[i].uuid) ||
			(!uuid.len && tu_str_ieq(source, origins[i].source)))
			return origins[i].name;
	if (source.len && source.len <= ADV_TEXT_MAX)
		return source;
	return uuid.len ? uuid : TU_STR("GCVE");
}

/* The first of an array; not there: no value. */
static struct tu_json first_of(struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item = {0};

	if (!tu_json_is_array(list) || !tu_json_next_item(&iter, &item))
		return (struct tu_json){0};
	return item;
}

/* The day of the first of these times that is stated. */
static struct tu_str day_of_first(
	struct tu_advisory_reader *r, struct tu_json times, int64_t *out_seconds)
{
	static const struct tu_str keys[] = {TU_STR_INIT("asserted_at"),
		TU_STR_INIT("first_seen_at"), TU_STR_INIT("recorded_at")};

	for (size_t i = 0; i < TU_COUNT(keys); i++) {
		struct tu_json value = tu_json_get(times, keys[i]);

		*out_seconds = value.doc ? tu_advisory__time(r, value) : 0;
		if (*out_seconds)
			return tu_str_first(tu_json_str(value), 10);
	}
	return (struct tu_str){"", 0};
}

static bool read_alternatives(struct tu_advisory_reader *r, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item))
		if (tu_advisory__is_id(tu_json_str(item)) && !tu_advisory__add_alias(r, item))
			return false;
	return true;
}

static bool read_references(struct tu_advisory_reader *r, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item))
		if (!tu_advisory__add_reference(
			    r, tu_json_get(item, TU_STR("url")), TU_STR("exploitation-report")))
			return false;
	return true;
}

static void read_status(struct tu_advisory_reader *r, struct tu_json status)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json changed = tu_json_get(status, TU_STR("status_updated_at"));

	if (tu_json_true(tu_json_get(status, TU_STR("exploited"))) &&
		!tu_str_ieq(TU_JSON_STR(status, "status_reason"), TU_STR("withdrawn")))
		return;
	a->state = TU_ADVISORY_WITHDRAWN;
	a->withdrawn = changed.doc ? tu_advisory__time(r, changed) : 0;
}

enum tu_status tu_advisory__kev_gcve(
	struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json vulnerability = tu_json_get(record, TU_STR("vulnerability"));
	struct tu_json id = tu_json_get(vulnerability, TU_STR("vulnId"));
	struct tu_json evidence = first_of(tu_json_get(record, TU_STR("evidence")));
	struct tu_json details = tu_json_get(evidence, TU_STR("details"));
	struct tu_json recorded =
		tu_json_get(tu_json_get(record, TU_STR("timestamps")), TU_STR("recorded_at"));
	struct tu_advisory *a = &r->draft.advisory;

	tu_advisory__begin_record(r, record, tu_json_str(id), line);
	if (!tu_advisory__is_id(r->id)) {
		tu_advisory__skip(r, id.doc ? id : record, "an assertion without an id");
		return TU_OK;
	}
	tu_advisory__begin(r, TU_SOURCE_KEV);
	a->database = origin_of(record, evidence);
	a->has_kev = true;
	a->kev.date_added =
		day_of_first(r, tu_json_get(record, TU_STR("timestamps")), &a->published);
	a->modified = recorded.doc ? tu_advisory__time(r, recorded) : a->published;
	a->kev.ransomware =
		tu_str_ieq(TU_JSON_STR(details, "knownRansomwareCampaignUse"), TU_STR("Known"));
	read_status(r, tu_json_get(record, TU_STR("status")));
	if (!read_alternatives(r, tu_json_get(vulnerability, TU_STR("altId"))) ||
		!read_references(r, tu_json_get(record, TU_STR("references"))))
		return tu_advisory__no_memory(r);
	r->summary->records++;
	return tu_advisory__emit(r);
}

/* ---- ENISA's dump ---- */

static const struct {
	struct tu_str source;
	struct tu_str catalogue;
} sources[] = {
	{TU_STR_INIT("eukev_kev"), TU_STR_INIT("ENISA")},
	{TU_STR_INIT("cisa_kev"), TU_STR_INIT("CISA (EUVD)")},
};

static enum tu_status emit_source(
	struct tu_advisory_reader *r, struct tu_json record, struct tu_json source)
{
	struct tu_json cve = tu_json_get(record, TU_STR("cveId"));
	struct tu_json added = tu_json_get(record, TU_STR("dateAdded"));
	struct tu_advisory *a = &r->draft.advisory;
	size_t at = 0;

	while (at < TU_COUNT(sources) && !tu_str_eq(tu_json_str(source), sources[at].source))
		at++;
	if (at == TU_COUNT(sources)) {
		tu_advisory__problem(r, source, "not a catalogue that is known");
		return TU_OK;
	}
	r->id = tu_json_str(cve);
	tu_advisory__begin(r, TU_SOURCE_KEV);
	a->database = sources[at].catalogue;
	a->has_kev = true;
	a->published = a->modified = added.doc ? tu_advisory__time(r, added) : 0;
	a->kev.date_added = a->published ? tu_str_first(tu_json_str(added), 10) : TU_STR("");
	return tu_advisory__emit(r);
}

enum tu_status tu_advisory__kev_euvd(
	struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json cve = tu_json_get(record, TU_STR("cveId"));
	struct tu_json list = tu_json_get(record, TU_STR("sources"));
	struct tu_json_iter iter = tu_json_iter(list);
	enum tu_status status = TU_OK;
	struct tu_json source;

	tu_advisory__begin_record(r, record, tu_json_str(cve), line);
	if (!tu_advisory__is_cve_id(r->id)) {
		tu_advisory__skip(r, cve.doc ? cve : record, "an entry without a CVE id");
		return TU_OK;
	}
	while (!status && tu_json_next_item(&iter, &source))
		status = emit_source(r, record, source);
	r->summary->records += status == TU_OK;
	return status;
}
