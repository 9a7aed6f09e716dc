/*
 * What package managers say is installed, gathered and written as CycloneDX JSON (see rewrite.h).
 */
#ifndef TU_SBOM_PACKAGE_DB_H
#define TU_SBOM_PACKAGE_DB_H

#include "sbom/read/rewrite.h"

/* How a list of names is written. */
enum tu_sbom_name_list {
	TU_SBOM_NAMES_DEB, /* "libc6 (>= 2.36), awk | gawk" */
	TU_SBOM_NAMES_APK, /* "so:libz.so.1=1.3 busybox" */
	TU_SBOM_NAMES_RPM, /* names alone, with any signs: "libc.so.6(GLIBC_2.34)(64bit) bash" */
};

struct tu_sbom_installed {
	struct tu_str name;
	struct tu_str version; /* without epoch */
	struct tu_str arch;
	struct tu_str ref; /* its purl */
	struct tu_str depends; /* as written */
	enum tu_sbom_name_list list; /* how */
};

/* A name under which a package can be depended on. */
struct tu_sbom_provided {
	struct tu_str name;
	uint32_t package;
};

/* What a database keeps of a package in a file of its own: sets *out_text, NULL: there is none. */
struct tu_sbom_package_file {
	enum tu_status (*load)(void *context, struct tu_str package, struct tu_str *out_text);
	void *context;
};

struct tu_sbom_package_db {
	struct tu_sbom_rewrite *r;
	struct tu_sbom_package_file control; /* of opkg's "info" folder; load NULL: none */
	struct tu_str distro; /* os-release's ID, "debian" */
	struct tu_str release; /* VERSION_ID, "12" */
	struct tu_str like; /* ID_LIKE, "rhel fedora" */
	struct tu_sbom_part components;
	size_t component_count;
	TU_VEC(struct tu_sbom_installed) installed;
	TU_VEC(struct tu_sbom_provided) provided;
};

/* All texts must live as long as the rewrite (its scratch arena). */
void tu_sbom__db_init(struct tu_sbom_package_db *db, struct tu_sbom_rewrite *r);
void tu_sbom__db_done(struct tu_sbom_package_db *db);
/* os-release comes first: it names the distribution in the purls of what follows. */
TU_NODISCARD enum tu_status tu_sbom__db_os_release(
	struct tu_sbom_package_db *db, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__db_dpkg(struct tu_sbom_package_db *db, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__db_opkg(struct tu_sbom_package_db *db, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__db_apk(struct tu_sbom_package_db *db, struct tu_str text);
/* What tu_sbom__rpm_read() makes of a database of rpm. */
TU_NODISCARD enum tu_status tu_sbom__db_rpm(struct tu_sbom_package_db *db, struct tu_str text);
/* The release of a Linux kernel, "6.1.55-yocto-standard"; after the databases of packages. Where a
 * package is this kernel there is nothing to add. A distribution's release name
 * ("6.1.0-43-amd64") names an interface and no version: then the version stays unknown. */
TU_NODISCARD enum tu_status tu_sbom__db_kernel(
	struct tu_sbom_package_db *db, struct tu_str release);
/* Write the document. */
TU_NODISCARD enum tu_status tu_sbom__db_write(struct tu_sbom_package_db *db);

#endif
