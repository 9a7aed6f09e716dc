/*
 * Every document of some folders of the tree, worked on while the n-th allocation fails, for every
 * n: either the work is refused with TU_E_NOMEM, or its answer is to the byte what it is otherwise.
 * A failure that changes an answer is the worst there can be: a range, a claim or a finding less.
 */
#ifndef TU_TESTS_FAULT_DOCUMENTS_H
#define TU_TESTS_FAULT_DOCUMENTS_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <tutela/arena.h>
#include <tutela/sink.h>

#include "base/fault.h"
#include "base/input.h"

enum {
	ANSWER_MAX = 64 << 20,
	DOCUMENT_MAX = 64 << 10,
	/* Failures tried of one document: of a longer work they are spread over it, and at other
	 * places in each document. */
	TRIED_MAX = 250,
	/* Of a document that is refused anyway: its first allocations. */
	TRIED_REFUSED = 12
};

struct work {
	/* Get ready, in `arena`, what the work is done on; nothing fails yet. False: the text is no
	 * document of this kind. NULL: nothing to get ready. */
	bool (*begin)(void *context, struct tu_arena *arena, struct tu_str text);
	/* The work itself, in an arena of its own; its answer goes to `out`. */
	enum tu_status (*run)(void *context, struct tu_arena *arena, struct tu_str text,
		struct tu_sink *out, struct tu_error *err);
	void (*end)(void *context); /* may be NULL */
	void *context;
	size_t documents; /* counts those that the work was done on to the end */
	size_t refused; /* counts failures that were reported */
	size_t wrong; /* counts those after which there was another answer */
};

static inline enum tu_status work__try(const struct work *work, struct tu_str text, size_t nth,
	struct tu_sink *out, size_t *out_asked)
{
	struct tu_error err = {0};
	struct tu_arena *arena = tu_arena_new(0);
	enum tu_status status;

	tu_sink_init_memory(out, ANSWER_MAX);
	tu_fault_set(nth);
	status = work->run(work->context, arena, text, out, &err);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	if (status == TU_OK && out->buf.failed)
		status = TU_E_NOMEM;
	tu_arena_free(arena);
	return status;
}

/* Where the two begin to be different, for the message of a failed test. */
static inline void show_difference(struct tu_str is, struct tu_str was)
{
	size_t at = 0;

	while (at < is.len && at < was.len && is.ptr[at] == was.ptr[at])
		at++;
	at -= at < 20 ? at : 20;
	is = tu_str_first(tu_str_from(is, at), 80);
	was = tu_str_first(tu_str_from(was, at), 80);
	print_error("at %zu: \"%.*s\" instead of \"%.*s\"\n", at, TU_STR_FMT(is), TU_STR_FMT(was));
}

/* Either the same or refused; what is wrong, else NULL. */
static inline const char *work__fail(struct work *work, struct tu_str text, size_t nth,
	enum tu_status whole, struct tu_str answer)
{
	const char *wrong = NULL;
	struct tu_sink out;
	size_t asked;
	enum tu_status status = work__try(work, text, nth, &out, &asked);

	if (status != TU_E_NOMEM && status != whole)
		wrong = tu_status_name(status);
	else if (status == TU_OK && !tu_str_eq(tu_buf_str(&out.buf), answer))
		wrong = "another answer";
	if (wrong)
		show_difference(tu_buf_str(&out.buf), answer);
	work->refused += status == TU_E_NOMEM;
	tu_sink_done(&out);
	return wrong;
}

static inline void work_on(struct work *work, const char *name, struct tu_str text)
{
	struct tu_arena *ready = tu_arena_new(0);
	struct tu_sink out;
	size_t asked = 0;

	if (!work->begin || work->begin(work->context, ready, text)) {
		enum tu_status whole = work__try(work, text, 0, &out, &asked);
		size_t most = whole == TU_OK ? TRIED_MAX : TRIED_REFUSED;
		size_t last = whole == TU_OK || asked < most ? asked : most;
		size_t step = last / most + 1;

		for (size_t nth = 1 + work->documents % step; nth <= last; nth += step) {
			const char *wrong =
				work__fail(work, text, nth, whole, tu_buf_str(&out.buf));

			if (wrong)
				print_error(
					"%s, allocation %zu of %zu: %s\n", name, nth, asked, wrong);
			work->wrong += wrong != NULL;
		}
		work->documents += whole == TU_OK;
		tu_sink_done(&out);
	}
	if (work->end)
		work->end(work->context);
	tu_arena_free(ready);
}

/* ---- folders ---- */

/* The text is followed by the padding that readers of feeds ask for. */
static inline bool document_read(const char *path, struct tu_buf *out)
{
	struct stat info;

	tu_buf_init(out, 4 * DOCUMENT_MAX);
	return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= DOCUMENT_MAX &&
		tu_input_read(path, out, NULL) == TU_OK && tu_buf_reserve(out, 64);
}

/* What is in a folder, sorted: call `each` with paths. */
static inline void folder_each(
	const char *folder, void (*each)(void *context, const char *path), void *context)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, NULL, alphasort);

	if (count < 0)
		fail_msg("no folder %s", folder);
	for (int i = 0; i < count; i++) {
		char path[4096];

		if (snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name) >=
			(int)sizeof(path))
			fail_msg("%s: a long name", names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			each(context, path);
		free(names[i]);
	}
	free(names);
}

static inline void work__path(void *context, const char *path)
{
	struct stat info;
	struct tu_buf text;

	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
		folder_each(path, work__path, context);
		return;
	}
	if (document_read(path, &text))
		work_on(context, path, tu_buf_str(&text));
	tu_buf_done(&text);
}

/* `folder`: from the root of the tree, with everything below it. */
static inline void work_in(struct work *work, const char *folder)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", getenv("TU_ROOT"), folder);
	work__path(work, path);
}

#endif
