/*
 * The words of distributions: their names in all spellings, the codenames of their releases, the
 * suites of their archives and the products of CPE names that stand for them. Tables only.
 */
#ifndef TU_IDENT_DISTRO_WORDS_H
#define TU_IDENT_DISTRO_WORDS_H

#include <tutela/cpe.h>
#include <tutela/str.h>

/* Name as it is written (lower case, parts joined by hyphens), the word and the purl namespace that
 * records go by. A rebuild without records of its own goes by those of its origin. */
struct distro_spelling {
	struct tu_str name;
	struct tu_str word;
	struct tu_str namespace_;
	bool rolling; /* what follows is a snapshot, not a release */
};

/* NULL: not known. The case of letters is ignored. */
const struct distro_spelling *tu_distro_find_spelling(struct tu_str name);

/* What a word beside a codename or a number says. */
enum distro_suite {
	DISTRO_SUITE_NONE, /* the word is not known */
	DISTRO_SUITE_RELEASE, /* the release itself: "security", "updates" */
	DISTRO_SUITE_BACKPORTS /* packages of later releases, in versions of their own */
};
enum distro_suite tu_distro_find_suite(struct tu_str word);

/* The word of the distribution that a CPE name of a system stands for, or empty. */
struct tu_str tu_distro_of_system(const struct tu_cpe *cpe);

#endif
