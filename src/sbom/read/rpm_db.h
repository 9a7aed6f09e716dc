/*
 * Databases of rpm, read through librpm.
 *
 * librpm is loaded when a database is to be read, and in a process of its own: it is large, it has
 * settings of its own, and a broken database may end the process that reads it. That process gets a
 * copy of the database, none of the settings of this machine, and limits.
 */
#ifndef TU_SBOM_RPM_DB_H
#define TU_SBOM_RPM_DB_H

#include <tutela/buf.h>

enum { TU_SBOM_RPM_WHY_MAX = 400 };

enum tu_sbom_rpm_outcome {
	TU_SBOM_RPM_READ,
	TU_SBOM_RPM_IN_PART, /* some packages are missing, `why` says for what reason */
	TU_SBOM_RPM_UNREAD,
};

/* A form of database and the name of its file. */
struct tu_sbom_rpm_form {
	const char *file; /* "rpmdb.sqlite" */
	const char *backend; /* librpm's name, "sqlite" */
};

/*
 * Read the database in the file at `path` into `out` as stanzas ("Name: bash", an empty line after
 * each package), which tu_sbom__db_rpm() understands. A write-ahead log next to the file is part of
 * the database. Nothing is written next to it.
 */
enum tu_sbom_rpm_outcome tu_sbom__rpm_read(const struct tu_sbom_rpm_form *form, const char *path,
	struct tu_buf *out, char why[TU_SBOM_RPM_WHY_MAX]);

/* The part that librpm does, to be called in a process that ends afterwards: write the packages of
 * the database in `folder` to `out`. */
enum tu_sbom_rpm_outcome tu_sbom__rpm_print(const struct tu_sbom_rpm_form *form, const char *folder,
	struct tu_buf *out, char why[TU_SBOM_RPM_WHY_MAX]);

#endif
