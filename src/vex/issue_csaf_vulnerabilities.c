/*
 * The vulnerabilities of a CSAF document. A subject has one status for a vulnerability: where
 * several decisions speak of it, the one that says most counts (affected, under investigation,
 * fixed, not affected).
 */
#include <stdlib.h>

#include <tutela/score.h>

#include "csaf/csaf.h"
#include "vex/issue_csaf.h"
#include "vex/record.h"

/* The numbers of an entry's subjects. */
static const uint32_t *subjects_of(
	const struct tu_issue_csaf *c, const struct tu_issue_entry *entry, size_t *out_count)
{
	size_t index = (size_t)(entry - c->w->issue->entries);

	*out_count = c->starts[index + 1] - c->starts[index];
	return c->numbers.at + c->starts[index];
}

static void decide(struct tu_issue_csaf *c, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++) {
		size_t count;
		const uint32_t *numbers = subjects_of(c, c->order[i], &count);

		for (size_t k = 0; k < count; k++)
			c->subjects.at[numbers[k]].decides = NULL;
	}
	for (size_t i = start; i < end; i++) {
		size_t count;
		const uint32_t *numbers = subjects_of(c, c->order[i], &count);

		for (size_t k = 0; k < count; k++) {
			const struct tu_issue_entry **slot = &c->subjects.at[numbers[k]].decides;

			if (!*slot ||
				tu_claim_rank(c->order[i]->status) > tu_claim_rank((*slot)->status))
				*slot = c->order[i];
		}
	}
}

/* Append the ids of the subjects that the entry decides on. */
static void add_ids_of(struct tu_issue_csaf *c, const struct tu_issue_entry *entry)
{
	size_t count;
	const uint32_t *numbers = subjects_of(c, entry, &count);

	for (size_t i = 0; i < count; i++)
		if (c->subjects.at[numbers[i]].decides == entry)
			tu_json_add_str(c->json, tu_intern_str(c->ids, numbers[i]));
}

/* Members "product_ids" (or another name): the subjects that the entry decides on. */
static void add_products(
	struct tu_issue_csaf *c, const char *key, const struct tu_issue_entry *entry)
{
	tu_json_key(c->json, key);
	tu_json_open_array(c->json);
	add_ids_of(c, entry);
	tu_json_close_array(c->json);
}

static bool decides(const struct tu_issue_csaf *c, const struct tu_issue_entry *entry)
{
	size_t count;
	const uint32_t *numbers = subjects_of(c, entry, &count);

	for (size_t i = 0; i < count; i++)
		if (c->subjects.at[numbers[i]].decides == entry)
			return true;
	return false;
}

/* ---- what it is called ---- */

/* The name, then the aliases. */
static struct tu_str id_at(const struct tu_issue_entry *entry, size_t at)
{
	return at ? entry->aliases[at - 1] : entry->vulnerability;
}

/* By which its statements are together: the first CVE id, else the name. */
static struct tu_str key_of(const struct tu_issue_entry *entry)
{
	for (size_t i = 0; i <= entry->alias_count; i++)
		if (tu_csaf_rule_holds(TU_CSAF_CVE, id_at(entry, i)))
			return id_at(entry, i);
	return entry->vulnerability;
}

static bool is_listed(const struct tu_issue_csaf *c, size_t start, size_t entry, size_t at)
{
	struct tu_str id = id_at(c->order[entry], at);

	for (size_t i = start; i <= entry; i++) {
		size_t end = i == entry ? at : c->order[i]->alias_count + 1;

		for (size_t k = 0; k < end; k++)
			if (tu_str_eq(id_at(c->order[i], k), id))
				return true;
	}
	return false;
}

static void add_id(struct tu_issue_csaf *c, const struct tu_issue_entry *entry, struct tu_str id)
{
	const struct tu_record_kind *kind = tu_record_kind(id);
	struct tu_str source = entry->source.len ? entry->source : c->w->issue->publisher;

	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "system_name", kind ? tu_str_c(kind->system) : source);
	tu_json_member_str(c->json, "text", id);
	tu_json_close_object(c->json);
}

/* Every id but the one that is the member "cve". */
static void add_ids(struct tu_issue_csaf *c, size_t start, size_t end)
{
	struct tu_str key = key_of(c->order[start]);
	bool cve = tu_csaf_rule_holds(TU_CSAF_CVE, key), open = false;

	for (size_t i = start; i < end; i++)
		for (size_t k = 0; k <= c->order[i]->alias_count; k++) {
			struct tu_str id = id_at(c->order[i], k);

			if ((cve && tu_str_eq(id, key)) || is_listed(c, start, i, k))
				continue;
			if (!open) {
				tu_json_key(c->json, "ids");
				tu_json_open_array(c->json);
			}
			open = true;
			add_id(c, c->order[i], id);
		}
	if (open)
		tu_json_close_array(c->json);
}

static void add_weakness(struct tu_issue_csaf *c, struct tu_str cwe)
{
	struct tu_str name;

	if (!tu_record_weakness(cwe, &name))
		return;
	tu_json_key(c->json, "cwe");
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "id", cwe);
	tu_json_member_str(c->json, "name", name);
	tu_json_close_object(c->json);
}

/* ---- what is said ---- */

/* Open the list when its first item comes, close it if it was opened. */
static void list_item(struct tu_issue_csaf *c, const char *key, bool *open)
{
	if (!*open) {
		tu_json_key(c->json, key);
		tu_json_open_array(c->json);
	}
	*open = true;
	tu_json_open_object(c->json);
}

static void list_end(struct tu_issue_csaf *c, bool open)
{
	if (open)
		tu_json_close_array(c->json);
}

static void add_flags(struct tu_issue_csaf *c, size_t start, size_t end)
{
	bool open = false;

	for (size_t i = start; i < end; i++) {
		const struct tu_issue_entry *entry = c->order[i];
		if (entry->status != TU_CLAIM_NOT_AFFECTED || !entry->justification.len ||
			!decides(c, entry))
			continue;
		list_item(c, "flags", &open);
		if (entry->decided_at)
			tu_issue_member_time(c->w, "date", entry->decided_at);
		tu_json_member_str(c->json, "label", entry->justification);
		add_products(c, "product_ids", entry);
		tu_json_close_object(c->json);
	}
	list_end(c, open);
}

/* Where statements come from: a note has no products, its words name the release. */
static void add_origins(struct tu_issue_csaf *c, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++)
		if (c->order[i]->note.len && decides(c, c->order[i]))
			tu_issue_csaf_note(
				c, "details", c->order[i]->note, "Origin of the statement");
}

static void add_notes(struct tu_issue_csaf *c, size_t start, size_t end)
{
	const struct tu_issue_entry *entry = c->order[start];
	struct tu_buf text;

	tu_buf_init(&text, 1 << 16);
	tu_buf_printf(&text, "%.*s in ", TU_STR_FMT(entry->vulnerability));
	tu_issue_component(entry, &text);
	tu_buf_printf(&text, ", a part of the software of %.*s", TU_STR_FMT(c->w->issue->family));
	if (entry->title.len)
		tu_buf_printf(&text, ": %.*s", TU_STR_FMT(entry->title));
	tu_json_key(c->json, "notes");
	tu_json_open_array(c->json);
	tu_issue_csaf_note(c, "summary", tu_buf_str(&text), "Vulnerability Summary");
	add_origins(c, start, end);
	tu_json_close_array(c->json);
	c->w->out->failed |= text.failed;
	tu_buf_done(&text);
}

static void add_status(
	struct tu_issue_csaf *c, size_t start, size_t end, enum tu_claim_status status)
{
	bool open = false;

	for (size_t i = start; i < end; i++) {
		if (c->order[i]->status != status || !decides(c, c->order[i]))
			continue;
		if (!open) {
			tu_json_key(c->json, tu_claim_word(TU_WORDS_CSAF, status));
			tu_json_open_array(c->json);
		}
		open = true;
		add_ids_of(c, c->order[i]);
	}
	list_end(c, open);
}

static void add_statuses(struct tu_issue_csaf *c, size_t start, size_t end)
{
	tu_json_key(c->json, "product_status");
	tu_json_open_object(c->json);
	add_status(c, start, end, TU_CLAIM_FIXED);
	add_status(c, start, end, TU_CLAIM_AFFECTED);
	add_status(c, start, end, TU_CLAIM_NOT_AFFECTED);
	add_status(c, start, end, TU_CLAIM_UNDER_INVESTIGATION);
	tu_json_close_object(c->json);
}

static struct tu_str remedy_of(const struct tu_issue_entry *entry)
{
	if (entry->remedy.len)
		return entry->remedy;
	return entry->fix_version.len ? TU_STR("vendor_fix") : TU_STR("mitigation");
}

static void add_remediation(struct tu_issue_csaf *c, const struct tu_issue_entry *entry,
	struct tu_str category, struct tu_str details, bool *open)
{
	bool main = details.ptr == entry->action.ptr || !details.len;

	list_item(c, "remediations", open);
	tu_json_member_str(c->json, "category", category);
	if (main && entry->due)
		tu_issue_member_time(c->w, "date", entry->due);
	if (details.len)
		tu_json_member_str(c->json, "details", details);
	else if (entry->fix_version.len)
		tu_issue_member_fmt(c->w, "details",
			entry->fix == TU_ISSUE_FIX_UNSHOWN
				? "Whether software %.*s has the fix is under investigation."
				: "Software %.*s has the fix.",
			TU_STR_FMT(entry->fix_version));
	else
		tu_json_member_str(c->json, "details", TU_STR("No further details."));
	add_products(c, "product_ids", entry);
	if (main && tu_csaf_rule_holds(TU_CSAF_URI, entry->url))
		tu_json_member_str(c->json, "url", entry->url);
	tu_json_close_object(c->json);
}

static void add_remediations(struct tu_issue_csaf *c, size_t start, size_t end)
{
	/* 6.2.2 wants a word on what is under investigation, too. */
	const struct tu_str investigating =
		TU_STR("Under investigation: what to do will be stated when it is known.");
	bool open = false;

	for (size_t i = start; i < end; i++) {
		const struct tu_issue_entry *entry = c->order[i];
		if (!decides(c, entry))
			continue;
		if (entry->status == TU_CLAIM_UNDER_INVESTIGATION)
			add_remediation(c, entry, TU_STR("none_available"), investigating, &open);
		if (entry->status != TU_CLAIM_AFFECTED)
			continue;
		add_remediation(c, entry, remedy_of(entry), entry->action, &open);
		if (tu_str_eq(entry->remedy, TU_STR("none_available")))
			continue;
		for (size_t k = 0; k < entry->control_count; k++)
			add_remediation(c, entry, TU_STR("mitigation"), entry->controls[k], &open);
	}
	list_end(c, open);
}

static void add_cvss(struct tu_issue_csaf *c, struct tu_str vector, uint8_t tenths)
{
	static const char *const words[] = {"NONE", "NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"};
	enum tu_cvss_version version = tu_cvss_version_of(vector);

	tu_json_key(c->json, "cvss_v3");
	tu_json_open_object(c->json);
	tu_json_key(c->json, "baseScore");
	tu_json_add_number(c->json, tenths / 10.0);
	tu_json_member_str(
		c->json, "baseSeverity", tu_str_c(words[tu_severity_of(version, tenths)]));
	tu_json_member_str(c->json, "vectorString", vector);
	tu_json_member_str(
		c->json, "version", version == TU_CVSS_3_0 ? TU_STR("3.0") : TU_STR("3.1"));
	tu_json_close_object(c->json);
}

static void add_scores(struct tu_issue_csaf *c, size_t start, size_t end)
{
	bool open = false;
	uint8_t tenths;

	for (size_t i = start; i < end; i++) {
		const struct tu_issue_entry *entry = c->order[i];
		if (entry->status != TU_CLAIM_AFFECTED || !decides(c, entry) ||
			!tu_str_starts(entry->vector, TU_STR("CVSS:3.")) ||
			tu_cvss_base(entry->vector, &tenths, NULL) != TU_OK)
			continue;
		list_item(c, "scores", &open);
		add_cvss(c, entry->vector, tenths);
		add_products(c, "products", entry);
		tu_json_close_object(c->json);
	}
	list_end(c, open);
}

static void add_threats(struct tu_issue_csaf *c, size_t start, size_t end)
{
	bool open = false;

	for (size_t i = start; i < end; i++) {
		const struct tu_issue_entry *entry = c->order[i];
		if (!entry->impact.len || !decides(c, entry))
			continue;
		list_item(c, "threats", &open);
		tu_json_member_str(c->json, "category", TU_STR("impact"));
		tu_json_member_str(c->json, "details", entry->impact);
		add_products(c, "product_ids", entry);
		tu_json_close_object(c->json);
	}
	list_end(c, open);
}

static void add_vulnerability(struct tu_issue_csaf *c, size_t start, size_t end)
{
	const struct tu_issue_entry *entry = c->order[start];

	decide(c, start, end);
	tu_json_open_object(c->json);
	if (tu_csaf_rule_holds(TU_CSAF_CVE, key_of(entry)))
		tu_json_member_str(c->json, "cve", key_of(entry));
	add_weakness(c, entry->cwe);
	add_flags(c, start, end);
	add_ids(c, start, end);
	add_notes(c, start, end);
	add_statuses(c, start, end);
	add_remediations(c, start, end);
	add_scores(c, start, end);
	add_threats(c, start, end);
	tu_json_member_opt(c->json, "title", entry->title);
	tu_json_close_object(c->json);
}

static int compare_entries(const void *left, const void *right)
{
	const struct tu_issue_entry *const *a = left, *const *b = right;
	int order = tu_str_cmp(key_of(*a), key_of(*b));

	return order ? order : (*a > *b) - (*a < *b);
}

void tu_issue_csaf_vulnerabilities(struct tu_issue_csaf *c)
{
	size_t count = c->w->issue->entry_count, end;

	for (size_t i = 0; i < count; i++)
		c->order[i] = &c->w->issue->entries[i];
	qsort(c->order, count, sizeof(*c->order), compare_entries);
	tu_json_key(c->json, "vulnerabilities");
	tu_json_open_array(c->json);
	for (size_t start = 0; start < count; start = end) {
		for (end = start + 1;
			end < count && tu_str_eq(key_of(c->order[start]), key_of(c->order[end]));)
			end++;
		add_vulnerability(c, start, end);
	}
	tu_json_close_array(c->json);
}
