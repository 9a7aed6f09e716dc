/*
 * Output to a file: buffered, every write checked, files replaced as a whole or not at all.
 *
 * Write into `sink` (tutela/sink.h). A failure is kept until tu_output_close() reports it; after
 * one nothing is written. The struct must stay where it is while it is open.
 */
#ifndef TU_APP_OUTPUT_H
#define TU_APP_OUTPUT_H

#include <tutela/sink.h>

struct tu_output {
	struct tu_sink sink;
	struct tu_buf path; /* NUL-terminated; empty for standard output */
	struct tu_buf temporary; /* what is renamed to `path` at the end; empty: written directly */
	char proc[32]; /* the name of a new file that has no other yet; else empty */
	bool emptied; /* what was in a file that is written in place is gone */
	int fd;
};

/*
 * Begin. `path` NULL or "-" is standard output. A regular file that is named as such is written
 * without a name, or beside `path` under another one, and takes its place when tu_output_close()
 * succeeds: until then, and whatever happens, the old file stays whole. What a killed run left
 * under such a name is removed by the next one. Everything else is written in place: what a
 * symbolic link leads to (which is emptied when the first bytes are written), a pipe, a device, and
 * an open descriptor by its name ("/dev/stdout", "/dev/fd/3"), which continues at its position. An
 * empty path is refused. TU_E_IO and TU_E_NOMEM name the path.
 */
TU_NODISCARD enum tu_status tu_output_open(
	struct tu_output *output, const char *path, struct tu_error *err);

/* The same for a file that the program keeps, and that others may have mapped: what a link leads to
 * is replaced as a whole, too. */
TU_NODISCARD enum tu_status tu_output_replace(
	struct tu_output *output, const char *path, struct tu_error *err);

/* Can what was written be read back and its beginning be written again? Of a new file, yes; not of
 * what is written in place, such as a pipe. */
bool tu_output_is_rewritable(const struct tu_output *output);

/* Read `len` bytes of what was written out (tu_sink_flush()) from byte `at` on. TU_E_IO: there are
 * not so many, or as above. */
TU_NODISCARD enum tu_status tu_output_read_back(
	const struct tu_output *output, size_t at, void *bytes, size_t len, struct tu_error *err);

/* Write the first bytes of what was written out again: a header that says what follows it. What
 * comes next is still appended. TU_E_IO as above. */
TU_NODISCARD enum tu_status tu_output_rewrite(
	const struct tu_output *output, struct tu_str first, struct tu_error *err);

/* Write out the rest and sync a file, but do not put it in place yet: what can fail has been done.
 * Nothing may be written after it. TU_E_IO, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_output_finish(struct tu_output *output, struct tu_error *err);

/* The file that is written; of use after tu_output_finish(). "" for standard output. */
const char *tu_output_file(const struct tu_output *output);

/* Write out the rest, sync a file and put it in place. Always ends the output. TU_E_IO,
 * TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_output_close(struct tu_output *output, struct tu_error *err);

/* End without writing more; a file is left as it was. Harmless after tu_output_close(). */
void tu_output_abandon(struct tu_output *output);

#endif
