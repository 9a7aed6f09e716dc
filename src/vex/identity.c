#include "vex/identity.h"

#include <tutela/range.h>

#include "ident/distro.h"
#include "ident/keys.h"
#include "ident/lenient.h"
#include "ident/package.h"
#include "vex/versioned.h"

static void out_of(struct tu_identity *id)
{
	id->status = TU_E_NOMEM;
}

/* ---- the index ---- */

static void enter(struct tu_identity *id, const struct tu_buf *key, struct tu_identity_entry entry)
{
	uint32_t number;

	if (id->status)
		return;
	if (key->failed || !tu_intern_add(id->keys, tu_buf_str(key), &number) ||
		(number == id->heads.count && !TU_VEC_PUSH(&id->heads, TU_NO_COMPONENT))) {
		out_of(id);
		return;
	}
	entry.next = id->heads.at[number];
	if (!TU_VEC_PUSH(&id->entries, entry))
		out_of(id);
	else
		id->heads.at[number] = (uint32_t)id->entries.count - 1;
}

static void purl_key(const struct tu_purl *purl, struct tu_buf *out)
{
	tu_buf_clear(out);
	tu_key_purl(purl, out);
}

static void cpe_key(const struct tu_cpe *cpe, struct tu_buf *out)
{
	tu_buf_clear(out);
	tu_key_cpe_product(cpe, out);
}

static void hash_key(const struct tu_hash_value *hash, struct tu_buf *out)
{
	tu_buf_clear(out);
	tu_key_hash(hash->algorithm, hash->value, out);
}

static void ref_key(struct tu_str ref, struct tu_buf *out)
{
	tu_buf_clear(out);
	tu_key_ref(ref, out);
}

/* What a component is called is read as far as it is clear; what a statement is about must be
 * valid. False when it cannot be read; running out of memory is kept. */
typedef enum tu_status purl_reader(
	struct tu_arena *arena, struct tu_str text, struct tu_purl *out, struct tu_error *err);
typedef enum tu_status cpe_reader(
	struct tu_arena *arena, struct tu_str text, struct tu_cpe *out, struct tu_error *err);

static bool parse_purl(
	struct tu_identity *id, purl_reader *read, struct tu_str text, struct tu_purl *out)
{
	struct tu_error err = {0};
	enum tu_status status = read(id->arena, text, out, &err);

	if (status == TU_OK && !tu_package_settle(id->arena, out))
		status = TU_E_NOMEM;
	if (status == TU_E_NOMEM)
		out_of(id);
	return status == TU_OK;
}

static bool parse_cpe(
	struct tu_identity *id, cpe_reader *read, struct tu_str text, struct tu_cpe *out)
{
	struct tu_error err = {0};
	enum tu_status status = read(id->arena, text, out, &err);

	if (status == TU_E_NOMEM)
		out_of(id);
	return status == TU_OK;
}

static void enter_purl(
	struct tu_identity *id, uint32_t index, struct tu_str text, struct tu_buf *key)
{
	struct tu_purl *purl = tu_arena_alloc(id->arena, sizeof(*purl));

	if (!purl) {
		out_of(id);
		return;
	}
	if (!text.len || !parse_purl(id, tu_purl_read, text, purl))
		return; /* the SBOM's reader has told */
	purl_key(purl, key);
	enter(id, key, (struct tu_identity_entry){.component = index, .purl = purl});
}

static void enter_cpe(
	struct tu_identity *id, uint32_t index, struct tu_str text, struct tu_buf *key)
{
	struct tu_cpe *cpe = tu_arena_alloc(id->arena, sizeof(*cpe));

	if (!cpe) {
		out_of(id);
		return;
	}
	if (!parse_cpe(id, tu_cpe_read, text, cpe))
		return;
	cpe_key(cpe, key);
	enter(id, key, (struct tu_identity_entry){.component = index, .cpe = cpe});
}

static void enter_component(struct tu_identity *id, uint32_t index, struct tu_buf *key)
{
	const struct tu_component *component = &id->inventory->components[index];
	const struct tu_identity_entry plain = {.component = index};

	enter_purl(id, index, component->purl, key);
	for (size_t i = 0; i < component->cpe_count; i++)
		enter_cpe(id, index, component->cpes[i], key);
	for (size_t i = 0; i < component->hash_count; i++) {
		hash_key(&component->hashes[i], key);
		enter(id, key, plain);
	}
	if (component->ref.len) {
		ref_key(component->ref, key);
		enter(id, key, plain);
	}
}

/* Lower case, without "urn:uuid:". */
static bool take_serial(struct tu_identity *id)
{
	struct tu_str serial = id->inventory->serial;
	char *lower;

	if (tu_str_istarts(serial, TU_STR("urn:uuid:")))
		serial = tu_str_from(serial, 9);
	lower = tu_arena_text(id->arena, serial.len);
	if (!lower)
		return false;
	for (size_t i = 0; i < serial.len; i++)
		lower[i] = tu_char_lower(serial.ptr[i]);
	id->serial = tu_str_of(lower, serial.len);
	return true;
}

enum tu_status tu_identity_init(
	struct tu_identity *id, struct tu_arena *arena, const struct tu_inventory *inventory)
{
	struct tu_buf key;

	*id = (struct tu_identity){.arena = arena,
		.inventory = inventory,
		.keys = tu_intern_new((size_t)2 << 30),
		.nearest = TU_NO_COMPONENT,
		.stamps = tu_arena_array(arena, inventory->component_count, sizeof(uint32_t))};
	if (!id->keys || !id->stamps || !take_serial(id))
		return TU_E_NOMEM;
	tu_buf_init(&key, 1 << 20);
	for (size_t i = 0; i < inventory->component_count && !id->status; i++)
		enter_component(id, (uint32_t)i, &key);
	tu_buf_done(&key);
	return id->status;
}

void tu_identity_done(struct tu_identity *id)
{
	tu_intern_free(id->keys);
	TU_VEC_DONE(&id->heads);
	TU_VEC_DONE(&id->entries);
	TU_VEC_DONE(&id->found);
	TU_VEC_DONE(&id->doubtful);
}

/* ---- one product ---- */

static uint32_t head_of(struct tu_identity *id, const struct tu_buf *key)
{
	uint32_t number = key->failed ? TU_INTERN_NONE : tu_intern_find(id->keys, tu_buf_str(key));

	if (key->failed)
		out_of(id);
	return number == TU_INTERN_NONE ? TU_NO_COMPONENT : id->heads.at[number];
}

static enum tu_verdict test_version(
	struct tu_identity *id, struct tu_str listed, struct tu_vex_versioned versioned)
{
	bool no_memory = false;
	enum tu_verdict verdict = tu_vex_test_version(id->arena, listed, versioned, &no_memory);

	if (no_memory)
		out_of(id);
	return verdict;
}

static bool is_narrowed(const struct tu_vex_product *product)
{
	return product->version_count || product->narrowed || product->unreadable;
}

/* What the versions that the statement names say of the component's. */
static enum tu_vex_outcome compare_versions(struct tu_identity *id,
	const struct tu_vex_product *product, struct tu_vex_versioned version)
{
	bool doubtful = product->unreadable;

	if (!is_narrowed(product))
		return TU_VEX_APPLIES;
	for (size_t i = 0; i < product->excluded_count; i++) {
		enum tu_verdict verdict = test_version(id, product->excluded[i], version);

		if (verdict != TU_OUTSIDE)
			return verdict == TU_INSIDE ? TU_VEX_CONTRADICTORY
						    : TU_VEX_UNREADABLE_VERSIONS;
	}
	for (size_t i = 0; i < product->version_count; i++) {
		enum tu_verdict verdict = test_version(id, product->versions[i], version);

		if (verdict == TU_INSIDE)
			return TU_VEX_APPLIES;
		doubtful |= verdict == TU_UNDECIDED;
	}
	return doubtful ? TU_VEX_UNREADABLE_VERSIONS : TU_VEX_OTHER_VERSION;
}

/* A package URL names a range of versions by the qualifier "vers". */
static enum tu_vex_outcome compare_range(
	struct tu_identity *id, const struct tu_purl *stated, struct tu_vex_versioned version)
{
	struct tu_str text = tu_purl_qualifier(stated, TU_STR("vers"));
	const struct tu_vex_product named = {.versions = &text, .version_count = text.len > 0};

	return compare_versions(id, &named, version);
}

/* A release has many spellings, and its points are the release. */
static bool same_qualifier(
	struct tu_identity *id, const struct tu_purl_qualifier *stated, const struct tu_purl *has)
{
	struct tu_str value = tu_purl_qualifier(has, stated->key);
	struct tu_str release, other;

	if (tu_str_eq(stated->key, TU_STR("vers")) || tu_str_eq(stated->value, value))
		return true;
	if (!tu_str_eq(stated->key, TU_STR("distro")))
		return false;
	if (!tu_distro_spell_in(id->arena, has->namespace_, stated->value, &release) ||
		!tu_distro_spell_in(id->arena, has->namespace_, value, &other)) {
		out_of(id);
		return false;
	}
	return tu_distro_is_understood(release) && tu_distro_is_understood(other) &&
		tu_distro_covers(release, other);
}

static enum tu_vex_outcome compare_purls(struct tu_identity *id, const struct tu_purl *stated,
	const struct tu_purl *has, const struct tu_component *component)
{
	struct tu_str version = has->version.len ? has->version : component->version;

	if (stated->version.len && !tu_str_eq(stated->version, version))
		return TU_VEX_OTHER_VERSION;
	for (size_t i = 0; i < stated->qualifier_count; i++)
		if (!same_qualifier(id, &stated->qualifiers[i], has))
			return TU_VEX_OTHER_QUALIFIERS;
	if (stated->subpath.len && !tu_str_eq(stated->subpath, has->subpath))
		return TU_VEX_OTHER_QUALIFIERS;
	return compare_range(
		id, stated, (struct tu_vex_versioned){version, tu_purl_scheme(has->type)});
}

static enum tu_vex_outcome compare_cpes(const struct tu_cpe *stated, const struct tu_cpe *has)
{
	enum tu_cpe_relation relation = tu_cpe_compare(stated, has);
	enum tu_cpe_relation version =
		tu_cpe_attr_compare(stated->attr[TU_CPE_VERSION], has->attr[TU_CPE_VERSION]);

	if (relation == TU_CPE_EQUAL || relation == TU_CPE_SUPERSET)
		return TU_VEX_APPLIES;
	return version == TU_CPE_EQUAL || version == TU_CPE_SUPERSET ? TU_VEX_OTHER_QUALIFIERS
								     : TU_VEX_OTHER_VERSION;
}

/* The component's own, else that of the identifier by which it was found. */
static struct tu_str version_of(
	const struct tu_component *component, const struct tu_identity_entry *entry)
{
	if (component->version.len)
		return component->version;
	if (entry->purl)
		return entry->purl->version;
	if (entry->cpe && !tu_str_eq(entry->cpe->attr[TU_CPE_VERSION], TU_STR("*")) &&
		!tu_str_eq(entry->cpe->attr[TU_CPE_VERSION], TU_STR("-")))
		return entry->cpe->attr[TU_CPE_VERSION];
	return TU_STR("");
}

/* "h<algorithm> <value>", twice: is what stands before the blank equal? */
static bool same_algorithm(struct tu_str one, struct tu_str other)
{
	return tu_str_eq(tu_str_first(one, tu_str_find(one, ' ')),
		tu_str_first(other, tu_str_find(other, ' ')));
}

/* Length of the hexadecimal value by the algorithm's letters and digits; 0: it is none of these. */
static size_t hash_length(struct tu_str algorithm)
{
	static const struct {
		const char *suffix;
		size_t length;
	} lengths[] = {{"md5", 32}, {"sha1", 40}, {"256", 64}, {"384", 96}, {"512", 128}};
	char letters[32];
	size_t len = 0;
	struct tu_str text;

	for (size_t i = 0; i < algorithm.len && len < sizeof(letters); i++)
		if (tu_char_is_alnum(algorithm.ptr[i]))
			letters[len++] = tu_char_lower(algorithm.ptr[i]);
	text = tu_str_of(letters, len);
	for (size_t i = 0; i < TU_COUNT(lengths); i++)
		if (tu_str_ends(text, tu_str_c(lengths[i].suffix)))
			return lengths[i].length;
	return 0;
}

static bool is_readable_hash(const struct tu_hash_value *hash)
{
	for (size_t i = 0; i < hash->value.len; i++)
		if (!tu_char_is_digit(hash->value.ptr[i]) &&
			(tu_char_lower(hash->value.ptr[i]) < 'a' ||
				tu_char_lower(hash->value.ptr[i]) > 'f'))
			return false;
	return hash->value.len && hash->value.len == hash_length(hash->algorithm);
}

/* A hash by an algorithm that both have, and another value; or one that cannot be read: nobody
 * knows that it is the same file. */
static bool hash_differs(struct tu_identity *id, const struct tu_vex_product *product,
	const struct tu_component *component)
{
	struct tu_buf one, other;
	bool differs = false, equal = false;

	tu_buf_init(&one, 1 << 20);
	tu_buf_init(&other, 1 << 20);
	for (size_t i = 0; i < product->hash_count && !equal; i++)
		for (size_t k = 0; k < component->hash_count && !equal; k++) {
			const struct tu_hash_value *a = &product->hashes[i];
			const struct tu_hash_value *b = &component->hashes[k];

			hash_key(a, &one);
			hash_key(b, &other);
			if (one.failed || other.failed)
				out_of(id);
			equal = tu_str_eq(tu_buf_str(&one), tu_buf_str(&other));
			differs |= !is_readable_hash(a) ||
				same_algorithm(tu_buf_str(&one), tu_buf_str(&other));
		}
	tu_buf_done(&one);
	tu_buf_done(&other);
	return differs && !equal;
}

static void keep_doubtful(struct tu_identity *id, uint32_t component)
{
	if (!TU_VEC_PUSH(&id->doubtful, component))
		out_of(id);
}

/* Take note of what a component is to the product; the best outcome is kept. */
static void consider(struct tu_identity *id, const struct tu_vex_product *product,
	const struct tu_identity_entry *entry, enum tu_vex_outcome outcome,
	enum tu_vex_outcome *best)
{
	uint32_t component = entry->component;
	const struct tu_component *c = &id->inventory->components[component];

	if (outcome == TU_VEX_APPLIES && hash_differs(id, product, c))
		outcome = TU_VEX_OTHER_FILE;
	if (outcome == TU_VEX_APPLIES)
		outcome = compare_versions(
			id, product, tu_vex_versioned_of(version_of(c, entry), c->purl));
	if (outcome == TU_VEX_UNREADABLE_VERSIONS || outcome == TU_VEX_CONTRADICTORY)
		keep_doubtful(id, component);
	if (outcome > *best) {
		*best = outcome;
		id->nearest = component;
	}
	if (outcome != TU_VEX_APPLIES || id->stamps[component] == id->stamp)
		return;
	id->stamps[component] = id->stamp;
	if (!TU_VEC_PUSH(&id->found, component))
		out_of(id);
}

static void raise_to(enum tu_vex_outcome *best, enum tu_vex_outcome outcome)
{
	if (*best < outcome)
		*best = outcome;
}

/* Components were found, from `before` on, by an identifier that has no version. */
static void note_all(struct tu_identity *id, const struct tu_vex_product *product, size_t before)
{
	id->all_versions |= id->found.count > before && !is_narrowed(product);
}

/* "pkg:npm/pump@", "pkg:npm/pump?vers=": what would narrow it is there and empty. */
static bool has_blank(struct tu_str purl)
{
	struct tu_str text = tu_str_first(purl, tu_str_find(purl, '#'));
	struct tu_str rest = tu_str_from(text, tu_str_find(text, '?'));

	if (tu_str_ends(tu_str_first(text, text.len - rest.len), TU_STR("@")))
		return true;
	while (rest.len) {
		struct tu_str pair = tu_str_from(rest, 1); /* after '?' or '&' */

		rest = tu_str_from(pair, tu_str_find(pair, '&'));
		pair.len -= rest.len;
		if (tu_str_find(pair, '=') + 1 == pair.len)
			return true;
	}
	return false;
}

static void find_purl(struct tu_identity *id, const struct tu_vex_product *product,
	struct tu_str text, struct tu_buf *key, enum tu_vex_outcome *best)
{
	struct tu_vex_product named = *product;
	const size_t before = id->found.count;
	struct tu_purl purl;
	uint32_t at;

	if (!parse_purl(id, tu_purl_parse, text, &purl))
		return;
	raise_to(best, TU_VEX_OTHER_PRODUCT);
	named.unreadable |= has_blank(text);
	purl_key(&purl, key);
	for (at = head_of(id, key); at != TU_NO_COMPONENT; at = id->entries.at[at].next)
		consider(id, &named, &id->entries.at[at],
			compare_purls(id, &purl, id->entries.at[at].purl,
				&id->inventory->components[id->entries.at[at].component]),
			best);
	if (!purl.version.len && !tu_purl_qualifier(&purl, TU_STR("vers")).len)
		note_all(id, &named, before);
}

static void find_cpe(struct tu_identity *id, const struct tu_vex_product *product,
	struct tu_str text, struct tu_buf *key, enum tu_vex_outcome *best)
{
	const size_t before = id->found.count;
	struct tu_cpe cpe;
	uint32_t at;

	if (!parse_cpe(id, tu_cpe_parse, text, &cpe))
		return;
	raise_to(best, TU_VEX_OTHER_PRODUCT);
	cpe_key(&cpe, key);
	for (at = head_of(id, key); at != TU_NO_COMPONENT; at = id->entries.at[at].next)
		consider(id, product, &id->entries.at[at],
			compare_cpes(&cpe, id->entries.at[at].cpe), best);
	if (tu_str_eq(cpe.attr[TU_CPE_VERSION], TU_STR("*")))
		note_all(id, product, before);
}

static void find_plain(struct tu_identity *id, const struct tu_vex_product *product,
	const struct tu_buf *key, enum tu_vex_outcome *best)
{
	raise_to(best, TU_VEX_OTHER_PRODUCT);
	for (uint32_t at = head_of(id, key); at != TU_NO_COMPONENT; at = id->entries.at[at].next)
		consider(id, product, &id->entries.at[at], TU_VEX_APPLIES, best);
}

/* A BOM-Link is serial number and version: in another version the same reference may be another
 * component. An SBOM that states none is version 1 (CycloneDX 1.6, version). */
static bool is_own_serial(const struct tu_identity *id, const struct tu_vex_product *product)
{
	uint32_t own = id->inventory->bom_version ? id->inventory->bom_version : 1;

	return product->serial.len && tu_str_eq(product->serial, id->serial) &&
		(!product->bom_version || product->bom_version == own);
}

static void find_ref(struct tu_identity *id, const struct tu_vex_product *product,
	struct tu_buf *key, enum tu_vex_outcome *best)
{
	if (!is_own_serial(id, product)) {
		raise_to(best, TU_VEX_OTHER_DOCUMENT);
		return;
	}
	ref_key(product->ref, key);
	find_plain(id, product, key, best);
}

/* Inside the SBOM the components are known by their references. */
static void find_here(
	struct tu_identity *id, const struct tu_vex_product *product, enum tu_vex_outcome *best)
{
	for (size_t i = 0; i < product->component_count; i++)
		consider(id, product,
			&(struct tu_identity_entry){.component = product->components[i]},
			TU_VEX_APPLIES, best);
}

static void find_named(struct tu_identity *id, const struct tu_vex_product *product,
	struct tu_buf *key, enum tu_vex_outcome *best)
{
	for (size_t i = 0; i < product->purl_count; i++)
		find_purl(id, product, product->purls[i], key, best);
	for (size_t i = 0; i < product->cpe_count; i++)
		find_cpe(id, product, product->cpes[i], key, best);
	for (size_t i = 0; i < product->hash_count; i++) {
		hash_key(&product->hashes[i], key);
		find_plain(id, product, key, best);
	}
}

/* All that the inventory is about, in the versions of its subject. */
static void find_whole(
	struct tu_identity *id, const struct tu_vex_product *product, enum tu_vex_outcome *best)
{
	uint32_t subject = id->inventory->subject;
	struct tu_str version = subject == TU_NO_COMPONENT
		? TU_STR("")
		: id->inventory->components[subject].version;

	*best = compare_versions(id, product, tu_vex_versioned_of(version, TU_STR("")));
	id->whole = *best == TU_VEX_APPLIES;
}

static bool has_names(const struct tu_vex_product *product)
{
	return product->purl_count || product->cpe_count || product->hash_count;
}

enum tu_vex_outcome tu_identity_find(struct tu_identity *id, const struct tu_vex_product *product)
{
	enum tu_vex_outcome best =
		product->purl_count || product->cpe_count ? TU_VEX_UNREADABLE : TU_VEX_NO_PRODUCT;
	struct tu_buf key;

	id->stamp++;
	id->found.count = 0;
	id->doubtful.count = 0;
	id->nearest = TU_NO_COMPONENT;
	id->whole = id->all_versions = id->lost = false;
	if (product->whole && (!product->serial.len || is_own_serial(id, product))) {
		find_whole(id, product, &best);
		return best;
	}
	tu_buf_init(&key, 1 << 20);
	find_here(id, product, &best);
	/* A reference into this very SBOM is exact: its identifiers may be those of several. */
	if (!product->ref.len || !is_own_serial(id, product))
		find_named(id, product, &key, &best);
	if (product->ref.len || product->whole)
		find_ref(id, product, &key, &best);
	tu_buf_done(&key);
	if (product->dangling)
		raise_to(&best, TU_VEX_OTHER_PRODUCT);
	id->lost = product->dangling ||
		(product->ref.len && is_own_serial(id, product) && !has_names(product) &&
			best == TU_VEX_OTHER_PRODUCT);
	return best;
}
