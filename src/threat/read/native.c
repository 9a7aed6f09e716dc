/* The whole of model.yaml and of the neutral form. */
#include "threat/read/native.h"

#define FIELD(member) offsetof(struct tu_model, member)
#define TEXT(member) \
	{ \
#member, TU_FIELD_TEXT, FIELD(member) \
	}
#define LIST(key) \
	{ \
		key, TU_FIELD_OTHER, .read = skip \
	}

/* The schema is what the form was recognised by; lists are sections. */
static enum tu_status skip(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	(void)form;
	(void)node;
	(void)target;
	return TU_OK;
}

#define SECTION_KEYS \
	LIST("zones"), LIST("states"), LIST("elements"), LIST("flows"), LIST("controls"), \
		LIST("components"), LIST("credentials"), LIST("assumptions"), LIST("entries"), \
		LIST("views")

/* ---- model.yaml ---- */

static const struct tu_field native_fields[] = {LIST("schema"), TEXT(release), TEXT(title),
	TEXT(intended_use), TEXT(essential_performance), TEXT(deployment), SECTION_KEYS};
static const struct tu_fields native_form = {native_fields, TU_COUNT(native_fields)};

/* What device.yaml states: one owner for each fact. */
static void borrow(struct tu_model *model, const struct tu_device *device)
{
	model->id = device->id;
	model->title = device->family;
	model->manufacturer = device->manufacturer.name;
	model->intended_use = device->intended_use;
	model->essential_performance = device->safety;
	model->hazards = device->hazards;
	model->hazards_count = device->hazard_count;
	model->assets = device->assets;
	model->assets_count = device->asset_count;
}

enum tu_status tu_native_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device)
{
	enum tu_status status = TU_OK;

	if (device) {
		borrow(reading->model, device);
		status = tu_reading_know_assets(reading);
	}
	if (status == TU_OK)
		status = tu_form_read(&reading->form, root, &native_form, reading->model);
	reading->model->version = reading->model->release;
	if (status == TU_OK)
		status = tu_reading_sections(reading, root, &tu_native_sections);
	return status ? status
		      : tu_reading_check_zones(reading, tu_yaml_get(root, TU_STR("zones")));
}

/* ---- the neutral form ---- */

static const struct tu_field neutral_fields[] = {LIST("schema"),
	{"id", TU_FIELD_TEXT, FIELD(id), .needed = true}, TEXT(title), TEXT(manufacturer),
	TEXT(version), LIST("date"), TEXT(intended_use), TEXT(essential_performance),
	TEXT(deployment), LIST("hazards"), LIST("assets"), SECTION_KEYS};
static const struct tu_fields neutral_form = {neutral_fields, TU_COUNT(neutral_fields)};

enum tu_status tu_neutral_read_made(struct tu_reading *reading, const struct tu_yaml *root)
{
	enum tu_status status;

	reading->form.forgive = tu_reading_forgive;
	status = tu_reading_assets(
		reading, tu_yaml_get(root, TU_STR("hazards")), tu_yaml_get(root, TU_STR("assets")));
	if (status == TU_OK)
		status = tu_form_read(&reading->form, root, &neutral_form, reading->model);
	if (status == TU_OK)
		status = tu_reading_sections(reading, root, &tu_native_sections);
	return status ? status
		      : tu_reading_check_zones(reading, tu_yaml_get(root, TU_STR("zones")));
}

enum tu_status tu_neutral_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device)
{
	(void)device;
	reading->keys_only = true;
	return tu_neutral_read_made(reading, root);
}
