/*
 * One package under several names: what the names of records and of components are brought to
 * before they are compared.
 */
#ifndef TU_IDENT_PACKAGE_H
#define TU_IDENT_PACKAGE_H

#include <stdbool.h>

#include <tutela/purl.h>

/* Bring a purl to the names that records have: an encoded slash ends the namespace, the scope of
 * npm has its "@", an extra of PyPI and "_" for no user of Conan go, a name of PyPI is that of PEP
 * 503, "group:artifact" is Maven's, a Go module has its whole path, subpath included (unless the
 * purl says that the subpath is a package), and the standard library its one name. False: no
 * memory. */
TU_NODISCARD bool tu_package_settle(struct tu_arena *arena, struct tu_purl *purl);

/* Does the type's definition ask for a namespace? */
bool tu_package_needs_namespace(struct tu_str type);
/* Is it a type of distributions' packages: deb, rpm, apk, alpm? */
bool tu_package_of_distribution(struct tu_str type);

/* Go's own: "std", "cmd" and what else its standard library and its tools are called become
 * "stdlib" and "toolchain". `*out_both` (may be NULL): it is the one and the other. False: it is
 * neither. The names are static. */
bool tu_package_go_own(
	struct tu_str namespace_, struct tu_str name, struct tu_str *out_name, bool *out_both);
/* The version in what is written for one: of Go's own "1.21.0" in "go1.21.0 X:boringcrypto" and in
 * "v0.0.1-go1.21.0.linux-amd64", the toolchain's module; of a gem "1.15.5" in
 * "1.15.5-x86_64-linux"; of Bitnami's "7.2.4" in "7.2.4-3". */
struct tu_str tu_package_version(const struct tu_purl *purl, struct tu_str version);
/* A variable that nobody replaced ("${project.version}"), a branch ("1.2.x-dev"), a range or a
 * wildcard ("[3.0,4.0)", "1.x"), an address or a commit, and a text without a digit ("LATEST",
 * "n/a") are no version, though some orders have a place for any text. */
bool tu_package_has_no_version(struct tu_str text);
/* May a module of this path have this version? From 2 on the path ends in "/vN", but for
 * "+incompatible" ones and those of gopkg.in. */
bool tu_package_go_may_have(struct tu_str path, struct tu_str version);
/* Does the path end in "/vN", with N that of the version? Then it is the module's whole path. */
bool tu_package_go_is_major(struct tu_str path, struct tu_str version);

/* Whether two names of the type mean one package. */
bool tu_package_same(struct tu_str type, struct tu_str a, struct tu_str b);
/* The characters as they count when names of the type are compared; `out` may be `in`. */
void tu_package_fold(struct tu_str type, const char *in, char *out, size_t len);
/* Do characters fold at all? */
bool tu_package_folds(struct tu_str type);

#endif
