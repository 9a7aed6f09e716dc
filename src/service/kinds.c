/* What jobs there are, and what all of them need. */
#include "base/json.h"
#include "service/inside.h"
#include "service/run.h"

const struct tu_service__kind tu_service__kinds[] = {
	{"rematch", tu_service__rematch, 60},
	{"settle", tu_service__settle, 60},
	{"release.out", tu_service__release, 60},
	{"checkpoint", tu_service__checkpoint, 30},
	{"knowledge.sync", tu_service__sync, 60},
	{"backup", tu_service__backup, 60},
	{"case.follow", tu_service__follow_cases, 60},
	{"statement.publish", tu_service__publish, 60},
	{"sweep", tu_service__sweep, 60},
	{"build.drop", tu_service__drop_builds, 60},
	{"mailbox", tu_service__mailbox, 60},
	{"trend", tu_service__trend, 60},
};
const size_t tu_service__kind_count = TU_COUNT(tu_service__kinds);

enum tu_status tu_service__run_check(struct tu_service__run *run, struct tu_error *err)
{
	if (atomic_load(&run->lost))
		return tu_fail(err, TU_E_CANCELLED, 0, "its lease has ended");
	if (atomic_load(&run->cancelled))
		return tu_fail(err, TU_E_CANCELLED, 0, "it is cancelled");
	return tu_service_stopping(run->service)
		? tu_fail(err, TU_E_CANCELLED, 0, "the service stops")
		: TU_OK;
}

void tu_service__run_progress(struct tu_service__run *run, int64_t done, int64_t total)
{
	atomic_store(&run->progress, total > 0 && done < total ? (int)(done * 1000 / total) : 1000);
}

enum tu_status tu_service__run_text(struct tu_service__run *run, struct tu_str name,
	struct tu_str *out_text, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = 1 << 20, .depth = 8, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_str found = {0};
	struct tu_json root;
	enum tu_status status = parser
		? tu_json_parse(parser, run->job.payload, &limits, &root, err)
		: tu_no_memory(err);

	*out_text = (struct tu_str){0};
	if (!status && tu_json_is_string(tu_json_get(root, name)))
		found = tu_json_str(tu_json_get(root, name));
	if (!status && found.len && !tu_arena_dup(run->arena, found, out_text))
		status = tu_no_memory(err);
	tu_json_parser_free(parser);
	return status;
}
