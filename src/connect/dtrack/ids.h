/*
 * The UUIDs that clients of Dependency-Track see, and what they are here.
 *
 *   project        the public id of a release
 *   token          the public id of a job, or of a finished upload
 *   component      the first half of the key of a component of the store, as /v1 has it; a project
 *                  goes with it where a component of one release is meant
 *   vulnerability  digest of its name in the knowledge base ("CVE-2024-1234"): the same in every
 *                  installation, and never turned back into a name but by looking for it
 *   team, tag …    public ids
 *
 * A UUID is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, in lower case; public ids are the
 * same digits without the dashes. They have no version of RFC 9562: all bits of an id count. Any
 * thread; no allocation.
 */
#ifndef TU_CONNECT_DTRACK_IDS_H
#define TU_CONNECT_DTRACK_IDS_H

#include <stdbool.h>

#include <tutela/str.h>

#include "base/random.h"

enum { TU_DTRACK_UUID = 36 };

struct tu_dtrack_uuid {
	char text[TU_DTRACK_UUID + 1]; /* ends with NUL; empty: it was no id */
};

/* The UUID of 32 hexadecimal digits or more, of which the first 32 count: a public id, or the key
 * of a component. Anything else gives an empty text. */
struct tu_dtrack_uuid tu_dtrack_uuid(struct tu_str digits);
/* The same of the name of a vulnerability. */
struct tu_dtrack_uuid tu_dtrack_uuid_of_vulnerability(struct tu_str name);

static inline struct tu_str tu_dtrack_uuid_str(const struct tu_dtrack_uuid *uuid)
{
	return tu_str_c(uuid->text);
}

/* A public id in lower case of a UUID in any case; false for what is no UUID, and `out_id` is empty
 * then. */
bool tu_dtrack_uuid_read(struct tu_str uuid, char out_id[TU_RANDOM_ID + 1]);

#endif
