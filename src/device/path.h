/*
 * Paths of components, as `path:` selectors state them.
 */
#ifndef TU_DEVICE_PATH_H
#define TU_DEVICE_PATH_H

#include <tutela/sbom.h>

/* Does some path from the outermost component down to this one match the pattern? Parts are
 * separated by "/"; each is a name, a name and version, or a reference, with "*"; "**" is any
 * number of levels, and at least one at the end. Needs inventory->above to follow dependencies;
 * without it nesting alone makes paths. Bounded: of a pattern with a "**", the nearest few thousand
 * components above are looked at. */
bool tu_path_matches(
	struct tu_str pattern, const struct tu_inventory *inventory, uint32_t component);

/* Is there one path only from the outermost components down to this one? In a ring there is not. */
bool tu_path_is_only(const struct tu_inventory *inventory, uint32_t component);

#endif
