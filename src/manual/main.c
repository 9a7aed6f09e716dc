/*
 * tutela-manual: the build's own tool. It writes what is made from the rows of commands.
 *
 *   tutela-manual page NAME < template > page.scd    "scan", "kb-sync"; "tutela" for tutela(1)
 *   tutela-manual bash|zsh > completion script
 *
 * In a template the lines {{name}}, {{synopsis}}, {{options}}, {{commands}} and {{see-also}} are
 * replaced; everything else is copied.
 */
#include <stdio.h>
#include <string.h>

#include <tutela/buf.h>

#include "base/input.h"
#include "cli/command.h"
#include "manual/completion.h"
#include "cli/help.h"
#include "cli/options.h"

enum { PAGE_MAX = 1024 * 1024, MEANING_MAX = 4096 };

/* scdoc gives a meaning to these. */
static void add_escaped(struct tu_buf *out, struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("_*\\<>#", text.ptr[i]))
			tu_buf_byte(out, '\\');
		tu_buf_byte(out, text.ptr[i]);
	}
}

/* "--to FORMAT [OPTION...]": options bold, what stands for a value underlined. */
static void add_usage(struct tu_buf *out, const char *usage)
{
	struct tu_str rest = tu_str_c(usage);

	while (rest.len) {
		size_t len = 0;
		char c = rest.ptr[0];
		bool upper = c >= 'A' && c <= 'Z';

		while (len < rest.len && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", rest.ptr[len]))
			len++;
		if (!upper)
			len = c == '-' ? tu_str_find(rest, ' ') : 1;
		if (upper || len > 1)
			tu_buf_byte(out, upper ? '_' : '*');
		add_escaped(out, tu_str_first(rest, len));
		if (upper || len > 1)
			tu_buf_byte(out, upper ? '_' : '*');
		rest = tu_str_from(rest, len);
	}
}

/* Whether the page of `name` describes the command: "sbom" describes "sbom show" too. */
static bool is_on_page(const struct tu_command *command, struct tu_str name)
{
	struct tu_str own = tu_str_c(command->name);

	return tu_str_eq(own, name) ||
		(command->also && tu_str_eq(tu_str_c(command->also), name)) ||
		(tu_str_starts(own, name) && own.ptr[name.len] == ' ');
}

static void add_synopsis(struct tu_buf *out, struct tu_str name)
{
	size_t count = 0;

	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		for (size_t k = 0; command->run && k < TU_USAGES_MAX; k++) {
			const char *usage = command->usage[k];

			if (!is_on_page(command, name) || (k && !usage))
				break;
			tu_buf_printf(out, "%s*tutela %s*%s", count++ ? "++\n" : "", command->name,
				usage ? " " : "");
			add_usage(out, usage);
		}
	}
	tu_buf_byte(out, '\n');
}

static void add_option(struct tu_buf *out, const struct tu_option *option)
{
	struct tu_buf meaning;

	if (option->letter)
		tu_buf_printf(out, "*-%c*, ", option->letter);
	tu_buf_printf(out, "*--%s*", option->name);
	if (option->argument) {
		tu_buf_byte(out, ' ');
		add_usage(out, option->argument);
	}
	tu_buf_init(&meaning, MEANING_MAX);
	tu_help_meaning(option, &meaning);
	tu_buf_c(out, "\n\t");
	add_escaped(out, tu_buf_str(&meaning));
	tu_buf_c(out, ".\n\n");
	tu_buf_done(&meaning);
}

static void add_options(struct tu_buf *out, struct tu_str name)
{
	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		if (!is_on_page(command, name) || !command->option_count)
			continue;
		if (strchr(command->name, ' '))
			tu_buf_printf(out, "## tutela %s\n\n", command->name);
		for (size_t k = 0; k < command->option_count; k++)
			add_option(out, &command->options[k]);
	}
}

static void add_name(struct tu_buf *out, struct tu_str name)
{
	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		if (strchr(command->name, ' ') ? !tu_str_eq(tu_str_c(command->name), name)
					       : !is_on_page(command, name))
			continue;
		tu_buf_c(out, "tutela-");
		for (const char *c = command->name; *c; c++)
			tu_buf_byte(out, *c == ' ' ? '-' : *c);
		if (command->also)
			tu_buf_printf(out, ", tutela-%s", command->also);
		tu_buf_printf(out, " - %s\n", command->summary);
		return;
	}
}

/* The page of a command with a second name has that name. */
static const char *page_of(const struct tu_command *command)
{
	return command->also ? command->also : command->name;
}

static void add_commands(struct tu_buf *out, struct tu_str name)
{
	(void)name;
	for (size_t i = 0; i < tu_command_count; i++) {
		const struct tu_command *command = tu_commands[i];

		if (strchr(command->name, ' '))
			continue;
		tu_buf_printf(out, "*%s*", command->name);
		if (command->also)
			tu_buf_printf(out, ", *%s*", command->also);
		tu_buf_c(out, "\n\t");
		add_escaped(out, tu_str_c(command->summary));
		tu_buf_printf(out, ": *tutela-%s*(1)\n\n", page_of(command));
	}
}

static void add_see_also(struct tu_buf *out, struct tu_str name)
{
	size_t count = 0;

	(void)name;
	for (size_t i = 0; i < tu_command_count; i++)
		if (!strchr(tu_commands[i]->name, ' '))
			tu_buf_printf(out, "%s*tutela-%s*(1)", count++ ? ", " : "",
				page_of(tu_commands[i]));
	tu_buf_byte(out, '\n');
}

static const struct {
	const char *line;
	void (*add)(struct tu_buf *out, struct tu_str name);
} marks[] = {
	{"{{name}}", add_name},
	{"{{synopsis}}", add_synopsis},
	{"{{options}}", add_options},
	{"{{commands}}", add_commands},
	{"{{see-also}}", add_see_also},
};

static void add_line(struct tu_buf *out, struct tu_str line, struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(marks); i++)
		if (tu_str_eq(line, tu_str_c(marks[i].line))) {
			marks[i].add(out, name);
			return;
		}
	tu_buf_str_add(out, line);
	tu_buf_byte(out, '\n');
}

/* "kb-sync" is the page of "kb sync". */
static bool write_page(const char *page, struct tu_buf *out)
{
	struct tu_buf template, name;
	struct tu_error err = {0};
	struct tu_str rest, line;

	tu_buf_init(&name, PAGE_MAX);
	for (const char *c = page; *c; c++)
		tu_buf_byte(&name, *c == '-' ? ' ' : *c);
	tu_buf_init(&template, PAGE_MAX);
	if (tu_input_read("-", &template, &err) != TU_OK)
		fprintf(stderr, "tutela-manual: %s\n", err.message);
	rest = tu_str_trim(tu_buf_str(&template));
	while (err.status == TU_OK && tu_str_split(&rest, '\n', &line))
		add_line(out, line, tu_buf_str(&name));
	tu_buf_done(&template);
	tu_buf_done(&name);
	return err.status == TU_OK;
}

int main(int argc, char **argv)
{
	struct tu_buf out;
	bool fine = true;

	tu_buf_init(&out, PAGE_MAX);
	if (argc == 3 && strcmp(argv[1], "page") == 0)
		fine = write_page(argv[2], &out);
	else if (argc == 2 && strcmp(argv[1], "bash") == 0)
		tu_completion_bash(&out);
	else if (argc == 2 && strcmp(argv[1], "zsh") == 0)
		tu_completion_zsh(&out);
	else
		fine = false;
	fine = fine && !out.failed && fwrite(out.ptr, 1, out.len, stdout) == out.len &&
		fflush(stdout) == 0;
	tu_buf_done(&out);
	if (!fine)
		fputs("usage: tutela-manual page NAME < TEMPLATE; tutela-manual bash|zsh\n",
			stderr);
	return fine ? 0 : 1;
}
