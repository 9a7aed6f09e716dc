/*
 * Any bytes as a file of findings, and as every answer of Dependency-Track: reading ends, an error
 * has words, and each decision that was found names its vulnerability and component.
 */
#include <stdlib.h>

#include "app/dtrack_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 64 << 20, CALLS_MAX = 40 };

struct answering {
	struct tu_str text;
	int calls;
};

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static enum tu_status get(
	void *self, struct tu_str path, struct tu_buf *out, long *out_status, struct tu_error *err)
{
	struct answering *a = self;

	demand(tu_str_starts(path, TU_STR("/api/v1/")));
	tu_buf_str_add(out, a->text);
	*out_status = a->calls++ < CALLS_MAX ? 200 : 404;
	return out->failed ? tu_fail(err, TU_E_NOMEM, 0, "no memory") : TU_OK;
}

static void check(
	const struct tu_dtrack_import *x, enum tu_status status, const struct tu_error *err)
{
	demand(status == TU_OK || err->message[0]);
	for (size_t i = 0; i < x->projects.count; i++) {
		const struct tu_dtrack_imported *project = &x->projects.at[i];

		demand(project->name.len && project->version.len);
		for (size_t k = 0; k < project->decided.count; k++)
			demand(project->decided.at[k].vulnerability.len &&
				project->decided.at[k].component.len);
	}
	for (size_t i = 0; i < x->lost.count; i++)
		demand(x->lost.at[i].why.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answering a = {.text = tu_str_of((const char *)data, size)};
	const struct tu_dtrack_get how = {get, &a};

	for (int api = 0; api < 2; api++) {
		struct tu_arena *arena = tu_arena_new(ARENA_MAX);
		struct tu_dtrack_import import = {.arena = arena};
		struct tu_error err = {0};
		enum tu_status status;

		if (!arena)
			return 0;
		status = api ? tu_dtrack_import_api(&import, &how, &err)
			     : tu_dtrack_import_file(&import, TU_STR("a.fpf"), a.text, &err);
		if (status != TU_E_NOMEM)
			check(&import, status, &err);
		tu_arena_free(arena);
	}
	return 0;
}
