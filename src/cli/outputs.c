#include "cli/outputs.h"

#include <string.h>
#include <unistd.h>

#include "cli/command.h"

/* Is another output before `index` for the same place? */
static bool is_taken(const struct tu_outputs *outputs, size_t index)
{
	const char *path = outputs->at[index].path;

	for (size_t i = 0; i < index; i++) {
		const char *other = outputs->at[i].path;

		if (path && other ? strcmp(path, other) == 0 : path == other)
			return true;
	}
	return false;
}

static bool check_place(const char *command, const struct tu_outputs *outputs, size_t index)
{
	const char *path = outputs->at[index].path;

	if (!is_taken(outputs, index))
		return true;
	if (path)
		tu_command_misused(command, "two --format for the file %s", path);
	else
		tu_command_misused(command,
			"two --format for standard output; write \"--format %.*s=FILE\" for one "
			"of them",
			TU_STR_FMT(outputs->at[index].format));
	return false;
}

/* "NAME" or "NAME=FILE". */
static bool take_one(
	const char *command, const char *value, const char *output, struct tu_outputs *outputs)
{
	struct tu_str text = tu_str_c(value);
	size_t equals = tu_str_find(text, '=');
	const char *path = equals < text.len ? value + equals + 1 : output;

	if (outputs->count == TU_OUTPUTS_MAX) {
		tu_command_misused(command, "more than %d --format", TU_OUTPUTS_MAX);
		return false;
	}
	if (path && !path[0]) {
		tu_command_misused(command, "%s: the file has no name",
			equals < text.len ? "--format" : "--output");
		return false;
	}
	outputs->at[outputs->count].format = tu_str_first(text, equals);
	outputs->at[outputs->count].path = path && strcmp(path, "-") != 0 ? path : NULL;
	return check_place(command, outputs, outputs->count++);
}

bool tu_outputs_take(const char *command, const struct tu_values *formats, const char *preset,
	const char *output, struct tu_outputs *out)
{
	bool plain = formats->count == 0;

	out->count = 0;
	if (plain && !take_one(command, preset, output, out))
		return false;
	for (size_t i = 0; i < formats->count; i++) {
		plain |= strchr(formats->at[i], '=') == NULL;
		if (!take_one(command, formats->at[i], output, out))
			return false;
	}
	if (output && !plain) {
		tu_command_misused(
			command, "--output is for the --format without a file, and there is none");
		return false;
	}
	return true;
}

int tu_outputs_terminal(const struct tu_outputs *outputs, size_t index)
{
	return outputs->at[index].path ? -1 : STDOUT_FILENO;
}

enum tu_status tu_outputs_write(struct tu_outputs *outputs,
	enum tu_status (*write)(
		void *context, size_t index, struct tu_sink *sink, struct tu_error *err),
	void *context, struct tu_error *err)
{
	enum tu_status status = TU_OK;
	size_t opened = 0;

	for (; status == TU_OK && opened < outputs->count; opened += status == TU_OK)
		status = tu_output_open(&outputs->at[opened].output, outputs->at[opened].path, err);
	for (size_t i = 0; status == TU_OK && i < opened; i++) {
		status = write(context, i, &outputs->at[i].output.sink, err);
		if (status == TU_OK)
			status = tu_sink_flush(&outputs->at[i].output.sink, err);
	}
	for (size_t i = 0; i < opened; i++) {
		if (status == TU_OK)
			status = tu_output_close(&outputs->at[i].output, err);
		else
			tu_output_abandon(&outputs->at[i].output);
	}
	return status;
}
