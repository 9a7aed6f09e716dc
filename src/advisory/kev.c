/*
 * Catalogues of known exploited vulnerabilities: CISA's, others in its form (ENISA's), VulnCheck's.
 * Products are named in prose and without versions there; a catalogue says that a vulnerability is
 * exploited, not what is affected.
 */
#include "advisory/reader.h"

static bool read_cwes(struct tu_advisory_reader *r, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!tu_advisory__add_cwe(r, tu_advisory__text(r, item, ADV_TEXT_MAX)))
			return false;
	}
	return true;
}

/* "notes": URLs between words, apart by " ; ". */
static bool read_notes(struct tu_advisory_reader *r, struct tu_json notes)
{
	struct tu_str rest = tu_advisory__text(r, notes, 64 * 1024);
	struct tu_str part;

	while (rest.len && tu_str_split(&rest, ';', &part)) {
		struct tu_str url =
			tu_str_trim(tu_str_from(part, tu_str_search(part, TU_STR("http"))));
		struct tu_reference reference = {tu_str_first(url, tu_str_find(url, ' ')), {"", 0}};

		if (reference.url.len && reference.url.len <= ADV_URL_MAX &&
			!tu_advisory__add_reference_text(r, reference))
			return false;
	}
	return true;
}

/* Others that use CISA's form add an id of their own. */
static struct tu_str maker_of(struct tu_json record)
{
	static const struct {
		struct tu_str key;
		struct tu_str maker;
	} makers[] = {
		{TU_STR_INIT("euvdID"), TU_STR_INIT("ENISA")},
		{TU_STR_INIT("dueDate"), TU_STR_INIT("CISA")},
		{TU_STR_INIT("knownRansomwareCampaignUse"), TU_STR_INIT("CISA")},
	};

	for (size_t i = 0; i < TU_COUNT(makers); i++) {
		if (tu_json_get(record, makers[i].key).doc)
			return makers[i].maker;
	}
	return TU_STR("other");
}

/* "17/01/25": day, month, year, as ENISA writes "dateReported". */
static bool european_date(
	struct tu_advisory_reader *r, struct tu_json value, struct tu_str *out_date)
{
	struct tu_str text = tu_json_str(value);

	if (text.len != 8 || text.ptr[2] != '/' || text.ptr[5] != '/')
		return true;
	tu_buf_clear(&r->text);
	tu_buf_printf(&r->text, "20%.2s-%.2s-%.2s", text.ptr + 6, text.ptr + 3, text.ptr);
	return tu_advisory__copy_text(r, out_date);
}

static void read_entry(struct tu_advisory_reader *r, struct tu_json record)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json added = tu_json_get(record, TU_STR("dateAdded"));
	struct tu_json due = tu_json_get(record, TU_STR("dueDate"));
	struct tu_json name = tu_json_get(record, TU_STR("vulnerabilityName"));

	a->database = maker_of(record);
	a->title = tu_advisory__title(tu_advisory__text(r, name, ADV_TEXT_MAX));
	if (tu_str_eq(a->title, TU_STR("-")))
		a->title = (struct tu_str){"", 0};
	a->published = a->modified = tu_advisory__time(r, added);
	a->released = r->released;
	a->has_kev = true;
	a->kev.date_added = a->published ? tu_json_str(added) : (struct tu_str){"", 0};
	a->kev.due_date = tu_advisory__time(r, due) ? tu_json_str(due) : (struct tu_str){"", 0};
	a->kev.ransomware =
		tu_str_ieq(TU_JSON_STR(record, "knownRansomwareCampaignUse"), TU_STR("Known"));
}

enum tu_status tu_advisory__kev(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json id = tu_json_get(record, TU_STR("cveID"));

	tu_advisory__begin_record(r, record, tu_json_str(id), line);
	if (!tu_advisory__is_cve_id(r->id)) {
		tu_advisory__skip(r, id.doc ? id : record, "an entry without a CVE id");
		return TU_OK;
	}
	tu_advisory__begin(r, TU_SOURCE_KEV);
	read_entry(r, record);
	if (!european_date(r, tu_json_get(record, TU_STR("dateReported")),
		    &r->draft.advisory.kev.date_added) ||
		!read_cwes(r, tu_json_get(record, TU_STR("cwes"))) ||
		!read_notes(r, tu_json_get(record, TU_STR("notes"))))
		return tu_advisory__no_memory(r);
	r->summary->records++;
	return tu_advisory__emit(r);
}

/* ---- VulnCheck ---- */

/* [{url, …}], reported as exploits or as reports of exploitation. */
static bool read_urls(
	struct tu_advisory_reader *r, struct tu_json list, struct tu_str key, struct tu_str tags)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!tu_advisory__add_reference(r, tu_json_get(item, key), tags))
			return false;
	}
	return true;
}

/* A date without its time of day. */
static struct tu_str day_of(struct tu_advisory_reader *r, struct tu_json value)
{
	return tu_advisory__time(r, value) ? tu_str_first(tu_json_str(value), 10)
					   : (struct tu_str){"", 0};
}

static enum tu_status read_cve(
	struct tu_advisory_reader *r, struct tu_json record, struct tu_json cve)
{
	struct tu_advisory *a = &r->draft.advisory;

	if (!tu_advisory__is_cve_id(tu_json_str(cve))) {
		tu_advisory__problem(r, cve, "not a CVE id");
		return TU_OK;
	}
	r->id = tu_json_str(cve);
	tu_advisory__begin(r, TU_SOURCE_KEV);
	read_entry(r, record);
	a->database = TU_STR("VulnCheck");
	a->published = a->modified =
		tu_advisory__time(r, tu_json_get(record, TU_STR("date_added")));
	a->kev.date_added = day_of(r, tu_json_get(record, TU_STR("date_added")));
	a->kev.due_date = day_of(r, tu_json_get(record, TU_STR("due_date")));
	if (!read_urls(r, tu_json_get(record, TU_STR("vulncheck_xdb")), TU_STR("xdb_url"),
		    TU_STR("exploit")) ||
		!read_urls(r, tu_json_get(record, TU_STR("vulncheck_reported_exploitation")),
			TU_STR("url"), TU_STR("exploitation-report")))
		return tu_advisory__no_memory(r);
	return tu_advisory__emit(r);
}

enum tu_status tu_advisory__kev_list(
	struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json list = tu_json_get(record, TU_STR("cve"));
	struct tu_json_iter iter = tu_json_iter(list);
	enum tu_status status = TU_OK;
	struct tu_json cve;

	tu_advisory__begin_record(r, record, (struct tu_str){"", 0}, line);
	while (!status && tu_json_next_item(&iter, &cve))
		status = read_cve(r, record, cve);
	r->summary->records += status == TU_OK;
	return status;
}
