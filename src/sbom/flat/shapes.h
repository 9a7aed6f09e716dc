/*
 * The fields of an inventory's structs, as tables: one packer and one unpacker walk them.
 *
 * Every field of every struct has one row (tests/unit/sbom/flat_test.c looks for bytes that no row
 * covers).
 */
#ifndef TU_SBOM_FLAT_SHAPES_H
#define TU_SBOM_FLAT_SHAPES_H

#include <stddef.h>
#include <stdint.h>

#include "sbom/flat/flat.h"

enum tu_flat_kind {
	TU_FLAT_TEXT, /* struct tu_str */
	TU_FLAT_JSON, /* the same, and it is one JSON value */
	TU_FLAT_TEXTS, /* list of struct tu_str */
	TU_FLAT_BOOL,
	TU_FLAT_U32,
	TU_FLAT_SIZE, /* size_t, at least `least` */
	TU_FLAT_ENUM, /* below `end` */
	TU_FLAT_INDEX, /* of a component, or TU_NO_COMPONENT */
	TU_FLAT_PARENT, /* the same, of an earlier component */
	TU_FLAT_INDICES, /* list of indices of components */
	TU_FLAT_ASCENDING, /* the same, each larger than the one before it */
	TU_FLAT_LIST, /* of structs of the shape `of` */
	TU_FLAT_OPTIONAL, /* pointer to one struct of the shape `of`, or NULL */
	TU_FLAT_DERIVED /* not written but for whether it is there: tu_sbom_above */
};

struct tu_flat_shape;

struct tu_flat_field {
	const char *name;
	enum tu_flat_kind kind;
	size_t at; /* of the member */
	size_t count_at; /* of a list: of the member with its count */
	uint32_t end; /* of an enumeration */
	uint32_t least;
	const struct tu_flat_shape *of;
};

/* What a list counts as under the limits. */
enum tu_flat_class { TU_FLAT_ANY, TU_FLAT_COMPONENT, TU_FLAT_NOTE };

struct tu_flat_shape {
	const char *name;
	size_t size;
	const struct tu_flat_field *fields;
	size_t field_count; /* each takes a byte at least */
	enum tu_flat_class is;
};

/* Structs nest only so deep: an inventory, a claim, a product, parts of it and their parts. */
enum { TU_FLAT_DEPTH_MAX = 12 };

extern const struct tu_flat_shape tu_flat_inventory;
extern const struct tu_flat_shape tu_flat_component;

/* "TUTINV1\n", "TUTCMP1\n": the magic of either form, with TU_FLAT_VERSION as its digit. */
enum { TU_FLAT_MAGIC = 8, TU_FLAT_MAGIC_VERSION = 6 };
#define TU_FLAT_MAGIC_INVENTORY "TUTINV1\n"
#define TU_FLAT_MAGIC_COMPONENT "TUTCMP1\n"

#endif
