/* CISA's catalogue of known exploited vulnerabilities. Products are named in prose and without
 * versions there; the catalogue says that a vulnerability is exploited, not what is affected. */
#include "advisory/reader.h"

static bool read_cwes(struct tu_advisory_reader *r, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!adv_add_cwe(r, adv_text(r, item, ADV_TEXT_MAX)))
			return false;
	}
	return true;
}

/* "notes": URLs between words, apart by " ; ". */
static bool read_notes(struct tu_advisory_reader *r, struct tu_json notes)
{
	struct tu_str rest = adv_text(r, notes, 64 * 1024);
	struct tu_str part;

	while (rest.len && tu_str_split(&rest, ';', &part)) {
		struct tu_str url =
			tu_str_trim(tu_str_from(part, tu_str_search(part, TU_STR("http"))));
		struct tu_reference reference = {tu_str_first(url, tu_str_find(url, ' ')), {"", 0}};

		if (reference.url.len && reference.url.len <= ADV_URL_MAX &&
			!adv_add_reference_text(r, reference))
			return false;
	}
	return true;
}

static void read_entry(struct tu_advisory_reader *r, struct tu_json record)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json added = tu_json_get(record, TU_STR("dateAdded"));
	struct tu_json due = tu_json_get(record, TU_STR("dueDate"));
	struct tu_json name = tu_json_get(record, TU_STR("vulnerabilityName"));

	a->database = TU_STR("CISA");
	a->title = adv_title(adv_text(r, name, ADV_TEXT_MAX));
	a->published = a->modified = adv_time(r, added);
	a->has_kev = true;
	a->kev.date_added = a->published ? tu_json_str(added) : (struct tu_str){"", 0};
	a->kev.due_date = adv_time(r, due) ? tu_json_str(due) : (struct tu_str){"", 0};
	a->kev.ransomware =
		tu_str_ieq(TU_JSON_STR(record, "knownRansomwareCampaignUse"), TU_STR("Known"));
}

enum tu_status adv_kev(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json id = tu_json_get(record, TU_STR("cveID"));

	adv_begin_record(r, record, tu_json_str(id), line);
	if (!adv_is_cve_id(r->id)) {
		adv_skip(r, id.doc ? id : record, "an entry without a CVE id");
		return TU_OK;
	}
	adv_begin(r, TU_SOURCE_KEV);
	read_entry(r, record);
	if (!read_cwes(r, tu_json_get(record, TU_STR("cwes"))) ||
		!read_notes(r, tu_json_get(record, TU_STR("notes"))))
		return adv_no_memory(r);
	r->summary->records++;
	return adv_emit(r);
}
