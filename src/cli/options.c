/* Taking options out of arguments; what the terminal can do. */
#include "cli/options.h"
#include "cli/overwrite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <tutela/buf.h>

#include "base/near.h"
#include "cli/command.h"
#include "cli/environment.h"

enum { LIST_MAX = 4096 };

/* ---- closed lists ---- */

#define WORDS(name, ...) \
	const char *name(size_t index) \
	{ \
		static const char *const words[] = {__VA_ARGS__}; \
\
		return index < TU_COUNT(words) ? words[index] : NULL; \
	}

WORDS(tu_word_text_json, "text", "json")
WORDS(tu_word_table_json, "table", "json")
WORDS(tu_word_colour, "auto", "always", "never")

const char *tu_word_find(const char *(*word)(size_t index), struct tu_str text)
{
	const char *found;

	for (size_t i = 0; (found = word(i)) != NULL; i++)
		if (tu_str_ieq(tu_str_c(found), text))
			return found;
	return NULL;
}

const char *tu_word_nearest(const char *(*word)(const void *context, size_t index),
	const void *context, const char *text)
{
	struct tu_str wanted = tu_str_c(text);
	const char *nearest = NULL;
	size_t best = 3;
	const char *found;

	for (size_t i = 0; wanted.len <= TU_NEAR_MAX && (found = word(context, i)) != NULL; i++) {
		struct tu_str candidate = tu_str_c(found);
		size_t steps = best;

		if (candidate.len > TU_NEAR_MAX)
			continue;
		if (wanted.len > 1 && tu_str_starts(candidate, wanted))
			steps = 1;
		else if (candidate.len > 2)
			steps = tu_near_steps(wanted, candidate, best);
		if (steps < best && steps < candidate.len) {
			best = steps;
			nearest = found;
		}
	}
	return nearest;
}

/* ---- rows ---- */

static bool is_named(struct tu_str text, const char *name)
{
	return name && tu_str_eq(text, tu_str_c(name));
}

const struct tu_option *tu_options_find(
	const struct tu_command *command, const char *argument, const char **out_joined)
{
	bool is_long = argument[1] == '-';
	struct tu_str text = tu_str_c(argument + (is_long ? 2 : 1));
	size_t end = is_long ? tu_str_find(text, '=') : text.len;
	struct tu_str name = tu_str_first(text, end);

	*out_joined = end < text.len ? name.ptr + end + 1 : NULL;
	for (size_t i = 0; i < command->option_count; i++) {
		const struct tu_option *option = &command->options[i];

		if (is_long ? is_named(name, option->name) || is_named(name, option->also)
			    : option->letter && text.len == 1 && text.ptr[0] == option->letter)
			return option;
	}
	return NULL;
}

static const char *name_at(const void *context, size_t index)
{
	const struct tu_command *command = context;

	return index < command->option_count ? command->options[index].name : NULL;
}

static bool is_unknown(const struct tu_command *command, const char *argument)
{
	char word[TU_NEAR_MAX + 1];
	const char *nearest;

	(void)snprintf(word, sizeof(word), "%s", argument + (argument[1] == '-' ? 2 : 1));
	word[strcspn(word, "=")] = '\0';
	nearest = word[0] ? tu_word_nearest(name_at, command, word) : NULL;
	if (nearest)
		tu_command_misused(command->name, "unknown option \"%s\"; did you mean \"--%s\"?",
			argument, nearest);
	else
		tu_command_misused(command->name, "unknown option \"%s\"", argument);
	return false;
}

/* "text or json", else what the row calls the value */
static void add_values(const struct tu_option *option, struct tu_buf *out)
{
	const char *word;

	if (!option->word)
		tu_buf_c(out, option->argument);
	for (size_t i = 0; option->word && (word = option->word(i)) != NULL; i++)
		tu_buf_printf(out, "%s%s", i == 0 ? "" : option->word(i + 1) ? ", " : " or ", word);
}

/* `value` NULL: it is missing. */
static bool is_wrong(
	const struct tu_command *command, const struct tu_option *option, const char *value)
{
	struct tu_buf values;

	tu_buf_init(&values, LIST_MAX);
	add_values(option, &values);
	if (value)
		tu_command_misused(command->name, "--%s must be %.*s, not \"%s\"", option->name,
			TU_STR_FMT(tu_buf_str(&values)), value);
	else
		tu_command_misused(command->name, "--%s is missing: %.*s", option->name,
			TU_STR_FMT(tu_buf_str(&values)));
	tu_buf_done(&values);
	return false;
}

/* The value as it is stored; NULL: it is not in the list. */
static const char *listed(const struct tu_option *option, const char *value)
{
	struct tu_str text = tu_str_c(value);
	struct tu_str name = tu_str_first(text, tu_str_find(text, '='));
	const char *word;

	if (!option->word)
		return value;
	if (option->kind != TU_OPTION_LIST)
		return tu_word_find(option->word, text);
	word = tu_word_find(option->word, name);
	return word && name.len == text.len ? word : word ? value : NULL;
}

static bool keep(const struct tu_command *command, const struct tu_option *option,
	const char *value, void *request)
{
	void *place = (char *)request + option->at;
	struct tu_values *values = place;
	const char *stored = listed(option, value);

	if (!stored)
		return is_wrong(command, option, value);
	if (option->kind == TU_OPTION_TEXT) {
		*(const char **)place = stored;
		return true;
	}
	if (values->count == TU_VALUES_MAX) {
		tu_command_misused(command->name, "--%s is given more than %d times", option->name,
			TU_VALUES_MAX);
		return false;
	}
	values->at[values->count++] = stored;
	return true;
}

/* One option at argv[*i]; `*i` is left at its last argument. */
static bool take(const struct tu_command *command, int argc, char **argv, int *i, void *request)
{
	const char *joined;
	const struct tu_option *option = tu_options_find(command, argv[*i], &joined);

	if (!option)
		return is_unknown(command, argv[*i]);
	if (option->kind == TU_OPTION_FLAG && !joined) {
		*(bool *)(void *)((char *)request + option->at) = true;
		return true;
	}
	if (option->kind == TU_OPTION_FLAG)
		tu_command_misused(command->name, "--%s takes no value", option->name);
	else if (!joined && *i + 1 >= argc)
		tu_command_misused(command->name, "--%s needs a value: --%s %s", option->name,
			option->name, option->argument);
	else
		return keep(command, option, joined ? joined : argv[++*i], request);
	return false;
}

/* Put the presets where nothing was given; false: a required option is missing. */
static bool complete(const struct tu_command *command, void *request)
{
	for (size_t i = 0; i < command->option_count; i++) {
		const struct tu_option *option = &command->options[i];
		void *place = (char *)request + option->at;

		if (option->kind != TU_OPTION_TEXT || *(const char **)place)
			continue;
		if (option->required)
			return is_wrong(command, option, NULL);
		*(const char **)place = option->preset;
	}
	return true;
}

static void (*when_taken)(const struct tu_command *command, const void *request);

void tu_options_when_taken(void (*call)(const struct tu_command *command, const void *request))
{
	when_taken = call;
}

bool tu_options_take(const struct tu_command *command, int *argc, char **argv, void *request)
{
	int kept = 1;
	bool ended = false;

	for (int i = 1; i < *argc; i++) {
		bool option = !ended && argv[i][0] == '-' && argv[i][1] != '\0';
		if (option && strcmp(argv[i], "--") == 0) {
			ended = true;
		} else if (!option) {
			argv[kept++] = argv[i];
		} else if (!take(command, *argc, argv, &i, request)) {
			return false;
		}
	}
	*argc = kept;
	if (!complete(command, request) || tu_overwrites_input(command, *argc, argv, request))
		return false;
	if (when_taken)
		when_taken(command, request);
	return true;
}

/* ---- the terminal ---- */

static bool wants_colour(int fd)
{
	const char *no_colour = tu_user_variable("NO_COLOR");
	const char *term = tu_user_variable("TERM");

	return isatty(fd) && (!no_colour || no_colour[0] == '\0') &&
		(!term || strcmp(term, "dumb") != 0);
}

bool tu_options_colour(const char *when, int fd)
{
	if (!when || strcmp(when, "auto") == 0)
		return wants_colour(fd);
	return strcmp(when, "always") == 0;
}

bool tu_options_json(const char *format)
{
	return format && strcmp(format, "json") == 0;
}

unsigned tu_terminal_width(int fd)
{
	struct winsize size = {0};

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}
