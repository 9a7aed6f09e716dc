/* tutela threat import, tutela threat export: design models from and to the forms of other tools.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/output.h"
#include "app/threat.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/options.h"
#include "threat/write/write.h"

enum { TEXT_MAX_BYTES = 256 << 20, MISSING_MAX_BYTES = 65536 };

struct run {
	const char *name;
	const char *format;
	const char *losses; /* a file for them; NULL: they are printed */
	const char *output;
	enum tu_model_form form;
	struct tu_threat_answer answer;
};

/* ---- losses ---- */

static void add_losses(const struct tu_model_losses *losses, struct tu_json_writer *json)
{
	for (size_t i = 0; i < losses->count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "kind", tu_str_c(losses->at[i].kind));
		tu_json_member_str(json, "at", losses->at[i].pointer);
		tu_json_member_str(json, "message", losses->at[i].message);
		tu_json_close_object(json);
	}
}

static enum tu_status write_losses(
	const struct run *run, const struct tu_model_losses *written, struct tu_error *err)
{
	struct tu_json_writer json;
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, run->losses, err);

	if (status != TU_OK)
		return status;
	json = tu_json_writer(&output.sink.buf, true);
	tu_json_open_array(&json);
	add_losses(&run->answer.losses, &json);
	add_losses(written, &json);
	tu_json_close_array(&json);
	tu_buf_byte(&output.sink.buf, '\n');
	return tu_output_close(&output, err);
}

static void print_losses(const struct run *run, const struct tu_model_losses *losses)
{
	for (size_t i = 0; i < losses->count; i++)
		tu_command_warn(run->name, "%s: %.*s%s%.*s", losses->at[i].kind,
			TU_STR_FMT(losses->at[i].pointer), losses->at[i].pointer.len ? ": " : "",
			TU_STR_FMT(losses->at[i].message));
}

static enum tu_status say_losses(
	const struct run *run, const struct tu_model_losses *written, struct tu_error *err)
{
	if (run->losses)
		return write_losses(run, written, err);
	print_losses(run, &run->answer.losses);
	print_losses(run, written);
	return TU_OK;
}

/* ---- export ---- */

static enum tu_status write_model(const struct run *run, struct tu_error *err)
{
	struct tu_model_export export = {
		.arena = run->answer.arena, .form = run->form, .device = run->answer.folder.device};
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, run->output, err);

	if (status != TU_OK)
		return status;
	status = tu_model_write(run->answer.model, &export, &output.sink.buf, err);
	if (status == TU_OK)
		status = say_losses(run, &export.losses, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

static const char *export_format(size_t index)
{
	return tu_model_form_name(index);
}

static enum tu_model_form form_named(const char *word)
{
	size_t form = 0;

	while (form + 1 < TU_MODEL_FORMS && strcmp(tu_model_form_name(form), word) != 0)
		form++;
	return (enum tu_model_form)form;
}

static int run_export(int argc, char **argv)
{
	struct run run = {.name = "threat export"};
	struct tu_error err = {0};
	int64_t now = 0;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_threat_export, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(run.name, "expected a device folder or a file");
	if (!tu_context_time(run.name, "at", NULL, &now))
		return TU_EXIT_USAGE;
	run.form = form_named(run.format);
	status = tu_app_threats(argv[1], now, &run.answer, &err);
	if (status == TU_OK)
		status = write_model(&run, &err);
	tu_threat_answer_done(&run.answer);
	return status ? tu_command_failed(run.name, &err) : TU_EXIT_OK;
}

#define OPTION_LOSSES \
	{ \
		"losses", 0, "FILE", \
			"Write what is lost or changed to FILE as JSON instead of printing it", \
			TU_TEXT(struct run, losses), .written = true \
	}

static const struct tu_option export_options[] = {
	{"format", 'f', "FORM", "Choose the form", TU_TEXT(struct run, format),
		.word = export_format, .preset = "otm"},
	OPTION_LOSSES,
	TU_OPTION_OUTPUT(struct run, output),
};

const struct tu_command tu_cmd_threat_export = {
	.name = "threat export",
	.summary = "Write a design model in the form of another tool",
	.usage = {"DIR [OPTION...]", "FILE [OPTION...]"},
	TU_OPTIONS(export_options),
	.notes =
		"FORM is model (model.yaml), neutral, otm (Open Threat Model 0.2), threat-dragon\n"
		"(2), threagile (1, JSON, which is YAML), or cyclonedx: declarations of CycloneDX\n"
		"1.6, the controls in place as claims with their evidence, which is not read\n"
		"back. What the form cannot hold is named, and nothing else is lost.\n",
	.run = run_export,
};

/* ---- import ---- */

static bool device_has(const struct tu_device *device, struct tu_str id)
{
	for (size_t i = 0; i < device->asset_count; i++)
		if (tu_str_eq(device->assets[i].id, id))
			return true;
	return false;
}

/* The assets are device.yaml's: one that it does not have is another device's, or not yet there. */
static enum tu_status check_assets(
	const struct tu_device_folder *folder, const struct tu_model *model, struct tu_error *err)
{
	struct tu_buf missing;
	size_t count = 0;
	enum tu_status status = TU_OK;

	tu_buf_init(&missing, MISSING_MAX_BYTES);
	for (size_t i = 0; i < model->assets_count; i++)
		if (!device_has(folder->device, model->assets[i].id))
			tu_buf_printf(&missing, "%s%.*s", count++ ? ", " : "",
				TU_STR_FMT(model->assets[i].id));
	if (count)
		status = tu_fail(err, TU_E_CONFLICT, 0,
			"device.yaml has no asset %.*s: add what belongs to this device, with its "
			"hazards; a model of another device is not imported",
			(int)(missing.len > 300 ? 300 : missing.len), missing.ptr);
	tu_buf_done(&missing);
	return status;
}

static enum tu_status refuse_existing(const char *path, struct tu_error *err)
{
	if (access(path, F_OK) == 0)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"%s is there already: move it away, or write beside it with \"threat "
			"export --format model\"",
			path);
	return errno == ENOENT ? TU_OK : tu_fail(err, TU_E_IO, 0, "%s: %s", path, strerror(errno));
}

/* What is written must be a model of this device before it takes its place. */
static enum tu_status check_readable(struct tu_arena *arena, struct tu_str text,
	const struct tu_device *device, struct tu_error *err)
{
	const struct tu_model_source source = {TU_STR("model.yaml"), text, device};
	const struct tu_model *model;

	return tu_model_read(arena, &source, &model, NULL, err);
}

static enum tu_status put_model(
	const struct run *run, const char *path, struct tu_str text, struct tu_error *err)
{
	static const struct tu_model_losses none;
	struct tu_output output;
	enum tu_status status = say_losses(run, &none, err);

	if (status == TU_OK)
		status = tu_output_open(&output, path, err);
	if (status != TU_OK)
		return status;
	tu_buf_str_add(&output.sink.buf, text);
	return tu_output_close(&output, err);
}

static enum tu_status import_into(
	const struct run *run, const struct tu_device_folder *folder, struct tu_error *err)
{
	const char *path = tu_device_folder_path(folder, TU_STR("model.yaml"));
	/* its losses are hazards and assets, which device.yaml has */
	struct tu_model_export export = {.arena = run->answer.arena, .form = TU_MODEL_FORM_NATIVE};
	struct tu_buf text;
	enum tu_status status = path ? refuse_existing(path, err) : tu_no_memory(err);

	tu_buf_init(&text, TEXT_MAX_BYTES);
	if (status == TU_OK)
		status = check_assets(folder, run->answer.model, err);
	if (status == TU_OK)
		status = tu_model_write(run->answer.model, &export, &text, err);
	if (status == TU_OK)
		status = check_readable(run->answer.arena, tu_buf_str(&text), folder->device, err);
	if (status == TU_OK)
		status = put_model(run, path, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

static int run_import(int argc, char **argv)
{
	struct run run = {.name = "threat import"};
	struct tu_device_folder folder = {0};
	struct tu_error err = {0};
	int64_t now = 0;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_threat_import, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 3)
		return tu_command_misused(run.name, "expected a file and a device folder");
	if (!tu_context_time(run.name, "at", NULL, &now))
		return TU_EXIT_USAGE;
	status = tu_app_threats(argv[1], now, &run.answer, &err);
	if (status == TU_OK)
		status = tu_device_folder_open(argv[2], &folder, &err);
	if (status == TU_OK)
		status = import_into(&run, &folder, &err);
	tu_device_folder_done(&folder);
	tu_threat_answer_done(&run.answer);
	if (status == TU_E_CONFLICT) {
		tu_command_failed(run.name, &err);
		return TU_EXIT_POLICY;
	}
	return status ? tu_command_failed(run.name, &err) : TU_EXIT_OK;
}

static const struct tu_option import_options[] = {
	OPTION_LOSSES,
};

const struct tu_command tu_cmd_threat_import = {
	.name = "threat import",
	.summary = "Make model.yaml of a device folder from a model in another form",
	.usage = {"FILE DIR [OPTION...]"},
	TU_OPTIONS(import_options),
	.notes = "DIR has device.yaml, whose assets the model refers to, and no model.yaml yet.\n"
		 "Exit code 1 when the model names assets that device.yaml does not have, or when\n"
		 "there is a model already; nothing is written then.\n",
	.run = run_import,
	.unconfined = true,
};
