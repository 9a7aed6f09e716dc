/* concept-parts.yaml: what answers seed. Also the lists of maps that all these files consist of. */
#include <string.h>

#include "base/text_set.h"
#include "concept/catalogue.h"

#define PART(member) offsetof(struct tu_concept_part, member)

enum tu_status tu_concept__root(struct tu_form *form, const struct tu_concept_text *text,
	struct tu_str schema, const struct tu_yaml **out_root)
{
	const struct tu_yaml *node;
	enum tu_status status;

	form->file = text->file;
	status = tu_yaml_parse(form->arena, text->file, text->text, NULL, out_root, form->err);
	if (status != TU_OK)
		return status;
	node = tu_yaml_get(*out_root, TU_STR("schema"));
	if (!node || node->kind != TU_YAML_SCALAR || !tu_str_eq(node->text, schema))
		return tu_yaml_fail(form->err, TU_E_UNSUPPORTED, form->file,
			node ? node : *out_root, "expected \"schema: %.*s\"", TU_STR_FMT(schema));
	return TU_OK;
}

enum tu_status tu_concept__rows(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_concept_rows *rows, void **out_items, size_t *out_count)
{
	struct tu_text_set ids = {0};
	enum tu_status status = tu_form_list(form, node, rows->size, out_items, out_count);
	char *items = status ? NULL : *out_items;

	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		char *target = items + item->index * rows->size;
		struct tu_place place = tu_form_place(item);
		struct tu_str id = {0};
		bool is_new = true;

		status = tu_form_read(form, item, rows->fields, target);
		if (rows->place != SIZE_MAX)
			memcpy(target + rows->place, &place, sizeof(place));
		if (rows->id != SIZE_MAX)
			memcpy(&id, target + rows->id, sizeof(id));
		if (status == TU_OK && id.ptr && !tu_text_set_add(&ids, form->arena, id, &is_new))
			return tu_form_no_memory(form);
		if (status == TU_OK && !is_new)
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, item,
				"a second %s \"%.*s\"", rows->what,
				TU_STR_FMT(tu_str_first(id, 60)));
	}
	return status;
}

uint32_t tu_concept_part_by_id(const struct tu_concept_parts *parts, struct tu_str id)
{
	for (size_t i = 0; i < parts->count; i++)
		if (tu_str_eq(parts->at[i].id, id))
			return (uint32_t)i;
	return TU_MODEL_NOWHERE;
}

/* ---- references ---- */

static enum tu_status refer(struct tu_form *form, const struct tu_yaml *node,
	enum tu_part_kind kind, uint32_t *out_index)
{
	const struct tu_concept_catalogue *catalogue = form->context;
	struct tu_str id;
	enum tu_status status = tu_form_text(form, node, &id);

	if (status != TU_OK)
		return status;
	*out_index = tu_concept_part_by_id(&catalogue->parts[kind], id);
	return *out_index != TU_MODEL_NOWHERE
		? TU_OK
		: tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			  "there is no part \"%.*s\"", TU_STR_FMT(tu_str_first(id, 60)));
}

static enum tu_status read_zone(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_part *element = target;
	enum tu_status status = refer(form, node, TU_PART_ZONE, &element->from);

	element->to = element->from;
	return status;
}

static enum tu_status read_outside(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return refer(form, node, TU_PART_ZONE, &((struct tu_concept_part *)target)->to);
}

static enum tu_status read_from(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return refer(form, node, TU_PART_ELEMENT, &((struct tu_concept_part *)target)->from);
}

static enum tu_status read_to(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return refer(form, node, TU_PART_ELEMENT, &((struct tu_concept_part *)target)->to);
}

static enum tu_status read_asset(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return refer(form, node, TU_PART_ASSET, &((struct tu_concept_part *)target)->from);
}

/* ---- lists ---- */

#define TEXT(key, member) \
	{ \
		key, TU_FIELD_TEXT, PART(member), .needed = true \
	}

static const struct tu_field zone_fields[] = {
	TEXT("id", id), TEXT("name", name), TEXT("role", word)};
static const struct tu_field element_fields[] = {
	TEXT("id", id),
	TEXT("kind", word),
	TEXT("name", name),
	{"zone", TU_FIELD_OTHER, .needed = true, .read = read_zone},
	{"outside", TU_FIELD_OTHER, .read = read_outside}, /* after the zone */
	{"functions", TU_FIELD_TEXTS, PART(words)},
};
static const struct tu_field flow_fields[] = {
	TEXT("id", id),
	{"from", TU_FIELD_OTHER, .needed = true, .read = read_from},
	{"to", TU_FIELD_OTHER, .needed = true, .read = read_to},
	TEXT("name", name),
	{"medium", TU_FIELD_TEXT, PART(word)},
	{"carries", TU_FIELD_TEXTS, PART(words)},
};
static const struct tu_field interface_fields[] = {
	TEXT("id", id), TEXT("title", name), TEXT("kind", word)};
static const struct tu_field asset_fields[] = {
	TEXT("id", id), TEXT("title", name), TEXT("function", word)};
static const struct tu_field hazard_fields[] = {
	TEXT("id", id),
	TEXT("asks", name),
	{"asset", TU_FIELD_OTHER, .needed = true, .read = read_asset},
	{"on_loss_of", TU_FIELD_TEXTS, PART(words), .needed = true},
};

static const struct tu_fields part_forms[TU_PART_COUNT_] = {
	[TU_PART_ZONE] = {zone_fields, TU_COUNT(zone_fields)},
	[TU_PART_ELEMENT] = {element_fields, TU_COUNT(element_fields)},
	[TU_PART_FLOW] = {flow_fields, TU_COUNT(flow_fields)},
	[TU_PART_INTERFACE] = {interface_fields, TU_COUNT(interface_fields)},
	[TU_PART_ASSET] = {asset_fields, TU_COUNT(asset_fields)},
	[TU_PART_HAZARD] = {hazard_fields, TU_COUNT(hazard_fields)},
};

static enum tu_status read_parts(
	struct tu_form *form, const struct tu_yaml *node, enum tu_part_kind kind)
{
	struct tu_concept_catalogue *catalogue = form->context;
	const struct tu_concept_rows rows = {
		"part", sizeof(struct tu_concept_part), &part_forms[kind], PART(id), SIZE_MAX};
	void *items = NULL;
	size_t count = 0;
	enum tu_status status = tu_concept__rows(form, node, &rows, &items, &count);

	if (status == TU_OK)
		catalogue->parts[kind] = (struct tu_concept_parts){items, count};
	return status;
}

#define PARTS_READER(name, kind) \
	static enum tu_status name(struct tu_form *form, const struct tu_yaml *node, void *target) \
	{ \
		(void)target; \
		return read_parts(form, node, kind); \
	}
PARTS_READER(read_zones, TU_PART_ZONE)
PARTS_READER(read_elements, TU_PART_ELEMENT)
PARTS_READER(read_flows, TU_PART_FLOW)
PARTS_READER(read_interfaces, TU_PART_INTERFACE)
PARTS_READER(read_assets, TU_PART_ASSET)
PARTS_READER(read_hazards, TU_PART_HAZARD)

/* What others refer to comes first. */
static const struct tu_field file_fields[] = {
	{"schema", TU_FIELD_TEXT, 0},
	{"zones", TU_FIELD_OTHER, .needed = true, .read = read_zones},
	{"elements", TU_FIELD_OTHER, .needed = true, .read = read_elements},
	{"flows", TU_FIELD_OTHER, .needed = true, .read = read_flows},
	{"interfaces", TU_FIELD_OTHER, .needed = true, .read = read_interfaces},
	{"assets", TU_FIELD_OTHER, .needed = true, .read = read_assets},
	{"hazards", TU_FIELD_OTHER, .needed = true, .read = read_hazards},
};
static const struct tu_fields file_form = {file_fields, TU_COUNT(file_fields)};

enum tu_status tu_concept__parts(struct tu_form *form, const struct tu_concept_text *text)
{
	struct tu_str schema;
	const struct tu_yaml *root;
	enum tu_status status =
		tu_concept__root(form, text, TU_STR("tutela-concept-parts/1"), &root);

	return status ? status : tu_form_read(form, root, &file_form, &schema);
}
