/*
 * Distributions and their releases: one spelling for what SBOM tools, /etc/os-release, advisories
 * and people write in many ways.
 */
#ifndef TU_IDENT_DISTRO_H
#define TU_IDENT_DISTRO_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/cpe.h>
#include <tutela/str.h>

/* "bookworm", "Debian GNU/Linux 12 (bookworm)", "debian:12" are "debian-12"; "redhat-9.2" is
 * "rhel-9.2"; "wolfi-20230201" is "wolfi", which has no releases. A distribution that is not known
 * keeps its name, in lower case. Copied into the arena. False: no memory. */
TU_NODISCARD bool tu_distro_spell(
	struct tu_arena *arena, struct tu_str text, struct tu_str *out_distro);

/* The same of a text that is beside the namespace of a purl: "12", "v3.18", "edge" and "el8"
 * are releases of that distribution. Suites and images of a release are the release
 * ("bookworm-security", "ubi8-minimal"), but for backports: "debian-12-backports". A CPE name of a
 * system is what it stands for. What is not understood has no release that any record names: see
 * tu_distro_is_understood(). False: no memory. */
TU_NODISCARD bool tu_distro_spell_in(struct tu_arena *arena, struct tu_str namespace_,
	struct tu_str text, struct tu_str *out_distro);

/* The release that a system's CPE name means: "enterprise_linux" 8 is "rhel-8", "openshift" 4.12
 * "openshift-4.12". As it was where the name states no version. False: no memory. */
TU_NODISCARD bool tu_distro_of_cpe(
	struct tu_arena *arena, const struct tu_cpe *cpe, struct tu_str *out_distro);

/* What is before the release: "debian" of "debian-12-backports". */
struct tu_str tu_distro_word(struct tu_str distro);

/* Is it the word of a distribution that the table has? */
bool tu_distro_is_known(struct tu_str word);

/* A distribution that is known, with a release of a form that it may have. */
bool tu_distro_is_understood(struct tu_str distro);

/* The release whose package is a backport: of versions that no record is about. False: no
 * memory. */
TU_NODISCARD bool tu_distro_backported(
	struct tu_arena *arena, struct tu_str distro, struct tu_str *out_distro);

/* The release that a codename of Debian or Ubuntu means, or empty: "bookworm" is "debian-12".
 * Static storage. */
struct tu_str tu_distro_of_codename(struct tu_str word);

/* The purl namespace in which a distribution's records are kept: that of "rhel", "redhat-9" and
 * "centos" is "redhat". `name` itself where it is not known. */
struct tu_str tu_distro_namespace(struct tu_str name);

/* Does a record about release `stated` ("debian-11") cover a component of `actual`
 * ("debian-11.6")? Both as tu_distro_spell() has them. */
bool tu_distro_covers(struct tu_str stated, struct tu_str actual);

/* False: only a distribution is named ("debian"), not which release of it. Rolling ones have none
 * and need none. */
bool tu_distro_has_release(struct tu_str distro);

/* Does what follows the word name a release: a number, or "sid", "edge" and their like? */
bool tu_distro_names_release(struct tu_str distro);

/* The distribution that the one of `namespace_` is rebuilt from, whose records say something of its
 * packages where it has none of its own: for "rocky" the namespace "redhat" and the word "rhel".
 * False: none. */
bool tu_distro_origin(
	struct tu_str namespace_, struct tu_str *out_namespace, struct tu_str *out_word);

#endif
