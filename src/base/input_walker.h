/*
 * One walk over files, folders and archives (tu_input_each()), shared by the files that do it.
 */
#ifndef TU_BASE_INPUT_WALKER_H
#define TU_BASE_INPUT_WALKER_H

#include <sys/types.h>

#include "base/input_file.h"
#include "base/vec.h"

struct id {
	dev_t device;
	ino_t inode;
};

struct walker {
	const struct tu_input_walk *walk;
	size_t bytes;
	size_t entries;
	size_t entries_max;
	size_t depth_max;
	struct tu_buf raw;
	struct tu_buf text;
	struct tu_buf member;
	size_t total; /* limit on `*unpacked` */
	size_t own_unpacked;
	size_t *unpacked; /* `own_unpacked` or the caller's */
	size_t allowance; /* bytes that the present archive may still grow to */
	char *root; /* what was named, without links; NULL: it cannot be found */
	TU_VEC(struct id) folders; /* from the root down to the present one */
	TU_VEC(struct id) followed; /* folders that a link led to */
};

void tu_input__report(struct walker *w, struct tu_str name, const struct tu_error *problem);
/* Was more unpacked than all documents may have? */
bool tu_input__is_over(const struct walker *w);
enum tu_status tu_input__fail_over(const struct walker *w, struct tu_error *err);
/* One more document; TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_input__count_document(struct walker *w, struct tu_error *err);
/* Hand on a whole document, whose bytes are counted already. */
TU_NODISCARD enum tu_status tu_input__visit(
	struct walker *w, struct tu_str name, struct tu_str text, struct tu_error *err);
/* Report what is wrong with one document; only running out of memory ends the walk, and being over
 * the limit on all bytes. */
TU_NODISCARD enum tu_status tu_input__after_problem(
	struct walker *w, struct tu_str name, const struct tu_error *problem, struct tu_error *err);
/* Hand on a large file of lines piece by piece, packed or not (input_lines.c). `*out_taken` false:
 * it is not such a file, nothing was handed on. */
TU_NODISCARD enum tu_status tu_input__walk_lines(
	struct walker *w, const char *path, bool *out_taken, struct tu_error *err);

#endif
