/*
 * The formats of a check of an SBOM (sbom check; docs/formats/check.md).
 */
#ifndef TU_SHOW_SBOM_CHECK_H
#define TU_SHOW_SBOM_CHECK_H

#include <tutela/sbom_check.h>
#include <tutela/sink.h>

struct tu_sbom_checked {
	const struct tu_inventory *inventory;
	const struct tu_check_result *result;
	struct tu_str source; /* what the SBOM was called */
};

void tu_sbom_check_json(const struct tu_sbom_checked *checked, bool pretty, struct tu_sink *output);

#endif
