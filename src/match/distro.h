/*
 * What an SBOM says of a package's distribution: its release and the source that it was built from.
 */
#ifndef TU_MATCH_DISTRO_H
#define TU_MATCH_DISTRO_H

#include <tutela/arena.h>
#include <tutela/purl.h>
#include <tutela/sbom.h>

/* The inventory's operating system, and the namespace of its packages' purls. */
struct inventory_distro {
	struct tu_str text; /* as tu_distro_spell() writes it, or empty */
	struct tu_str namespace_;
};

/* False: no memory. */
TU_NODISCARD bool tu_match__inventory_distro(struct tu_arena *arena,
	const struct tu_inventory *inventory, struct inventory_distro *out_distro);

/* The release of a package's distribution, from its purl's "distro" qualifier, from what its
 * version says ("….el9", "…+deb12u1"), or from the operating system where that is the same
 * distribution; empty: none is stated. False: no memory. */
TU_NODISCARD bool tu_match__component_distro(struct tu_arena *arena,
	const struct tu_component *component, const struct tu_purl *purl,
	const struct inventory_distro *inventory, struct tu_str *out_distro);

/* A package that another was built from. */
struct source_package {
	struct tu_str name; /* empty: not stated, or the package itself */
	struct tu_str version; /* empty: that of the package */
	bool epoch_open; /* the version's epoch is not known: a file's name does not contain it */
	struct tu_str epoch; /* that a file's name states all the same; empty: in the version */
};

/* The source package of a distribution's package, and what that was built from in turn, where a
 * distribution signs a package and builds it again under another name: "linux" of
 * "linux-signed-amd64", in the version that its own states. */
enum { ORIGINS_MAX = 2 };
struct sources {
	struct source_package stated;
	struct source_package origins[ORIGINS_MAX];
	size_t origin_count;
};
struct binary_package {
	const struct tu_component *component;
	const struct tu_purl *purl;
	struct tu_str namespace_; /* of the distribution */
	struct tu_str version; /* with its epoch */
};
/* False: no memory. */
TU_NODISCARD bool tu_match__component_sources(
	struct tu_arena *arena, const struct binary_package *package, struct sources *out_sources);

/* The version with the epoch that SBOM tools keep in a qualifier, a property or only in the
 * component's own version. False: no memory. */
TU_NODISCARD bool tu_match__component_version(struct tu_arena *arena,
	const struct tu_component *component, const struct tu_purl *purl,
	struct tu_str *out_version);

/* Step over "1:", "0:", "(none):" or "None:" and return the digits; empty: no epoch. */
struct tu_str tu_match__take_epoch(struct tu_str *version);

/* Digits only, and not zero. */
bool tu_match__is_epoch(struct tu_str epoch);

/* "epoch:version". False: no memory. */
TU_NODISCARD bool tu_match__with_epoch(struct tu_arena *arena, struct tu_str epoch,
	struct tu_str version, struct tu_str *out_version);

#endif
