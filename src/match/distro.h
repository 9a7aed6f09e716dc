/*
 * What an SBOM says of a package's distribution: its release and the source that it was built from.
 */
#ifndef TU_MATCH_DISTRO_H
#define TU_MATCH_DISTRO_H

#include <tutela/arena.h>
#include <tutela/purl.h>
#include <tutela/sbom.h>

/* The inventory's operating system as tu_distro_spell() writes it, or empty. False: no memory. */
TU_NODISCARD bool tu_match__inventory_distro(
	struct tu_arena *arena, const struct tu_inventory *inventory, struct tu_str *out_distro);

/* The release of a package's distribution, from its purl's "distro" qualifier, from what its
 * version says ("….el9", "…+deb12u1"), or from the operating system where that is the same
 * distribution; empty: none is stated. False: no memory. */
TU_NODISCARD bool tu_match__component_distro(struct tu_arena *arena, const struct tu_purl *purl,
	struct tu_str inventory, struct tu_str *out_distro);

/* The source package of a distribution's package; empty: not stated, or the package itself. An
 * empty version: that of the package. */
struct source_package {
	struct tu_str name;
	struct tu_str version;
};
TU_NODISCARD bool tu_match__component_source(struct tu_arena *arena,
	const struct tu_component *component, const struct tu_purl *purl,
	struct source_package *out_source);

/* The version with the epoch that rpm purls keep in a qualifier. False: no memory. */
TU_NODISCARD bool tu_match__component_version(struct tu_arena *arena,
	const struct tu_component *component, const struct tu_purl *purl,
	struct tu_str *out_version);

#endif
