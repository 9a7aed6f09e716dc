/*
 * A document of JSON lines that is read in pieces, each of whole lines: as tu_advisory_read() reads
 * it at once, with the same records, problems and line numbers.
 */
#ifndef TU_ADVISORY_PIECES_H
#define TU_ADVISORY_PIECES_H

#include <tutela/advisory.h>

/* Before the first piece all is zero but `sink`. */
struct tu_advisory_lines {
	const struct tu_advisory_sink *sink;
	struct tu_feed_summary summary; /* of the pieces so far */
	bool begun;
	size_t lines;
	size_t known; /* records of a known form */
};

/* Does a document that begins so consist of lines with a record each? False also where the
 * beginning is too short to say. */
bool tu_advisory__in_lines(struct tu_str beginning);

/* Read the next piece; 64 readable bytes follow it. Errors as those of tu_advisory_read(); that no
 * record is of a known form is an error of the last piece. */
TU_NODISCARD enum tu_status tu_advisory__read_piece(struct tu_advisory_reader *reader,
	struct tu_advisory_lines *lines, struct tu_str piece, bool last, struct tu_error *err);

#endif
