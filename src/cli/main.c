/* tutela: finds the command and runs it. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

#ifndef TUTELA_VERSION
#error "TUTELA_VERSION is set by the build"
#endif

static void print_commands(FILE *to)
{
	fputs("tutela: what is vulnerable in a medical device's software, and why\n\n"
	      "usage: tutela COMMAND [ARGUMENTS]\n\n",
		to);
	for (size_t i = 0; i < tu_command_count; i++)
		fprintf(to, "  %-9s %s\n", tu_commands[i].name, tu_commands[i].summary);
	fputs("  help      tell about a command\n\n"
	      "Exit codes: 0 fine, 1 policy violated, 2 usage, 3 input not readable, 4 internal.\n",
		to);
}

static int help(const char *name)
{
	if (!name) {
		print_commands(stdout);
		return TU_EXIT_OK;
	}
	const struct tu_command *command = tu_command_by_name(name);
	if (!command)
		return tu_command_misused(NULL, "no command \"%s\"", name);
	fputs(command->usage, stdout);
	return TU_EXIT_OK;
}

static bool is_any(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* Standard output is flushed here, so that a full disk is told and not only suffered. */
static int finish(int code)
{
	if ((fflush(stdout) != 0 || ferror(stdout)) && code != TU_EXIT_INTERNAL) {
		fputs("tutela: standard output cannot be written\n", stderr);
		return TU_EXIT_INPUT;
	}
	return code;
}

int main(int argc, char **argv)
{
	/* A reader that went away and a limit on file sizes are failed writes like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2) {
		print_commands(stderr);
		return TU_EXIT_USAGE;
	}
	if (is_any(argv[1], "help", "--help", "-h"))
		return finish(help(argc > 2 ? argv[2] : NULL));
	if (is_any(argv[1], "--version", "-V", "-v")) {
		printf("tutela %s\n", TUTELA_VERSION);
		return finish(TU_EXIT_OK);
	}
	const struct tu_command *command = tu_command_by_name(argv[1]);
	if (!command)
		return tu_command_misused(NULL, "no command \"%s\"", argv[1]);
	if (argc > 2 && is_any(argv[2], "--help", "-h", "--help"))
		return finish(help(command->name));
	return finish(command->run(argc - 1, argv + 1));
}
