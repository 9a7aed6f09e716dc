/*
 * One thread's reading of files: documents (base/input.h) through the readers (tutela/advisory.h)
 * into an intake.
 */
#ifndef TU_KB_READING_H
#define TU_KB_READING_H

#include "advisory/pieces.h"
#include "base/input.h"
#include "kb/intake.h"

struct tu_kb_reading {
	struct tu_advisory_reader *reader;
	const struct tu_kb_intake *to;
	size_t unpacked; /* bytes of all files so far, archives and what is in them */
	size_t reported; /* of these to the intake */
	/* Set before tu_kb__reading_walk(): */
	bool whole; /* no document comes in pieces */
	bool ahead; /* of those that do, the next piece is unpacked in a thread of its own */
	/* of a document that comes in pieces */
	struct tu_advisory_lines lines;
	bool given_up; /* the rest of it is not read */
};

/* `to` must outlive the reading. TU_E_NOMEM. Ends with tu_kb__reading_done() in any case. */
TU_NODISCARD enum tu_status tu_kb__reading_init(
	struct tu_kb_reading *reading, const struct tu_kb_intake *to, struct tu_error *err);
void tu_kb__reading_done(struct tu_kb_reading *reading);
/* How to walk for it. `unpacked_max`: limit on the bytes of all files, 0: TU_INPUT_TOTAL. */
struct tu_input_walk tu_kb__reading_walk(struct tu_kb_reading *reading, size_t unpacked_max);
/* Does a large document that begins so come in pieces? */
bool tu_kb__reading_in_lines(struct tu_str beginning);
/* Report to the intake what was unpacked since the last report: once more after each walk. */
TU_NODISCARD enum tu_status tu_kb__reading_report(
	struct tu_kb_reading *reading, struct tu_error *err);

#endif
