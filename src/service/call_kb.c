#include "service/call_kb.h"

#include <string.h>
#include <unistd.h>

#include "portfolio/knowledge.h"

enum { PLACE_MAX = 16 * 1024 };

struct choosing {
	struct tu_datadir *dir;
	struct tu_store *store;
	const struct tu_app_context *context;
	const struct tu_act *act;
	struct tu_call_kb *out;
	struct tu_knowledge_row current;
	const char *path; /* to fetch into */
};

static enum tu_status read_current(struct tu_work *w, void *self, struct tu_error *err)
{
	struct choosing *c = self;

	return tu_knowledge_current(w, &c->current, err);
}

static bool is_current(const struct choosing *c, const struct tu_kb *kb)
{
	struct tu_kb_info info;

	tu_kb_info(kb, &info);
	return memcmp(info.sha256, c->current.digest, TU_SHA256_BYTES) == 0;
}

/* ---- what the user named ---- */

static enum tu_status name_first(struct tu_work *w, void *self, struct tu_error *err)
{
	struct choosing *c = self;
	struct tu_knowledge_row row;
	enum tu_status status = tu_knowledge_put(w, c->out->named.kb, &row, err);

	return status ? status : tu_knowledge_name(w, &c->current, &row, err);
}

static enum tu_status open_named(struct choosing *c, struct tu_str option, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	tu_buf_init(&path, PLACE_MAX);
	tu_buf_str_add(&path, option);
	tu_buf_byte(&path, '\0');
	status = path.failed ? tu_no_memory(err)
			     : tu_kb_file_open(c->context, option.len ? path.ptr : NULL,
				       TU_KB_VERIFY_ONCE, &c->out->named, err);
	tu_buf_done(&path);
	if (status == TU_OK && !c->current.id)
		status = tu_work_run(c->store, c->act, name_first, c, err);
	else if (status == TU_OK && !is_current(c, c->out->named.kb))
		status = tu_fail(err, TU_E_USAGE, 0,
			"the store's current knowledge base is another than --kb names");
	c->out->kb = c->out->named.kb;
	return status;
}

/* ---- what the store has ---- */

static enum tu_status fetch(struct tu_work *w, void *self, struct tu_error *err)
{
	struct choosing *c = self;

	return tu_knowledge_fetch(w, &c->current, c->path, err);
}

/* Fetched once, it is found by its digest; what is there was verified when it was written. */
static enum tu_status open_fetched(struct choosing *c, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status = TU_OK;

	if (!c->context->knowledge)
		return tu_fail(err, TU_E_IO, 0,
			"there is no folder for the store's knowledge base: set HOME or "
			"XDG_CACHE_HOME");
	tu_buf_init(&path, PLACE_MAX);
	tu_buf_c(&path, c->context->knowledge);
	tu_sha256_write(c->current.digest, &path);
	tu_buf_c(&path, ".kb");
	tu_buf_byte(&path, '\0');
	c->path = path.ptr;
	if (path.failed)
		status = tu_no_memory(err);
	if (status == TU_OK && access(path.ptr, F_OK) != 0) {
		tu_kb_file_make_folders(path.ptr);
		status = tu_work_read(c->store, c->act, fetch, c, err);
	}
	if (status == TU_OK)
		status = tu_kb_open(path.ptr, &c->out->fetched, err);
	if (status == TU_OK)
		status = tu_kb_verify(c->out->fetched, err);
	tu_buf_done(&path);
	if (status == TU_OK && !is_current(c, c->out->fetched))
		status = tu_fail(err, TU_E_CORRUPT, 0,
			"the knowledge base that was fetched is not the store's");
	c->out->kb = c->out->fetched;
	return status;
}

static enum tu_status hold(struct tu_service *service, struct tu_call_kb *out, struct tu_error *err)
{
	enum tu_status status = tu_service_kb_current(service, &out->held, err);

	out->kb = status ? NULL : out->held->kb;
	return status;
}

enum tu_status tu_call_kb_open(struct tu_datadir *dir, const struct tu_call_in *in,
	const struct tu_act *act, struct tu_call_kb *out, struct tu_error *err)
{
	struct choosing c = {
		.dir = dir, .context = tu_datadir_host(dir)->context, .act = act, .out = out};
	static const struct tu_app_context no_places;
	const struct tu_str option = TU_JSON_STR(in->arguments, "kb");
	enum tu_status status;

	if (!c.context)
		c.context = &no_places;
	*out = (struct tu_call_kb){0};
	status = tu_datadir_store(dir, &c.store, err);
	if (status == TU_OK)
		status = tu_work_read(c.store, act, read_current, &c, err);
	if (status != TU_OK)
		return status;
	if (!c.current.id || option.len)
		status = open_named(&c, option, err);
	else if (!in->host)
		return open_fetched(&c, err);
	return status || !in->host ? status : hold(in->host, out, err);
}

void tu_call_kb_close(struct tu_call_kb *kb)
{
	tu_kb_file_close(&kb->named);
	tu_kb_close(kb->fetched);
	tu_service_kb_drop(kb->held);
	*kb = (struct tu_call_kb){0};
}
