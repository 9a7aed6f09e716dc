/*
 * What the writers of SPDX's other forms share (see rewrite.h).
 */
#ifndef TU_SBOM_SPDX_H
#define TU_SBOM_SPDX_H

#include "sbom/read/rewrite.h"

/*
 * The version that the JSON gets for one of another form, "SPDX-2.1"; empty: not read. The JSON
 * form begins with 2.2, and what 2.0 and 2.1 say is in it; the inventory keeps the document's.
 */
struct tu_str tu_sbom__spdx_version(struct tu_sbom_rewrite *r, struct tu_str version);

#endif
