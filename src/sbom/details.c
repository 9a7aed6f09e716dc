#include "sbom/details.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "sbom/inventory.h"

/* ---- which format has which text ---- */

#define NONE \
	{ \
		"", 0 \
	}

/* Columns: CycloneDX 1.7 (a component), SPDX 2.3 JSON (a package), SPDX 3.0.1 JSON-LD (a
 * software_Package); what is lost, for people. */
static const struct {
	struct tu_str members[TU_DIALECTS_];
	const char *words;
} texts[TU_TEXTS_] = {
	[TU_TEXT_DESCRIPTION] = {{TU_STR_INIT("description"), TU_STR_INIT("description"),
					 TU_STR_INIT("description")},
		"descriptions"},
	[TU_TEXT_SUMMARY] = {{NONE, TU_STR_INIT("summary"), TU_STR_INIT("summary")}, "summaries"},
	[TU_TEXT_COMMENT] = {{NONE, TU_STR_INIT("comment"), TU_STR_INIT("comment")}, "comments"},
	[TU_TEXT_COPYRIGHT] = {{TU_STR_INIT("copyright"), TU_STR_INIT("copyrightText"),
				       TU_STR_INIT("software_copyrightText")},
		"copyright notices"},
	[TU_TEXT_DOWNLOAD] = {{NONE, TU_STR_INIT("downloadLocation"),
				      TU_STR_INIT("software_downloadLocation")},
		"download locations"},
	[TU_TEXT_HOMEPAGE] = {{NONE, TU_STR_INIT("homepage"), TU_STR_INIT("software_homePage")},
		"home pages"},
	[TU_TEXT_FILE_NAME] = {{NONE, TU_STR_INIT("packageFileName"), NONE}, "file names"},
	[TU_TEXT_SOURCE_INFO] = {{NONE, TU_STR_INIT("sourceInfo"),
					 TU_STR_INIT("software_sourceInfo")},
		"notes on the source"},
	[TU_TEXT_RELEASED] = {{NONE, TU_STR_INIT("releaseDate"), TU_STR_INIT("releaseTime")},
		"dates of release"},
	[TU_TEXT_BUILT] = {{NONE, TU_STR_INIT("builtDate"), TU_STR_INIT("builtTime")},
		"dates of build"},
	[TU_TEXT_VALID_UNTIL] = {{NONE, TU_STR_INIT("validUntilDate"),
					 TU_STR_INIT("validUntilTime")},
		"dates until which something is valid"},
	[TU_TEXT_LICENCE_COMMENT] = {{NONE, TU_STR_INIT("licenseComments"), NONE},
		"comments on licences"},
	[TU_TEXT_ATTRIBUTION] = {{NONE, TU_STR_INIT("attributionTexts"),
					 TU_STR_INIT("software_attributionText")},
		"attributions"},
	[TU_TEXT_MIME_TYPE] = {{TU_STR_INIT("mime-type"), NONE, NONE}, "media types"},
	[TU_TEXT_VERSION_RANGE] = {{TU_STR_INIT("versionRange"), NONE, NONE}, "version ranges"},
	[TU_TEXT_IS_EXTERNAL] = {{TU_STR_INIT("isExternal"), NONE, NONE},
		"that a component is external"},
	[TU_TEXT_TAG] = {{TU_STR_INIT("tags"), NONE, NONE}, "tags"},
	[TU_TEXT_OMNIBOR] = {{TU_STR_INIT("omniborId"), NONE, NONE}, "OmniBOR ids"},
	[TU_TEXT_SWHID] = {{TU_STR_INIT("swhid"), NONE, NONE}, "Software Heritage ids"},
	[TU_TEXT_LICENCE_LIST_VERSION] = {{NONE, TU_STR_INIT("licenseListVersion"), NONE},
		"the version of the list of licences"},
};

struct tu_str tu_sbom__text_member(enum tu_text_kind kind, enum tu_sbom_dialect dialect)
{
	return texts[kind].members[dialect];
}

bool tu_sbom__text_kind(
	struct tu_str member, enum tu_sbom_dialect dialect, enum tu_text_kind *out_kind)
{
	for (int i = 0; member.len && i < TU_TEXTS_; i++) {
		if (tu_str_eq(texts[i].members[dialect], member)) {
			*out_kind = (enum tu_text_kind)i;
			return true;
		}
	}
	return false;
}

const char *tu_sbom__text_words(enum tu_text_kind kind)
{
	return texts[kind].words;
}

/* ---- asking ---- */

struct tu_str tu_sbom_detail_text(const struct tu_sbom_detail *detail, enum tu_text_kind kind)
{
	for (size_t i = 0; detail && i < detail->text_count; i++) {
		if (detail->texts[i].kind == kind)
			return detail->texts[i].text;
	}
	return TU_STR("");
}

struct tu_str tu_party_contact(const struct tu_party *party)
{
	for (size_t i = 0; i < party->contact_count; i++) {
		if (party->contacts[i].email.len)
			return party->contacts[i].email;
	}
	return party->url_count ? party->urls[0] : TU_STR("");
}

void tu_party_words(const struct tu_party *party, struct tu_buf *out)
{
	struct tu_str contact = tu_party_contact(party);

	tu_buf_str_add(out, party->name);
	if (contact.len)
		tu_buf_printf(out, "%s(%.*s)", party->name.len ? " " : "", TU_STR_FMT(contact));
}

enum tu_licence_kind tu_sbom__spdx_licence_kind(struct tu_str text)
{
	return tu_str_find(text, ' ') < text.len ? TU_LICENCE_EXPRESSION : TU_LICENCE_ID;
}

/* ---- licences by reference ---- */

bool tu_sbom__licence_index(struct tu_arena *arena, const struct tu_inventory *inventory,
	struct tu_licence_index *out_index)
{
	size_t count = inventory->licence_text_count;

	*out_index = (struct tu_licence_index){.ids = NULL};
	if (!count)
		return true;
	out_index->ids = tu_intern_new((size_t)1 << 31);
	out_index->by_id = tu_arena_array(arena, count, sizeof(const struct tu_licence_text *));
	if (!out_index->ids || !out_index->by_id)
		return false;
	for (size_t i = 0; i < count; i++) {
		uint32_t known = tu_intern_count(out_index->ids);
		uint32_t id;

		if (!tu_intern_add(out_index->ids, inventory->licence_texts[i].id, &id))
			return false;
		if (id == known)
			out_index->by_id[id] = &inventory->licence_texts[i];
	}
	return true;
}

void tu_sbom__licence_index_done(struct tu_licence_index *index)
{
	tu_intern_free(index->ids);
}

const struct tu_licence_text *tu_sbom__licence_text(
	const struct tu_licence_index *index, struct tu_str id)
{
	uint32_t at = index->ids ? tu_intern_find(index->ids, id) : TU_INTERN_NONE;

	return at == TU_INTERN_NONE ? NULL : index->by_id[at];
}

/* ---- parties ---- */

bool tu_sbom__party_reached(struct tu_arena *arena, struct tu_str contact, struct tu_party *party)
{
	bool mail = tu_str_find(contact, '@') < contact.len &&
		tu_str_search(contact, TU_STR("://")) == contact.len;
	struct tu_contact *contacts;
	struct tu_str *urls;

	party->contacts = NULL;
	party->urls = NULL;
	party->contact_count = party->url_count = 0;
	if (!contact.len)
		return true;
	contacts = tu_arena_alloc(arena, sizeof(*contacts));
	urls = tu_arena_alloc(arena, sizeof(*urls));
	if (!contacts || !urls)
		return false;
	*contacts = (struct tu_contact){.name = {"", 0}, .email = contact, .phone = {"", 0}};
	*urls = contact;
	party->contacts = mail ? contacts : NULL;
	party->contact_count = mail;
	party->urls = mail ? NULL : urls;
	party->url_count = !mail;
	return true;
}

/* The one that has the supplier's name gets the contact; else a supplier is added, for any other.
 */
bool tu_sbom__set_supplier(struct tu_arena *arena, struct tu_component *component)
{
	static const struct tu_sbom_detail none = {.texts = NULL};
	struct tu_sbom_detail *detail = tu_arena_alloc(arena, sizeof(*detail));
	const struct tu_sbom_detail *before = component->detail ? component->detail : &none;
	struct tu_party *makers = tu_arena_array(arena, before->maker_count + 1, sizeof(*makers));
	size_t count = 1; /* the first one is the supplier's place */
	bool named = false;

	if (!detail || !makers)
		return false;
	for (size_t i = 0; i < before->maker_count; i++) {
		struct tu_party *copy = &makers[count];

		*copy = before->makers[i];
		if (!named && tu_str_eq(copy->name, component->supplier)) {
			named = true;
			if (!tu_sbom__party_reached(arena, component->contact, copy))
				return false;
		} else if (copy->role == TU_ROLE_SUPPLIER) {
			continue;
		}
		count++;
	}
	makers[0] = (struct tu_party){.role = TU_ROLE_SUPPLIER, .name = component->supplier};
	if (!named && !tu_sbom__party_reached(arena, component->contact, &makers[0]))
		return false;
	*detail = *before;
	detail->makers = named ? makers + 1 : makers;
	detail->maker_count = named ? count - 1 : count;
	component->detail = detail;
	return true;
}

/* ---- growing ---- */

void tu_sbom__lists_clear(struct tu_sbom_lists *lists)
{
	lists->licences.count = 0;
	lists->properties.count = 0;
	lists->texts.count = 0;
	lists->makers.count = 0;
	lists->references.count = 0;
	lists->kept.count = 0;
}

void tu_sbom__lists_done(struct tu_sbom_lists *lists)
{
	TU_VEC_DONE(&lists->licences);
	TU_VEC_DONE(&lists->properties);
	TU_VEC_DONE(&lists->texts);
	TU_VEC_DONE(&lists->makers);
	TU_VEC_DONE(&lists->references);
	TU_VEC_DONE(&lists->kept);
}

enum tu_status tu_sbom__add_text(struct tu_sbom_builder *b, struct tu_sbom_lists *lists,
	enum tu_text_kind kind, struct tu_str text)
{
	struct tu_sbom_text copy = {.kind = kind};

	if (b->for_matching || !text.len)
		return TU_OK;
	if (tu_sbom__copy(b, text, &copy.text) || !TU_VEC_PUSH(&lists->texts, copy))
		return tu_sbom__nomem(b);
	return TU_OK;
}

enum tu_status tu_sbom__add_party(
	struct tu_sbom_builder *b, struct tu_sbom_lists *lists, const struct tu_party *party)
{
	struct tu_party copy = *party;

	if (b->for_matching || (!party->name.len && !party->contact_count && !party->url_count))
		return TU_OK;
	if (tu_sbom__copy(b, party->name, &copy.name) || !TU_VEC_PUSH(&lists->makers, copy))
		return tu_sbom__nomem(b);
	return TU_OK;
}

enum tu_status tu_sbom__add_reference(struct tu_sbom_builder *b, struct tu_sbom_lists *lists,
	const struct tu_sbom_reference *reference)
{
	struct tu_sbom_reference copy = *reference;

	if (b->for_matching)
		return TU_OK;
	if (tu_sbom__copy(b, reference->category, &copy.category) ||
		tu_sbom__copy(b, reference->type, &copy.type) ||
		tu_sbom__copy(b, reference->url, &copy.url) ||
		tu_sbom__copy(b, reference->comment, &copy.comment) ||
		!TU_VEC_PUSH(&lists->references, copy))
		return tu_sbom__nomem(b);
	return TU_OK;
}

/* CycloneDX XML leaves an empty object where something was that it does not read. */
static bool is_hollow(struct tu_json value)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json item;

	if (!tu_json_is_array(value))
		return tu_json_is_object(value) && tu_json_count(value) == 0;
	while (tu_json_next_item(&iter, &item)) {
		if (!tu_json_is_object(item) || tu_json_count(item))
			return false;
	}
	return tu_json_count(value) > 0;
}

enum tu_status tu_sbom__keep(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists)
{
	struct tu_kept kept = {.name = {"", 0}};
	struct tu_buf text;
	bool done;

	if (b->for_matching)
		return TU_OK;
	if (is_hollow(at->value))
		return tu_sbom__unkept(b, at, "lost: what only CycloneDX has:", at->key);
	tu_buf_init(&text, (size_t)1 << 31);
	tu_sbom__json_add(at->value, &text);
	done = !text.failed && !tu_sbom__copy(b, at->key, &kept.name) &&
		tu_arena_dup(b->arena, tu_buf_str(&text), &kept.json) &&
		TU_VEC_PUSH(&lists->kept, kept);
	tu_buf_done(&text);
	return done ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__add_licence_text(
	struct tu_sbom_builder *b, const struct tu_licence_text *licence)
{
	struct tu_licence_text copy = *licence;

	if (b->for_matching)
		return TU_OK;
	if (tu_sbom__copy(b, licence->id, &copy.id) ||
		tu_sbom__copy(b, licence->name, &copy.name) ||
		tu_sbom__copy(b, licence->text, &copy.text) ||
		tu_sbom__copy(b, licence->comment, &copy.comment) ||
		!TU_VEC_PUSH(&b->licence_texts, copy))
		return tu_sbom__nomem(b);
	return TU_OK;
}

enum tu_status tu_sbom__add_leaf(struct tu_sbom_builder *b, uint32_t component)
{
	if (b->for_matching || component == TU_NO_COMPONENT)
		return TU_OK;
	return TU_VEC_PUSH(&b->leaves, component) ? TU_OK : tu_sbom__nomem(b);
}

static bool says_something(struct tu_json value)
{
	switch (tu_json_type(value)) {
	case TU_JSON_ABSENT:
	case TU_JSON_NULL:
		return false;
	case TU_JSON_STRING:
		return tu_json_str(value).len > 0;
	case TU_JSON_ARRAY:
		return tu_json_count(value) > 0;
	case TU_JSON_OBJECT: /* CycloneDX XML leaves an empty one where something was */
	case TU_JSON_BOOL:
	case TU_JSON_NUMBER:
	default:
		return true;
	}
}

/* There are as many as the tables have members. */
enum tu_status tu_sbom__unkept(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const char *what, struct tu_str detail)
{
	struct tu_sbom_remark remark = {.what = what, .count = 1};
	struct tu_buf pointer;
	bool done;

	if (b->for_matching || !says_something(at->value))
		return TU_OK;
	for (size_t i = 0; i < b->unkept.count; i++) {
		if (b->unkept.at[i].what == what && tu_str_eq(b->unkept.at[i].detail, detail)) {
			b->unkept.at[i].count++;
			return TU_OK;
		}
	}
	tu_buf_init(&pointer, (size_t)1 << 30);
	tu_sbom__pointer(at, &pointer);
	done = !pointer.failed && tu_sbom__dup(b, detail, &remark.detail) &&
		tu_sbom__dup(b, tu_buf_str(&pointer), &remark.pointer) &&
		TU_VEC_PUSH(&b->unkept, remark);
	tu_buf_done(&pointer);
	return done ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__strings(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_str **out_texts, size_t *out_count)
{
	bool many = tu_json_is_array(at->value);
	size_t count = many ? tu_json_count(at->value) : 1;
	struct tu_json_iter iter = tu_json_iter(at->value);
	struct tu_json item = at->value;
	struct tu_str *copies;

	*out_count = 0;
	if (b->for_matching || !count)
		return TU_OK;
	copies = tu_arena_array(b->arena, count, sizeof(*copies));
	if (!copies)
		return tu_sbom__nomem(b);
	for (size_t i = 0; i < count; i++) {
		if (many && !tu_json_next_item(&iter, &item))
			break;
		if (tu_json_str(item).len &&
			tu_sbom__copy(b, tu_json_str(item), &copies[(*out_count)++]))
			return TU_E_NOMEM;
	}
	*out_texts = copies;
	return TU_OK;
}

/* ---- sealing ---- */

#define SEAL(b, vec, list, list_count) \
	tu_sbom__seal((b), (vec).at, (vec).count, sizeof(*(vec).at), \
		(const void **)(void *)&(list), &(list_count))

static bool same_licence(const struct tu_licence *a, const struct tu_licence *b)
{
	/* Shared texts: equal ones of a usual length have one address. */
	return a->text.ptr == b->text.ptr && a->text.len == b->text.len && a->kind == b->kind &&
		a->acknowledgement == b->acknowledgement && a->url.ptr == b->url.ptr &&
		a->content.ptr == b->content.ptr && a->encoding.ptr == b->encoding.ptr &&
		a->content_type.ptr == b->content_type.ptr;
}

static bool same_licences(const struct tu_licence *a, const struct tu_licence *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!same_licence(&a[i], &b[i]))
			return false;
	}
	return true;
}

/* A document has few different lists of licences. */
enum tu_status tu_sbom__seal_licences(struct tu_sbom_builder *b, const struct tu_sbom_lists *lists,
	const struct tu_licence **out_licences, size_t *out_count)
{
	size_t count = lists->licences.count;
	struct tu_sbom_licences *slot;

	*out_count = count;
	if (!count)
		return TU_OK;
	slot = &b->licences[tu_hash(lists->licences.at[0].text) % TU_COUNT(b->licences)];
	if (slot->count == count && same_licences(slot->at, lists->licences.at, count)) {
		*out_licences = slot->at;
		return TU_OK;
	}
	if (SEAL(b, lists->licences, *out_licences, *out_count))
		return TU_E_NOMEM;
	*slot = (struct tu_sbom_licences){*out_licences, count};
	return TU_OK;
}

enum tu_status tu_sbom__seal_detail(struct tu_sbom_builder *b, const struct tu_sbom_lists *lists,
	const struct tu_sbom_detail **out_detail)
{
	struct tu_sbom_detail *detail;

	*out_detail = NULL;
	if (!lists->texts.count && !lists->makers.count && !lists->references.count &&
		!lists->kept.count)
		return TU_OK;
	detail = tu_arena_alloc(b->arena, sizeof(*detail));
	if (!detail)
		return tu_sbom__nomem(b);
	*detail = (struct tu_sbom_detail){.texts = NULL};
	if (SEAL(b, lists->texts, detail->texts, detail->text_count) ||
		SEAL(b, lists->makers, detail->makers, detail->maker_count) ||
		SEAL(b, lists->references, detail->references, detail->reference_count) ||
		SEAL(b, lists->kept, detail->kept, detail->kept_count))
		return TU_E_NOMEM;
	*out_detail = detail;
	return TU_OK;
}

static int by_index(const void *a, const void *b)
{
	const uint32_t *x = a;
	const uint32_t *y = b;

	return (*x > *y) - (*x < *y);
}

static void sort_leaves(struct tu_sbom_builder *b)
{
	size_t kept = 0;

	if (b->leaves.count)
		qsort(b->leaves.at, b->leaves.count, sizeof(*b->leaves.at), by_index);
	for (size_t i = 0; i < b->leaves.count; i++) {
		if (!kept || b->leaves.at[kept - 1] != b->leaves.at[i])
			b->leaves.at[kept++] = b->leaves.at[i];
	}
	b->leaves.count = kept;
}

static enum tu_status seal_unkept(struct tu_sbom_builder *b, struct tu_inventory *inventory)
{
	struct tu_sbom_note *notes;

	if (!b->unkept.count)
		return TU_OK;
	notes = tu_arena_array(b->arena, b->unkept.count, sizeof(*notes));
	if (!notes)
		return tu_sbom__nomem(b);
	for (size_t i = 0; i < b->unkept.count; i++) {
		if (tu_sbom__word(b, &b->unkept.at[i], &notes[i]))
			return TU_E_NOMEM;
	}
	inventory->unkept = notes;
	inventory->unkept_count = b->unkept.count;
	return TU_OK;
}

enum tu_status tu_sbom__seal_document(struct tu_sbom_builder *b, struct tu_inventory *inventory)
{
	const struct tu_sbom_lists *lists = &b->document;

	sort_leaves(b);
	if (tu_sbom__seal_detail(b, lists, &inventory->detail) ||
		SEAL(b, lists->licences, inventory->licences, inventory->licence_count) ||
		SEAL(b, lists->properties, inventory->properties, inventory->property_count) ||
		SEAL(b, b->leaves, inventory->leaves, inventory->leaf_count) ||
		SEAL(b, b->phases, inventory->phases, inventory->phase_count) ||
		SEAL(b, b->licence_texts, inventory->licence_texts, inventory->licence_text_count))
		return TU_E_NOMEM;
	return seal_unkept(b, inventory);
}

/* ---- values as they are ---- */

/* What has more digits than a double is sure to keep is rounded. */
static void add_number(struct tu_json value, struct tu_buf *out)
{
	uint64_t whole;
	double number = 0;

	if (tu_json_u64(value, UINT64_MAX, &whole)) {
		tu_buf_printf(out, "%llu", (unsigned long long)whole);
		return;
	}
	(void)tu_json_number(value, &number);
	tu_buf_printf(out, "%.15g", number);
}

static void add_container(struct tu_json value, struct tu_buf *out)
{
	struct tu_json_iter iter = tu_json_iter(value);
	bool object = tu_json_is_object(value);
	struct tu_json item;
	struct tu_str key;
	bool first = true;

	tu_buf_byte(out, object ? '{' : '[');
	while (object ? tu_json_next_member(&iter, &key, &item) : tu_json_next_item(&iter, &item)) {
		if (!first)
			tu_buf_byte(out, ',');
		first = false;
		if (object) {
			tu_json_quote(key, out);
			tu_buf_byte(out, ':');
		}
		tu_sbom__json_add(item, out);
	}
	tu_buf_byte(out, object ? '}' : ']');
}

/* As deep as the reader allowed. */
void tu_sbom__json_add(struct tu_json value, struct tu_buf *out)
{
	switch (tu_json_type(value)) {
	case TU_JSON_ABSENT:
	case TU_JSON_NULL:
		tu_buf_c(out, "null");
		break;
	case TU_JSON_BOOL:
		tu_buf_c(out, tu_json_true(value) ? "true" : "false");
		break;
	case TU_JSON_NUMBER:
		add_number(value, out);
		break;
	case TU_JSON_STRING:
		tu_json_quote(tu_json_str(value), out);
		break;
	case TU_JSON_ARRAY:
	case TU_JSON_OBJECT:
	default:
		add_container(value, out);
		break;
	}
}
