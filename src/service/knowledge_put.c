/* Another knowledge base into the database, and the job that names it. */
#include <stdio.h>
#include <string.h>

#include "datadir/manifest.h"
#include "base/time.h"
#include "service/inside.h"

struct putting {
	const struct tu_kb *kb;
	enum tu_service_take take;
	struct tu_service_put *out;
};

static enum tu_status queue(struct tu_work *w, struct tu_service_put *out, struct tu_error *err)
{
	char payload[128];
	const int len = snprintf(payload, sizeof(payload), "{\"knowledge\":\"%s\"}", out->digest);
	const struct tu_job_spec spec = {.kind = TU_STR("rematch"),
		.key = TU_STR("knowledge"),
		.payload = tu_str_of(payload, (size_t)len),
		.run_at = w->act->at};
	struct tu_job_queued queued;
	enum tu_status status = tu_job_add(w->tx, &spec, w->arena, &queued, err);

	if (!status)
		(void)snprintf(out->job, sizeof(out->job), "%.*s", TU_STR_FMT(queued.public_id));
	return status;
}

static struct tu_str time_text(int64_t at, struct tu_buf *buf)
{
	if (at > 0 && at <= TU_TIME_MAX)
		tu_time_write(at, buf);
	else
		tu_buf_c(buf, "none");
	return tu_buf_str(buf);
}

/* The words of a refusal have the dates of both. */
static enum tu_status refuse(const char *what, int64_t other, int64_t current, struct tu_error *err)
{
	struct tu_buf a, b;
	enum tu_status status;

	tu_buf_init(&a, 64);
	tu_buf_init(&b, 64);
	status = tu_fail(err, TU_E_CONSTRAINT, 0,
		"the knowledge base %s: its newest record is of %.*s, that of the one in use of "
		"%.*s; to take it all the same, allow older ones",
		what, TU_STR_FMT(time_text(other, &a)), TU_STR_FMT(time_text(current, &b)));
	tu_buf_done(&a);
	tu_buf_done(&b);
	return status;
}

/* An older one is how somebody would hide what has become known since. */
static enum tu_status check_age(
	const struct putting *p, const struct tu_knowledge_row *current, struct tu_error *err)
{
	struct tu_kb_info info;

	tu_kb_info(p->kb, &info);
	if (p->take == TU_SERVICE_TAKE_ANY || !current->id ||
		memcmp(info.sha256, current->digest, TU_SHA256_BYTES) == 0)
		return TU_OK;
	if (info.newest < current->newest)
		return refuse("is older than what is in use", info.newest, current->newest, err);
	return info.newest == current->newest && p->take == TU_SERVICE_TAKE_NEWER
		? refuse("is of the same time as what is in use and has other content", info.newest,
			  current->newest, err)
		: TU_OK;
}

static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	struct putting *p = self;
	struct tu_knowledge_row row, current;
	struct tu_buf hex = {
		.ptr = p->out->digest, .cap = TU_KNOWLEDGE_HEX, .ceiling = TU_KNOWLEDGE_HEX};
	enum tu_status status = tu_knowledge_current(w, &current, err);

	*p->out = (struct tu_service_put){0};
	if (!status)
		status = check_age(p, &current, err);
	if (!status)
		status = tu_knowledge_put(w, p->kb, &row, err);
	if (status)
		return status;
	tu_hex_write(row.digest, TU_SHA256_BYTES, &hex);
	p->out->is_current = current.id == row.id;
	return p->out->is_current ? TU_OK : queue(w, p->out, err);
}

enum tu_status tu_service__kb_put(struct tu_store *store, const struct tu_kb *kb,
	const struct tu_act *act, struct tu_service_put *out_put, struct tu_error *err)
{
	struct putting p = {.kb = kb, .take = TU_SERVICE_TAKE_NEWER, .out = out_put};

	return tu_work_run(store, act, put, &p, err);
}

enum tu_status tu_service_knowledge_put(struct tu_datadir *dir, const struct tu_service_file *from,
	const struct tu_act *act, struct tu_service_put *out_put, struct tu_error *err)
{
	struct putting p = {.take = from->take, .out = out_put};
	struct tu_store *store;
	struct tu_kb *kb = NULL;
	enum tu_status status = tu_kb_open(from->path, &kb, err);

	if (!status)
		status = tu_kb_verify(kb, err);
	if (!status)
		status = tu_datadir_store(dir, &store, err);
	p.kb = kb;
	if (!status)
		status = tu_work_run(store, act, put, &p, err);
	tu_kb_close(kb);
	return status;
}
