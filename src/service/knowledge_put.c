/* Another knowledge base into the database, and the job that names it. */
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/time.h"
#include "service/inside.h"

struct putting {
	const struct tu_kb *kb;
	enum tu_service_take take;
	struct tu_service_put *out;
	bool waits; /* a job is open that names another one */
};

#define KIND TU_STR("rematch")
#define KEY TU_STR("knowledge")
#define BEFORE "{\"knowledge\":\"" /* of a job's payload, before the digest */

static enum tu_status queue(struct tu_work *w, const struct putting *p, struct tu_error *err)
{
	struct tu_service_put *out = p->out;
	char payload[128];
	const int len = snprintf(payload, sizeof(payload), BEFORE "%s\"}", out->digest);
	const struct tu_job_spec spec = {.kind = KIND,
		.key = KEY,
		.payload = tu_str_of(payload, (size_t)len),
		.run_at = w->act->at};
	struct tu_job_queued queued;
	enum tu_status status = tu_job_add(w->tx, &spec, w->arena, &queued, err);

	if (!status && !queued.is_new && !p->waits)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"another knowledge base was put at the same time: put this one again");
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
	struct tu_str mine, theirs;
	struct tu_buf a, b;
	enum tu_status status;

	tu_buf_init(&a, 64);
	tu_buf_init(&b, 64);
	mine = time_text(other, &a);
	theirs = time_text(current, &b);
	status = tu_fail(err, TU_E_CONSTRAINT, 0,
		"the knowledge base %s: its newest record is of %.*s, that of the other of "
		"%.*s; to take it all the same, allow older ones",
		what, TU_STR_FMT(mine), TU_STR_FMT(theirs));
	tu_buf_done(&a);
	tu_buf_done(&b);
	return status;
}

/* An older one is how somebody would hide what has become known since. */
static enum tu_status check_age(const struct putting *p, const struct tu_knowledge_row *other,
	const char *const words[2], struct tu_error *err)
{
	struct tu_kb_info info;

	tu_kb_info(p->kb, &info);
	if (p->take == TU_SERVICE_TAKE_ANY || !other->id ||
		memcmp(info.sha256, other->digest, TU_SHA256_BYTES) == 0)
		return TU_OK;
	if (info.newest < other->newest)
		return refuse(words[0], info.newest, other->newest, err);
	return info.newest == other->newest && p->take == TU_SERVICE_TAKE_NEWER
		? refuse(words[1], info.newest, other->newest, err)
		: TU_OK;
}

/* What the open job is to name; id 0: none waits. */
static enum tu_status find_waiting(struct tu_work *w, struct putting *p,
	struct tu_knowledge_row *out_row, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_rows *rows;
	bool named = false;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_JOB_PAYLOAD_HOLD, TU_BIND(tu_text(KIND), tu_text(KEY)), &rows, err);

	*out_row = (struct tu_knowledge_row){0};
	if (status)
		return status;
	p->waits = tu_rows_next(rows);
	if (p->waits && tu_str_starts(tu_rows_text(rows, 0), TU_STR(BEFORE))) {
		const struct tu_str text = tu_str_from(tu_rows_text(rows, 0), sizeof(BEFORE) - 1);

		named = tu_hex_read_lower(
			tu_str_first(text, TU_KNOWLEDGE_HEX), digest, sizeof(digest));
	}
	status = tu_rows_close(rows, err);
	if (!status && named)
		status = tu_knowledge_by_digest(w, digest, out_row, err);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

/* Beside what is in use, and beside what was taken and waits to be. */
static enum tu_status check_both(struct tu_work *w, struct putting *p,
	const struct tu_knowledge_row *current, struct tu_error *err)
{
	static const char *const in_use[] = {"is older than what is in use",
		"is of the same time as what is in use and has other content"};
	static const char *const waiting_words[] = {"is older than one that waits to be used",
		"is of the same time as one that waits to be used and has other content"};
	struct tu_knowledge_row waiting;
	enum tu_status status = find_waiting(w, p, &waiting, err);

	if (!status)
		status = check_age(p, current, in_use, err);
	return status ? status : check_age(p, &waiting, waiting_words, err);
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
		status = check_both(w, p, &current, err);
	if (!status)
		status = tu_knowledge_put(w, p->kb, &row, err);
	if (status)
		return status;
	tu_hex_write(row.digest, TU_SHA256_BYTES, &hex);
	p->out->is_current = current.id == row.id;
	return p->out->is_current ? TU_OK : queue(w, p, err);
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
