/*
 * Findings of the list in memory, as others than the list itself show them.
 */
#ifndef TU_API_FINDING_LIST_H
#define TU_API_FINDING_LIST_H

#include "api/call.h"
#include "list/query.h"

/* "CVE-2024-1234/<component>/<release>": the path of one, in the arena of the call. False: no
 * memory. */
bool tu_api_finding_name(
	struct tu_api_call *call, const struct tu_list_finding *finding, struct tu_str *out_id);

#endif
