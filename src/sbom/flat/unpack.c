#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include <tutela/sbom_above.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/text_set.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "sbom/flat/shapes.h"

#define DEFAULT_BYTES ((size_t)1 << 30)
enum { DEFAULT_DEPTH = 256, DEFAULT_COMPONENTS = 2000000, DEFAULT_NOTES = 1000 };

struct unpacking {
	struct tu_arena *arena;
	struct tu_str bytes;
	size_t at;
	struct tu_sbom_limits limits; /* all of them set */
	TU_VEC(struct tu_str) texts; /* those so far; in the arena */
	struct tu_json_parser *json; /* NULL: nothing was JSON yet */
	size_t components; /* that the inventory has */
	size_t component; /* the one that is being read */
	int depth;
	const struct tu_flat_shape *shape; /* where we are, for messages */
	const struct tu_flat_field *field;
	struct tu_error *err;
};

/* ---- errors ---- */

static enum tu_status fail_at(
	struct unpacking *u, enum tu_status status, size_t offset, const char *what)
{
	return tu_fail(u->err, status, offset, "packed inventory, byte %zu: %s.%s: %s", offset,
		u->shape->name, u->field->name, what);
}

static enum tu_status corrupt(struct unpacking *u, size_t offset, const char *what)
{
	return fail_at(u, TU_E_CORRUPT, offset, what);
}

/* ---- numbers and texts ---- */

static size_t left(const struct unpacking *u)
{
	return u->bytes.len - u->at;
}

/* A varint of at most `max`, in its shortest form. */
static enum tu_status read_number(struct unpacking *u, uint64_t max, uint64_t *out_number)
{
	enum { BITS = 7, SHIFT_MAX = 63 };
	size_t start = u->at;
	unsigned char byte = 0x80;

	*out_number = 0;
	for (unsigned shift = 0; byte & 0x80; shift += BITS) {
		if (!left(u))
			return corrupt(u, u->at, "cut off");
		byte = (unsigned char)u->bytes.ptr[u->at++];
		if (shift > SHIFT_MAX || (shift == SHIFT_MAX && byte > 1) || (shift && !byte))
			return corrupt(u, start, "no number of 64 bits in its shortest form");
		*out_number |= (uint64_t)(byte & 0x7f) << shift;
	}
	if (*out_number <= max)
		return TU_OK;
	return tu_fail(u->err, TU_E_CORRUPT, start,
		"packed inventory, byte %zu: %s.%s: %" PRIu64 ", more than %" PRIu64, start,
		u->shape->name, u->field->name, *out_number, max);
}

static enum tu_status read_new_text(struct unpacking *u, struct tu_str *out_text)
{
	enum tu_status status;
	struct tu_str text;
	uint64_t len;
	size_t bad;

	status = read_number(u, u->bytes.len, &len);
	if (status)
		return status;
	if (len > left(u))
		return corrupt(u, u->at, "a text that is longer than what is left");
	if (len == 0)
		return corrupt(u, u->at, "an empty text as a new one");
	text = tu_str_of(u->bytes.ptr + u->at, (size_t)len);
	bad = tu_utf8_invalid_at(text);
	if (bad < text.len)
		return corrupt(u, u->at + bad, "a text that is not UTF-8");
	bad = tu_str_find(text, '\0');
	if (bad < text.len)
		return corrupt(u, u->at + bad, "a text with a NUL character");
	u->at += text.len;
	if (!tu_arena_dup(u->arena, text, out_text) || !TU_VEC_PUSH(&u->texts, *out_text))
		return tu_no_memory(u->err);
	return TU_OK;
}

static enum tu_status read_text(struct unpacking *u, void *into)
{
	struct tu_str text = {"", 0};
	uint64_t number;
	enum tu_status status = read_number(u, (uint64_t)u->texts.count + 1, &number);

	if (!status && number == 1)
		status = read_new_text(u, &text);
	else if (!status && number)
		text = u->texts.at[number - 2];
	memcpy(into, &text, sizeof(text));
	return status;
}

static enum tu_status read_json(struct unpacking *u, void *into)
{
	struct tu_json_limits limits = {.bytes = u->limits.bytes, .depth = u->limits.depth};
	size_t start = u->at;
	enum tu_status status = read_text(u, into);
	struct tu_error why = {0};
	struct tu_json root;
	struct tu_str text;

	if (status)
		return status;
	memcpy(&text, into, sizeof(text));
	if (!u->json)
		u->json = tu_json_parser_new();
	if (!u->json)
		return tu_no_memory(u->err);
	status = tu_json_parse(u->json, text, &limits, &root, &why);
	if (status == TU_E_NOMEM)
		return tu_no_memory(u->err);
	return status ? fail_at(u, status == TU_E_LIMIT ? status : TU_E_CORRUPT, start, why.message)
		      : TU_OK;
}

/* ---- lists ---- */

static enum tu_status read_struct(
	struct unpacking *u, const struct tu_flat_shape *shape, void *into);

static size_t size_of_item(const struct tu_flat_field *field)
{
	if (field->kind == TU_FLAT_LIST)
		return field->of->size;
	return field->kind == TU_FLAT_TEXTS ? sizeof(struct tu_str) : sizeof(uint32_t);
}

static size_t most_of(const struct unpacking *u, const struct tu_flat_field *field)
{
	if (field->of && field->of->is == TU_FLAT_COMPONENT)
		return u->limits.components;
	return field->of && field->of->is == TU_FLAT_NOTE ? u->limits.notes : SIZE_MAX;
}

/* Each field takes a byte at least, so that memory is in proportion to the bytes. */
static enum tu_status read_count(struct unpacking *u, size_t *out_count)
{
	const struct tu_flat_field *field = u->field;
	size_t start = u->at;
	uint64_t count;
	enum tu_status status = read_number(u, UINT64_MAX, &count);

	if (status)
		return status;
	if (count > left(u) / (field->kind == TU_FLAT_LIST ? field->of->field_count : 1))
		return corrupt(u, start, "more items than there are bytes left");
	if (count > most_of(u, field))
		return fail_at(u, TU_E_LIMIT, start, "more items than the limit");
	*out_count = (size_t)count;
	return TU_OK;
}

/* An index into the components, of an item of a list: after `before`, if that is one. */
static enum tu_status read_index_item(struct unpacking *u, uint32_t before, uint32_t *out_index)
{
	size_t start = u->at;
	uint64_t number;
	enum tu_status status = read_number(u, UINT32_MAX, &number);

	if (status)
		return status;
	if (number >= u->components)
		return corrupt(u, start, "the index of no component");
	if (u->field->kind == TU_FLAT_ASCENDING && before != TU_NO_COMPONENT && number <= before)
		return corrupt(u, start, "indices out of order");
	*out_index = (uint32_t)number;
	return TU_OK;
}

static enum tu_status read_indices(struct unpacking *u, uint32_t *items, size_t count)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < count; i++)
		status = read_index_item(u, i ? items[i - 1] : TU_NO_COMPONENT, &items[i]);
	return status;
}

static enum tu_status read_structs(
	struct unpacking *u, const struct tu_flat_shape *shape, char *items, size_t count)
{
	enum tu_status status = TU_OK;

	if (shape->is == TU_FLAT_COMPONENT)
		u->components = count;
	for (size_t i = 0; !status && i < count; i++) {
		if (shape->is == TU_FLAT_COMPONENT)
			u->component = i;
		status = read_struct(u, shape, items + i * shape->size);
	}
	return status;
}

static enum tu_status read_texts(struct unpacking *u, struct tu_str *items, size_t count)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < count; i++)
		status = read_text(u, &items[i]);
	return status;
}

static enum tu_status read_list(struct unpacking *u, char *into)
{
	const struct tu_flat_field *field = u->field;
	void *items = NULL;
	size_t count = 0;
	enum tu_status status = read_count(u, &count);

	if (status)
		return status;
	if (count) {
		items = tu_arena_array(u->arena, count, size_of_item(field));
		if (!items)
			return tu_no_memory(u->err);
	}
	memcpy(into + field->at, &items, sizeof(items));
	memcpy(into + field->count_at, &count, sizeof(count));
	if (field->kind == TU_FLAT_LIST)
		return read_structs(u, field->of, items, count);
	if (field->kind == TU_FLAT_TEXTS)
		return read_texts(u, items, count);
	return read_indices(u, items, count);
}

/* ---- fields ---- */

static enum tu_status read_u32(struct unpacking *u, uint32_t max, char *into)
{
	uint64_t number;
	enum tu_status status = read_number(u, max, &number);
	uint32_t value = (uint32_t)number;

	memcpy(into, &value, sizeof(value));
	return status;
}

static enum tu_status read_bool(struct unpacking *u, bool *out_value)
{
	uint64_t number;
	enum tu_status status = read_number(u, 1, &number);

	*out_value = number == 1;
	return status;
}

static enum tu_status read_size(struct unpacking *u, char *into)
{
	size_t start = u->at;
	uint64_t number;
	enum tu_status status = read_number(u, SIZE_MAX, &number);
	size_t value = (size_t)number;

	if (!status && value < u->field->least)
		return corrupt(u, start, "less than there can be");
	memcpy(into, &value, sizeof(value));
	return status;
}

static enum tu_status read_index(struct unpacking *u, char *into)
{
	bool parent = u->field->kind == TU_FLAT_PARENT;
	uint64_t number;
	enum tu_status status = read_number(u, parent ? u->component : u->components, &number);
	uint32_t index = number ? (uint32_t)(number - 1) : TU_NO_COMPONENT;

	memcpy(into, &index, sizeof(index));
	return status;
}

static enum tu_status read_optional(struct unpacking *u, char *into)
{
	const struct tu_flat_field *field = u->field;
	void *pointer = NULL;
	bool there;
	enum tu_status status = read_bool(u, &there);

	if (!status && there) {
		pointer = tu_arena_alloc(u->arena, field->of->size);
		status = pointer ? read_struct(u, field->of, pointer) : tu_no_memory(u->err);
	}
	memcpy(into, &pointer, sizeof(pointer));
	return status;
}

/* What is derived is not believed: until it is found again it is this, and none is NULL. */
static enum tu_status read_derived(struct unpacking *u, char *into)
{
	static const struct tu_sbom_above to_be_found;
	const void *pointer;
	bool there;
	enum tu_status status = read_bool(u, &there);

	pointer = there ? &to_be_found : NULL;
	memcpy(into, &pointer, sizeof(pointer));
	return status;
}

static enum tu_status read_field(struct unpacking *u, char *into)
{
	char *at = into + u->field->at;

	switch (u->field->kind) {
	case TU_FLAT_TEXT:
		return read_text(u, at);
	case TU_FLAT_JSON:
		return read_json(u, at);
	case TU_FLAT_BOOL:
		return read_bool(u, (bool *)(void *)at);
	case TU_FLAT_U32:
		return read_u32(u, UINT32_MAX, at);
	case TU_FLAT_ENUM:
		return read_u32(u, u->field->end - 1, at);
	case TU_FLAT_SIZE:
		return read_size(u, at);
	case TU_FLAT_INDEX:
	case TU_FLAT_PARENT:
		return read_index(u, at);
	case TU_FLAT_TEXTS:
	case TU_FLAT_INDICES:
	case TU_FLAT_ASCENDING:
	case TU_FLAT_LIST:
		return read_list(u, into);
	case TU_FLAT_OPTIONAL:
		return read_optional(u, at);
	case TU_FLAT_DERIVED:
		return read_derived(u, at);
	}
	return TU_OK;
}

static enum tu_status read_struct(
	struct unpacking *u, const struct tu_flat_shape *shape, void *into)
{
	const struct tu_flat_shape *outer_shape = u->shape;
	const struct tu_flat_field *outer_field = u->field;
	enum tu_status status = TU_OK;

	u->shape = shape;
	u->field = &shape->fields[0];
	if (++u->depth > TU_FLAT_DEPTH_MAX)
		status = corrupt(u, u->at, "parts of parts, deeper than any reader makes them");
	for (size_t i = 0; !status && i < shape->field_count; i++) {
		u->field = &shape->fields[i];
		status = read_field(u, into);
	}
	u->depth--;
	u->shape = outer_shape;
	u->field = outer_field;
	return status;
}

/* ---- what a row cannot say ---- */

/* Deep nesting would be deep recursion in those who walk it. */
static enum tu_status check_nesting(
	struct unpacking *u, const struct tu_inventory *inventory, struct tu_arena *scratch)
{
	size_t count = inventory->component_count;
	size_t *depths = tu_arena_array(scratch, count, sizeof(*depths));

	if (!depths)
		return tu_no_memory(u->err);
	for (size_t i = 0; i < count; i++) {
		uint32_t parent = inventory->components[i].parent;

		depths[i] = parent == TU_NO_COMPONENT ? 0 : depths[parent] + 1;
		if (depths[i] > u->limits.depth)
			return tu_fail(u->err, TU_E_LIMIT, u->at,
				"packed inventory: component %zu is nested deeper than the limit "
				"of %zu",
				i, u->limits.depth);
	}
	return TU_OK;
}

static enum tu_status check_refs(
	struct unpacking *u, const struct tu_inventory *inventory, struct tu_arena *scratch)
{
	struct tu_text_set refs = {0};

	for (size_t i = 0; i < inventory->component_count; i++) {
		struct tu_str ref = inventory->components[i].ref;
		bool is_new = true;

		if (ref.len && !tu_text_set_add(&refs, scratch, ref, &is_new))
			return tu_no_memory(u->err);
		if (!is_new)
			return tu_fail(u->err, TU_E_CORRUPT, u->at,
				"packed inventory: component %zu has the reference of an earlier "
				"one",
				i);
	}
	return TU_OK;
}

static enum tu_status check(struct unpacking *u, const struct tu_inventory *inventory)
{
	struct tu_arena *scratch = tu_arena_new(0);
	enum tu_status status = scratch ? TU_OK : tu_no_memory(u->err);

	if (!status)
		status = check_nesting(u, inventory, scratch);
	if (!status)
		status = check_refs(u, inventory, scratch);
	tu_arena_free(scratch);
	return status;
}

/* ---- the whole ---- */

static struct tu_sbom_limits limits_of(const struct tu_sbom_limits *given)
{
	struct tu_sbom_limits limits = {0};

	if (given)
		limits = *given;
	if (!limits.bytes)
		limits.bytes = DEFAULT_BYTES;
	if (!limits.depth)
		limits.depth = DEFAULT_DEPTH;
	if (!limits.components)
		limits.components = DEFAULT_COMPONENTS;
	if (!limits.notes)
		limits.notes = DEFAULT_NOTES;
	return limits;
}

static enum tu_status check_magic(struct unpacking *u, const char *magic)
{
	bool known = u->bytes.len >= TU_FLAT_MAGIC &&
		memcmp(u->bytes.ptr, magic, TU_FLAT_MAGIC_VERSION) == 0 &&
		u->bytes.ptr[TU_FLAT_MAGIC - 1] == magic[TU_FLAT_MAGIC - 1];

	if (!known)
		return tu_fail(u->err, TU_E_CORRUPT, 0,
			"no packed inventory: it does not begin with \"%.*s\"",
			TU_FLAT_MAGIC_VERSION, magic);
	if (u->bytes.ptr[TU_FLAT_MAGIC_VERSION] != magic[TU_FLAT_MAGIC_VERSION])
		return tu_fail(u->err, TU_E_UNSUPPORTED, TU_FLAT_MAGIC_VERSION,
			"a packed inventory of another version than %d, which is read",
			TU_FLAT_VERSION);
	u->at = TU_FLAT_MAGIC;
	return TU_OK;
}

static enum tu_status read_whole(
	struct unpacking *u, const char *magic, const struct tu_flat_shape *shape, void *into)
{
	enum tu_status status;

	if (u->bytes.len > u->limits.bytes)
		return tu_fail(u->err, TU_E_LIMIT, u->limits.bytes,
			"a packed inventory of %zu bytes, more than the limit of %zu", u->bytes.len,
			u->limits.bytes);
	status = check_magic(u, magic);
	if (!status)
		status = read_struct(u, shape, into);
	if (!status && left(u))
		status = tu_fail(u->err, TU_E_CORRUPT, u->at,
			"packed inventory, byte %zu: more after its end", u->at);
	return status;
}

static void done(struct unpacking *u)
{
	TU_VEC_DONE(&u->texts);
	tu_json_parser_free(u->json);
}

enum tu_status tu_inventory_unpack(struct tu_arena *arena, struct tu_str bytes,
	const struct tu_sbom_limits *limits, const struct tu_inventory **out_inventory,
	struct tu_error *err)
{
	struct unpacking u = {
		.arena = arena, .bytes = bytes, .limits = limits_of(limits), .err = err};
	struct tu_inventory *inventory = tu_arena_alloc(arena, sizeof(*inventory));
	const struct tu_inventory *whole = inventory;
	enum tu_status status = TU_OK;

	if (!inventory)
		return tu_no_memory(err);
	status = read_whole(&u, TU_FLAT_MAGIC_INVENTORY, &tu_flat_inventory, inventory);
	if (!status)
		status = check(&u, inventory);
	if (!status && inventory->above)
		status = tu_sbom_find_above(arena, inventory, &whole, err);
	done(&u);
	if (!status)
		*out_inventory = whole;
	return status;
}

enum tu_status tu_component_unpack(struct tu_arena *arena, struct tu_str bytes,
	const struct tu_sbom_limits *limits, const struct tu_component **out_component,
	struct tu_error *err)
{
	struct unpacking u = {
		.arena = arena, .bytes = bytes, .limits = limits_of(limits), .err = err};
	struct tu_component *component = tu_arena_alloc(arena, sizeof(*component));
	enum tu_status status;

	if (!component)
		return tu_no_memory(err);
	status = read_whole(&u, TU_FLAT_MAGIC_COMPONENT, &tu_flat_component, component);
	done(&u);
	if (!status)
		*out_component = component;
	return status;
}
