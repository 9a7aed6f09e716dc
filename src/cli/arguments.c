#include "cli/arguments.h"

#include "app/purl_sbom.h"
#include "cli/command.h"

bool tu_sbom_source_take(const char *command, int argc, char **argv, struct tu_sbom_source *source)
{
	const char *wrong = NULL;

	source->purls = (const char *const *)argv + 1;
	source->purl_count = 0;
	while ((int)source->purl_count + 1 < argc && tu_purl_sbom_is(argv[source->purl_count + 1]))
		source->purl_count++;
	if (source->purl_count && (int)source->purl_count + 1 < argc)
		wrong = "package URLs and an SBOM do not mix";
	else if (!source->purl_count && argc > 2)
		wrong = "more than one SBOM";
	else if (argc >= 2 && source->rootfs)
		wrong = "either an SBOM or --rootfs, not both";
	else if (argc < 2 && !source->rootfs)
		wrong = "no SBOM is named";
	if (wrong)
		tu_command_misused(command, "%s", wrong);
	source->path = argc == 2 && !source->purl_count ? argv[1] : NULL;
	return wrong == NULL;
}
