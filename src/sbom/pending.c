/* Formats that are told apart but not read yet. */
#include "sbom/rewrite.h"

#define PENDING_TEXT(name) \
	enum tu_status name(struct tu_sbom_rewrite *r, struct tu_str text) \
	{ \
		(void)text; \
		return tu_fail(r->err, TU_E_UNSUPPORTED, 0, "not read yet"); \
	}

PENDING_TEXT(tu_sbom__rewrite_spdx_xml)
PENDING_TEXT(tu_sbom__rewrite_yocto_archive)
