/*
 * From documents of sources to a knowledge base: readers (tutela/advisory.h) into a builder
 * (tutela/kb.h), with an account of what was read.
 *
 * Starts with tu_kb__build_init(); then names, inputs in any order, and tu_kb__build_finish().
 * Always ends with tu_kb__build_done(). The same inputs give the same bytes, and the same calls of
 * the hooks, whatever the number of threads; all hooks are called in the caller's.
 */
#ifndef TU_KB_BUILD_H
#define TU_KB_BUILD_H

#include <tutela/advisory.h>
#include <tutela/kb.h>

#include "kb/aliases.h"
#include "kb/intake.h"
#include "kb/reading.h"
#include "kb/target.h"

/* What the documents of one form gave. */
struct tu_kb_tally {
	size_t documents;
	size_t records;
	size_t skipped;
	size_t problems;
};

struct tu_kb_build;

/* Any may be NULL; `self` is handed to them. */
struct tu_kb_build_hooks {
	/* build->document is about to be read. False ends the build with TU_E_CANCELLED. */
	bool (*document)(void *self, const struct tu_kb_build *build);
	/* A place in a document was not understood. */
	void (*problem)(
		void *self, struct tu_str document, struct tu_str where, struct tu_str what);
	/* A document could not be read to its end. */
	void (*broken)(void *self, struct tu_str document, const struct tu_error *problem);
	void *self;
};

struct tu_kb_build {
	struct tu_kb_build_hooks hooks;
	struct tu_kb_builder *builder;
	struct tu_kb_tally forms[TU_FEED_COUNT_];
	struct tu_kb_aliases_summary aliases;
	struct tu_str document; /* that is being read */
	size_t documents;
	size_t bytes;
	size_t unpacked; /* bytes of all inputs, archives and what is in them */
	size_t unpacked_max; /* 0: TU_INPUT_TOTAL; set before the first input, as the next one */
	size_t threads; /* that read beside the caller's, which builds; 0, 1: it reads itself */
	size_t problems; /* places that were not understood */
	size_t broken; /* documents that could not be read to their end */
	/* Of these, files that broke when some of their records had been taken: what came before
	 * may be as wrong as what broke it (gzip has its checksum at the end). Who wants to build
	 * from the rest builds again with `whole`. */
	size_t torn;
	bool in_document; /* one has begun and not ended */
	bool whole; /* read every document whole before its first record; set as the above */
	struct tu_str input; /* the path at hand, as it was given */
	size_t input_documents; /* in it */
	size_t strange; /* documents of no known form in folders and archives */
	struct tu_buf first_strange; /* its name and why */
	bool builder_failed;
	struct tu_kb_intake intake; /* the build's own */
	struct tu_kb_reading reading; /* of the caller's thread */
	struct tu_buf name; /* what `document` is, where it comes from another thread */
};

/* TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_kb__build_init(
	struct tu_kb_build *build, const struct tu_kb_build_hooks *hooks, struct tu_error *err);
/* Add product names (kb/aliases.h); 64 readable bytes follow `text`. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_kb__build_names(struct tu_kb_build *build, struct tu_str document,
	struct tu_str text, struct tu_error *err);
/* Read files, folders or archives. What is wrong in a document is counted and goes to the
 * hooks; only a path that cannot be opened, TU_E_NOMEM, TU_E_CANCELLED and TU_E_LIMIT, when all
 * inputs together unpack to more than the limit, are errors. */
TU_NODISCARD enum tu_status tu_kb__build_inputs(
	struct tu_kb_build *build, const char *const *paths, size_t count, struct tu_error *err);
/* Records that were read so far. */
size_t tu_kb__build_records(const struct tu_kb_build *build);
/* Write the knowledge base to the target, whole; the build can take no more. TU_E_NOMEM,
 * TU_E_LIMIT, and what the target fails with. */
TU_NODISCARD enum tu_status tu_kb__build_write(struct tu_kb_build *build,
	const struct tu_kb_target *target, struct tu_kb_build_counts *counts, struct tu_error *err);
/* The same into a buffer. */
TU_NODISCARD enum tu_status tu_kb__build_finish(struct tu_kb_build *build, struct tu_buf *out,
	struct tu_kb_build_counts *counts, struct tu_error *err);
void tu_kb__build_done(struct tu_kb_build *build);

#endif
