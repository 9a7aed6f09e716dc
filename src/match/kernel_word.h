/*
 * What a kernel's build says about a finding.
 */
#ifndef TU_MATCH_KERNEL_WORD_H
#define TU_MATCH_KERNEL_WORD_H

#include "kb/kb.h"
#include "match/kernel_build.h"

struct kernel_word {
	struct tu_arena *arena;
	const struct tu_kb *kb;
	const struct tu_kernel_build *build; /* NULL: nothing is known */
	struct kernel_stated stated; /* about the present component */
	const char *note; /* why the evidence was not used, or NULL. Static */
};

/* Records of a kernel's vulnerability name the files at fault: none of any record may be in the
 * build. `*out_why` is empty otherwise. False: no memory. */
TU_NODISCARD bool tu_match__kernel_word(struct kernel_word *word, const struct tu_evidence *group,
	size_t count, struct tu_str *out_why);

#endif
