/* Help from the rows of commands. */
#include "cli/help.h"

#include <string.h>

enum { WIDTH = 80, NAMES_WIDTH = 24, MEANING_MAX = 4096 };

/* Append words with line breaks before `WIDTH`; lines after the first begin at `indent`. */
static void add_wrapped(struct tu_buf *out, struct tu_str text, size_t at, size_t indent)
{
	struct tu_str word;
	bool first = true;

	while (tu_str_split(&text, ' ', &word)) {
		if (!first && at + 1 + word.len > WIDTH) {
			tu_buf_printf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			tu_buf_byte(out, ' ');
			at++;
		}
		tu_buf_str_add(out, word);
		at += word.len;
		first = false;
	}
	tu_buf_byte(out, '\n');
}

void tu_help_meaning(const struct tu_option *option, struct tu_buf *out)
{
	const char *word;

	tu_buf_c(out, option->meaning);
	for (size_t i = 0; option->word && (word = option->word(i)) != NULL; i++) {
		tu_buf_printf(out, "%s%s", i ? ", " : ": ", word);
		if (option->preset && strcmp(word, option->preset) == 0)
			tu_buf_c(out, " (default)");
	}
	if (option->required)
		tu_buf_c(out, " (required)");
	if (option->kind == TU_OPTION_LIST)
		tu_buf_c(out, "; may be repeated");
}

static void add_option(const struct tu_option *option, struct tu_buf *out)
{
	struct tu_buf meaning;
	size_t start = out->len;
	size_t width;

	if (option->letter)
		tu_buf_printf(out, "  -%c, --%s", option->letter, option->name);
	else
		tu_buf_printf(out, "      --%s", option->name);
	if (option->argument)
		tu_buf_printf(out, " %s", option->argument);
	width = out->len - start;
	if (width + 2 > NAMES_WIDTH + 4)
		tu_buf_printf(out, "\n%*s", NAMES_WIDTH + 4, "");
	else
		tu_buf_printf(out, "%*s", (int)(NAMES_WIDTH + 4 - width), "");
	tu_buf_init(&meaning, MEANING_MAX);
	tu_help_meaning(option, &meaning);
	add_wrapped(out, tu_buf_str(&meaning), NAMES_WIDTH + 4, NAMES_WIDTH + 4);
	tu_buf_done(&meaning);
}

static void add_usage(const struct tu_command *command, const char **start, struct tu_buf *out)
{
	for (size_t i = 0; i < TU_USAGES_MAX && (i == 0 || command->usage[i]); i++) {
		const char *usage = command->usage[i];

		tu_buf_printf(out, "%stutela %s%s%s\n", *start, command->name,
			usage && usage[0] ? " " : "", usage ? usage : "");
		*start = "       ";
	}
}

/* Rows of a list: the name, padded, and the summary. */
static void add_summary(const struct tu_command *command, size_t width, struct tu_buf *out)
{
	size_t used = strlen(command->name);

	tu_buf_printf(out, "  %s%*s  ", command->name, used < width ? (int)(width - used) : 0, "");
	tu_buf_c(out, command->summary);
	if (command->also)
		tu_buf_printf(out, " (also: %s)", command->also);
	tu_buf_byte(out, '\n');
}

static void add_members(const struct tu_command *group, struct tu_buf *out)
{
	size_t width = 0;

	for (size_t i = 0; i < tu_command_count; i++)
		if (tu_command_in(tu_commands[i], group) && strlen(tu_commands[i]->name) > width)
			width = strlen(tu_commands[i]->name);
	if (width == 0)
		return;
	tu_buf_c(out, "\nCommands:\n");
	for (size_t i = 0; i < tu_command_count; i++)
		if (tu_command_in(tu_commands[i], group))
			add_summary(tu_commands[i], width, out);
	tu_buf_printf(out, "\n\"tutela %s COMMAND --help\" describes one.\n", group->name);
}

void tu_help_command(const struct tu_command *command, struct tu_buf *out)
{
	const char *start = "usage: ";

	if (command->run)
		add_usage(command, &start, out);
	for (size_t i = 0; !command->run && i < tu_command_count; i++)
		if (tu_command_in(tu_commands[i], command))
			add_usage(tu_commands[i], &start, out);
	tu_buf_byte(out, '\n');
	tu_buf_printf(out, "%s.\n", command->summary);
	if (command->also)
		tu_buf_printf(out, "\"tutela %s\" is the same command.\n", command->also);
	add_members(command, out);
	if (command->option_count)
		tu_buf_c(out, "\nOptions:\n");
	for (size_t i = 0; i < command->option_count; i++)
		add_option(&command->options[i], out);
	if (command->notes)
		tu_buf_printf(out, "\n%s", command->notes);
}

void tu_help_commands(struct tu_buf *out)
{
	tu_buf_c(out,
		"Tutela finds the known vulnerabilities in a medical device's software, and gives "
		"the\nreason for each verdict.\n\n"
		"usage: tutela [--config FILE] COMMAND [ARGUMENTS]\n"
		"       tutela help [COMMAND]\n"
		"       tutela --version\n\n"
		"Commands:\n");
	for (size_t i = 0; i < tu_command_count; i++)
		if (!strchr(tu_commands[i]->name, ' '))
			add_summary(tu_commands[i], 9, out);
	tu_buf_c(out,
		"\n\"tutela COMMAND --help\" describes a command.\n"
		"Where a file is expected, \"-\" is standard input.\n"
		"Exit codes: 0 success, 1 a gate or check did not pass, 2 wrong usage,\n"
		"3 an input cannot be read or an output cannot be written, 4 internal error.\n");
}
