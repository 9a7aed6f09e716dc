/* Places in a document, and objects read by tables of members. */
#include "sbom/inventory.h"

#include "base/json.h"
#include "base/utf8.h"

struct tu_sbom_walk tu_sbom__walk(const struct tu_sbom_at *at)
{
	return (struct tu_sbom_walk){.iter = tu_json_iter(at->value),
		.at = {.up = at},
		.object = tu_json_is_object(at->value)};
}

bool tu_sbom__next(struct tu_sbom_walk *walk)
{
	if (walk->object)
		return tu_json_next_member(&walk->iter, &walk->at.key, &walk->at.value);
	if (walk->started)
		walk->at.index++;
	walk->started = true;
	return tu_json_next_item(&walk->iter, &walk->at.value);
}

struct tu_sbom_at tu_sbom__member(const struct tu_sbom_at *at, struct tu_str key)
{
	return (struct tu_sbom_at){.value = tu_json_get(at->value, key), .up = at, .key = key};
}

/* A key as RFC 6901 escapes it. A pointer is for people: an endless key is cut. */
static void add_token(struct tu_str key, struct tu_buf *out)
{
	enum { KEY_MAX = 256 };

	struct tu_str shown = tu_utf8_first(key, KEY_MAX);

	tu_buf_byte(out, '/');
	tu_json_pointer_add_key(shown, out);
	if (key.len > KEY_MAX)
		tu_buf_c(out, "…");
}

/* The way down is the frames upwards: deepest last. Frames are as deep as the document may be. */
void tu_sbom__pointer(const struct tu_sbom_at *at, struct tu_buf *out)
{
	if (!at->up)
		return;
	tu_sbom__pointer(at->up, out);
	if (at->key.ptr)
		add_token(at->key, out);
	else
		tu_buf_printf(out, "/%zu", at->index);
}

/* "a string", "an array or an object", …: static, since a note's words are. */
static const char *expected(unsigned types)
{
	static const struct {
		unsigned types;
		const char *words;
	} known[] = {
		{TU_SBOM_STRING, "expected a string, found"},
		{TU_SBOM_ARRAY, "expected an array, found"},
		{TU_SBOM_OBJECT, "expected an object, found"},
		{TU_SBOM_ARRAY | TU_SBOM_OBJECT, "expected an array or an object, found"},
	};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (known[i].types == types)
			return known[i].words;
	}
	return "expected another type, found";
}

enum tu_status tu_sbom__accept(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, unsigned types, bool *out_accepted)
{
	enum tu_json_type type = tu_json_type(at->value);

	*out_accepted = false;
	if (type == TU_JSON_NULL || type == TU_JSON_ABSENT)
		return TU_OK;
	*out_accepted = types == 0 || (types & 1u << type) != 0;
	if (*out_accepted)
		return TU_OK;
	return tu_sbom__note_each(b, at, expected(types), tu_str_c(tu_json_type_name(type)));
}

static const struct tu_sbom_member *member_of(const struct tu_sbom_shape *shape, struct tu_str name)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (tu_str_eq(shape->members[i].name, name))
			return &shape->members[i];
	}
	return NULL;
}

static enum tu_status read_member(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_sbom_shape *shape, void *into)
{
	const struct tu_sbom_member *member = member_of(shape, at->key);
	enum tu_status status;
	bool accepted;

	if (!member)
		return tu_sbom__note(b, at, shape->unknown, at->key);
	if (!member->read)
		return member->types & TU_SBOM_UNKEPT
			? tu_sbom__unkept(b, at, shape->unkept, at->key)
			: TU_OK;
	status = tu_sbom__accept(b, at, member->types, &accepted);
	if (status || !accepted)
		return status;
	return member->read(b, at, into ? (char *)into + member->slot : NULL);
}

enum tu_status tu_sbom__object(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_sbom_shape *shape, void *into)
{
	struct tu_sbom_walk walk = tu_sbom__walk(at);
	enum tu_status status = TU_OK;

	while (!status && tu_sbom__next(&walk))
		status = read_member(b, &walk.at, shape, into);
	return status;
}

static enum tu_status each_from(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	size_t first, unsigned types,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into),
	void *into)
{
	struct tu_sbom_walk walk = tu_sbom__walk(at);
	enum tu_status status = TU_OK;
	bool accepted;

	walk.at.index = first;
	while (!status && tu_sbom__next(&walk)) {
		status = tu_sbom__accept(b, &walk.at, types, &accepted);
		if (!status && accepted)
			status = read(b, &walk.at, into);
	}
	return status;
}

enum tu_status tu_sbom__each(struct tu_sbom_builder *b, const struct tu_sbom_at *at, unsigned types,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into),
	void *into)
{
	return each_from(b, at, 0, types, read, into);
}

static const struct tu_sbom_cut *cut_at(
	const struct tu_sbom_builder *b, const struct tu_sbom_at *at)
{
	bool of_root = at->up && !at->up->up;

	return of_root ? tu_sbom__cut_of(b->slices, at->key) : NULL;
}

static enum tu_status each_of_slice(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_sbom_slice *slice, unsigned types,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into),
	void *into)
{
	struct tu_sbom_at part = *at;
	enum tu_status status = tu_sbom__parse_slice(b->slices, slice, &part.value, b->err);

	return status ? status : each_from(b, &part, slice->first, types, read, into);
}

enum tu_status tu_sbom__list(struct tu_sbom_builder *b, const struct tu_sbom_at *at, unsigned types,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into),
	void *into)
{
	const struct tu_sbom_cut *cut = cut_at(b, at);
	enum tu_status status = TU_OK;

	if (!cut)
		return tu_sbom__each(b, at, types, read, into);
	for (size_t i = 0; !status && i < cut->count; i++)
		status = each_of_slice(
			b, at, &b->slices->slices.at[cut->first + i], types, read, into);
	return status;
}

size_t tu_sbom__list_count(const struct tu_sbom_builder *b, const struct tu_sbom_at *at)
{
	const struct tu_sbom_cut *cut = cut_at(b, at);

	return cut ? cut->items : tu_json_count(at->value);
}

bool tu_sbom__list_mentions(
	const struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_str word)
{
	const struct tu_sbom_cut *cut = cut_at(b, at);

	return !cut || tu_sbom__cut_mentions(b->slices, cut, word);
}

enum tu_status tu_sbom__section(struct tu_sbom_builder *b, const struct tu_sbom_at *root,
	struct tu_str key, enum tu_json_type type, struct tu_sbom_at *out_at)
{
	enum tu_json_type found;

	*out_at = tu_sbom__member(root, key);
	found = tu_json_type(out_at->value);
	if (found == TU_JSON_NULL)
		out_at->value = (struct tu_json){0};
	if (found == type || found == TU_JSON_NULL || found == TU_JSON_ABSENT)
		return TU_OK;
	return tu_json_fail(b->err, TU_E_SYNTAX, out_at->value, "expected %s, found %s",
		tu_json_type_name(type), tu_json_type_name(found));
}

enum tu_status tu_sbom__text(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__copy(b, tu_json_str(at->value), into);
}

enum tu_status tu_sbom__view(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str *view = into;

	(void)b;
	*view = tu_json_str(at->value);
	return TU_OK;
}
