/* Builds of drafts that are too many. */
#include "base/json_writer.h"
#include "portfolio/build.h"
#include "service/inside.h"
#include "service/run.h"

enum { BATCH = 64 };

static enum tu_status drop_some(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_builds_drop(w, self, err);
}

enum tu_status tu_service__drop_builds(struct tu_service__run *run, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(run->service, "system:builds");
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	struct tu_datadir_settings settings;
	struct tu_builds_drop drop = {.limit = BATCH};
	int64_t builds = 0, documents = 0;
	enum tu_status status;

	tu_service_settings(run->service, &settings);
	drop.keep = settings.builds;
	do {
		status = tu_service__run_check(run, err);
		if (!status)
			status = tu_work_run(run->service->store, &act, drop_some, &drop, err);
		builds += status ? 0 : (int64_t)drop.dropped;
		documents += status ? 0 : drop.documents;
	} while (!status && drop.more);
	tu_json_open_object(&json);
	tu_json_member_int(&json, "builds", builds);
	tu_json_member_int(&json, "documents", documents);
	tu_json_close_object(&json);
	return status;
}
