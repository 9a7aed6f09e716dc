/*
 * The paths that lead to components of an SBOM: why something is in it.
 */
#ifndef TU_APP_SBOM_PATHS_H
#define TU_APP_SBOM_PATHS_H

#include <tutela/sbom.h>

enum { TU_SBOM_PATHS_MAX = 20 }; /* of one component that are handed out */

struct tu_sbom_paths {
	const struct tu_inventory *inventory; /* with what is above each component */
	struct tu_str wanted; /* name, purl or reference, with "*" */
	/* A path: indexes from the component (first) up to the outermost (last). */
	void (*path)(void *self, const uint32_t *path, size_t length);
	/* All paths of a component were handed out; `more`: there are others. */
	void (*done)(void *self, uint32_t component, bool more);
	void *self;
};

/* Hand out at most so many that a person reads them; how many components are wanted. */
size_t tu_sbom_paths_walk(const struct tu_sbom_paths *paths);

/* Those of one component, by what is above each alone; whether there are others. */
bool tu_sbom_paths_of(const struct tu_sbom_above *above, uint32_t component,
	void (*path)(void *self, const uint32_t *path, size_t length), void *self);

#endif
