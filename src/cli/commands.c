/* The table of commands. */
#include <stddef.h>

#include "cli/command.h"

static const char version_usage[] =
	"tutela version compare SCHEME A B       prints <, =, > or ?\n"
	"tutela version compare SCHEME -         lines of A, tab, B\n"
	"tutela version in VERS VERSION          prints yes, no or undecided\n"
	"tutela version in -                     lines of VERS, tab, VERSION\n"
	"tutela version in --native SCHEME RANGE VERSION\n"
	"tutela version in --native SCHEME -     lines of RANGE, tab, VERSION\n"
	"tutela version range SCHEME RANGE       prints a native range as vers\n"
	"tutela version range SCHEME -           lines of RANGE\n"
	"tutela version range vers VERS          prints a range in its canonical form\n"
	"tutela version range vers --strict VERS refuses one that is not in that form\n"
	"tutela version range vers [--strict] -  lines of VERS\n"
	"tutela version schemes                  lists the schemes\n";

static const char purl_usage[] =
	"tutela purl PURL  prints the canonical form\n"
	"tutela purl -     lines of package URLs\n";

static const char cpe_usage[] =
	"tutela cpe CPE        prints the canonical 2.3 form\n"
	"tutela cpe -          lines of names\n"
	"tutela cpe match A B  prints superset, subset, equal, disjoint or undefined\n"
	"tutela cpe match -    lines of A, tab, B\n";

const struct tu_command tu_commands[] = {
	{"version", "compare versions and test ranges", version_usage, tu_cmd_version},
	{"purl", "normalise package URLs", purl_usage, tu_cmd_purl},
	{"cpe", "normalise and match CPE names", cpe_usage, tu_cmd_cpe},
};

const size_t tu_command_count = TU_COUNT(tu_commands);
