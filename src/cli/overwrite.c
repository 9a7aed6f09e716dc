#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/overwrite.h"

/* A value of an option, or an operand (`option` NULL). */
struct place {
	const struct tu_option *option;
	const char *path;
};

static bool is_file_of(const char *path, struct stat *out_info)
{
	bool standard = path && strcmp(path, "-") == 0;
	int result = -1;

	if (path)
		result = standard ? fstat(STDIN_FILENO, out_info) : stat(path, out_info);
	return result == 0 && S_ISREG(out_info->st_mode);
}

static bool is_same(struct place input, const struct stat *output)
{
	struct stat info;

	return is_file_of(input.path, &info) && info.st_dev == output->st_dev &&
		info.st_ino == output->st_ino;
}

static bool is_input(const struct tu_option *option)
{
	return option->kind != TU_OPTION_FLAG && !option->written && !option->replaced &&
		!option->word;
}

/* The value `index` of an option; its path is NULL after the last one. */
static struct place value_at(const struct tu_option *option, const void *request, size_t index)
{
	const void *at = (const char *)request + option->at;
	const struct tu_values *values = at;

	if (option->kind == TU_OPTION_TEXT)
		return (struct place){option, index == 0 ? *(const char *const *)at : NULL};
	return (struct place){option, index < values->count ? values->at[index] : NULL};
}

/* Files that are read where an operand is a device folder. */
static bool is_in_folder(const char *folder, const struct stat *output)
{
	static const char *const names[] = {"device.yaml", "device.yml", "device.json",
		"model.yaml", "threats.yaml", "concept.yaml"};
	char path[PATH_MAX];
	struct stat info;

	if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
		return false;
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		int len = snprintf(path, sizeof(path), "%s/%s", folder, names[i]);

		if (len > 0 && (size_t)len < sizeof(path) &&
			is_same((struct place){NULL, path}, output))
			return true;
	}
	return false;
}

/* The first input that is the file `output`. */
static bool find_input(const struct tu_command *command, int argc, char **argv, const void *request,
	const struct stat *output)
{
	for (int i = 1; i < argc; i++) {
		if (is_same((struct place){NULL, argv[i]}, output) || is_in_folder(argv[i], output))
			return true;
	}
	for (size_t i = 0; i < command->option_count; i++) {
		const struct tu_option *option = &command->options[i];
		struct place place;

		for (size_t k = 0; is_input(option); k++) {
			place = value_at(option, request, k);
			if (!place.path)
				break;
			if (is_same(place, output))
				return true;
		}
	}
	return false;
}

/* The file that a value of a `written` option names: all of it, or what follows "=". */
static const char *written_path(struct place place)
{
	const char *equals;

	if (!place.option->word || !place.path)
		return place.path;
	equals = strchr(place.path, '=');
	return equals ? equals + 1 : "";
}

const char *tu_next_written(
	const struct tu_command *command, const void *request, struct tu_written *written)
{
	for (; written->option < command->option_count; written->option++, written->value = 0) {
		const struct tu_option *option = &command->options[written->option];
		const char *path;

		while (option->written) {
			path = written_path(value_at(option, request, written->value));
			if (!path)
				break;
			written->value++;
			if (path[0] && strcmp(path, "-") != 0)
				return path;
		}
	}
	return NULL;
}

bool tu_overwrites_input(
	const struct tu_command *command, int argc, char **argv, const void *request)
{
	struct tu_written written = {0};
	const char *path;
	struct stat info;

	while ((path = tu_next_written(command, request, &written)) != NULL) {
		if (!is_file_of(path, &info) || !find_input(command, argc, argv, request, &info))
			continue;
		tu_command_misused(command->name,
			"--%s: %s is also an input, which would be replaced: name another file",
			command->options[written.option].name, path);
		return true;
	}
	return false;
}
