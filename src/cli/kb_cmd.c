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
	{"sync", tu_kb_cmd_sync},
	{"export", tu_kb_cmd_export},
	{"import", tu_kb_cmd_import},
	{"keygen", tu_kb_cmd_keygen},
};

static const char names[] = "build, info, show, search, sync, export, import or keygen";

int tu_cmd_kb(int argc, char **argv)
{
	if (argc < 2)
		return tu_command_misused("kb", "wanted: %s", names);
	for (size_t i = 0; i < TU_COUNT(parts); i++)
		if (strcmp(argv[1], parts[i].name) == 0)
			return parts[i].run(argc - 1, argv + 1);
	return tu_command_misused("kb", "wanted: %s, not \"%s\"", names, argv[1]);
}
