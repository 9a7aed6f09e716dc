#include "sbom/inventory.h"

#include <stdint.h>

#include "base/alloc.h"
#include "base/hash.h"

enum { DEFAULT_COMPONENTS = 2000000, DEFAULT_NOTES = 1000 };

enum tu_status tu_sbom__nomem(struct tu_sbom_builder *b)
{
	return tu_no_memory(b->err);
}

/* Up to so many slots are in the inventory's arena: half a megabyte at most that it keeps, but in
 * the large page that its first texts are in, too. */
enum { SLOTS_BESIDE = 1 << 15 };

/* One slot for every 256 bytes of the document, up to 8 MiB of slots. They are looked at in no
 * order: of a small document, each page of a large table would be met for the first time. */
static size_t texts_for(size_t text_len)
{
	enum { BYTES_A_SLOT = 256, SLOTS_MIN = 1 << 8, SLOTS_MAX = 1 << 19 };
	size_t slots = SLOTS_MIN;

	while (slots < SLOTS_MAX && slots * BYTES_A_SLOT < text_len)
		slots *= 2;
	return slots;
}

enum tu_status tu_sbom__init(struct tu_sbom_builder *b, struct tu_arena *arena,
	struct tu_sbom_slices *slices, size_t text_len, const struct tu_sbom_limits *limits,
	struct tu_error *err)
{
	/* A zeroed text has no pointer; readers of the model may expect one. */
	static const struct tu_inventory nothing = {
		.spec_version = TU_STR_INIT(""),
		.serial = TU_STR_INIT(""),
		.name = TU_STR_INIT(""),
		.created = TU_STR_INIT(""),
		.phase = TU_STR_INIT(""),
		.subject = TU_NO_COMPONENT,
		.root = TU_STR_INIT(""),
		.list = TU_STR_INIT(""),
	};
	size_t slots = texts_for(text_len);

	*b = (struct tu_sbom_builder){
		.arena = arena, .slices = slices, .err = err, .for_matching = limits->for_matching};
	b->component_ceiling = limits->components ? limits->components : DEFAULT_COMPONENTS;
	b->note_ceiling = limits->notes ? limits->notes : DEFAULT_NOTES;
	if (b->component_ceiling >= TU_NO_COMPONENT)
		b->component_ceiling = TU_NO_COMPONENT - 1;
	/* Tables hold the document's own keys: their order must not be foreseeable to its
	 * author. The result does not depend on it. */
	b->refs.seed = (uint64_t)(uintptr_t)arena * 0x9e3779b97f4a7c15u;
	b->inventory = tu_arena_alloc(arena, sizeof(*b->inventory));
	b->scratch = tu_arena_new(0);
	if (slots <= SLOTS_BESIDE)
		b->texts.slots = tu_arena_array(arena, slots, sizeof(*b->texts.slots));
	else
		b->texts.slots = b->own_slots = tu_alloc(slots, sizeof(*b->texts.slots));
	b->texts.mask = slots - 1;
	if (!b->inventory || !b->texts.slots || !b->scratch)
		return tu_sbom__nomem(b);
	*b->inventory = nothing;
	return TU_OK;
}

void tu_sbom__done(struct tu_sbom_builder *b)
{
	tu_arena_free(b->scratch);
	tu_arena_free(b->identifiers);
	tu_free(b->own_slots);
	tu_free(b->remark_slots);
	tu_free(b->refs.slots);
	TU_VEC_DONE(&b->refs.others);
	TU_VEC_DONE(&b->relationships);
	TU_VEC_DONE(&b->claims);
	TU_VEC_DONE(&b->tools);
	TU_VEC_DONE(&b->phases);
	TU_VEC_DONE(&b->authors);
	TU_VEC_DONE(&b->leaves);
	TU_VEC_DONE(&b->licence_texts);
	TU_VEC_DONE(&b->unkept);
	tu_sbom__lists_done(&b->document);
	tu_sbom__lists_done(&b->own);
	TU_VEC_DONE(&b->remarks);
	TU_VEC_DONE(&b->cpes);
	TU_VEC_DONE(&b->hashes);
	TU_VEC_DONE(&b->resolved);
	TU_VEC_DONE(&b->about);
}

enum tu_status tu_sbom__reserve(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, size_t count)
{
	if (count > b->component_ceiling)
		return tu_json_fail(b->err, TU_E_LIMIT, at->value,
			"%zu components, more than the limit of %zu", count, b->component_ceiling);
	b->components.at = tu_arena_array(b->arena, count, sizeof(*b->components.at));
	if (!b->components.at)
		return tu_sbom__nomem(b);
	b->components.cap = count;
	return TU_OK;
}

void tu_sbom__draft(struct tu_sbom_builder *b, struct tu_sbom_draft *draft)
{
	*draft = (struct tu_sbom_draft){.component.parent = TU_NO_COMPONENT};
	b->cpes.count = 0;
	b->hashes.count = 0;
	tu_sbom__lists_clear(&b->own);
	b->resolved.count = 0;
}

/* Generators list the same CPE twice (a member and a property). A look at the first ones is
 * enough; thousands of CPEs in one component must not cost the square. */
static bool has_text(const struct tu_str *texts, size_t count, struct tu_str text)
{
	enum { LOOK_MAX = 64 };

	for (size_t i = 0; i < count && i < LOOK_MAX; i++) {
		if (tu_str_eq(texts[i], text))
			return true;
	}
	return false;
}

enum tu_status tu_sbom__add_cpe(struct tu_sbom_builder *b, struct tu_str cpe)
{
	struct tu_str copy;

	if (cpe.len == 0 || has_text(b->cpes.at, b->cpes.count, cpe))
		return TU_OK;
	if (tu_sbom__copy(b, cpe, &copy))
		return TU_E_NOMEM;
	return TU_VEC_PUSH(&b->cpes, copy) ? TU_OK : tu_sbom__nomem(b);
}

/* A look at the first ones is enough, as above. */
static bool has_licence(const struct tu_sbom_lists *lists, const struct tu_licence *licence)
{
	enum { LOOK_MAX = 64 };

	for (size_t i = 0; i < lists->licences.count && i < LOOK_MAX; i++) {
		const struct tu_licence *known = &lists->licences.at[i];

		if (tu_str_eq(known->text, licence->text) &&
			known->acknowledgement == licence->acknowledgement)
			return true;
	}
	return false;
}

enum tu_status tu_sbom__take_licence(
	struct tu_sbom_builder *b, struct tu_sbom_lists *lists, const struct tu_licence *licence)
{
	struct tu_licence copy = {.kind = licence->kind,
		.acknowledgement = licence->acknowledgement,
		.content = {"", 0},
		.content_type = {"", 0},
		.encoding = {"", 0},
		.url = {"", 0}};

	if (licence->text.len == 0 || has_licence(lists, licence))
		return TU_OK;
	if (tu_sbom__copy(b, licence->text, &copy.text))
		return TU_E_NOMEM;
	if (!b->for_matching &&
		(tu_sbom__copy(b, licence->content, &copy.content) ||
			tu_sbom__copy(b, licence->content_type, &copy.content_type) ||
			tu_sbom__copy(b, licence->encoding, &copy.encoding) ||
			tu_sbom__copy(b, licence->url, &copy.url)))
		return TU_E_NOMEM;
	return TU_VEC_PUSH(&lists->licences, copy) ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__add_licence(struct tu_sbom_builder *b, struct tu_str licence)
{
	const struct tu_licence named = {.text = licence, .kind = TU_LICENCE_NAME};

	return tu_sbom__take_licence(b, &b->own, &named);
}

static enum tu_status push_hash(
	struct tu_sbom_builder *b, struct tu_str algorithm, struct tu_str value)
{
	const struct tu_hash_value hash = {algorithm, value};

	return TU_VEC_PUSH(&b->hashes, hash) ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__add_hash(
	struct tu_sbom_builder *b, struct tu_str algorithm, struct tu_str value)
{
	if (value.len == 0)
		return TU_OK;
	if (tu_sbom__copy(b, algorithm, &algorithm) || tu_sbom__copy_lower(b, value, &value))
		return TU_E_NOMEM;
	return push_hash(b, algorithm, value);
}

enum tu_status tu_sbom__add_digest(
	struct tu_sbom_builder *b, struct tu_str algorithm, struct tu_str digits)
{
	return tu_sbom__lower(b, digits, &digits) ? push_hash(b, algorithm, digits) : TU_E_NOMEM;
}

enum tu_status tu_sbom__add_resolved(
	struct tu_sbom_builder *b, struct tu_str id, struct tu_str source, struct tu_str detail)
{
	struct tu_resolved resolved = {.source = source};

	if (tu_sbom__copy(b, id, &resolved.id) || tu_sbom__copy(b, detail, &resolved.detail))
		return TU_E_NOMEM;
	return TU_VEC_PUSH(&b->resolved, resolved) ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__seal(struct tu_sbom_builder *b, const void *items, size_t count,
	size_t size, const void **out_items, size_t *out_count)
{
	void *copy;

	*out_count = count;
	if (count == 0)
		return TU_OK;
	copy = tu_arena_array(b->arena, count, size);
	if (!copy)
		return tu_sbom__nomem(b);
	memcpy(copy, items, count * size);
	*out_items = copy;
	return TU_OK;
}

#define SEAL(b, vec, list, list_count) \
	tu_sbom__seal((b), (vec).at, (vec).count, sizeof(*(vec).at), \
		(const void **)(void *)&(list), &(list_count))

static enum tu_status seal_lists(struct tu_sbom_builder *b, struct tu_component *component)
{
	if (SEAL(b, b->cpes, component->cpes, component->cpe_count) ||
		SEAL(b, b->hashes, component->hashes, component->hash_count) ||
		SEAL(b, b->own.properties, component->properties, component->property_count) ||
		SEAL(b, b->resolved, component->resolved, component->resolved_count) ||
		tu_sbom__seal_licences(
			b, &b->own, &component->licences, &component->licence_count) ||
		tu_sbom__seal_detail(b, &b->own, &component->detail))
		return TU_E_NOMEM;
	return TU_OK;
}

static struct tu_sbom_made chosen_maker(const struct tu_sbom_draft *draft)
{
	for (size_t i = 0; i < TU_ROLES_; i++) {
		if (draft->makers[i].name.len)
			return draft->makers[i];
	}
	return draft->makers[TU_ROLE_SUPPLIER];
}

/* Parties of a reader that knows no more of them. */
static enum tu_status add_makers(struct tu_sbom_builder *b, const struct tu_sbom_draft *draft)
{
	enum tu_status status = TU_OK;

	if (b->for_matching || b->own.makers.count)
		return TU_OK;
	for (int i = 0; !status && i < TU_ROLES_; i++) {
		struct tu_party party;

		status = tu_sbom__party_of(b, &draft->makers[i], (enum tu_role)i, &party);
		if (!status)
			status = tu_sbom__add_party(b, &b->own, &party);
	}
	return status;
}

/* Is there anything to find it by, or anything inside it? */
static bool is_usable(const struct tu_sbom_builder *b, const struct tu_sbom_draft *draft)
{
	const struct tu_component *component = &draft->component;

	return component->name.len || component->purl.len || component->swid.len || b->cpes.count ||
		b->hashes.count || tu_json_count(draft->children.value);
}

/* As in tu_sbom__init(). */
static void fill_texts(struct tu_component *c)
{
	struct tu_str *const texts[] = {&c->ref, &c->group, &c->name, &c->version, &c->supplier,
		&c->contact, &c->purl, &c->swid};

	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		if (!texts[i]->ptr)
			*texts[i] = (struct tu_str){"", 0};
	}
}

enum tu_status tu_sbom__add(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, uint32_t *out_index)
{
	struct tu_component *component = &draft->component;
	struct tu_sbom_made made = chosen_maker(draft);
	enum tu_status status = tu_sbom__apply_properties(b, draft);

	if (!status)
		status = add_makers(b, draft);
	*out_index = TU_NO_COMPONENT;
	if (status)
		return status;
	if (!is_usable(b, draft))
		return tu_sbom__note_each(b, at,
			"left out: a component without name, purl, CPE, SWID tag or hash",
			TU_STR(""));
	component->supplier = made.name;
	component->contact = made.contact;
	fill_texts(component);
	if (seal_lists(b, component) || tu_sbom__check_identifiers(b, at, component))
		return TU_E_NOMEM;
	if (b->components.count == b->component_ceiling)
		return tu_json_fail(b->err, TU_E_LIMIT, at->value,
			"more components than the limit of %zu", b->component_ceiling);
	*out_index = (uint32_t)b->components.count;
	return TU_VEC_PUSH_IN(b->arena, &b->components, *component) ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__other_ref(struct tu_sbom_builder *b, struct tu_str ref)
{
	struct tu_str copy;

	if (ref.len == 0)
		return TU_OK;
	if (!tu_arena_dup(b->scratch, ref, &copy) || !TU_VEC_PUSH(&b->refs.others, copy))
		return tu_sbom__nomem(b);
	return TU_OK;
}

static struct tu_str ref_of(const struct tu_sbom_builder *b, size_t id)
{
	return id < b->refs.component_count ? b->components.at[id].ref
					    : b->refs.others.at[id - b->refs.component_count];
}

/* The slot of a reference, or the free one where it belongs. */
static size_t ref_slot(const struct tu_sbom_builder *b, struct tu_str ref)
{
	size_t slot = (size_t)tu_hash_seeded(ref, b->refs.seed) & b->refs.mask;

	while (b->refs.slots[slot] && !tu_str_eq(ref_of(b, b->refs.slots[slot] - 1), ref))
		slot = (slot + 1) & b->refs.mask;
	return slot;
}

static enum tu_status note_duplicate(struct tu_sbom_builder *b, struct tu_component *component)
{
	struct tu_str ref = component->ref;

	component->ref = (struct tu_str){"", 0};
	return tu_sbom__note_component(b, component,
		"an earlier component has the same reference, which stays with that one:", ref);
}

/* Enter the reference with this id; a component that comes too late loses its own. */
static enum tu_status enter_ref(struct tu_sbom_builder *b, size_t id)
{
	struct tu_str ref = ref_of(b, id);
	size_t slot;

	if (ref.len == 0)
		return TU_OK;
	slot = ref_slot(b, ref);
	if (!b->refs.slots[slot])
		b->refs.slots[slot] = (uint32_t)id + 1;
	else if (id < b->refs.component_count)
		return note_duplicate(b, &b->components.at[id]);
	return TU_OK;
}

enum tu_status tu_sbom__index(struct tu_sbom_builder *b)
{
	size_t count = b->components.count + b->refs.others.count;
	size_t slots = 16;
	enum tu_status status = TU_OK;

	if (count >= UINT32_MAX / 4)
		return tu_fail(b->err, TU_E_LIMIT, 0, "%zu references, too many", count);
	while (slots < count + count / 2)
		slots *= 2;
	b->refs.component_count = b->components.count;
	b->refs.slots = tu_alloc(slots, sizeof(*b->refs.slots));
	b->refs.mask = slots - 1;
	if (!b->refs.slots)
		return tu_sbom__nomem(b);
	for (size_t id = 0; !status && id < count; id++)
		status = enter_ref(b, id);
	return status;
}

enum tu_sbom_found tu_sbom__find(
	const struct tu_sbom_builder *b, struct tu_str ref, uint32_t *out_index)
{
	uint32_t id_plus_one = ref.len ? b->refs.slots[ref_slot(b, ref)] : 0;

	*out_index = TU_NO_COMPONENT;
	if (!id_plus_one)
		return TU_SBOM_FOUND_NOTHING;
	if (id_plus_one > b->refs.component_count)
		return TU_SBOM_FOUND_OTHER;
	*out_index = id_plus_one - 1;
	return TU_SBOM_FOUND_COMPONENT;
}

enum tu_status tu_sbom__relate(
	struct tu_sbom_builder *b, uint32_t from, enum tu_relation relation, uint32_t to)
{
	const struct tu_relationship relationship = {.from = from, .to = to, .relation = relation};

	return tu_sbom__relate_as(b, &relationship);
}

enum tu_status tu_sbom__relate_as(
	struct tu_sbom_builder *b, const struct tu_relationship *relationship)
{
	return TU_VEC_PUSH(&b->relationships, *relationship) ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__add_tool(
	struct tu_sbom_builder *b, struct tu_str name, struct tu_str version)
{
	size_t len = name.len + (name.len && version.len) + version.len;
	struct tu_str tool;
	char *text;

	if (len == 0)
		return TU_OK;
	text = tu_arena_text(b->scratch, len);
	if (!text)
		return tu_sbom__nomem(b);
	if (name.len)
		memcpy(text, name.ptr, name.len);
	if (name.len && version.len)
		text[name.len] = ' ';
	if (version.len)
		memcpy(text + len - version.len, version.ptr, version.len);
	if (tu_sbom__copy(b, tu_str_of(text, len), &tool))
		return TU_E_NOMEM;
	return TU_VEC_PUSH(&b->tools, tool) ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__party_of(struct tu_sbom_builder *b, const struct tu_sbom_made *made,
	enum tu_role role, struct tu_party *out_party)
{
	*out_party = (struct tu_party){.role = role, .kind = made->kind, .name = made->name};
	return tu_sbom__party_reached(b->arena, made->contact, out_party) ? TU_OK
									  : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__take_author(struct tu_sbom_builder *b, const struct tu_party *author)
{
	struct tu_party copy = *author;

	if (!author->name.len && !author->contact_count && !author->url_count)
		return TU_OK;
	if (tu_sbom__copy(b, author->name, &copy.name) || !TU_VEC_PUSH(&b->authors, copy))
		return tu_sbom__nomem(b);
	return TU_OK;
}

enum tu_status tu_sbom__add_author(struct tu_sbom_builder *b, const struct tu_sbom_made *author)
{
	struct tu_sbom_made copy = *author;
	struct tu_party party;

	if (tu_sbom__copy(b, author->contact, &copy.contact) ||
		tu_sbom__party_of(b, &copy, TU_ROLE_AUTHOR, &party))
		return TU_E_NOMEM;
	return tu_sbom__take_author(b, &party);
}

/* One product for each component in `about`. */
static enum tu_status add_products(struct tu_sbom_builder *b, struct tu_vex_claim *claim)
{
	const uint32_t *about = NULL;
	size_t count = 0;
	struct tu_vex_product *products =
		tu_arena_array(b->arena, b->about.count, sizeof(*products));

	if (!products || SEAL(b, b->about, about, count))
		return tu_sbom__nomem(b);
	for (size_t i = 0; i < count; i++)
		products[i] = (struct tu_vex_product){.id = b->components.at[about[i]].ref,
			.components = &about[i],
			.component_count = 1};
	claim->products = products;
	claim->product_count = count;
	return TU_OK;
}

enum tu_status tu_sbom__add_claim(struct tu_sbom_builder *b, const struct tu_vex_claim *claim)
{
	struct tu_vex_claim copy = *claim;

	if (b->about.count && add_products(b, &copy))
		return TU_E_NOMEM;
	return TU_VEC_PUSH(&b->claims, copy) ? TU_OK : tu_sbom__nomem(b);
}

static enum tu_status seal_notes(struct tu_sbom_builder *b)
{
	struct tu_sbom_note *notes;

	if (b->remarks.count == 0)
		return TU_OK;
	notes = tu_arena_array(b->arena, b->remarks.count, sizeof(*notes));
	if (!notes)
		return tu_sbom__nomem(b);
	for (size_t i = 0; i < b->remarks.count; i++) {
		if (tu_sbom__word(b, &b->remarks.at[i], &notes[i]))
			return TU_E_NOMEM;
	}
	b->inventory->notes = notes;
	b->inventory->note_count = b->remarks.count;
	return TU_OK;
}

enum tu_status tu_sbom__finish(struct tu_sbom_builder *b, const struct tu_inventory **out_inventory)
{
	struct tu_inventory *inventory = b->inventory;

	inventory->components = b->components.count ? b->components.at : NULL;
	inventory->component_count = b->components.count;
	if (SEAL(b, b->relationships, inventory->relationships, inventory->relationship_count) ||
		SEAL(b, b->claims, inventory->claims, inventory->claim_count) ||
		SEAL(b, b->tools, inventory->tools, inventory->tool_count) ||
		SEAL(b, b->authors, inventory->authors, inventory->author_count) ||
		tu_sbom__seal_document(b, inventory) || tu_sbom__note_nuls(b) || seal_notes(b))
		return TU_E_NOMEM;
	inventory->notes_left_out = b->remarks_left_out;
	*out_inventory = inventory;
	return TU_OK;
}
