/*
 * What a use case gets from whoever runs it: the time, the places it may use, and a hook.
 *
 * A use case (src/app) reads no environment and no clock, and opens no path that is not named in
 * its context, in its request or in a file of the request. It writes nothing to standard output or
 * standard error: it gives an answer and a list of warnings (app/warnings.h).
 *
 * A context is not changed by a use case and may be shared by threads.
 */
#ifndef TU_APP_CONTEXT_H
#define TU_APP_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/error.h>
#include <tutela/str.h>

/* Each function may be NULL; `self` is handed to them. They are called by the thread that runs the
 * use case, between its steps; `is_cancelled` by the threads of a sync too. */
struct tu_app_hook {
	/* A step begins, such as "match"; `done` of `total` steps lie before it. */
	void (*progress)(void *self, const char *step, unsigned done, unsigned total);
	/* True: the use case ends with TU_E_CANCELLED as soon as it can. */
	bool (*is_cancelled)(void *self);
	void *self;
};

struct tu_app_context {
	int64_t now; /* the present, seconds since 1970; how old things are depends on it */
	const char *kb_environment; /* the knowledge base that $TUTELA_KB names, or NULL */
	const char *kb_default; /* the user's own, taken where it exists; NULL: none */
	const char *feeds; /* folder of what was fetched from sources; NULL: nothing can be fetched
			    */
	const char *stamps; /* folder for what app/kb_file.h remembers, with a slash at its end;
			       NULL: nothing is remembered */
	const char *knowledge; /* folder for knowledge bases that came out of a store, with a slash
				  at its end; NULL: there is none */
	struct tu_str starter; /* a knowledge base in memory, 64-byte aligned; taken when no file
				  is */
	struct tu_str product_names; /* the table that every knowledge base gets (kb/aliases.h); 64
					readable bytes follow */
	const struct tu_app_hook *hook; /* NULL: none */
};

/* Whether the hook asks for the end. */
bool tu_app_is_cancelled(const struct tu_app_context *context);

/* Report that a step begins. TU_E_CANCELLED when the hook asks for the end. */
TU_NODISCARD enum tu_status tu_app_step(const struct tu_app_context *context, const char *step,
	unsigned done, unsigned total, struct tu_error *err);

#endif
