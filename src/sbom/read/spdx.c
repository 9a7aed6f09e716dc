#include "sbom/read/spdx.h"

struct tu_str tu_sbom__spdx_version(struct tu_sbom_rewrite *r, struct tu_str version)
{
	static const struct {
		struct tu_str own;
		struct tu_str json;
	} known[] = {
		{TU_STR_INIT("SPDX-2.0"), TU_STR_INIT("SPDX-2.2")},
		{TU_STR_INIT("SPDX-2.1"), TU_STR_INIT("SPDX-2.2")},
		{TU_STR_INIT("SPDX-2.2"), TU_STR_INIT("SPDX-2.2")},
		{TU_STR_INIT("SPDX-2.2.1"), TU_STR_INIT("SPDX-2.2.1")},
		{TU_STR_INIT("SPDX-2.2.2"), TU_STR_INIT("SPDX-2.2.2")},
		{TU_STR_INIT("SPDX-2.3"), TU_STR_INIT("SPDX-2.3")},
		{TU_STR_INIT("SPDX-2.3.1"), TU_STR_INIT("SPDX-2.3.1")},
	};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i].own, version)) {
			r->spec_version = known[i].own;
			return known[i].json;
		}
	}
	return (struct tu_str){"", 0};
}
