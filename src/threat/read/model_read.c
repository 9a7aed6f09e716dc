/* Which form a model has, and its reader. */
#include <tutela/model.h>

#include "base/yaml.h"
#include "threat/read/foreign.h"
#include "threat/read/native.h"

struct form_row {
	const char *name; /* struct tu_model.form */
	const char *what; /* for messages */
	const char *key; /* in the root of the file … */
	const char *value; /* … with this value, or one that begins so and goes on with '.' */
	bool (*is)(const struct tu_yaml *root); /* where no member says it: its shape */
	uint32_t lacks;
	enum tu_status (*read)(struct tu_reading *reading, const struct tu_yaml *root,
		const struct tu_device *device);
};

static const struct form_row forms[] = {
	{"model.yaml", "schema: tutela-model/1", "schema", "tutela-model/1", NULL, 0,
		tu_native_read},
	{"neutral", "schema: neutral-device-model/1", "schema", "neutral-device-model/1", NULL, 0,
		tu_neutral_read},
	{"threat-dragon", "Threat Dragon 2", NULL, NULL, tu_dragon_is,
		TU_FORM_NO_STATES | TU_FORM_NO_COMPONENTS | TU_FORM_NO_HAZARDS, tu_dragon_read},
	{"threagile", "Threagile 1", "threagile_version", "1", NULL,
		TU_FORM_NO_STATES | TU_FORM_NO_COMPONENTS | TU_FORM_NO_VIEWS | TU_FORM_NO_SILENCE,
		tu_threagile_read},
	{"otm", "otmVersion: 0.2", "otmVersion", "0.2", NULL, 0, tu_otm_read},
	{"otm", "otmVersion: 0.1", "otmVersion", "0.1", NULL, 0, tu_otm_read},
};

static bool has_form(const struct tu_yaml *root, const struct form_row *row)
{
	const struct tu_yaml *node;
	struct tu_str text;

	if (row->is)
		return row->is(root);
	node = tu_yaml_get(root, tu_str_c(row->key));
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

/* The first row is our own form, which people write. */
static bool is_own(const struct tu_yaml *root)
{
	return form_of(root) == &forms[0];
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
	reading->model->form = tu_str_c(row->name);
	reading->model->lacks = row->lacks;
	return row->read(reading, root, device);
}

/* Forms of others may have aliases: when a document cannot be read without them, it is read again,
 * and what was wrong the first time is said about our own. */
static enum tu_status parse(struct tu_form *form, struct tu_str text, const struct tu_yaml **root)
{
	struct tu_yaml_limits limits = {.bytes = 64u << 20, .nodes = 2000000};
	struct tu_error strict;
	enum tu_status status =
		tu_yaml_parse(form->arena, form->file, text, &limits, root, form->err);

	if (status != TU_E_SYNTAX)
		return status;
	strict = *form->err;
	limits.aliases = true;
	status = tu_yaml_parse(form->arena, form->file, text, &limits, root, form->err);
	if (status == TU_OK && !is_own(*root))
		return TU_OK;
	if (status == TU_OK || status == TU_E_SYNTAX)
		*form->err = strict;
	return form->err->status;
}

static enum tu_status read_yaml(struct tu_reading *reading, const struct tu_model_source *source)
{
	const struct tu_yaml *root = NULL;
	const struct form_row *row;
	enum tu_status status = parse(&reading->form, source->text, &root);

	if (status != TU_OK)
		return status;
	row = form_of(root);
	return row ? read_as(reading, root, row, source->device)
		   : not_known(source->file, root, reading->form.err);
}

enum tu_status tu_model_read(struct tu_arena *arena, const struct tu_model_source *source,
	const struct tu_model **out_model, struct tu_model_losses *out_losses, struct tu_error *err)
{
	struct tu_error own; /* losses are made from errors: there must be one */
	struct tu_reading reading = {.form = {arena, source->file, err ? err : &own, NULL}};
	enum tu_status status;

	reading.form.context = &reading;
	reading.model = tu_arena_alloc(arena, sizeof(*reading.model));
	if (!reading.model || !tu_arena_dup(arena, source->file, &reading.model->file))
		return tu_form_no_memory(&reading.form);
	if (tu_tm7_is(source->text)) {
		reading.model->form = TU_STR("tm7");
		reading.model->lacks = TU_FORM_NO_EVIDENCE | TU_FORM_NO_STATES |
			TU_FORM_NO_COMPONENTS | TU_FORM_NO_HAZARDS | TU_FORM_NO_VIEWS;
		status = tu_tm7_read(&reading, source->text);
	} else {
		status = read_yaml(&reading, source);
	}
	if (status != TU_OK)
		return status;
	*out_model = reading.model;
	if (out_losses)
		*out_losses = (struct tu_model_losses){reading.losses.at, reading.losses.count};
	return TU_OK;
}
