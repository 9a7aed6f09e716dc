/* tutela kb: build a knowledge base and ask it. */
#include <string.h>

#include "cli/command.h"
#include "cli/kb_cmd.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} parts[] = {
	{"build", tu_kb_cmd_build},
	{"info", tu_kb_cmd_info},
	{"show", tu_kb_cmd_show},
	{"search", tu_kb_cmd_search},
};

int tu_cmd_kb(int argc, char **argv)
{
	if (argc < 2)
		return tu_command_misused("kb", "wanted: build, info, show or search");
	for (size_t i = 0; i < TU_COUNT(parts); i++)
		if (strcmp(argv[1], parts[i].name) == 0)
			return parts[i].run(argc - 1, argv + 1);
	return tu_command_misused("kb", "wanted: build, info, show or search, not \"%s\"", argv[1]);
}
