/* What the tests of the packed form share: inventories, packing, and the law. */
#ifndef TESTS_UNIT_SBOM_FLAT_KIT_H
#define TESTS_UNIT_SBOM_FLAT_KIT_H

#include "read.h"

#include <tutela/sbom_above.h>

#include "sbom/flat/flat.h"
#include "sbom/flat/shapes.h"
#include "support/flat_same.h"

enum { PACKED_MAX = 4 << 20, ARENA_MAX = 64 << 20 };

static const struct tu_str document = TU_STR_INIT(
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"serialNumber\":\"urn:uuid:"
	"3e671687-395b-41f5-a30f-a58921a69b79\",\"odd\":1,\"metadata\":{\"component\":"
	"{\"type\":\"firmware\",\"bom-ref\":\"fw\",\"name\":\"pump\"}},\"components\":["
	"{\"type\":\"library\",\"bom-ref\":\"a\",\"name\":\"lib\",\"version\":\"1.0\","
	"\"licenses\":[{\"license\":{\"id\":\"MIT\"}}],\"hashes\":[{\"alg\":\"MD5\",\"content\":"
	"\"d41d8cd98f00b204e9800998ecf8427e\"}],\"evidence\":{\"copyright\":[{\"text\":\"me\"}]},"
	"\"components\":[{\"type\":\"file\",\"bom-ref\":\"in\",\"name\":\"inner\"}]},"
	"{\"type\":\"library\",\"bom-ref\":\"b\",\"name\":\"lib\",\"version\":\"1.0\"}],"
	"\"dependencies\":[{\"ref\":\"fw\",\"dependsOn\":[\"a\",\"b\"]},{\"ref\":\"b\"}],"
	"\"vulnerabilities\":[{\"id\":\"CVE-2021-2\",\"analysis\":{\"state\":\"not_affected\"},"
	"\"affects\":[{\"ref\":\"a\"}]}]}");

/* ---- an inventory in which every field has a value of its own ---- */

struct filling {
	struct tu_arena *arena;
	uint32_t number;
	size_t components;
	size_t component;
	int depth;
};

static inline void fill(struct filling *f, const struct tu_flat_shape *shape, char *into);

static inline struct tu_str new_text(struct filling *f)
{
	char *text = tu_arena_text(f->arena, 24);

	assert_non_null(text);
	(void)snprintf(text, 24, "t\xc3\xa9xt %u", f->number++);
	return tu_str_c(text);
}

static inline void put_u32(char *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static inline void fill_list(struct filling *f, const struct tu_flat_field *field, char *into)
{
	size_t count = f->depth > 6 ? 0 : 2;
	size_t size = field->kind == TU_FLAT_LIST ? field->of->size : sizeof(struct tu_str);
	char *items = tu_arena_array(f->arena, 2, size);

	assert_non_null(items);
	for (size_t i = 0; i < count; i++) {
		struct tu_str text = new_text(f);

		if (field->of && field->of->is == TU_FLAT_COMPONENT)
			f->component = i;
		if (field->kind == TU_FLAT_LIST)
			fill(f, field->of, items + i * size);
		else if (field->kind == TU_FLAT_TEXTS)
			memcpy(items + i * size, &text, sizeof(text));
		else
			put_u32(items + 4 * i, (uint32_t)i);
	}
	if (count)
		memcpy(into + field->at, &items, sizeof(items));
	memcpy(into + field->count_at, &count, sizeof(count));
}

static inline void fill_field(struct filling *f, const struct tu_flat_field *field, char *into)
{
	char *at = into + field->at;
	struct tu_str text = field->kind == TU_FLAT_JSON ? TU_STR("{\"a\":[1]}") : new_text(f);
	size_t size = f->number++;
	char *part;

	switch (field->kind) {
	case TU_FLAT_TEXT:
	case TU_FLAT_JSON:
		memcpy(at, &text, sizeof(text));
		break;
	case TU_FLAT_BOOL:
		*(bool *)(void *)at = true;
		break;
	case TU_FLAT_U32:
		put_u32(at, UINT32_MAX - f->number++);
		break;
	case TU_FLAT_ENUM:
		put_u32(at, field->end - 1);
		break;
	case TU_FLAT_SIZE:
		memcpy(at, &size, sizeof(size));
		break;
	case TU_FLAT_INDEX:
		put_u32(at, f->number++ % 2);
		break;
	case TU_FLAT_PARENT:
		put_u32(at, f->component ? 0 : TU_NO_COMPONENT);
		break;
	case TU_FLAT_TEXTS:
	case TU_FLAT_INDICES:
	case TU_FLAT_ASCENDING:
	case TU_FLAT_LIST:
		fill_list(f, field, into);
		break;
	case TU_FLAT_OPTIONAL:
		part = tu_arena_alloc(f->arena, field->of->size);
		assert_non_null(part);
		fill(f, field->of, part);
		memcpy(at, &part, sizeof(part));
		break;
	case TU_FLAT_DERIVED:
		break;
	}
}

static inline void fill(struct filling *f, const struct tu_flat_shape *shape, char *into)
{
	f->depth++;
	for (size_t i = 0; i < shape->field_count; i++)
		fill_field(f, &shape->fields[i], into);
	f->depth--;
}

/* Its two components are the second in the first; both are leaves. */
static inline struct tu_inventory *filled(struct tu_arena *arena)
{
	struct filling f = {.arena = arena, .number = 300};
	struct tu_inventory *inventory = tu_arena_alloc(arena, sizeof(*inventory));

	assert_non_null(inventory);
	fill(&f, &tu_flat_inventory, (char *)inventory);
	return inventory;
}

static inline void pack(const struct tu_inventory *inventory, struct tu_buf *out)
{
	struct tu_error err = {0};

	tu_buf_init(out, PACKED_MAX);
	if (tu_inventory_pack(inventory, out, &err))
		fail_msg("%s", error_text(&err));
}

static inline void assert_round(struct tu_arena *arena, const struct tu_inventory *inventory)
{
	const struct tu_inventory *again = NULL;
	struct flat_difference difference;
	struct tu_error err = {0};
	struct tu_buf first, second;

	pack(inventory, &first);
	if (tu_inventory_unpack(arena, tu_buf_str(&first), NULL, &again, &err))
		fail_msg("%s", error_text(&err));
	/* nothing may be borrowed */
	memset(first.ptr, 'x', first.len);
	if (!flat_same_inventory(inventory, again, &difference))
		fail_msg("%s differs", difference.words);
	tu_buf_done(&first);
	pack(inventory, &first);
	pack(again, &second);
	assert_true(tu_str_eq(tu_buf_str(&first), tu_buf_str(&second)));
	tu_buf_done(&first);
	tu_buf_done(&second);
}

#endif
