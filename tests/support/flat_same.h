/*
 * Are two inventories the same in every field? By the tables of src/sbom/flat/shapes.c; what is not
 * the same is named. Texts are compared by their bytes, what is derived by what it contains.
 */
#ifndef TU_TESTS_FLAT_SAME_H
#define TU_TESTS_FLAT_SAME_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tutela/sbom_above.h>

#include "sbom/flat/shapes.h"

struct flat_difference {
	char words[200]; /* "component.kind" */
};

static inline bool flat_same(const struct tu_flat_shape *shape, const void *a, const void *b,
	struct flat_difference *out);

static inline bool flat__same_text(const void *a, const void *b)
{
	struct tu_str first, second;

	memcpy(&first, a, sizeof(first));
	memcpy(&second, b, sizeof(second));
	return tu_str_eq(first, second);
}

static inline const char *flat__pointer(const void *at)
{
	const void *pointer;

	memcpy(&pointer, at, sizeof(pointer));
	return pointer;
}

static inline bool flat__same_list(const struct tu_flat_field *field, const char *a, const char *b,
	struct flat_difference *out)
{
	const char *first = flat__pointer(a + field->at), *second = flat__pointer(b + field->at);
	size_t count;

	memcpy(&count, a + field->count_at, sizeof(count));
	if (memcmp(&count, b + field->count_at, sizeof(count)) != 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (field->kind == TU_FLAT_LIST) {
			if (!flat_same(field->of, first + i * field->of->size,
				    second + i * field->of->size, out))
				return false;
		} else if (field->kind == TU_FLAT_TEXTS) {
			if (!flat__same_text(first + i * sizeof(struct tu_str),
				    second + i * sizeof(struct tu_str)))
				return false;
		} else if (memcmp(first + 4 * i, second + 4 * i, 4) != 0) {
			return false;
		}
	}
	return true;
}

static inline bool flat__same_field(const struct tu_flat_field *field, const char *a, const char *b,
	struct flat_difference *out)
{
	const void *first, *second;

	switch (field->kind) {
	case TU_FLAT_TEXT:
	case TU_FLAT_JSON:
		return flat__same_text(a + field->at, b + field->at);
	case TU_FLAT_BOOL:
		return a[field->at] == b[field->at];
	case TU_FLAT_U32:
	case TU_FLAT_ENUM:
	case TU_FLAT_INDEX:
	case TU_FLAT_PARENT:
		return memcmp(a + field->at, b + field->at, sizeof(uint32_t)) == 0;
	case TU_FLAT_SIZE:
		return memcmp(a + field->at, b + field->at, sizeof(size_t)) == 0;
	case TU_FLAT_TEXTS:
	case TU_FLAT_INDICES:
	case TU_FLAT_ASCENDING:
	case TU_FLAT_LIST:
		return flat__same_list(field, a, b, out);
	case TU_FLAT_OPTIONAL:
	case TU_FLAT_DERIVED:
		first = flat__pointer(a + field->at);
		second = flat__pointer(b + field->at);
		if (!first || !second || !field->of)
			return !first == !second;
		return flat_same(field->of, first, second, out);
	}
	return false;
}

static inline bool flat_same(const struct tu_flat_shape *shape, const void *a, const void *b,
	struct flat_difference *out)
{
	for (size_t i = 0; i < shape->field_count; i++) {
		if (flat__same_field(&shape->fields[i], a, b, out))
			continue;
		if (!out->words[0])
			(void)snprintf(out->words, sizeof(out->words), "%s.%s", shape->name,
				shape->fields[i].name);
		return false;
	}
	return true;
}

static inline bool flat__same_above(
	const struct tu_sbom_above *a, const struct tu_sbom_above *b, size_t count)
{
	if (!a || !b)
		return !a == !b;
	return memcmp(a->starts, b->starts, (count + 1) * sizeof(*a->starts)) == 0 &&
		memcmp(a->parents, b->parents, a->starts[count] * sizeof(*a->parents)) == 0 &&
		memcmp(a->outermost, b->outermost, count) == 0;
}

/* False, with the first field that differs. */
static inline bool flat_same_inventory(
	const struct tu_inventory *a, const struct tu_inventory *b, struct flat_difference *out)
{
	out->words[0] = '\0';
	if (!flat_same(&tu_flat_inventory, a, b, out))
		return false;
	(void)snprintf(out->words, sizeof(out->words), "above");
	return flat__same_above(a->above, b->above, a->component_count);
}

#endif
