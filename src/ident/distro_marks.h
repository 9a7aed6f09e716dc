/*
 * Marks in versions: what a distribution's build adds to the version of the upstream project, such
 * as "-0ubuntu1", "+deb12u1" or ".el9".
 */
#ifndef TU_IDENT_DISTRO_MARKS_H
#define TU_IDENT_DISTRO_MARKS_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/str.h>

struct distro_mark {
	struct tu_str namespace_; /* of the distribution's purls; empty: not known */
	struct tu_str word; /* "rhel", as tu_distro_spell() has it; empty as well */
	bool backport; /* from a later release's source, in an archive beside the release */
	struct tu_str release; /* digits of the version that say which release; may be empty */
};

/* The first mark in a version. "1.1.1k-7.el8_6" is of "redhat", which stands for all that rebuild
 * it, release "8". False: the version has none, it may well be upstream's. */
bool tu_distro_mark_find(struct tu_str version, struct distro_mark *out_mark);
/* Did another maker build this package of `namespace_` again? Raspberry Pi OS calls itself Debian,
 * but its "6.12.25-1+rpt1" is not Debian's 6.12.25-1: Debian's records are about the origin. */
bool tu_distro_is_rebuilt(struct tu_str namespace_, struct tu_str version);
/* Is it a distribution's, by a mark or by an epoch? */
bool tu_distro_is_version(struct tu_str version);

/* The release that the version of a package of `namespace_` states ("rocky-8" for ".el8" of
 * "rocky", "openeuler-22.03.sp1" for ".oe2203sp1"), or empty; an empty namespace takes the one of
 * the mark. False: no memory. */
TU_NODISCARD bool tu_distro_of_version(struct tu_arena *arena, struct tu_str namespace_,
	struct tu_str version, struct tu_str *out_distro);

#endif
