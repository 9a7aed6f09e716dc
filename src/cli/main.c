/* tutela: finds the command and runs it. */
#define _GNU_SOURCE /* BUS_ADRERR */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/config.h"
#include "cli/confine.h"
#include "cli/context.h"
#include "cli/help.h"
#include "cli/options.h"

#ifndef TUTELA_VERSION
#error "TUTELA_VERSION is set by the build"
#endif

enum { HELP_MAX = 64 * 1024 };

/* NULL: the list of commands. */
static void print_help(const struct tu_command *command, FILE *to)
{
	struct tu_buf text;

	tu_buf_init(&text, HELP_MAX);
	if (command)
		tu_help_command(command, &text);
	else
		tu_help_commands(&text);
	(void)fwrite(text.ptr, 1, text.len, to);
	tu_buf_done(&text);
}

static bool is_any(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static const char *name_at(const void *context, size_t index)
{
	(void)context;
	return index < tu_command_count ? tu_commands[index]->name : NULL;
}

static int is_unknown(const char *word)
{
	const char *nearest = tu_word_nearest(name_at, NULL, word);

	if (nearest)
		return tu_command_misused(
			NULL, "unknown command \"%s\"; did you mean \"%s\"?", word, nearest);
	return tu_command_misused(NULL, "unknown command \"%s\"", word);
}

/* `words` follow the name of a group: none of its members. */
static int is_no_member(const struct tu_command *group, int count, char **words)
{
	struct tu_buf list;
	size_t shown = 0;

	tu_buf_init(&list, HELP_MAX);
	for (size_t i = 0; i < tu_command_count; i++)
		if (tu_command_in(tu_commands[i], group))
			tu_buf_printf(&list, "%s%s", shown++ ? ", " : "",
				tu_commands[i]->name + strlen(group->name) + 1);
	if (count)
		tu_command_misused(group->name, "unknown command \"%s\"; there are %.*s", words[0],
			TU_STR_FMT(tu_buf_str(&list)));
	else
		tu_command_misused(
			group->name, "a command is missing: %.*s", TU_STR_FMT(tu_buf_str(&list)));
	tu_buf_done(&list);
	return TU_EXIT_USAGE;
}

/* "tutela help sbom show" */
static int help(int count, char **words)
{
	const struct tu_command *command;
	int used;

	if (count == 0) {
		print_help(NULL, stdout);
		return TU_EXIT_OK;
	}
	command = tu_command_of(count, words, &used);
	if (!command)
		return is_unknown(words[0]);
	if (used < count && !command->run)
		return is_no_member(command, count - used, words + used);
	print_help(command, stdout);
	return TU_EXIT_OK;
}

/* "--help" or "-h" among the options of a command, before "--". */
static bool asks_for_help(const struct tu_command *command, int count, char **words)
{
	const char *joined;

	for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
		const struct tu_option *option = words[i][0] == '-' && words[i][1]
			? tu_options_find(command, words[i], &joined)
			: NULL;

		if (!option && is_any(words[i], "--help", "-h"))
			return true;
		/* the value of an option is no request for help */
		if (option && option->kind != TU_OPTION_FLAG && !joined)
			i++;
	}
	return false;
}

static int run(int count, char **words, struct tu_config *config)
{
	struct tu_error err = {0};
	int used;
	const struct tu_command *command = tu_command_of(count, words, &used);

	if (!command)
		return is_unknown(words[0]);
	words[used - 1] = (char *)(uintptr_t)command->name;
	words += used - 1;
	count -= used - 1;
	if (asks_for_help(command, count - 1, words + 1)) {
		print_help(command, stdout);
		return TU_EXIT_OK;
	}
	if (!command->run)
		return is_no_member(command, count - 1, words + 1);
	if (tu_config_apply(config, command, &count, &words, &err) != TU_OK)
		return tu_command_failed(command->name, &err);
	return command->run(count, words);
}

/* A reader that wants no more, such as head(1), has ended the answer as it pleased. */
static bool reader_is_gone(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* Standard output is flushed here, so that a full disk is reported. */
static int finish(int code)
{
	if ((fflush(stdout) != 0 || ferror(stdout)) && code != TU_EXIT_INTERNAL &&
		!reader_is_gone()) {
		fputs("tutela: standard output cannot be written\n", stderr);
		return TU_EXIT_INPUT;
	}
	return code;
}

/* Somebody has cut a mapped file short. The name of a new output vanishes with the process. */
static void mapped_file_is_cut(int number, siginfo_t *info, void *context)
{
	static const char text[] =
		"tutela: a file was cut short while it was being read: replace a knowledge base by "
		"renaming the new one, never by writing over it\n";

	(void)context;
	if (info->si_code != BUS_ADRERR) {
		(void)signal(number, SIG_DFL);
		return;
	}
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(TU_EXIT_INPUT);
}

static void set_signals(void)
{
	struct sigaction cut = {.sa_sigaction = mapped_file_is_cut, .sa_flags = SA_SIGINFO};

	/* A limit on file sizes and a closed pipe are failed writes, not the end of the program. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	(void)sigemptyset(&cut.sa_mask);
	(void)sigaction(SIGBUS, &cut, NULL);
}

/* Where it cannot be done the program is as safe as its readers. */
static void confine(const struct tu_command *command, const void *request)
{
	(void)tu_confine(command, request, tu_context());
}

int main(int argc, char **argv)
{
	struct tu_config config = {0};
	int code;

	set_signals();
	tu_options_when_taken(confine);
	argv++;
	argc--;
	if (!tu_config_take(&config, &argc, &argv))
		return TU_EXIT_USAGE;
	if (argc < 1) {
		print_help(NULL, stderr);
		return TU_EXIT_USAGE;
	}
	if (strcmp(argv[0], "help") == 0 || is_any(argv[0], "--help", "-h"))
		return finish(help(argc - 1, argv + 1));
	if (is_any(argv[0], "--version", "-V") || strcmp(argv[0], "-v") == 0) {
		printf("tutela %s\n", TUTELA_VERSION);
		return finish(TU_EXIT_OK);
	}
	code = run(argc, argv, &config);
	tu_config_done(&config);
	return finish(code);
}
