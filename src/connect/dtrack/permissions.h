/* What a person or a key may do, in the permissions of Dependency-Track. */
#ifndef TU_CONNECT_DTRACK_PERMISSIONS_H
#define TU_CONNECT_DTRACK_PERMISSIONS_H

#include "api/call.h"

/* As an array of {"name": ...}, or of names alone. */
void tu_dtrack__write_permissions(
	struct tu_json_writer *json, const struct tu_access *who, bool names_alone);

#endif
