#include "cli/vex_cmd.h"
#include "cli/command.h"
int tu_vex_write(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return tu_command_misused("vex", "not yet");
}
