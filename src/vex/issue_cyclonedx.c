/* CycloneDX 1.6 VEX: a document of its own, whose statements point into the releases' SBOMs. */
#include <tutela/score.h>

#include "base/intern.h"
#include "vex/issue.h"

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

static struct tu_str product_ref(
	const struct tu_issue *issue, const struct tu_issue_product *product, struct tu_buf *buf)
{
	tu_buf_clear(buf);
	tu_buf_c(buf, "product:");
	tu_issue_purl(issue, product, buf);
	tu_buf_printf(buf, "#%.*s", TU_STR_FMT(product->variant));
	return tu_buf_str(buf);
}

/* A BOM-Link to the component, where SBOM and bom-ref are known; else the product's own entry. */
static void add_ref(struct tu_issue_writer *w, const struct tu_issue_product *product,
	const struct tu_issue_entry *entry, struct tu_buf *ref)
{
	struct tu_str uuid = product->serial;
	bool linked = tu_str_skip(&uuid, TU_STR("urn:uuid:")) && uuid.len == 36 &&
		entry->component_ref.len;

	if (linked) {
		tu_buf_clear(ref);
		tu_buf_printf(ref, "urn:cdx:%.*s/1#", TU_STR_FMT(uuid));
		for (size_t i = 0; i < entry->component_ref.len; i++) {
			char c = entry->component_ref.ptr[i];
			if (tu_char_is_alnum(c) || strchr("-._~:/@", c))
				tu_buf_byte(ref, c);
			else
				tu_buf_printf(ref, "%%%02X", (unsigned)(unsigned char)c);
		}
	} else {
		(void)product_ref(w->issue, product, ref);
	}
}

/* Variants of one release share an SBOM: the same link once. */
static void add_affects(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	struct tu_intern *seen = tu_intern_new((size_t)1 << 24);
	struct tu_buf ref;
	uint32_t id;

	tu_buf_init(&ref, 1 << 16);
	tu_json_key(&w->json, "affects");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < entry->product_count; i++) {
		uint32_t before = seen ? tu_intern_count(seen) : 0;
		add_ref(w, &w->issue->products[entry->products[i]], entry, &ref);
		if (!seen || ref.failed || !tu_intern_add(seen, tu_buf_str(&ref), &id)) {
			w->out->failed = true;
			break;
		}
		if (id < before)
			continue;
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "ref", tu_buf_str(&ref));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	tu_buf_done(&ref);
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

static void add_vulnerability(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "id", entry->vulnerability);
	add_rating(w, entry);
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
	tu_json_member_str(&w->json, "bom-ref", product_ref(w->issue, product, &text));
	tu_json_member_str(&w->json, "name", product->variant);
	tu_json_member_str(&w->json, "version", product->version);
	tu_json_member_opt(&w->json, "cpe", product->cpe);
	w->out->failed |= text.failed;
	tu_buf_clear(&text);
	tu_issue_purl(w->issue, product, &text);
	tu_json_member_str(&w->json, "purl", tu_buf_str(&text));
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

enum tu_status tu_issue_cyclonedx(struct tu_issue_writer *w)
{
	struct tu_str before = TU_JSON_STR(w->previous, "serialNumber");
	uint64_t version = 0;
	struct tu_buf serial;

	if (w->previous.doc &&
		(!tu_json_u64(tu_json_get(w->previous, TU_STR("version")), INT32_MAX, &version) ||
			!before.len))
		return tu_fail(w->err, TU_E_SYNTAX, 0,
			"the previous document is not CycloneDX: it has no serial number and "
			"version");
	tu_buf_init(&serial, 64);
	if (!before.len && !tu_issue_uuid(w->issue->id, &serial))
		w->out->failed = true;
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
