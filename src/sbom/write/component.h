/*
 * One component in CycloneDX JSON, as a converted document has it, for documents that others write.
 */
#ifndef TU_SBOM_WRITE_COMPONENT_H
#define TU_SBOM_WRITE_COMPONENT_H

#include <tutela/arena.h>
#include <tutela/sbom.h>

#include "base/json_writer.h"

/* Write the component as an object of CycloneDX 1.6 with the reference `ref`, without what is
 * nested in it. `arena` gets what is needed meanwhile. False: out of memory. */
TU_NODISCARD bool tu_sbom__write_component(struct tu_arena *arena,
	const struct tu_inventory *inventory, uint32_t index, struct tu_str ref,
	struct tu_json_writer *to);

#endif
