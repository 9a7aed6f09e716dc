/*
 * Small tar archives: plain files with relative names (POSIX ustar), as `push` and `pull` carry a
 * device folder over a network. What else an archive may have (links, devices, extended headers,
 * sparse files) is refused: this reader meets what strangers send, in the process of the service.
 *
 * Threads: pure but for what is given.
 */
#ifndef TU_BASE_TAR_H
#define TU_BASE_TAR_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_TAR_BLOCK = 512 };

/* Append a file. TU_E_LIMIT: a name that has no place in a header (255 bytes at the most);
 * TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_tar_add(
	struct tu_buf *out, struct tu_str name, struct tu_str content, struct tu_error *err);
/* Append the end. */
void tu_tar_end(struct tu_buf *out);

/* Is it an archive, by its first header? An empty text is none. */
bool tu_tar_is(struct tu_str archive);

struct tu_tar_file {
	char name_room[256 + 1];
	struct tu_str name; /* without "./" before it; as it was sent else */
	struct tu_str content; /* in the archive */
};

/* The next file; folders are passed over. `*out_more` is false
 * at the end. TU_E_SYNTAX says what is wrong, and at which byte of the archive. */
struct tu_tar_place {
	struct tu_str archive;
	size_t at;
};
TU_NODISCARD enum tu_status tu_tar_next(struct tu_tar_place *place, struct tu_tar_file *out_file,
	bool *out_more, struct tu_error *err);

#endif
