/* How devices stand, kept for the days to come. */
#include <string.h>

#include "base/json_writer.h"
#include "portfolio/trend.h"
#include "service/inside.h"
#include "service/run.h"

struct trend {
	struct tu_arena *arena; /* of the job: the rows live on */
	const struct tu_list_snapshot *list;
	struct tu_trend_rows rows;
};

/* The list is long and the writer is one: what is counted is counted before. */
static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct trend *t = self;
	const struct tu_list_scope everything = {.everything = true};
	struct tu_trend_rows seen;
	struct tu_trend_row *kept;
	enum tu_status status = tu_trend_look(w, t->list, &everything, &seen, err);

	if (status != TU_OK)
		return status;
	t->rows = (struct tu_trend_rows){.day = seen.day, .count = seen.count};
	if (!seen.count)
		return TU_OK;
	kept = tu_arena_array(t->arena, seen.count, sizeof(*kept));
	if (!kept)
		return tu_no_memory(err);
	memcpy(kept, seen.at, seen.count * sizeof(*kept));
	t->rows.at = kept;
	return TU_OK;
}

static enum tu_status keep(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct trend *t = self;

	return tu_trend_keep(w, &t->rows, err);
}

enum tu_status tu_service__trend(struct tu_service__run *run, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(run->service, "system:trend");
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	struct tu_list_snapshot *list = NULL;
	struct trend t = {.arena = run->arena};
	enum tu_status status = tu_service_list(run->service, &list, err);

	t.list = list;
	if (status == TU_OK)
		status = tu_work_read(run->service->store, &act, look, &t, err);
	tu_list_drop(list);
	if (status == TU_OK && t.rows.count)
		status = tu_work_run(run->service->store, &act, keep, &t, err);
	if (status != TU_OK)
		return status;
	tu_json_open_object(&json);
	tu_json_member_int(&json, "devices", (int64_t)t.rows.count);
	tu_json_close_object(&json);
	return TU_OK;
}
