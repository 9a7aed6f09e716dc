/*
 * A value that was parsed, written again: the same value in the writer's layout.
 */
#ifndef TU_BASE_JSON_COPY_H
#define TU_BASE_JSON_COPY_H

#include "base/json.h"
#include "base/json_writer.h"

/* Numbers beyond six decimals are cut as tu_json_add_number() does. The absent value is null. */
void tu_json_copy(struct tu_json value, struct tu_json_writer *writer);
/* The members of an object into the one that is open; nothing of what is no object. */
void tu_json_copy_members(struct tu_json object, struct tu_json_writer *writer);

#endif
