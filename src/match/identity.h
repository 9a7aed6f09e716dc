/*
 * What a component is called, in every way that a record could name it.
 *
 * Built once for each distinct component, in the scratch arena of the run.
 */
#ifndef TU_MATCH_IDENTITY_H
#define TU_MATCH_IDENTITY_H

#include <tutela/arena.h>
#include <tutela/cpe.h>
#include <tutela/purl.h>
#include <tutela/sbom.h>

#include "match/distro.h"
#include "match/version_keys.h"

/* What kind of data judges a component best. */
enum identity_class {
	ID_PLAIN, /* generic, Yocto, Buildroot, source hosts, no purl: CPE product and aliases */
	ID_LANGUAGE, /* a language ecosystem with advisories of its own */
	ID_DISTRO /* a distribution's package: fixes are back-ported */
};

/* A package that records may name: the component itself or the source it was built from. */
struct id_package {
	struct tu_str type, namespace_, name;
	struct version_keys *version;
	bool of_origin; /* in the distribution that this one is rebuilt from */
	bool is_parent; /* perhaps: looked at where no record names those before */
};

/* The package, its source, what that was built from, and all again in an origin. */
enum { ID_PACKAGES_MAX = 8 };

/* What is known of the update, as CPE calls what follows a version: "p2", "rc1". */
enum update_kind {
	UPDATE_OPEN, /* a CPE name that leaves it open: any */
	UPDATE_NONE, /* a CPE name that says that there is none */
	UPDATE_PLAIN, /* a version without one */
	UPDATE_IN_TEXT, /* a part of the version's text */
	UPDATE_STATED /* a CPE name states it */
};

/* A version as records of CPE products are asked about it. */
struct id_version {
	struct version_keys *whole; /* with its update: "7.2p2" */
	struct version_keys *base; /* without it; NULL where there is none */
	struct tu_str update;
	enum update_kind kind;
	bool distribution; /* of a distribution's build, as marks in the version say */
};

struct id_cpe {
	struct tu_cpe name;
	struct tu_str text; /* as written */
	struct id_version version; /* its own, or the component's upstream version */
};

struct identity {
	const struct tu_component *component;
	enum identity_class class;
	bool has_purl;
	struct tu_purl purl; /* by the names that records have */
	struct tu_str stated_namespace, stated_name; /* as the purl has them */
	bool joined_subpath; /* the subpath became a part of the name */
	struct tu_str purl_key; /* canonical, without version, qualifiers, subpath */
	struct tu_str distro; /* "debian-11" or empty */
	struct tu_str origin_distro; /* the same of the distribution that this is rebuilt from */
	struct tu_str stream; /* "nodejs:18", of an rpm module, or empty */
	struct id_package packages[ID_PACKAGES_MAX];
	size_t package_count;
	struct id_cpe *cpes;
	size_t cpe_count;
	struct version_keys *stated; /* as the component states it */
	struct id_version upstream; /* without epoch, revision and packaging suffixes */
	bool distribution; /* the component's version is a distribution's, whatever names it */
	/* The lower-case name, also with '_' or '-' as its only joint; then the source's. */
	struct tu_str plain_names[6];
	size_t plain_name_count;
};

/* False when the arena is exhausted. `inventory`: the operating system of the whole. A purl or CPE
 * that is not valid is used as far as it is clear. */
TU_NODISCARD bool tu_match__identify(struct tu_arena *arena, const struct tu_component *component,
	const struct inventory_distro *inventory, struct identity *out_identity);

/* Only which products it is: class, CPE names without versions, and names where the class is
 * ID_PLAIN. A fifth of the work. */
TU_NODISCARD bool tu_match__identify_products(struct tu_arena *arena,
	const struct tu_component *component, struct identity *out_identity);

/* Is it a vendor's kernel, by the rule of names? */
bool tu_match__names_vendor_kernel(const struct identity *id);

#endif
