/* Rows of the readers' tables of members (struct tu_sbom_member, sbom/inventory.h), for .c files.
 */
#ifndef TU_SBOM_READ_MEMBERS_H
#define TU_SBOM_READ_MEMBERS_H

#include <stddef.h>

#include "sbom/inventory.h"

/* Where a member goes in the struct that its object is read into. */
#define SLOT(type, member) offsetof(struct type, member)
/* Understood and not needed. */
#define KNOWN(name) \
	{ \
		TU_STR_INIT(name) \
	}
/* Understood and not kept: it is named when the document is written again. */
#define UNKEPT(name) \
	{ \
		TU_STR_INIT(name), TU_SBOM_UNKEPT, NULL, 0 \
	}

#endif
