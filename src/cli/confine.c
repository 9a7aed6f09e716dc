#define _XOPEN_SOURCE 700 /* readlink */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/kb_file.h"
#include "base/landlock.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "cli/overwrite.h"

#define ACCESS_NEW \
	(LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
		LANDLOCK_ACCESS_FS_WRITE_FILE | TU_LANDLOCK_TRUNCATE)
#define ACCESS_TEMPORARY (ACCESS_NEW | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR)
#define ACCESS_FILE (LANDLOCK_ACCESS_FS_WRITE_FILE | TU_LANDLOCK_TRUNCATE)
#define ACCESS_CHANGE \
	(ACCESS_TEMPORARY | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK | \
		LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
		LANDLOCK_ACCESS_FS_MAKE_SYM)

/* A build that counts steps or coverage writes what it counted when the process ends. */
#ifdef TU_MEASURED
#define MEASURED true
#else
#define MEASURED false
#endif

enum { LINKS_MAX = 40 };

/* Bytes of the path up to the last slash, with it. */
static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

static void allow_folder_of(const struct tu_landlock *set, const char *path)
{
	char folder[PATH_MAX];

	(void)snprintf(folder, sizeof(folder), "%.*s.", (int)folder_len(path), path);
	tu_landlock_keep(set, folder, ACCESS_NEW);
}

/* Replace the path of a link by where it leads, one step. False: it is no link. */
static bool follow(char path[PATH_MAX])
{
	char link[PATH_MAX], next[2 * PATH_MAX];
	ssize_t len = readlink(path, link, sizeof(link) - 1);

	if (len <= 0)
		return false;
	link[len] = '\0';
	(void)snprintf(next, sizeof(next), "%.*s%s", link[0] == '/' ? 0 : (int)folder_len(path),
		path, link);
	if (strlen(next) >= PATH_MAX)
		return false;
	memcpy(path, next, strlen(next) + 1);
	return true;
}

/* A file is made beside it and renamed; what a link leads to is written in place, or made. */
static void allow_output(const struct tu_landlock *set, const char *output)
{
	char path[PATH_MAX];
	struct stat info;

	if (strlen(output) >= sizeof(path))
		return;
	memcpy(path, output, strlen(output) + 1);
	for (int i = 0; i < LINKS_MAX && follow(path); i++)
		;
	allow_folder_of(set, path);
	allow_folder_of(set, output);
	if (stat(path, &info) == 0 && !S_ISDIR(info.st_mode))
		tu_landlock_keep(set, path, ACCESS_FILE);
}

static const struct tu_option *option_named(const struct tu_command *command, const char *name)
{
	for (size_t i = 0; i < command->option_count; i++) {
		if (strcmp(command->options[i].name, name) == 0)
			return &command->options[i];
	}
	return NULL;
}

/* The value of an option; NULL where it is not given or not a text. */
static const char *value_of(const struct tu_command *command, const void *request, const char *name)
{
	const struct tu_option *option = option_named(command, name);

	return option && option->kind == TU_OPTION_TEXT
		? *(const char *const *)(const void *)((const char *)request + option->at)
		: NULL;
}

static bool is_given(const struct tu_command *command, const void *request, const char *name)
{
	return value_of(command, request, name) != NULL;
}

/* A database of rpm is copied, and the library of workbooks writes rows to a file first. */
static bool needs_temporary(const struct tu_command *command, const void *request)
{
	const char *format = value_of(command, request, "format");

	return is_given(command, request, "rootfs") || (format && strcmp(format, "xlsx") == 0);
}

/* Is the knowledge base a file, and not the one that is built in? */
static bool reads_file(
	const struct tu_command *command, const void *request, const struct tu_app_context *context)
{
	return is_given(command, request, "kb") || context->kb_environment ||
		(context->kb_default && access(context->kb_default, F_OK) == 0);
}

static void allow_named(const struct tu_landlock *set, const struct tu_command *command,
	const void *request, const struct tu_app_context *context)
{
	struct tu_written written = {0};
	const char *path;

	while ((path = tu_next_written(command, request, &written)) != NULL)
		allow_output(set, path);
	if (context->stamps && option_named(command, "kb") &&
		reads_file(command, request, context)) {
		tu_kb_file_make_folders(context->stamps);
		tu_landlock_keep(set, context->stamps, ACCESS_NEW);
	}
	if (needs_temporary(command, request)) {
		tu_landlock_keep(set, "/tmp", ACCESS_TEMPORARY);
		tu_landlock_keep(set, "/var/tmp", ACCESS_TEMPORARY);
	}
}

bool tu_confine(
	const struct tu_command *command, const void *request, const struct tu_app_context *context)
{
	const struct tu_landlock_rights gone = {ACCESS_CHANGE, TU_LANDLOCK_NETWORK, 0};
	struct tu_landlock set;

	if (MEASURED || command->unconfined)
		return false;
	set = tu_landlock_begin(&gone);
	if (set.fd < 0)
		return false;
	allow_named(&set, command, request, context);
	return tu_landlock_enter(&set);
}
