/* Drafts whose date of release has come. */
#include "base/json_writer.h"
#include "portfolio/release.h"
#include "service/inside.h"
#include "service/run.h"

enum { BATCH = 64 };

static enum tu_status release_some(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_releases_out(w, self, err);
}

enum tu_status tu_service__release(struct tu_service__run *run, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(run->service, "system:release");
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	struct tu_releases_out out = {.limit = BATCH};
	int64_t released = 0;
	enum tu_status status;

	do {
		status = tu_service__run_check(run, err);
		if (!status)
			status = tu_work_run(run->service->store, &act, release_some, &out, err);
		released += status ? 0 : (int64_t)out.released;
	} while (!status && out.more);
	tu_json_open_object(&json);
	tu_json_member_int(&json, "releases", released);
	tu_json_close_object(&json);
	return status;
}
