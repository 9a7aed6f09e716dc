/*
 * Build a knowledge base from files, folders and archives, beside the place that it is for.
 */
#ifndef TU_APP_BUILD_H
#define TU_APP_BUILD_H

#include "app/context.h"
#include "app/output.h"
#include "kb/build.h"
#include "kb/carry.h"

struct tu_build_request {
	const char *output; /* the knowledge base */
	const char *const *inputs;
	size_t input_count;
	size_t unpacked_max; /* bytes of all inputs after decompression; 0: TU_INPUT_TOTAL */
	size_t jobs; /* threads that read; 1: none of their own; 0: one a core, up to what helps */
	bool keep_going; /* build from the rest when a document cannot be read */
	const struct tu_kb_build_hooks *hooks; /* NULL: none */
};

struct tu_build_answer {
	struct tu_kb_build kb; /* what was read */
	struct tu_kb_build_counts counts;
	struct tu_kb_carried carried; /* from the knowledge base that is at `output` */
	struct tu_error not_carried; /* why it could not be read; its status TU_OK: it was, or there
					is none */
	struct tu_output output; /* the new file, complete, not in its place yet */
	size_t bytes;
};

/* Read the inputs and write a new knowledge base beside `output`, where tu_output_close() puts it.
 * What catalogues of exploited vulnerabilities have taken back since the one that is there stays as
 * withdrawn (kb/carry.h).
 * TU_E_SYNTAX: no record in any of them, or a document that cannot be read to its end;
 * TU_E_CANCELLED; TU_E_IO, TU_E_NOTFOUND, TU_E_LIMIT, TU_E_NOMEM. Whatever the status, end with
 * tu_build_done(): what has not been put in place by then is removed. */
TU_NODISCARD enum tu_status tu_app_build(const struct tu_app_context *context,
	const struct tu_build_request *request, struct tu_build_answer *answer,
	struct tu_error *err);
void tu_build_done(struct tu_build_answer *answer);

/* Sentences about catalogues that are gone or have lost a large share of their assertions, each
 * handed to `say`. */
void tu_build_losses(const struct tu_kb_carried *carried,
	void (*say)(void *self, const char *sentence), void *self);

#endif
