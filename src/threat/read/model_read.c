/* Which form a model has, and its reader. */
#include <tutela/model.h>

#include "base/yaml.h"
#include "threat/read/native.h"

struct form_row {
	const char *name; /* struct tu_model.form */
	const char *what; /* for messages */
	const char *key; /* in the root of the file … */
	const char *value; /* … with this value, or one that begins so and goes on with '.' */
	uint32_t lacks;
	enum tu_status (*read)(struct tu_reading *reading, const struct tu_yaml *root,
		const struct tu_device *device);
};

static const struct form_row forms[] = {
	{"model.yaml", "schema: tutela-model/1", "schema", "tutela-model/1", 0, tu_native_read},
	{"neutral", "schema: neutral-device-model/1", "schema", "neutral-device-model/1", 0,
		tu_neutral_read},
};

static bool has_form(const struct tu_yaml *root, const struct form_row *row)
{
	const struct tu_yaml *node = tu_yaml_get(root, tu_str_c(row->key));
	struct tu_str text;

	if (!node || node->kind != TU_YAML_SCALAR)
		return false;
	text = node->text;
	return tu_str_skip(&text, tu_str_c(row->value)) && (!text.len || text.ptr[0] == '.');
}

static const struct form_row *form_of(const struct tu_yaml *root)
{
	for (size_t i = 0; i < TU_COUNT(forms); i++)
		if (has_form(root, &forms[i]))
			return &forms[i];
	return NULL;
}

static enum tu_status not_known(
	struct tu_str file, const struct tu_yaml *root, struct tu_error *err)
{
	struct tu_buf list;
	enum tu_status status;

	tu_buf_init(&list, TU_ERROR_MESSAGE_MAX);
	for (size_t i = 0; i < TU_COUNT(forms); i++)
		tu_buf_printf(&list, "%s%s", i ? ", " : "", forms[i].what);
	status = tu_yaml_fail(err, TU_E_UNSUPPORTED, file, root,
		"no form of a design model that is read: there are %.*s",
		TU_STR_FMT(tu_buf_str(&list)));
	tu_buf_done(&list);
	return status;
}

static enum tu_status read_as(struct tu_reading *reading, const struct tu_yaml *root,
	const struct form_row *row, const struct tu_device *device)
{
	enum tu_status status;

	reading->model->form = tu_str_c(row->name);
	reading->model->lacks = row->lacks;
	status = row->read(reading, root, device);
	return status ? status
		      : tu_reading_check_zones(reading, tu_yaml_get(root, TU_STR("zones")));
}

enum tu_status tu_model_read(struct tu_arena *arena, const struct tu_model_source *source,
	const struct tu_model **out_model, struct tu_model_losses *out_losses, struct tu_error *err)
{
	static const struct tu_yaml_limits limits = {.bytes = 64u << 20, .nodes = 2000000};
	struct tu_error own; /* losses are made from errors: there must be one */
	struct tu_reading reading = {.form = {arena, source->file, err ? err : &own, NULL}};
	const struct tu_yaml *root = NULL;
	const struct form_row *row;
	enum tu_status status;

	reading.form.context = &reading;
	reading.model = tu_arena_alloc(arena, sizeof(*reading.model));
	if (!reading.model || !tu_arena_dup(arena, source->file, &reading.model->file))
		return tu_form_no_memory(&reading.form);
	status = tu_yaml_parse(arena, source->file, source->text, &limits, &root, reading.form.err);
	if (status != TU_OK)
		return status;
	row = form_of(root);
	if (!row)
		return not_known(source->file, root, reading.form.err);
	status = read_as(&reading, root, row, source->device);
	if (status != TU_OK)
		return status;
	*out_model = reading.model;
	if (out_losses)
		*out_losses = (struct tu_model_losses){reading.losses.at, reading.losses.count};
	return TU_OK;
}
