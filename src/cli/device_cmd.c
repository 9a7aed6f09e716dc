/* tutela device: make a device folder and check one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "app/device_folder.h"
#include "cli/device_template.h"
#include "cli/options.h"
#include "app/output.h"
#include "show/paint.h"
#include "app/sbom_file.h"

static const char name[] = "device";

/* ---- new ---- */

static enum tu_status make_folder(const char *path, struct tu_error *err)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return TU_OK;
	return tu_fail(err, TU_E_IO, 0, "%s: %s", path, strerror(errno));
}

static enum tu_status write_template(const char *path, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status;

	if (access(path, F_OK) == 0)
		return tu_fail(err, TU_E_USAGE, 0, "%s exists already", path);
	status = tu_output_open(&output, path, err);
	if (status != TU_OK)
		return status;
	tu_buf_c(&output.sink.buf, tu_device_template);
	return tu_output_close(&output, err);
}

static int make_new(const char *folder)
{
	struct tu_error err = {0};
	struct tu_buf path;
	enum tu_status status = make_folder(folder, &err);

	tu_buf_init(&path, 64 * 1024);
	tu_buf_printf(&path, "%s/decisions", folder);
	tu_buf_byte(&path, '\0');
	if (status == TU_OK && !path.failed)
		status = make_folder(path.ptr, &err);
	tu_buf_clear(&path);
	tu_buf_printf(&path, "%s/device.yaml", folder);
	tu_buf_byte(&path, '\0');
	if (path.failed)
		status = tu_no_memory(&err);
	if (status == TU_OK)
		status = write_template(path.ptr, &err);
	if (status == TU_OK)
		printf("%s\n\nNext:\n"
		       "  1. fill in device.yaml, and name the SBOM of each release there\n"
		       "  2. tutela device check %s     what is missing or doubtful\n"
		       "  3. tutela assess %s           which findings need a decision\n"
		       "  4. tutela decide %s CVE-ID    record one\n",
			path.ptr, folder, folder, folder);
	tu_buf_done(&path);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

/* ---- check ---- */

struct check {
	const char *folder_path;
	const char *at;
	const char *format;
	bool strict;
	bool json;
	int64_t now;
	struct tu_device_folder folder;
	const struct tu_inventory **inventories;
	size_t unreadable;
	struct tu_lints lints;
	size_t levels[3];
};

/* An SBOM that cannot be read is told at once; the other checks go on without it. */
static enum tu_status read_inventories(struct check *check, struct tu_error *err)
{
	const struct tu_device *device = check->folder.device;

	check->inventories = tu_arena_array(
		check->folder.arena, device->release_count, sizeof(*check->inventories));
	if (!check->inventories)
		return tu_no_memory(err);
	for (size_t i = 0; i < device->release_count; i++) {
		const struct tu_release *release = &device->releases[i];
		const char *path = tu_device_folder_path(&check->folder, release->sbom);
		struct tu_error inner = {0};
		char text[TU_ERROR_TEXT_MAX];

		if (!release->sbom.len)
			continue;
		if (!path)
			return tu_no_memory(err);
		if (tu_sbom_file_of_release(
			    check->folder.arena, path, &check->inventories[i], &inner) == TU_OK)
			continue;
		check->inventories[i] = NULL;
		check->unreadable++;
		tu_command_warn(name, "%s", tu_error_text(&inner, text, sizeof(text)));
	}
	return TU_OK;
}

static void add_lint(const struct tu_lint *lint, struct tu_sink *out)
{
	const struct tu_paint paint = {&out->buf, false};

	tu_paint(&paint, TU_HUE_PLAIN, lint->file);
	tu_buf_printf(&out->buf, ":%u:%u: %s: ", lint->place.line, lint->place.column,
		tu_lint_level_name(lint->level));
	tu_paint(&paint, TU_HUE_PLAIN, lint->message);
	tu_buf_printf(&out->buf, " [%s]\n", lint->rule);
	tu_sink_spill(out);
}

static void add_lint_json(const struct tu_lint *lint, struct tu_json_writer *json)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "level", tu_str_c(tu_lint_level_name(lint->level)));
	tu_json_member_str(json, "rule", tu_str_c(lint->rule));
	tu_json_member_str(json, "file", lint->file);
	tu_json_member_int(json, "line", lint->place.line);
	tu_json_member_int(json, "column", lint->place.column);
	tu_json_member_str(json, "message", lint->message);
	tu_json_close_object(json);
}

static enum tu_status write_text(const struct check *check, struct tu_error *err)
{
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < check->lints.count; i++)
		add_lint(&check->lints.at[i], &out.sink);
	tu_buf_printf(&out.sink.buf, "%zu errors, %zu warnings, %zu notes; %zu decisions\n",
		check->levels[TU_LINT_ERROR], check->levels[TU_LINT_WARNING],
		check->levels[TU_LINT_NOTE], check->folder.decision_count);
	return tu_output_close(&out, err);
}

static enum tu_status write_json(const struct check *check, struct tu_error *err)
{
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);
	struct tu_json_writer json;

	if (status != TU_OK)
		return status;
	json = tu_json_writer(&out.sink.buf, true);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-device-check"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_member_int(&json, "decisions", (int64_t)check->folder.decision_count);
	tu_json_key(&json, "lints");
	tu_json_open_array(&json);
	for (size_t i = 0; i < check->lints.count; i++)
		add_lint_json(&check->lints.at[i], &json);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_byte(&out.sink.buf, '\n');
	return tu_output_close(&out, err);
}

static enum tu_status look(struct check *check, struct tu_error *err)
{
	struct tu_lint_input input = {.at = check->now};
	enum tu_status status = tu_device_folder_open(check->folder_path, &check->folder, err);

	if (status == TU_OK)
		status = read_inventories(check, err);
	if (status != TU_OK)
		return status;
	input.device = check->folder.device;
	input.inventories = check->inventories;
	input.decisions = check->folder.decisions;
	input.decision_count = check->folder.decision_count;
	status = tu_device_lint(check->folder.arena, &input, &check->lints, err);
	for (size_t i = 0; i < check->lints.count && !status; i++)
		check->levels[check->lints.at[i].level]++;
	return status;
}

static int run_check(struct check *check)
{
	struct tu_error err = {0};
	enum tu_status status = look(check, &err);

	if (status == TU_OK)
		status = check->json ? write_json(check, &err) : write_text(check, &err);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	if (check->unreadable)
		return TU_EXIT_INPUT;
	return tu_command_judged(!check->levels[TU_LINT_ERROR] &&
		!(check->strict && check->levels[TU_LINT_WARNING]));
}

static int run_device_new(int argc, char **argv)
{
	if (!tu_options_take(&tu_cmd_device_new, &argc, argv, NULL))
		return TU_EXIT_USAGE;
	return argc == 2 ? make_new(argv[1]) : tu_command_misused(argv[0], "expected one folder");
}

static int run_device_check(int argc, char **argv)
{
	struct check check = {0};
	int code;

	if (!tu_options_take(&tu_cmd_device_check, &argc, argv, &check))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one device folder");
	check.folder_path = argv[1];
	check.json = tu_options_json(check.format);
	if (!tu_context_time(name, "at", check.at, &check.now))
		return TU_EXIT_USAGE;
	code = run_check(&check);
	tu_device_folder_done(&check.folder);
	return code;
}

static const struct tu_option options[] = {
	{"strict", 0, NULL, "Count warnings as errors", TU_FLAG(struct check, strict)},
	TU_OPTION_AT(struct check, at),
	TU_OPTION_TEXT_OR_JSON(struct check, format),
};

const struct tu_command tu_cmd_device = {
	.name = "device", .summary = "Create and check device folders"};

const struct tu_command tu_cmd_device_new = {
	.name = "device new",
	.summary = "Create a device folder with a commented device.yaml",
	.usage = {"DIR"},
	.unconfined = true,
	.run = run_device_new,
};

const struct tu_command tu_cmd_device_check = {
	.name = "device check",
	.summary = "List what is wrong or missing in a device folder",
	.usage = {"DIR [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Exit code 1 when there are errors.\n",
	.run = run_device_check,
};
