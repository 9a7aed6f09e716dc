/* tutela vex: statements about vulnerabilities. */
#include "cli/vex_cmd.h"

#include <string.h>

#include "cli/command.h"

static const struct {
	const char *word;
	int (*run)(int argc, char **argv);
} parts[] = {{"show", tu_vex_show}, {"check", tu_vex_check}, {"write", tu_vex_write}};

int tu_cmd_vex(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(argv[1], parts[i].word) == 0) {
			argv[1] = argv[0];
			return parts[i].run(argc - 1, argv + 1);
		}
	return tu_command_misused("vex", "expected show, check or write");
}
