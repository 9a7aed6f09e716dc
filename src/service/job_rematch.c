/* Another knowledge base becomes the current one, by the job that whoever put it there queued. */
#include "base/hex.h"
#include "base/json_writer.h"
#include "portfolio/rematch.h"
#include "service/inside.h"
#include "service/run.h"

struct naming {
	struct tu_knowledge_row before, after;
	uint8_t digest[TU_SHA256_BYTES]; /* of the one to name */
	struct tu_service_kb *old_kb, *new_kb; /* held; old NULL: none, all is matched */
	struct tu_rematch_plan plan;
	struct tu_rematch_summary summary;
};

static enum tu_status read_rows(struct tu_work *w, void *self, struct tu_error *err)
{
	struct naming *n = self;
	enum tu_status status = tu_knowledge_current(w, &n->before, err);

	return status ? status : tu_knowledge_by_digest(w, n->digest, &n->after, err);
}

static enum tu_status apply(struct tu_work *w, void *self, struct tu_error *err)
{
	struct naming *n = self;

	return tu_rematch_apply(w, &n->plan, &n->before, &n->summary, err);
}

static enum tu_status read_payload(
	struct tu_service__run *run, struct naming *n, struct tu_error *err)
{
	struct tu_str hex;
	enum tu_status status = tu_service__run_text(run, TU_STR("knowledge"), &hex, err);

	if (status)
		return status;
	return tu_hex_read_lower(hex, n->digest, sizeof(n->digest))
		? TU_OK
		: tu_fail(err, TU_E_SYNTAX, 0,
			  "a rematch names a knowledge base by 64 hexadecimal digits");
}

/* What is not at hand of the old one costs time, and changes no result. */
static enum tu_status map_both(struct tu_service__run *run, struct naming *n, struct tu_error *err)
{
	if (n->before.id && tu_service__kb_of(run->service, &n->before, &n->old_kb, NULL))
		n->old_kb = NULL;
	return tu_service__kb_of(run->service, &n->after, &n->new_kb, err);
}

static enum tu_status name_it(struct tu_service__run *run, struct naming *n, struct tu_error *err)
{
	struct tu_service *service = run->service;
	struct tu_act act = tu_service__act(service, "system:rematch");
	enum tu_status status = map_both(run, n, err);

	if (!status)
		status = tu_rematch_plan(
			run->arena, n->old_kb ? n->old_kb->kb : NULL, n->new_kb->kb, &n->plan, err);
	tu_service__run_progress(run, 1, 4);
	if (!status)
		status = tu_service__run_check(run, err);
	act.at = tu_service_now(service);
	if (!status)
		status = tu_work_run(service->store, &act, apply, n, err);
	if (!status)
		tu_service__kb_adopt(service, n->new_kb);
	tu_service_kb_drop(n->old_kb);
	tu_service_kb_drop(n->new_kb);
	return status;
}

static void write_result(
	const struct naming *n, const struct tu_service__settled *settled, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	const struct tu_rematch_summary *s = &n->summary;
	const struct {
		const char *name;
		size_t count;
	} rows[] = {{"matched", s->matched}, {"vulnerabilities", s->vulnerabilities},
		{"facts_added", s->facts_added}, {"facts_changed", s->facts_changed},
		{"facts_removed", s->facts_removed}, {"new_findings", s->new_findings},
		{"new_releases", s->new_releases}, {"settled", settled->releases},
		{"reopened", settled->reopened}};

	tu_json_open_object(&json);
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		tu_json_member_int(&json, rows[i].name, (int64_t)rows[i].count);
	if (s->new_findings)
		tu_json_member_str(
			&json, "worst_harm", tu_str_c(tu_harm_name((enum tu_harm)s->worst_harm)));
	tu_json_close_object(&json);
}

/* A job that was interrupted after it had named it goes on with what is due. */
enum tu_status tu_service__rematch(struct tu_service__run *run, struct tu_error *err)
{
	struct tu_service *service = run->service;
	const struct tu_act act = tu_service__act(service, "system:rematch");
	struct tu_service__settled settled = {0};
	struct naming n = {0};
	enum tu_status status = read_payload(run, &n, err);

	if (!status)
		status = tu_work_read(service->store, &act, read_rows, &n, err);
	if (!status && n.before.id != n.after.id)
		status = name_it(run, &n, err);
	if (status)
		return status;
	tu_service__run_progress(run, 2, 4);
	tu_service__poke(service);
	status = tu_service__settle_due(run, &settled, err);
	write_result(&n, &settled, &run->result);
	return status;
}
