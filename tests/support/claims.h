/*
 * Statements in short, for tables of tests. They are separated by " ; "; the words of one are
 *
 *   doc=N        of this document (0 to 3); "own" makes that document the SBOM's own
 *   author=A     of the document; by=A and at=TIME are the statement's
 *   fixed …      the status, "garbled" for a word that is none; "patch" for a patch that resolves
 *   CVE-…        the vulnerability; alias=ID a further id
 *   why=W, impact=T, action=T, notes=T, state=W   a "_" stands for a space
 *   /            begins a product, ">" a part of it; of either are
 *   pkg:…, cpe:…, hash=ALGORITHM:VALUE, serial=S, ref=R (of the SBOM, if no serial is given),
 *   here=N (a component by index), name=N, v=VERSION, not=VERSION, narrowed, unreadable, whole,
 * dangling
 */
#ifndef TU_TESTS_CLAIMS_H
#define TU_TESTS_CLAIMS_H

#include <string.h>

#include <tutela/vex.h>

#define CLAIMS_SERIAL "3e671687-395b-41f5-a30f-a58921a69b79"

enum { CLAIMS_MAX = 16, CLAIMS_PRODUCTS = 8, CLAIMS_TEXTS = 4, CLAIMS_DOCUMENTS = 4 };

struct claims_product {
	struct tu_str purls[CLAIMS_TEXTS], cpes[CLAIMS_TEXTS], versions[CLAIMS_TEXTS],
		excluded[CLAIMS_TEXTS];
	struct tu_hash_value hashes[CLAIMS_TEXTS];
	uint32_t components[CLAIMS_TEXTS];
};

struct claims {
	struct tu_arena *arena;
	struct tu_vex_document documents[CLAIMS_DOCUMENTS];
	const struct tu_vex_document *pointers[CLAIMS_DOCUMENTS];
	const char *names[CLAIMS_DOCUMENTS];
	size_t count;
	struct tu_vex_claim *claim; /* the one being read */
	struct tu_vex_product *products; /* of it */
	struct tu_vex_product *product; /* the product or part being read */
	struct claims_product *lists; /* of it */
};

static inline void *claims__alloc(struct claims *c, size_t count, size_t size)
{
	void *memory = tu_arena_array(c->arena, count, size);

	assert_non_null(memory);
	return memory;
}

/* "a_b": "a b" */
static inline struct tu_str claims__text(struct claims *c, struct tu_str word)
{
	char *text = claims__alloc(c, word.len + 1, 1);

	for (size_t i = 0; i < word.len; i++)
		text[i] = word.ptr[i] == '_' ? ' ' : word.ptr[i];
	return tu_str_of(text, word.len);
}

static inline void claims__begin_product(struct claims *c, bool part)
{
	struct tu_vex_product *product = c->product, *parts;

	c->lists = claims__alloc(c, 1, sizeof(*c->lists));
	if (part) {
		size_t last = c->claim->product_count - 1;

		product = &c->products[last];
		if (!product->parts)
			product->parts =
				claims__alloc(c, CLAIMS_PRODUCTS, sizeof(struct tu_vex_product));
		memcpy(&parts, &product->parts, sizeof(parts));
		c->product = &parts[product->part_count++];
	} else {
		c->product = &c->products[c->claim->product_count++];
	}
	assert_true(c->claim->product_count <= CLAIMS_PRODUCTS);
	*c->product = (struct tu_vex_product){.purls = c->lists->purls,
		.cpes = c->lists->cpes,
		.hashes = c->lists->hashes,
		.versions = c->lists->versions,
		.excluded = c->lists->excluded,
		.components = c->lists->components};
}

static inline void claims__take_hash(struct claims *c, struct tu_str text)
{
	size_t colon = tu_str_find(text, ':');

	c->lists->hashes[c->product->hash_count++] =
		(struct tu_hash_value){tu_str_first(text, colon), tu_str_from(text, colon + 1)};
}

static inline bool claims__product_word(struct claims *c, struct tu_str word)
{
	struct tu_vex_product *product = c->product;
	struct tu_str rest = word;

	if (tu_str_starts(word, TU_STR("pkg:")))
		c->lists->purls[product->purl_count++] = word;
	else if (tu_str_starts(word, TU_STR("cpe:")))
		c->lists->cpes[product->cpe_count++] = word;
	else if (tu_str_skip(&rest, TU_STR("hash=")))
		claims__take_hash(c, rest);
	else if (tu_str_skip(&rest, TU_STR("v=")))
		c->lists->versions[product->version_count++] = rest;
	else if (tu_str_skip(&rest, TU_STR("not=")))
		c->lists->excluded[product->excluded_count++] = rest;
	else if (tu_str_skip(&rest, TU_STR("here=")))
		c->lists->components[product->component_count++] = (uint32_t)(rest.ptr[0] - '0');
	else if (tu_str_skip(&rest, TU_STR("name=")))
		product->name = rest;
	else if (tu_str_skip(&rest, TU_STR("serial=")))
		product->serial = rest;
	else if (tu_str_skip(&rest, TU_STR("ref=")))
		product->ref = rest;
	else
		return false;
	if (product->ref.len && !product->serial.ptr)
		product->serial = TU_STR(CLAIMS_SERIAL);
	return true;
}

static inline bool claims__flag(struct claims *c, struct tu_str word)
{
	const struct {
		const char *word;
		bool *flag;
	} flags[] = {{"narrowed", &c->product->narrowed}, {"unreadable", &c->product->unreadable},
		{"whole", &c->product->whole}, {"dangling", &c->product->dangling}};

	for (size_t i = 0; i < TU_COUNT(flags); i++)
		if (tu_str_eq(word, tu_str_c(flags[i].word))) {
			*flags[i].flag = true;
			return true;
		}
	return false;
}

static inline bool claims__text_word(struct claims *c, struct tu_str word)
{
	const struct {
		const char *start;
		struct tu_str *text;
	} texts[] = {{"by=", &c->claim->author}, {"at=", &c->claim->timestamp},
		{"why=", &c->claim->justification}, {"impact=", &c->claim->impact},
		{"action=", &c->claim->action}, {"notes=", &c->claim->notes},
		{"state=", &c->claim->state}};

	for (size_t i = 0; i < TU_COUNT(texts); i++)
		if (tu_str_skip(&word, tu_str_c(texts[i].start))) {
			*texts[i].text = claims__text(c, word);
			return true;
		}
	return false;
}

static inline void claims__claim_word(
	struct claims *c, struct tu_vex_document *document, struct tu_str word)
{
	struct tu_str rest = word;

	if (tu_str_eq(word, TU_STR("own"))) {
		document->own = true;
	} else if (tu_str_skip(&rest, TU_STR("author="))) {
		document->author = rest;
	} else if (tu_str_eq(word, TU_STR("garbled"))) {
		c->claim->garbled = true;
	} else if (tu_str_eq(word, TU_STR("patch"))) {
		c->claim->patch = true;
	} else if (tu_str_skip(&rest, TU_STR("alias="))) {
		struct tu_str *alias = claims__alloc(c, 1, sizeof(*alias));

		*alias = rest;
		c->claim->aliases = alias;
		c->claim->alias_count = 1;
	} else if (!claims__text_word(c, word)) {
		enum tu_claim_status status = tu_claim_status_of(TU_WORDS_OPENVEX, word);

		if (status == TU_CLAIM_UNSTATED)
			c->claim->vulnerability = word;
		else
			c->claim->status = status;
	}
}

static inline void claims__read_one(struct claims *c, struct tu_str words)
{
	struct tu_vex_document *document = &c->documents[0];
	struct tu_vex_claim *claims;
	struct tu_str word;

	if (tu_str_skip(&words, TU_STR("doc="))) {
		document = &c->documents[(words.ptr[0] - '0') % CLAIMS_DOCUMENTS];
		words = tu_str_from(words, 2);
	}
	memcpy(&claims, &document->claims, sizeof(claims));
	assert_true(document->claim_count < CLAIMS_MAX);
	c->claim = &claims[document->claim_count++];
	c->products = claims__alloc(c, CLAIMS_PRODUCTS, sizeof(*c->products));
	c->claim->products = c->products;
	c->product = NULL;
	while (tu_str_split(&words, ' ', &word))
		if (tu_str_eq(word, TU_STR("/")) || tu_str_eq(word, TU_STR(">")))
			claims__begin_product(c, word.ptr[0] == '>');
		else if (c->product && (claims__product_word(c, word) || claims__flag(c, word)))
			continue;
		else if (word.len)
			claims__claim_word(c, document, word);
	if ((size_t)(document - c->documents) >= c->count)
		c->count = (size_t)(document - c->documents) + 1;
}

/* All that lives in the arena, but for the texts, which borrow from `text`. */
static inline void claims_read(struct claims *c, struct tu_arena *arena, struct tu_str text)
{
	static const char *const names[CLAIMS_DOCUMENTS] = {"a.json", "b.json", "c.json", "d.json"};

	*c = (struct claims){.arena = arena, .count = 1};
	for (size_t i = 0; i < CLAIMS_DOCUMENTS; i++) {
		c->names[i] = names[i];
		c->pointers[i] = &c->documents[i];
		c->documents[i].claims = claims__alloc(c, CLAIMS_MAX, sizeof(struct tu_vex_claim));
	}
	while (text.len) {
		size_t at = tu_str_search(text, TU_STR(" ; "));

		claims__read_one(c, tu_str_first(text, at));
		text = tu_str_from(text, at < text.len ? at + 3 : at);
	}
}

#endif
