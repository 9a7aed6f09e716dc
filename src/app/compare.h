/*
 * tutela scan --since: what an older knowledge base did not yet say about an SBOM.
 */
#ifndef TU_CLI_SINCE_H
#define TU_CLI_SINCE_H

#include <stdbool.h>

struct tu_since_request {
	const struct tu_sbom_source *source;
	const char *kb; /* the argument of --kb, or NULL */
	const char *since; /* the older knowledge base */
	const char *output; /* NULL: standard output */
	bool json;
	bool colour;
};

/* Compare the two knowledge bases, match only what changed, write the difference. The exit code. */
int tu_since_run(const struct tu_since_request *request);

#endif
