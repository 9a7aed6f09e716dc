/* CycloneDX 1.6 VEX: a document of its own, whose statements point into the releases' SBOMs. */
#include <tutela/score.h>

#include "base/intern.h"
#include "vex/issue.h"
#include "vex/record.h"

/* The nearest words of CycloneDX; the impact statement says the rest. */
static const struct {
	const char *ours;
	const char *theirs;
} justifications[] = {
	{"component_not_present", "code_not_present"},
	{"vulnerable_code_not_present", "code_not_present"},
	{"vulnerable_code_not_in_execute_path", "code_not_reachable"},
	{"vulnerable_code_cannot_be_controlled_by_adversary", "requires_environment"},
	{"inline_mitigations_already_exist", "protected_by_mitigating_control"},
};

static const struct {
	const char *remedy;
	const char *response;
} responses[] = {
	{"vendor_fix", "update"},
	{"mitigation", "workaround_available"},
	{"workaround", "workaround_available"},
	{"none_available", "can_not_fix"},
	{"no_fix_planned", "will_not_fix"},
};

static void product_ref(const struct tu_issue_product *product, struct tu_buf *out)
{
	tu_buf_clear(out);
	tu_buf_c(out, "product:");
	tu_issue_product_id(product, out);
}

static void add_affected(struct tu_issue_writer *w, struct tu_intern *seen, struct tu_str ref)
{
	uint32_t before = tu_intern_count(seen), id;

	if (!tu_intern_add(seen, ref, &id)) {
		w->out->failed = true;
		return;
	}
	if (id < before)
		return;
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "ref", ref);
	tu_json_close_object(&w->json);
}

/* The products as a whole: by the SBOMs' subjects, else by what this document lists. */
static void add_wholes(
	struct tu_issue_writer *w, const struct tu_issue_entry *entry, struct tu_intern *seen)
{
	struct tu_buf ref;

	tu_buf_init(&ref, 1 << 16);
	for (size_t i = 0; i < entry->product_count; i++) {
		const struct tu_issue_product *product = &w->issue->products[entry->products[i]];

		product_ref(product, &ref);
		w->out->failed |= ref.failed;
		add_affected(w, seen, product->link.len ? product->link : tu_buf_str(&ref));
	}
	tu_buf_done(&ref);
}

/* BOM-Links to the components; variants of one release share its SBOM: each link once. */
static void add_affects(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	struct tu_intern *seen = tu_intern_new((size_t)1 << 24);

	if (!seen) {
		w->out->failed = true;
		return;
	}
	tu_json_key(&w->json, "affects");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < entry->part_count; i++)
		if (tu_issue_names(w->format, &entry->parts[i]))
			add_affected(w, seen, entry->parts[i].link);
	if (!tu_issue_named(w->format, entry))
		add_wholes(w, entry, seen);
	tu_json_close_array(&w->json);
	tu_intern_free(seen);
}

static void add_response(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	for (size_t i = 0; i < TU_COUNT(responses); i++)
		if (tu_str_eq(entry->remedy, tu_str_c(responses[i].remedy))) {
			tu_json_key(&w->json, "response");
			tu_json_open_array(&w->json);
			tu_json_add_str(&w->json, tu_str_c(responses[i].response));
			tu_json_close_array(&w->json);
		}
}

static void add_analysis(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	tu_json_key(&w->json, "analysis");
	tu_json_open_object(&w->json);
	tu_json_member_str(
		&w->json, "state", tu_str_c(tu_claim_word(TU_WORDS_CYCLONEDX, entry->status)));
	for (size_t i = 0; i < TU_COUNT(justifications); i++)
		if (tu_str_eq(entry->justification, tu_str_c(justifications[i].ours)))
			tu_json_member_str(
				&w->json, "justification", tu_str_c(justifications[i].theirs));
	if (entry->status == TU_CLAIM_AFFECTED)
		add_response(w, entry);
	tu_issue_member_detail(w, "detail", entry->impact, entry->note);
	if (entry->decided_at)
		tu_issue_member_time(w, "lastUpdated", entry->decided_at);
	tu_json_close_object(&w->json);
}

static void add_rating(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	uint8_t tenths;

	if (!entry->vector.len || tu_cvss_base(entry->vector, &tenths, NULL) != TU_OK)
		return;
	tu_json_key(&w->json, "ratings");
	tu_json_open_array(&w->json);
	tu_json_open_object(&w->json);
	tu_json_key(&w->json, "score");
	tu_json_add_number(&w->json, tenths / 10.0);
	tu_json_member_str(&w->json, "severity",
		tu_str_c(tu_severity_name(
			tu_severity_of(tu_cvss_version_of(entry->vector), tenths))));
	tu_json_member_str(&w->json, "method",
		tu_cvss_version_of(entry->vector) == TU_CVSS_3_0 ? TU_STR("CVSSv3")
								 : TU_STR("CVSSv31"));
	tu_json_member_str(&w->json, "vector", entry->vector);
	tu_json_close_object(&w->json);
	tu_json_close_array(&w->json);
}

/* Whose record it is. Dependency-Track ignores a vulnerability without a source that it knows. */
static void add_source(struct tu_issue_writer *w, struct tu_str id, struct tu_str otherwise)
{
	const struct tu_record_kind *kind = tu_record_kind(id);
	struct tu_str name = otherwise.len ? otherwise : w->issue->publisher;
	struct tu_buf page;

	tu_buf_init(&page, 4096);
	tu_record_page(id, &page);
	tu_json_key(&w->json, "source");
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "name", kind ? tu_str_c(kind->source) : name);
	tu_json_member_opt(&w->json, "url", tu_buf_str(&page));
	tu_json_close_object(&w->json);
	w->out->failed |= page.failed;
	tu_buf_done(&page);
}

/* The same vulnerability by its other ids. */
static void add_references(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	bool open = false;

	for (size_t i = 0; i < entry->alias_count; i++) {
		if (tu_str_eq(entry->aliases[i], entry->vulnerability))
			continue;
		if (!open) {
			tu_json_key(&w->json, "references");
			tu_json_open_array(&w->json);
		}
		open = true;
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", entry->aliases[i]);
		add_source(w, entry->aliases[i], TU_STR(""));
		tu_json_close_object(&w->json);
	}
	if (open)
		tu_json_close_array(&w->json);
}

/* "CWE-79": a number of the list. */
static void add_weakness(struct tu_issue_writer *w, struct tu_str cwe)
{
	uint64_t number;

	if (!tu_str_skip(&cwe, TU_STR("CWE-")) || !tu_str_to_u64(cwe, INT32_MAX, &number))
		return;
	tu_json_key(&w->json, "cwes");
	tu_json_open_array(&w->json);
	tu_json_add_int(&w->json, (int64_t)number);
	tu_json_close_array(&w->json);
}

static void add_vulnerability(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "id", entry->vulnerability);
	add_source(w, entry->vulnerability, entry->source);
	add_references(w, entry);
	add_rating(w, entry);
	add_weakness(w, entry->cwe);
	tu_json_member_opt(&w->json, "description", entry->title);
	if (entry->status == TU_CLAIM_AFFECTED)
		tu_json_member_opt(&w->json, "recommendation", entry->action);
	add_analysis(w, entry);
	add_affects(w, entry);
	tu_json_close_object(&w->json);
}

static void add_component(struct tu_issue_writer *w, const struct tu_issue_product *product)
{
	struct tu_buf text;

	tu_buf_init(&text, 1 << 16);
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "type", TU_STR("device"));
	product_ref(product, &text);
	tu_json_member_str(&w->json, "bom-ref", tu_buf_str(&text));
	tu_json_member_str(&w->json, "name", product->variant);
	tu_json_member_str(&w->json, "version", product->version);
	tu_json_member_opt(&w->json, "cpe", product->cpe);
	w->out->failed |= text.failed;
	tu_buf_clear(&text);
	tu_issue_purl(w->issue, product, &text);
	tu_json_member_opt(&w->json, "purl", tu_buf_str(&text));
	if (product->udi_di.len) {
		tu_json_key(&w->json, "properties");
		tu_json_open_array(&w->json);
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "name", TU_STR("tutela:udi-di"));
		tu_json_member_str(&w->json, "value", product->udi_di);
		tu_json_close_object(&w->json);
		tu_json_close_array(&w->json);
	}
	tu_json_close_object(&w->json);
	w->out->failed |= text.failed;
	tu_buf_done(&text);
}

static void add_metadata(struct tu_issue_writer *w)
{
	tu_json_key(&w->json, "metadata");
	tu_json_open_object(&w->json);
	tu_issue_member_time(w, "timestamp", w->issue->at);
	tu_json_key(&w->json, "supplier");
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "name", w->issue->publisher);
	tu_json_close_object(&w->json);
	tu_json_close_object(&w->json);
}

/* What the serial number is made of: other makers may have a document of the same id. */
static void name_document(const struct tu_issue *issue, struct tu_buf *out)
{
	tu_buf_printf(out, "%.*s\n", TU_STR_FMT(issue->publisher));
	tu_issue_iri(issue, out);
}

enum tu_status tu_issue_cyclonedx(struct tu_issue_writer *w)
{
	struct tu_str before = TU_JSON_STR(w->previous, "serialNumber");
	uint64_t version = 0;
	struct tu_buf serial, text;

	if (w->previous.doc &&
		(!tu_json_u64(tu_json_get(w->previous, TU_STR("version")), INT32_MAX, &version) ||
			!before.len))
		return tu_fail(w->err, TU_E_SYNTAX, 0,
			"the previous document is not CycloneDX: it has no serial number and "
			"version");
	tu_buf_init(&serial, 64);
	tu_buf_init(&text, 1 << 20);
	name_document(w->issue, &text);
	if (text.failed || (!before.len && !tu_issue_uuid(tu_buf_str(&text), &serial)))
		w->out->failed = true;
	tu_buf_done(&text);
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "bomFormat", TU_STR("CycloneDX"));
	tu_json_member_str(&w->json, "specVersion", TU_STR("1.6"));
	tu_json_member_str(&w->json, "serialNumber", before.len ? before : tu_buf_str(&serial));
	tu_json_member_int(&w->json, "version", (int64_t)version + 1);
	tu_buf_done(&serial);
	add_metadata(w);
	tu_json_key(&w->json, "components");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < w->issue->product_count; i++)
		add_component(w, &w->issue->products[i]);
	tu_json_close_array(&w->json);
	tu_json_key(&w->json, "vulnerabilities");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < w->issue->entry_count; i++)
		add_vulnerability(w, &w->issue->entries[i]);
	tu_json_close_array(&w->json);
	tu_json_close_object(&w->json);
	return TU_OK;
}
