/* Merging inventories: see <tutela/sbom_merge.h>. */
#include <tutela/sbom_merge.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/intern.h"
#include "base/vec.h"
#include "ident/keys.h"
#include "sbom/quality/merge_document.h"

#define KEYS_MAX ((size_t)4 << 30)
#define KEY_MAX ((size_t)1 << 30)
enum { SUBJECT = 0, COMPONENTS_MAX = 2000000 };

struct merging {
	struct tu_arena *arena;
	const struct tu_merge_options *options;
	struct tu_error *err;
	struct tu_component *components;
	uint32_t count;
	uint32_t *map; /* of the input at hand: its component → the merged one */
	bool *spoken_of; /* of the input at hand: components that a statement or a patch clears */
	size_t inputs;
	uint32_t *children; /* by merged component: how many lie in it, for ordinals */
	uint32_t top;
	struct tu_intern *keys; /* identities, when they are joined; else NULL */
	TU_VEC(uint32_t) by_key;
	TU_VEC(struct tu_relationship) relationships;
	TU_VEC(struct tu_vex_claim) claims;
	TU_VEC(struct tu_sbom_note) notes;
	size_t notes_left_out;
	struct tu_merge_document document;
	struct tu_buf text;
	struct tu_merge_counts counts;
};

static bool keep_text(struct merging *m, struct tu_str *out_text)
{
	return !m->text.failed && tu_arena_dup(m->arena, tu_buf_str(&m->text), out_text);
}

static bool relate_as(struct merging *m, const struct tu_relationship *relationship)
{
	if (relationship->from == relationship->to && relationship->from != TU_NO_COMPONENT)
		return true;
	return TU_VEC_PUSH_IN(m->arena, &m->relationships, *relationship);
}

static bool relate(struct merging *m, uint32_t from, enum tu_relation relation, uint32_t to)
{
	return relate_as(m, &(struct tu_relationship){from, to, relation, TU_TYPE_PLAIN});
}

/* ---- joining ---- */

/* Things of different kinds are not alike: an image "alpine 3.19" and the system in it. */
static void write_identity(struct merging *m, const struct tu_component *c)
{
	tu_buf_clear(&m->text);
	tu_buf_printf(&m->text, "%d\n", (int)c->kind);
	if (c->purl.len) {
		tu_buf_str_add(&m->text, c->purl);
		return;
	}
	tu_key_name(c->group, c->name, &m->text);
	tu_buf_byte(&m->text, '\n');
	tu_buf_str_add(&m->text, c->version);
}

static bool says_otherwise(struct tu_str first, struct tu_str second)
{
	return first.len && second.len && !tu_str_eq(first, second);
}

/* What only the later one states is taken over; where both speak, the first one stays. */
static void join(struct merging *m, struct tu_component *first, const struct tu_component *later)
{
	bool other = says_otherwise(first->supplier, later->supplier);

	m->counts.joined++;
	if (first->licence_count && later->licence_count)
		other |= !tu_str_eq(first->licences[0].text, later->licences[0].text);
	if (first->hash_count && later->hash_count &&
		tu_str_eq(first->hashes[0].algorithm, later->hashes[0].algorithm))
		other |= !tu_str_eq(first->hashes[0].value, later->hashes[0].value);
	m->counts.contradictions += other;
	if (!first->supplier.len) {
		first->supplier = later->supplier;
		first->contact = later->contact;
	}
	if (!first->swid.len)
		first->swid = later->swid;
#define TAKE(list, list_count) \
	if (!first->list_count) { \
		first->list = later->list; \
		first->list_count = later->list_count; \
	}
	TAKE(cpes, cpe_count)
	TAKE(hashes, hash_count)
	TAKE(licences, licence_count)
	TAKE(properties, property_count)
#undef TAKE
	if (!first->detail)
		first->detail = later->detail;
}

/* The merged component that has this identity already, or none; false: out of memory. A component
 * that a statement clears stays apart: what is said of one product's copy is not said of the
 * others. */
static bool find_alike(
	struct merging *m, const struct tu_component *c, uint32_t from, uint32_t *out_index)
{
	uint32_t id;

	*out_index = TU_NO_COMPONENT;
	if (!m->keys || m->spoken_of[from] || (!c->purl.len && !c->name.len))
		return true;
	write_identity(m, c);
	if (m->text.failed || !tu_intern_add(m->keys, tu_buf_str(&m->text), &id))
		return false;
	if (id == m->by_key.count)
		return TU_VEC_PUSH(&m->by_key, m->count);
	*out_index = m->by_key.at[id];
	return true;
}

/* ---- components ---- */

static uint32_t append(struct merging *m, const struct tu_component *c, uint32_t parent)
{
	struct tu_component *copy = &m->components[m->count];

	*copy = *c;
	copy->parent = parent;
	copy->ordinal = parent == TU_NO_COMPONENT ? m->top++ : m->children[parent]++;
	return m->count++;
}

static bool add_component(struct merging *m, const struct tu_component *c, size_t input,
	uint32_t parent, uint32_t from)
{
	struct tu_component copy = *c;
	uint32_t alike;

	if (!find_alike(m, c, from, &alike) ||
		!tu_merge_document_licences(&m->document, input, &copy))
		return false;
	if (alike != TU_NO_COMPONENT) {
		join(m, &m->components[alike], &copy);
		m->map[from] = alike;
	} else {
		tu_buf_clear(&m->text);
		tu_buf_printf(&m->text, "%zu:%.*s", input + 1, TU_STR_FMT(c->ref));
		if (c->ref.len && !keep_text(m, &copy.ref))
			return false;
		m->map[from] = append(m, &copy, m->options->flatten ? TU_NO_COMPONENT : parent);
	}
	return !m->options->flatten || parent == TU_NO_COMPONENT ||
		relate(m, parent, TU_REL_CONTAINS, m->map[from]);
}

static uint32_t subject_of(const struct tu_inventory *inventory)
{
	return inventory->subject < inventory->component_count ? inventory->subject
							       : TU_NO_COMPONENT;
}

/* As in its document, else in the document's subject. Without nesting only what the document itself
 * nests has a home. */
static uint32_t home_of(const struct merging *m, const struct tu_component *c, uint32_t subject)
{
	if (c->parent != TU_NO_COMPONENT)
		return m->map[c->parent];
	return m->options->flatten ? TU_NO_COMPONENT : subject;
}

/* What is at the top of its document belongs to the new subject: by dependency, since what is
 * nested in a subject is not found by tools that only read the list of components. */
static bool add_top(
	struct merging *m, const struct tu_inventory *inventory, size_t input, uint32_t index)
{
	return add_component(m, &inventory->components[index], input, TU_NO_COMPONENT, index) &&
		relate(m, SUBJECT, TU_REL_DEPENDS_ON, m->map[index]);
}

/* The subject goes first: parents stand before their children. */
static bool add_components(struct merging *m, const struct tu_inventory *inventory, size_t input)
{
	uint32_t subject = subject_of(inventory);
	uint32_t home = TU_NO_COMPONENT;
	bool fine = true;

	if (subject != TU_NO_COMPONENT) {
		fine = add_top(m, inventory, input, subject);
		home = m->map[subject];
	}
	for (uint32_t i = 0; fine && i < inventory->component_count; i++) {
		const struct tu_component *c = &inventory->components[i];

		if (i == subject)
			continue;
		if (subject == TU_NO_COMPONENT && c->parent == TU_NO_COMPONENT)
			fine = add_top(m, inventory, input, i);
		else
			fine = add_component(m, c, input, home_of(m, c, home), i);
	}
	return fine;
}

/* ---- what is about components ---- */

static bool add_relationships(struct merging *m, const struct tu_inventory *inventory)
{
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];

		/* What a document describes is what its subject says now. */
		if (r->from >= inventory->component_count || r->to >= inventory->component_count)
			continue;
		if (!relate_as(m,
			    &(struct tu_relationship){
				    m->map[r->from], m->map[r->to], r->relation, r->type}))
			return false;
	}
	return true;
}

/* What a product is about, by the indexes of the merged document. A statement about the whole
 * document is one about its subject, or all that it lists. */
static bool move_product(
	struct merging *m, const struct tu_inventory *inventory, struct tu_vex_product *product)
{
	uint32_t subject = subject_of(inventory);
	bool all = product->whole && subject == TU_NO_COMPONENT;
	size_t count = all	 ? inventory->component_count
		: product->whole ? 1
				 : product->component_count;
	uint32_t *about = tu_arena_array(m->arena, count, sizeof(*about));

	if (!about)
		return false;
	for (size_t i = 0; i < count; i++)
		about[i] = m->map[all		 ? (uint32_t)i
				: product->whole ? subject
						 : product->components[i]];
	product->components = about;
	product->component_count = count;
	product->whole = false;
	return true;
}

static bool add_claim(
	struct merging *m, const struct tu_inventory *inventory, const struct tu_vex_claim *claim)
{
	struct tu_vex_claim copy = *claim;
	struct tu_vex_product *products =
		tu_arena_array(m->arena, claim->product_count, sizeof(*products));

	if (!products)
		return false;
	for (size_t i = 0; i < claim->product_count; i++) {
		products[i] = claim->products[i];
		if (!move_product(m, inventory, &products[i]))
			return false;
	}
	copy.products = products;
	return TU_VEC_PUSH_IN(m->arena, &m->claims, copy);
}

/* Whether a claim names a product by an identifier alone, which components of other documents may
 * have as well. */
static bool names_by_identifier(const struct tu_vex_claim *claim)
{
	for (size_t i = 0; i < claim->product_count; i++) {
		const struct tu_vex_product *product = &claim->products[i];

		if (!product->whole && !product->dangling && product->component_count == 0)
			return true;
	}
	return false;
}

static bool clears(const struct tu_vex_claim *claim)
{
	return claim->status == TU_CLAIM_NOT_AFFECTED || claim->status == TU_CLAIM_FIXED;
}

static bool note_left_out(struct merging *m, const struct tu_vex_claim *claim)
{
	tu_buf_clear(&m->text);
	tu_buf_printf(&m->text,
		"left out: the statement on %.*s names its product by an identifier, which would "
		"be about the components of other documents, too",
		TU_STR_FMT(claim->vulnerability));
	struct tu_sbom_note note = {claim->pointer, {"", 0}, 1};

	return keep_text(m, &note.message) && TU_VEC_PUSH_IN(m->arena, &m->notes, note);
}

static bool add_claims(struct merging *m, const struct tu_inventory *inventory)
{
	for (size_t i = 0; i < inventory->claim_count; i++) {
		const struct tu_vex_claim *claim = &inventory->claims[i];
		bool spreads = m->inputs > 1 && clears(claim) && names_by_identifier(claim);

		if (spreads ? !note_left_out(m, claim) : !add_claim(m, inventory, claim))
			return false;
	}
	return true;
}

/* Mark what a statement clears; false: unclear, so it may be about everything. */
static bool mark_product(struct merging *m, const struct tu_inventory *inventory,
	const struct tu_vex_product *product)
{
	uint32_t subject = subject_of(inventory);

	if (product->part_count || (product->whole && subject == TU_NO_COMPONENT))
		return false;
	if (product->whole)
		m->spoken_of[subject] = true;
	for (size_t i = 0; i < product->component_count; i++)
		m->spoken_of[product->components[i]] = true;
	return true;
}

static void mark_spoken_of(struct merging *m, const struct tu_inventory *inventory)
{
	bool known = true;

	for (size_t i = 0; i < inventory->component_count; i++)
		m->spoken_of[i] = inventory->components[i].resolved_count > 0;
	for (size_t i = 0; i < inventory->claim_count; i++)
		for (size_t k = 0;
			clears(&inventory->claims[i]) && k < inventory->claims[i].product_count;
			k++)
			known &= mark_product(m, inventory, &inventory->claims[i].products[k]);
	for (size_t i = 0; !known && i < inventory->component_count; i++)
		m->spoken_of[i] = true;
}

static bool add_notes(struct merging *m, const struct tu_inventory *inventory, size_t input)
{
	m->notes_left_out += inventory->notes_left_out;
	for (size_t i = 0; i < inventory->note_count; i++) {
		struct tu_sbom_note note = inventory->notes[i];

		tu_buf_clear(&m->text);
		tu_buf_printf(&m->text, "document %zu: %.*s", input + 1, TU_STR_FMT(note.pointer));
		if (!keep_text(m, &note.pointer) || !TU_VEC_PUSH_IN(m->arena, &m->notes, note))
			return false;
	}
	return true;
}

struct texts {
	struct tu_str *at;
	size_t count;
	size_t cap;
};

/* Documents have few tools and authors. */
static bool add_texts(
	struct merging *m, struct texts *texts, const struct tu_str *more, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t known = 0;

		while (known < texts->count && !tu_str_eq(texts->at[known], more[i]))
			known++;
		if (known == texts->count && !TU_VEC_PUSH_IN(m->arena, texts, more[i]))
			return false;
	}
	return true;
}

struct parties {
	struct tu_party *at;
	size_t count;
	size_t cap;
};

static bool same_party(const struct tu_party *a, const struct tu_party *b)
{
	return a->role == b->role && a->kind == b->kind && tu_str_eq(a->name, b->name) &&
		tu_str_eq(tu_party_contact(a), tu_party_contact(b));
}

static bool add_authors(
	struct merging *m, struct parties *authors, const struct tu_inventory *inventory)
{
	for (size_t i = 0; i < inventory->author_count; i++) {
		size_t known = 0;

		while (known < authors->count &&
			!same_party(&authors->at[known], &inventory->authors[i]))
			known++;
		if (known == authors->count &&
			!TU_VEC_PUSH_IN(m->arena, authors, inventory->authors[i]))
			return false;
	}
	return true;
}

static bool add_input(struct merging *m, const struct tu_inventory *inventory, size_t input,
	struct texts *tools, struct parties *authors)
{
	m->map = tu_arena_array(m->arena, inventory->component_count, sizeof(*m->map));
	m->spoken_of = tu_arena_array(m->arena, inventory->component_count, sizeof(*m->spoken_of));
	if (!m->map || !m->spoken_of || !tu_merge_document_begin(&m->document, inventory))
		return false;
	mark_spoken_of(m, inventory);
	return add_components(m, inventory, input) && add_relationships(m, inventory) &&
		add_claims(m, inventory) && add_notes(m, inventory, input) &&
		tu_merge_document_add(&m->document, inventory, input, m->map) &&
		add_texts(m, tools, inventory->tools, inventory->tool_count) &&
		add_authors(m, authors, inventory);
}

/* ---- the whole ---- */

static int compare_relationships(const void *a, const void *b)
{
	const struct tu_relationship *x = a;
	const struct tu_relationship *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->relation != y->relation)
		return x->relation < y->relation ? -1 : 1;
	return (x->type > y->type) - (x->type < y->type);
}

/* Joined components bring the same relationship several times. */
static void unite_relationships(struct merging *m)
{
	struct tu_relationship *all = m->relationships.at;
	size_t kept = 0;

	if (m->relationships.count)
		qsort(all, m->relationships.count, sizeof(*all), compare_relationships);
	for (size_t i = 0; i < m->relationships.count; i++)
		if (i == 0 || compare_relationships(&all[i], &all[kept - 1]) != 0)
			all[kept++] = all[i];
	m->relationships.count = kept;
}

static bool merge_all(struct merging *m, const struct tu_inventory *const *inputs, size_t count,
	struct tu_inventory *merged)
{
	static const struct tu_str none = {"", 0};
	const struct tu_component subject = {
		.ref = TU_STR("subject"),
		.kind = m->options->kind,
		.group = none,
		.name = m->options->name,
		.version = m->options->version,
		.supplier = none,
		.contact = none,
		.purl = none,
		.swid = none,
	};
	struct texts tools = {0};
	struct parties authors = {0};

	(void)append(m, &subject, TU_NO_COMPONENT);
	for (size_t i = 0; i < count; i++)
		if (!add_input(m, inputs[i], i, &tools, &authors))
			return false;
	unite_relationships(m);
	*merged = (struct tu_inventory){
		.format = TU_SBOM_CYCLONEDX_JSON,
		.spec_version = TU_STR("1.6"),
		.serial = none,
		.name = m->options->name,
		.created = none,
		.phase = none,
		.tools = tools.at,
		.tool_count = tools.count,
		.authors = authors.at,
		.author_count = authors.count,
		.subject = SUBJECT,
		.components = m->components,
		.component_count = m->count,
		.relationships = m->relationships.at,
		.relationship_count = m->relationships.count,
		.claims = m->claims.at,
		.claim_count = m->claims.count,
		.notes = m->notes.at,
		.note_count = m->notes.count,
		.notes_left_out = m->notes_left_out,
		.root = none,
		.list = TU_STR("components"),
	};
	tu_merge_document_close(&m->document, merged);
	return true;
}

static enum tu_status make_room(
	struct merging *m, const struct tu_inventory *const *inputs, size_t count)
{
	size_t all = 1;

	for (size_t i = 0; i < count; i++)
		all += inputs[i]->component_count;
	if (all > COMPONENTS_MAX)
		return tu_fail(m->err, TU_E_LIMIT, 0, "%zu components; %d can be merged", all,
			COMPONENTS_MAX);
	m->components = tu_arena_array(m->arena, all, sizeof(*m->components));
	m->children = tu_arena_array(m->arena, all, sizeof(*m->children));
	if (m->options->flatten)
		m->keys = tu_intern_new(KEYS_MAX);
	if (!m->components || !m->children || (m->options->flatten && !m->keys))
		return tu_no_memory(m->err);
	return TU_OK;
}

enum tu_status tu_sbom_merge(struct tu_arena *arena, const struct tu_inventory *const *inputs,
	size_t count, const struct tu_merge_options *options,
	const struct tu_inventory **out_inventory, struct tu_merge_counts *out_counts,
	struct tu_error *err)
{
	struct tu_inventory *merged = tu_arena_alloc(arena, sizeof(*merged));
	struct merging m = {.arena = arena,
		.options = options,
		.err = err,
		.inputs = count,
		.document = {.arena = arena}};
	enum tu_status status = make_room(&m, inputs, count);

	tu_buf_init(&m.text, KEY_MAX);
	if (!status && (!merged || !merge_all(&m, inputs, count, merged)))
		status = tu_no_memory(err);
	if (!status) {
		*out_inventory = merged;
		*out_counts = m.counts;
	}
	tu_buf_done(&m.text);
	TU_VEC_DONE(&m.by_key);
	tu_merge_document_done(&m.document);
	tu_intern_free(m.keys);
	return status;
}
