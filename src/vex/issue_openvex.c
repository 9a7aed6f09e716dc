/* OpenVEX 0.2.0. */
#include "vex/issue.h"

/* At least one of the two is there. */
static void add_identifiers(struct tu_issue_writer *w, struct tu_str purl, struct tu_str cpe)
{
	bool cpe23 = tu_str_starts(cpe, TU_STR("cpe:2.3:"));

	if (!purl.len && !cpe.len)
		return;
	tu_json_key(&w->json, "identifiers");
	tu_json_open_object(&w->json);
	tu_json_member_opt(&w->json, "purl", purl);
	tu_json_member_opt(&w->json, cpe23 ? "cpe23" : "cpe22", cpe);
	tu_json_close_object(&w->json);
}

/* Two variants of one release have the same identifiers here: one product. */
static bool is_repeated(const struct tu_issue *issue, const struct tu_issue_entry *entry, size_t at)
{
	const struct tu_issue_product *product = &issue->products[entry->products[at]];

	for (size_t i = 0; i < at; i++) {
		const struct tu_issue_product *other = &issue->products[entry->products[i]];
		if (tu_str_eq(product->version, other->version) &&
			tu_str_eq(product->purl, other->purl) &&
			tu_str_eq(product->cpe, other->cpe) &&
			tu_str_eq(product->link, other->link))
			return true;
	}
	return false;
}

/* The schema wants an @id or identifiers: a hash becomes a URN. */
static void add_hash(struct tu_issue_writer *w, const struct tu_issue_part *part, bool id)
{
	const struct tu_issue_hash *words = tu_issue_hash_words(&part->hash);

	if (!words)
		return;
	if (id)
		tu_issue_member_fmt(
			w, "@id", "urn:%s:%.*s", words->openvex, TU_STR_FMT(part->hash.value));
	tu_json_key(&w->json, "hashes");
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, words->openvex, part->hash.value);
	tu_json_close_object(&w->json);
}

/* By its purl; else by its place in the SBOM and whatever else is its own. */
static void add_part(struct tu_issue_writer *w, const struct tu_issue_part *part)
{
	tu_json_open_object(&w->json);
	if (part->purl.len) {
		tu_json_member_str(&w->json, "@id", part->purl);
	} else {
		tu_json_member_opt(&w->json, "@id", part->link);
		add_identifiers(w, TU_STR(""), part->cpe);
		add_hash(w, part, !part->link.len);
	}
	tu_json_close_object(&w->json);
}

static void add_parts(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	if (!tu_issue_named(w->format, entry))
		return;
	tu_json_key(&w->json, "subcomponents");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < entry->part_count; i++)
		if (tu_issue_names(w->format, &entry->parts[i]))
			add_part(w, &entry->parts[i]);
	tu_json_close_array(&w->json);
}

static void add_product(struct tu_issue_writer *w, const struct tu_issue_product *product,
	const struct tu_issue_entry *entry)
{
	struct tu_buf text;
	struct tu_str purl;

	tu_buf_init(&text, 1 << 16);
	tu_issue_purl(w->issue, product, &text);
	purl = tu_buf_str(&text);
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "@id", purl.len ? purl : product->link);
	add_identifiers(w, purl, product->cpe);
	add_parts(w, entry);
	tu_json_close_object(&w->json);
	w->out->failed |= text.failed;
	tu_buf_done(&text);
}

/* Each once: the schema demands it. */
static bool is_named_before(const struct tu_issue_entry *entry, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (tu_str_eq(entry->aliases[i], entry->aliases[at]))
			return true;
	return tu_str_eq(entry->aliases[at], entry->vulnerability);
}

static void add_vulnerability(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	tu_json_key(&w->json, "vulnerability");
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "name", entry->vulnerability);
	tu_json_member_opt(&w->json, "description", entry->title);
	if (entry->alias_count) {
		tu_json_key(&w->json, "aliases");
		tu_json_open_array(&w->json);
		for (size_t i = 0; i < entry->alias_count; i++)
			if (!is_named_before(entry, i))
				tu_json_add_str(&w->json, entry->aliases[i]);
		tu_json_close_array(&w->json);
	}
	tu_json_close_object(&w->json);
}

static void add_reason(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	if (entry->status == TU_CLAIM_NOT_AFFECTED) {
		tu_json_member_opt(&w->json, "justification", entry->justification);
		tu_json_member_opt(&w->json, "impact_statement", entry->impact);
	} else if (entry->status == TU_CLAIM_AFFECTED) {
		tu_json_member_str(&w->json, "action_statement",
			entry->action.len ? entry->action : entry->remedy);
	}
	tu_issue_member_detail(w, "status_notes",
		entry->status == TU_CLAIM_AFFECTED ? entry->impact : TU_STR(""), entry->note);
}

static void add_statement(struct tu_issue_writer *w, const struct tu_issue_entry *entry)
{
	tu_json_open_object(&w->json);
	add_vulnerability(w, entry);
	if (entry->decided_at)
		tu_issue_member_time(w, "timestamp", entry->decided_at);
	tu_json_key(&w->json, "products");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < entry->product_count; i++)
		if (!is_repeated(w->issue, entry, i))
			add_product(w, &w->issue->products[entry->products[i]], entry);
	tu_json_close_array(&w->json);
	tu_json_member_str(&w->json, "status", tu_str_c(tu_claim_status_name(entry->status)));
	add_reason(w, entry);
	tu_json_close_object(&w->json);
}

static void add_id(struct tu_issue_writer *w, struct tu_str before)
{
	struct tu_buf id;

	tu_buf_init(&id, 1 << 16);
	tu_issue_iri(w->issue, &id);
	tu_json_member_str(&w->json, "@id", before.len ? before : tu_buf_str(&id));
	w->out->failed |= id.failed;
	tu_buf_done(&id);
}

enum tu_status tu_issue_openvex(struct tu_issue_writer *w)
{
	struct tu_str first = TU_JSON_STR(w->previous, "timestamp");
	struct tu_str before = TU_JSON_STR(w->previous, "@id");
	uint64_t version = 0;

	if (w->previous.doc &&
		!tu_json_u64(tu_json_get(w->previous, TU_STR("version")), INT32_MAX, &version))
		return tu_fail(w->err, TU_E_SYNTAX, 0,
			"the previous document is not OpenVEX: it has no version");
	if (!before.len && tu_issue_need_namespace(w, "OpenVEX") != TU_OK)
		return TU_E_USAGE;
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "@context", TU_STR("https://openvex.dev/ns/v0.2.0"));
	add_id(w, before);
	tu_json_member_str(&w->json, "author", w->issue->publisher);
	tu_json_member_str(&w->json, "role", TU_STR("Device manufacturer"));
	if (first.len) {
		tu_json_member_str(&w->json, "timestamp", first);
		tu_issue_member_time(w, "last_updated", w->issue->at);
	} else {
		tu_issue_member_time(w, "timestamp", w->issue->at);
	}
	tu_json_member_int(&w->json, "version", (int64_t)version + 1);
	tu_json_member_opt(&w->json, "tooling", w->issue->generator);
	tu_json_key(&w->json, "statements");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < w->issue->entry_count; i++)
		add_statement(w, &w->issue->entries[i]);
	tu_json_close_array(&w->json);
	tu_json_close_object(&w->json);
	return TU_OK;
}
