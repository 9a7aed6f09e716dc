/* Taking options out of arguments; what the terminal can do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"

/* The option that `argument` names, and its value if that is joined to it by "=". */
static const struct tu_option *find(
	const char *argument, const struct tu_option *options, int count, const char **out_joined)
{
	*out_joined = NULL;
	for (int i = 0; i < count; i++) {
		size_t len = strlen(options[i].name);
		if (argument[1] != '-') {
			if (argument[1] == options[i].letter && argument[2] == '\0')
				return &options[i];
			continue;
		}
		if (strncmp(argument + 2, options[i].name, len) != 0)
			continue;
		if (argument[2 + len] == '\0')
			return &options[i];
		if (argument[2 + len] == '=') {
			*out_joined = argument + 3 + len;
			return &options[i];
		}
	}
	return NULL;
}

static bool keep(const char *command, const struct tu_option *option, const char *value)
{
	if (!option->values) {
		*option->value = value;
		return true;
	}
	if (option->values->count == TU_VALUES_MAX) {
		tu_command_misused(
			command, "more than %d values of --%s", TU_VALUES_MAX, option->name);
		return false;
	}
	option->values->at[option->values->count++] = value;
	return true;
}

/* One option at argv[*i]; `*i` is left at its last argument. */
static bool take(int argc, char **argv, int *i, const struct tu_option *options, int count)
{
	const char *joined;
	const struct tu_option *option = find(argv[*i], options, count, &joined);

	if (!option) {
		tu_command_misused(argv[0], "no option \"%s\"", argv[*i]);
		return false;
	}
	if (option->flag) {
		if (joined) {
			tu_command_misused(argv[0], "--%s takes no value", option->name);
			return false;
		}
		*option->flag = true;
		return true;
	}
	if (!joined && *i + 1 >= argc) {
		tu_command_misused(argv[0], "--%s wants a value", option->name);
		return false;
	}
	return keep(argv[0], option, joined ? joined : argv[++*i]);
}

bool tu_options_take(int *argc, char **argv, const struct tu_option *options, int count)
{
	int kept = 1;
	bool ended = false;

	for (int i = 1; i < *argc; i++) {
		bool option = !ended && argv[i][0] == '-' && argv[i][1] != '\0';
		if (option && strcmp(argv[i], "--") == 0) {
			ended = true;
		} else if (!option) {
			argv[kept++] = argv[i];
		} else if (!take(*argc, argv, &i, options, count)) {
			return false;
		}
	}
	*argc = kept;
	return true;
}

static bool wants_colour(int fd)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(fd) && (!no_colour || no_colour[0] == '\0') &&
		(!term || strcmp(term, "dumb") != 0);
}

bool tu_options_colour(const char *command, const char *when, int fd, bool *out_colour)
{
	if (!when || strcmp(when, "auto") == 0) {
		*out_colour = wants_colour(fd);
	} else if (strcmp(when, "always") == 0 || strcmp(when, "never") == 0) {
		*out_colour = when[0] == 'a';
	} else {
		tu_command_misused(command, "--colour is auto, always or never, not \"%s\"", when);
		return false;
	}
	return true;
}

bool tu_options_json(const char *command, const char *format, bool *out_json)
{
	*out_json = format && strcmp(format, "json") == 0;
	if (!format || *out_json || strcmp(format, "text") == 0)
		return true;
	tu_command_misused(command, "--format is text or json, not \"%s\"", format);
	return false;
}

unsigned tu_terminal_width(int fd)
{
	struct winsize size = {0};

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}
