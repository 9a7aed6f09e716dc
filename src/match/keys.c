#include "match/keys.h"

#include "base/any.h"
#include "ident/distro.h"
#include "match/engine.h"

#define KEY_MAX ((size_t)1 << 20)
#define SCRATCH_MAX ((size_t)1 << 30)

static bool add_key(struct tu_arena *arena, struct tu_match_keys *keys, const char *kind,
	const struct tu_str *parts, size_t count)
{
	struct tu_buf text;
	struct tu_str copy;
	bool ok;

	tu_buf_init(&text, KEY_MAX);
	tu_buf_c(&text, kind);
	for (size_t i = 0; i < count; i++) {
		if (i)
			tu_buf_byte(&text, '/');
		tu_buf_str_add(&text, parts[i]);
	}
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), &copy) &&
		TU_VEC_PUSH_IN(arena, &keys->list, copy);
	tu_buf_done(&text);
	return ok;
}

static bool add_word(
	struct tu_arena *arena, struct tu_match_keys *keys, const char *kind, struct tu_str word)
{
	return add_key(arena, keys, kind, &word, 1);
}

/* ---- of a component ---- */

static bool add_packages(
	struct tu_arena *arena, const struct identity *id, struct tu_match_keys *keys)
{
	for (size_t i = 0; i < id->package_count; i++) {
		const struct id_package *p = &id->packages[i];
		const struct tu_str parts[] = {p->type, p->namespace_, p->name};

		if (!add_key(arena, keys, "p:", parts, 3) ||
			(id->class != ID_LANGUAGE && !add_key(arena, keys, "s:", parts, 2)))
			return false;
	}
	return !id->has_purl ||
		(add_word(arena, keys, "t:", id->purl.type) &&
			add_word(arena, keys, "n:", id->purl_key));
}

static bool add_products(
	struct tu_arena *arena, const struct identity *id, struct tu_match_keys *keys)
{
	for (size_t i = 0; i < id->cpe_count; i++) {
		struct tu_str product = id->cpes[i].name.attr[TU_CPE_PRODUCT];

		if (!add_word(arena, keys, "c:", product) || !add_word(arena, keys, "n:", product))
			return false;
	}
	for (size_t i = 0; i < id->plain_name_count && id->class != ID_LANGUAGE; i++) {
		if (!add_word(arena, keys, "c:", id->plain_names[i]) ||
			!add_word(arena, keys, "n:", id->plain_names[i]))
			return false;
	}
	return !tu_match__names_vendor_kernel(id) ||
		add_word(arena, keys, "c:", TU_STR("linux_kernel"));
}

bool tu_match__keys(struct tu_arena *arena, const struct tu_component *component,
	struct tu_str distro, struct tu_match_keys *out, bool *out_release_counts)
{
	const struct inventory_distro system = {
		.text = distro, .namespace_ = tu_distro_namespace(distro)};
	struct tu_arena *scratch = tu_arena_new(SCRATCH_MAX);
	struct identity id = {0};
	bool ok;

	*out = (struct tu_match_keys){0};
	ok = scratch && tu_match__identify(scratch, component, &system, &id) &&
		add_packages(arena, &id, out) && add_products(arena, &id, out);
	*out_release_counts = id.has_purl && id.class != ID_LANGUAGE;
	tu_arena_free(scratch);
	return ok;
}

/* ---- of a change ---- */

struct touching {
	struct tu_arena *arena;
	struct tu_match_keys *keys;
	const struct tu_kb *kb[2]; /* old, new */
	const struct tu_kb_diff *diff;
	uint8_t *changed; /* of kb[0] or kb[1]: vulnerability -> what it affects changed */
};

/* Curated names whose product was touched; the tables of both are alike. */
static bool add_names(struct touching *t, const struct tu_kb_key *key)
{
	const struct tu_kb *kb = t->kb[1];
	uint32_t rows = tu_kb__rows(kb, KB_NAMES);

	for (uint32_t i = 0; i < rows; i++) {
		if (tu_str_eq(kb_str(kb, kb->names[i].product), key->product) &&
			tu_str_eq(kb_str(kb, kb->names[i].vendor), key->vendor) &&
			!add_word(t->arena, t->keys, "n:", kb_str(kb, kb->names[i].name)))
			return false;
	}
	return true;
}

static bool add_owners(struct touching *t)
{
	for (size_t i = 0; i < t->diff->key_count; i++) {
		const struct tu_kb_key *key = &t->diff->keys[i];
		const struct tu_str parts[] = {key->type, key->namespace_, key->name};
		bool ok = key->is_package
			? add_key(t->arena, t->keys, "p:", parts, 3)
			: add_word(t->arena, t->keys, "c:", key->product) && add_names(t, key);

		if (!ok)
			return false;
	}
	return true;
}

static bool same_names(const struct tu_kb *a, const struct tu_kb *b)
{
	uint32_t rows = tu_kb__rows(a, KB_NAMES);

	if (rows != tu_kb__rows(b, KB_NAMES))
		return false;
	for (uint32_t i = 0; i < rows; i++) {
		const struct kb_name *x = &a->names[i], *y = &b->names[i];

		if (x->scheme != y->scheme || !tu_str_eq(kb_str(a, x->name), kb_str(b, y->name)) ||
			!tu_str_eq(kb_str(a, x->vendor), kb_str(b, y->vendor)) ||
			!tu_str_eq(kb_str(a, x->product), kb_str(b, y->product)))
			return false;
	}
	return true;
}

static struct tu_str type_of(const struct tu_kb *kb, uint32_t package)
{
	return kb_str(kb, kb->packages[package].type);
}

static struct tu_str space_of(const struct tu_kb *kb, uint32_t package)
{
	return kb_str(kb, kb->packages[package].namespace_);
}

/* Types of the one that the other does not have; rows are sorted by type. */
static bool add_types(struct touching *t, const struct tu_kb *kb, const struct tu_kb *other)
{
	uint32_t rows = tu_kb__rows(kb, KB_PACKAGES), others = tu_kb__rows(other, KB_PACKAGES);
	uint32_t at = 0;

	for (uint32_t i = 0; i < rows; i++) {
		struct tu_str type = type_of(kb, i);

		if (i && kb->packages[i].type == kb->packages[i - 1].type)
			continue;
		while (at < others && tu_str_cmp(type_of(other, at), type) < 0)
			at++;
		if ((at == others || !tu_str_eq(type_of(other, at), type)) &&
			!add_word(t->arena, t->keys, "t:", type))
			return false;
	}
	return true;
}

/* The first package of a type and namespace. */
static uint32_t first_of(const struct tu_kb *kb, struct tu_str type, struct tu_str space)
{
	uint32_t lo = 0, hi = tu_kb__rows(kb, KB_PACKAGES);

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;
		int order = tu_str_cmp(type_of(kb, middle), type);

		if (order == 0)
			order = tu_str_cmp(space_of(kb, middle), space);
		if (order < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

/* Is any record of the distribution's packages about this release? */
static bool has_release(
	const struct tu_kb *kb, struct tu_str type, struct tu_str space, struct tu_str release)
{
	uint32_t rows = tu_kb__rows(kb, KB_PACKAGES);

	for (uint32_t i = first_of(kb, type, space);
		i < rows && tu_str_eq(type_of(kb, i), type) && tu_str_eq(space_of(kb, i), space);
		i++) {
		uint32_t last = 0;

		for (uint32_t e = kb->packages[i].first_entry; e < kb->packages[i + 1].first_entry;
			e++) {
			uint32_t detail = kb_body(kb, &kb->entries[e])->detail;

			if (detail == last)
				continue;
			last = detail;
			if (tu_str_eq(kb_str(kb, detail), release))
				return true;
		}
	}
	return false;
}

static bool was_seen(const struct tu_match_keys *seen, struct tu_str key)
{
	for (size_t i = seen->list.count; i-- > 0;)
		if (tu_str_eq(seen->list.at[i], key))
			return true;
	return false;
}

/* A release that one of the two has a record of and the other has none. */
static bool look_at_release(struct touching *t, unsigned side, uint32_t package,
	struct tu_str release, struct tu_match_keys *seen)
{
	const struct tu_kb *kb = t->kb[side], *other = t->kb[1 - side];
	const struct tu_str parts[] = {type_of(kb, package), space_of(kb, package), release};

	if (!add_key(t->arena, seen, "", parts, 3))
		return false;
	seen->list.count--;
	if (was_seen(seen, seen->list.at[seen->list.count]))
		return true;
	seen->list.count++;
	return has_release(other, parts[0], parts[1], release) ||
		add_key(t->arena, t->keys, "s:", parts, 2);
}

static bool mark_changed(struct touching *t, unsigned side)
{
	t->changed = tu_arena_array(t->arena, tu_kb__rows(t->kb[side], KB_VULNERABILITIES) + 1, 1);
	for (size_t i = 0; t->changed && i < t->diff->change_count; i++) {
		const struct tu_kb_change *change = &t->diff->changes[i];
		uint32_t index = side ? change->new_index : change->old_index;

		if (index != TU_KB_NONE && change->differences & TU_KB_APPLIES)
			t->changed[index] = 1;
	}
	return t->changed != NULL;
}

/* Releases of distributions that records came to cover, or no longer do: what the data do not cover
 * is undecided, for each package of the distribution. */
static bool add_spaces(struct touching *t, unsigned side)
{
	const struct tu_kb *kb = t->kb[side];
	uint32_t rows = tu_kb__rows(kb, KB_PACKAGES);
	struct tu_match_keys seen = {0};

	if (!mark_changed(t, side))
		return false;
	for (uint32_t i = 0; i < rows; i++) {
		uint32_t last = 0;

		for (uint32_t e = kb->packages[i].first_entry; e < kb->packages[i + 1].first_entry;
			e++) {
			uint32_t detail = kb_body(kb, &kb->entries[e])->detail;

			if (!detail || detail == last || !t->changed[kb->entries[e].vulnerability])
				continue;
			last = detail;
			if (!look_at_release(t, side, i, kb_str(kb, detail), &seen))
				return false;
		}
	}
	return true;
}

bool tu_match__touched(struct tu_arena *arena, const struct tu_kb *old_kb,
	const struct tu_kb *new_kb, const struct tu_kb_diff *diff, struct tu_match_keys *out)
{
	struct touching t = {.arena = arena, .keys = out, .kb = {old_kb, new_kb}, .diff = diff};

	*out = (struct tu_match_keys){.all = !same_names(old_kb, new_kb)};
	return out->all ||
		(add_owners(&t) && add_types(&t, old_kb, new_kb) && add_types(&t, new_kb, old_kb) &&
			add_spaces(&t, 0) && add_spaces(&t, 1));
}

/* ---- what counts of a component ---- */

bool tu_match__reads_property(struct tu_str name)
{
	static const struct tu_str read[] = {TU_STR_INIT("syft:metadata:epoch"),
		TU_STR_INIT("syft:metadata:source"), TU_STR_INIT("syft:metadata:sourceVersion"),
		TU_STR_INIT("syft:metadata:originPackage"), TU_STR_INIT("syft:metadata:sourceRpm"),
		TU_STR_INIT("syft:metadata:modularityLabel"),
		TU_STR_INIT("aquasecurity:trivy:SrcName"),
		TU_STR_INIT("aquasecurity:trivy:SrcVersion"),
		TU_STR_INIT("aquasecurity:trivy:SrcRelease"),
		TU_STR_INIT("aquasecurity:trivy:SrcEpoch"),
		TU_STR_INIT("aquasecurity:trivy:Modularitylabel")};

	return tu_str_is_any(name, read, TU_COUNT(read));
}

bool tu_match__find_systems(
	const struct tu_kb *kb, const struct tu_inventory *inventory, bool *out_systems)
{
	struct engine engine = {.kb = kb, .only_vulnerability = KB_NONE};
	bool ok;

	engine.scratch = tu_arena_new(SCRATCH_MAX);
	engine.present = tu_intern_new((size_t)1 << 30);
	ok = engine.scratch && engine.present;
	for (size_t i = 0; ok && i < inventory->component_count; i++) {
		struct identity id;

		tu_arena_reset(engine.scratch);
		engine.os_known = false;
		ok = tu_match__identify_products(engine.scratch, &inventory->components[i], &id) &&
			tu_match__add_presence(&engine, &id);
		out_systems[i] = ok &&
			(engine.os_known ||
				inventory->components[i].kind == TU_KIND_OPERATING_SYSTEM);
	}
	tu_intern_free(engine.present);
	tu_arena_free(engine.scratch);
	return ok;
}
