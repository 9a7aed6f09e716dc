/*
 * Between reading documents and building from them: everything that a document gives, in order.
 *
 * The one who reads (kb/reading.h) calls; the build takes it at once (kb/build.c), or a recorder
 * keeps it, to be played to the build later and in another thread (kb/record.h). What is pointed to
 * is borrowed for the call. Another status than TU_OK ends the reading and is its result.
 */
#ifndef TU_KB_INTAKE_H
#define TU_KB_INTAKE_H

#include <tutela/advisory.h>
#include <tutela/error.h>

#include "kb/aliases.h"

/* Text of a document that is about to be read: all of it, or some of its lines. */
struct tu_kb_part {
	struct tu_str document; /* its name */
	size_t bytes;
	bool first;
};

struct tu_kb_intake {
	/* Records, releases and problems of the document at hand, and `self`, its context. */
	struct tu_advisory_sink sink;
	/* Bytes that were unpacked since the last call, before they are read. */
	enum tu_status (*unpacked)(void *self, size_t bytes, struct tu_error *err);
	enum tu_status (*part)(void *self, const struct tu_kb_part *part, struct tu_error *err);
	enum tu_status (*name)(void *self, const struct tu_kb_name *name, struct tu_error *err);
	/* The document at hand contained names, and this was found in it. */
	enum tu_status (*names)(
		void *self, const struct tu_kb_aliases_summary *summary, struct tu_error *err);
	/* The document at hand contained records. `problem`: why it was not read to its end, or its
	 * status is TU_OK. */
	enum tu_status (*end)(void *self, const struct tu_feed_summary *summary,
		const struct tu_error *problem, struct tu_error *err);
	/* A file, folder or archive that could not be read. */
	void (*broken)(void *self, struct tu_str document, const struct tu_error *problem);
};

#endif
