/*
 * CycloneDX 1.4 to 1.7, `vulnerabilities`. What `affects[].versions` means:
 *
 *   status of the entry     the analysis clears it         the analysis does not
 *   none, or "affected"     contradicts it: none of them   is about these versions
 *   "unaffected"            is about these versions        says nothing of them
 *   "unknown"               says nothing of them           says nothing of them
 *
 * A version that an analysis clears and an entry calls affected is not cleared, whatever another
 * entry says of it: the statement contradicts itself.
 *
 * An entry without a status is "affected": that is the schema's default. No `versions` at all: all
 * versions. An entry that cannot be read, or a list of none, is never "all".
 */
#include "vex/claim/cyclonedx.h"

#include "base/vec.h"

struct texts {
	struct tu_str *at;
	size_t count;
	size_t cap;
};

static struct tu_str keep(struct tu_claim_reading *r, struct tu_str text)
{
	struct tu_str copy = {"", 0};

	if (r->status == TU_OK && text.len && !tu_arena_dup(r->arena, text, &copy))
		r->status = TU_E_NOMEM;
	return copy;
}

static struct tu_str keep_member(
	struct tu_claim_reading *r, struct tu_json object, struct tu_str key)
{
	return keep(r, tu_json_str(tu_json_get(object, key)));
}

static void add_text(struct tu_claim_reading *r, struct texts *texts, struct tu_str text)
{
	if (text.len && !TU_VEC_PUSH_IN(r->arena, texts, keep(r, text)))
		r->status = TU_E_NOMEM;
}

/* ---- versions ---- */

enum entry_status { ENTRY_AFFECTED, ENTRY_UNAFFECTED, ENTRY_UNKNOWN, ENTRY_UNREADABLE };

static enum entry_status status_of_entry(struct tu_json entry)
{
	static const struct {
		const char *word;
		enum entry_status status;
	} words[] = {{"affected", ENTRY_AFFECTED}, {"unaffected", ENTRY_UNAFFECTED},
		{"unknown", ENTRY_UNKNOWN}};
	struct tu_json status = tu_json_get(entry, TU_STR("status"));

	if (!status.doc)
		return ENTRY_AFFECTED;
	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_eq(tu_json_str(status), tu_str_c(words[i].word)))
			return words[i].status;
	return ENTRY_UNREADABLE;
}

/* A version or a range, not both; empty when it is neither. */
static struct tu_str version_of_entry(struct tu_json entry)
{
	struct tu_json version = tu_json_get(entry, TU_STR("version"));
	struct tu_json range = tu_json_get(entry, TU_STR("range"));

	if (!version.doc == !range.doc)
		return TU_STR("");
	return tu_json_str(version.doc ? version : range);
}

static void take_versions(struct tu_claim_reading *r, struct tu_json affects, bool clears,
	struct tu_vex_product *product)
{
	struct tu_json list = tu_json_get(affects, TU_STR("versions")), entry;
	struct tu_json_iter iter = tu_json_iter(list);
	struct texts versions = {0}, excluded = {0};
	bool contradicts = false;

	if (!list.doc)
		return;
	product->narrowed = true;
	product->unreadable = !tu_json_is_array(list) || tu_json_count(list) == 0;
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &entry)) {
		enum entry_status status = status_of_entry(entry);
		struct tu_str version = version_of_entry(entry);

		/* Of what cannot be read nobody knows which versions it calls affected. */
		if (clears && (status == ENTRY_AFFECTED || status == ENTRY_UNREADABLE))
			add_text(r, &excluded, version.len ? version : TU_STR("vers:"));
		if (!version.len || status == ENTRY_UNREADABLE)
			product->unreadable = true;
		else if (status == (clears ? ENTRY_UNAFFECTED : ENTRY_AFFECTED))
			add_text(r, &versions, version);
		else
			contradicts |= status == ENTRY_AFFECTED;
	}
	if (product->unreadable)
		r->note(r->context, list, TU_CLAIM_ODD_VERSIONS);
	if (contradicts)
		r->note(r->context, list, TU_CLAIM_CONTRADICTED);
	product->versions = versions.at;
	product->version_count = versions.count;
	product->excluded = excluded.at;
	product->excluded_count = excluded.count;
}

/* ---- BOM-Links ---- */

/* Hexadecimal digits and hyphens, as a UUID has them. */
static bool is_serial(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = tu_char_lower(text.ptr[i]);

		if (!tu_char_is_digit(c) && (c < 'a' || c > 'f') && c != '-')
			return false;
	}
	return text.len > 0;
}

/* A version that is too large for any document is one that no document has. */
static bool read_version(struct tu_str text, uint32_t *out_version)
{
	uint64_t number = UINT32_MAX;

	for (size_t i = 0; i < text.len; i++)
		if (!tu_char_is_digit(text.ptr[i]))
			return false;
	(void)tu_str_to_u64(text, UINT32_MAX, &number);
	*out_version = (uint32_t)number;
	return text.len > 0 && number > 0;
}

bool tu_bom_link(struct tu_str text, struct tu_bom_link *out_link)
{
	struct tu_str document = tu_str_first(text, tu_str_find(text, '#'));
	size_t slash;

	*out_link = (struct tu_bom_link){.ref = tu_str_from(text, document.len + 1)};
	if (!tu_str_istarts(text, TU_STR("urn:cdx:")))
		return false;
	document = tu_str_from(document, 8);
	slash = tu_str_find(document, '/');
	out_link->serial = tu_str_first(document, slash);
	out_link->broken = !is_serial(out_link->serial) ||
		!read_version(tu_str_from(document, slash + 1), &out_link->version) ||
		(tu_str_ends(text, TU_STR("#")) && !out_link->ref.len);
	out_link->whole = !out_link->broken && !out_link->ref.len;
	return true;
}

/* ---- a vulnerability ---- */

static void take_products(
	struct tu_claim_reading *r, struct tu_json vulnerability, struct tu_vex_claim *claim)
{
	struct tu_json list = tu_json_get(vulnerability, TU_STR("affects")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	TU_VEC(struct tu_vex_product) products = {0};

	while (tu_json_is_array(list) && !r->status && tu_json_next_item(&iter, &item)) {
		struct tu_vex_product product = {0};
		struct tu_json ref = tu_json_get(item, TU_STR("ref"));

		product.id = keep(r, tu_json_str(ref));
		if (product.id.len)
			r->refer(r->context, ref, &product);
		take_versions(r, item, tu_claim_clears(claim->status), &product);
		if (!TU_VEC_PUSH_IN(r->arena, &products, product))
			r->status = TU_E_NOMEM;
	}
	claim->products = products.at;
	claim->product_count = products.count;
}

static void take_aliases(
	struct tu_claim_reading *r, struct tu_json vulnerability, struct tu_vex_claim *claim)
{
	struct tu_json list = tu_json_get(vulnerability, TU_STR("references")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct texts texts = {0};

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item))
		add_text(r, &texts, TU_JSON_STR(item, "id"));
	claim->aliases = texts.at;
	claim->alias_count = texts.count;
}

/* "update", "rollback", …: joined by commas. */
static struct tu_str responses(struct tu_claim_reading *r, struct tu_json analysis)
{
	struct tu_json list = tu_json_get(analysis, TU_STR("response")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_str kept;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		tu_buf_c(&text, text.len ? ", " : "");
		tu_buf_str_add(&text, tu_json_str(item));
	}
	if (text.failed)
		r->status = TU_E_NOMEM;
	kept = keep(r, tu_buf_str(&text));
	tu_buf_done(&text);
	return kept;
}

static void take_status(
	struct tu_claim_reading *r, struct tu_json vulnerability, struct tu_vex_claim *claim)
{
	struct tu_json analysis = tu_json_get(vulnerability, TU_STR("analysis"));
	struct tu_json state = tu_json_get(analysis, TU_STR("state"));

	claim->status = tu_claim_status_of(TU_WORDS_CYCLONEDX, tu_json_str(state));
	if (claim->status != TU_CLAIM_UNSTATED) {
		claim->state = keep(r, tu_json_str(state));
		return;
	}
	claim->garbled = state.doc != NULL || (analysis.doc && !tu_json_is_object(analysis));
	r->note(r->context, claim->garbled ? analysis : vulnerability,
		claim->garbled ? TU_CLAIM_ODD_STATE : TU_CLAIM_NO_ANALYSIS);
}

const char *tu_claim_note_text(enum tu_claim_note note)
{
	static const char *const texts[] = {
		[TU_CLAIM_NO_ANALYSIS] = "a vulnerability without an analysis: no statement",
		[TU_CLAIM_ODD_STATE] =
			"an analysis state that CycloneDX does not have: no statement",
		[TU_CLAIM_ODD_VERSIONS] =
			"versions that cannot be read: the statement does not apply to them",
		[TU_CLAIM_CONTRADICTED] =
			("versions listed as affected, which the analysis contradicts: the "
			 "statement does not apply to them")};

	return texts[note];
}

void tu_claim_read_cyclonedx(
	struct tu_claim_reading *r, struct tu_json vulnerability, struct tu_vex_claim *out_claim)
{
	struct tu_json analysis = tu_json_get(vulnerability, TU_STR("analysis"));
	struct tu_vex_claim claim = {.vulnerability = keep_member(r, vulnerability, TU_STR("id")),
		.justification = keep_member(r, analysis, TU_STR("justification")),
		.action = keep_member(r, vulnerability, TU_STR("recommendation")),
		.timestamp = keep_member(r, analysis, TU_STR("lastUpdated")),
		.state = {"", 0},
		.impact = {"", 0},
		.notes = {"", 0},
		.author = {"", 0},
		.pointer = {"", 0}};
	struct tu_str detail = keep_member(r, analysis, TU_STR("detail"));

	take_status(r, vulnerability, &claim);
	if (claim.status == TU_CLAIM_NOT_AFFECTED)
		claim.impact = detail;
	else
		claim.notes = detail;
	if (!claim.action.len)
		claim.action = responses(r, analysis);
	take_aliases(r, vulnerability, &claim);
	take_products(r, vulnerability, &claim);
	*out_claim = claim;
}
