/*
 * Supplements in two files: supplement.c reads the side file, supplement_merge.c applies it.
 */
#ifndef TU_SBOM_SUPPLEMENT_H
#define TU_SBOM_SUPPLEMENT_H

#include <tutela/supplement.h>

#include "base/intern.h"
#include "base/json.h"
#include "base/vec.h"
#include "ident/keys.h"

#define TU_SUPPLEMENT_KEY_MAX \
	((size_t)1 << 30) /* only memory may end a key: a long one must be found too */

enum {
	TU_SUPPLEMENT_SHOWN = 80, /* bytes of a text in a message */
	/* Entries with one key: each component that has it asks them all. */
	TU_SUPPLEMENT_ALIKE_MAX = 64
};

/* What an entry may state; the order is that of the tables. */
enum tu_supplement_field {
	TU_FIELD_SUPPLIER,
	TU_FIELD_CONTACT,
	TU_FIELD_LICENCE,
	TU_FIELD_VERSION,
	TU_FIELD_PURL,
	TU_FIELD_CPE,
	TU_FIELD_SUPPORT,
	TU_FIELD_SUPPORT_END,
	TU_FIELD_SUPPORT_WHY,
	TU_FIELD_INTERNAL,
	TU_FIELD_COUNT
};

enum tu_supplement_selector {
	TU_SELECT_NONE,
	TU_SELECT_PURL,
	TU_SELECT_CPE,
	TU_SELECT_REF,
	TU_SELECT_NAME
};

/* What a field did: the first component that it changed, and how many. */
struct tu_supplement_effect {
	uint32_t first;
	uint32_t count;
	struct tu_str before; /* of the first one */
};

struct tu_supplement_entry {
	struct tu_json at;
	enum tu_supplement_selector by;
	struct tu_str selected; /* the selector's text */
	struct tu_str version; /* of a name, else empty */
	struct tu_purl purl;
	struct tu_cpe cpe;
	struct tu_str stated[TU_FIELD_COUNT]; /* ptr NULL: not stated */
	struct tu_supplement_effect effects[TU_FIELD_COUNT];
	uint32_t next; /* with the same key, + 1 */
	uint32_t hits;
};

struct tu_supplement {
	struct tu_arena *arena; /* of the result */
	struct tu_arena *scratch; /* given back at the end */
	struct tu_arena *moment; /* reset for each identifier */
	struct tu_error *err;
	TU_VEC(struct tu_supplement_entry) entries; /* in scratch */
	struct tu_intern *keys;
	TU_VEC(uint32_t) first; /* by key: entry + 1 */
	struct tu_buf key;
	struct tu_str author;
	const struct tu_inventory **inventories;
	size_t count;
	const struct tu_inventory *inventory; /* the one at hand */
	struct tu_component *components; /* its copy */
	bool starved; /* an identifier could not be parsed for want of memory */
	TU_VEC(uint32_t) met; /* entries that select the component at hand */
};

/* What a field is called, and the property that keeps it; empty: a member of the component. */
struct tu_supplement_name {
	struct tu_str name;
	struct tu_str property;
};

extern const struct tu_supplement_name tu_supplement__names[TU_FIELD_COUNT];

TU_NODISCARD enum tu_status tu_supplement__nomem(const struct tu_supplement *s);
/* Report an error at a value: with its line. */
TU_NODISCARD enum tu_status tu_supplement__fail(
	const struct tu_supplement *s, struct tu_json at, enum tu_status status, const char *words);
/* False: it is none, or memory is out (starved). */
bool tu_supplement__parse_purl(struct tu_supplement *s, struct tu_arena *arena, struct tu_str text,
	struct tu_purl *out_purl);
bool tu_supplement__parse_cpe(struct tu_supplement *s, struct tu_arena *arena, struct tu_str text,
	struct tu_cpe *out_cpe);
/* Replace all inventories by their merged copies, or none. */
TU_NODISCARD enum tu_status tu_supplement__merge(struct tu_supplement *s);

#endif
