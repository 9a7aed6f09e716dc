#include "cli/store_open.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/context.h"
#include "cli/environment.h"
#include "cli/reach.h"
#include "portfolio/knowledge.h"

enum { PLACE_MAX = 16 * 1024 };

enum tu_status tu_command_store_open(
	struct tu_command_store *s, const char *command, const char *place, struct tu_error *err)
{
	enum tu_status status;

	*s = (struct tu_command_store){0};
	status = tu_datadir_open(tu_reach_host(command), place, &s->dir, err);
	return status ? status : tu_datadir_store(s->dir, &s->store, err);
}

void tu_command_store_close(struct tu_command_store *s)
{
	tu_kb_file_close(&s->named);
	tu_kb_close(s->fetched);
	tu_datadir_close(s->dir);
	*s = (struct tu_command_store){0};
}

/* ---- the knowledge base ---- */

struct choosing {
	struct tu_command_store *s;
	struct tu_knowledge_row current;
	const char *path; /* to fetch into */
};

static enum tu_status read_current(struct tu_work *w, void *self, struct tu_error *err)
{
	struct choosing *c = self;

	return tu_knowledge_current(w, &c->current, err);
}

static enum tu_status name_first(struct tu_work *w, void *self, struct tu_error *err)
{
	struct choosing *c = self;
	struct tu_knowledge_row row;
	enum tu_status status = tu_knowledge_put(w, c->s->named.kb, &row, err);

	return status ? status : tu_knowledge_name(w, &c->current, &row, err);
}

static enum tu_status fetch(struct tu_work *w, void *self, struct tu_error *err)
{
	struct choosing *c = self;

	return tu_knowledge_fetch(w, &c->current, c->path, err);
}

static bool is_current(const struct tu_kb *kb, const struct tu_knowledge_row *row)
{
	struct tu_kb_info info;

	tu_kb_info(kb, &info);
	return memcmp(info.sha256, row->digest, TU_SHA256_BYTES) == 0;
}

/* Fetched once, it is found by its digest; what is there was verified when it was written. */
static enum tu_status open_fetched(
	struct choosing *c, const struct tu_act *act, struct tu_error *err)
{
	char name[64 + TU_KNOWLEDGE_HEX] = "tutela/knowledge/";
	struct tu_buf path, hex;
	enum tu_status status = TU_OK;

	tu_buf_init(&hex, TU_KNOWLEDGE_HEX);
	tu_sha256_write(c->current.digest, &hex);
	(void)snprintf(
		name, sizeof(name), "tutela/knowledge/%.*s.kb", TU_STR_FMT(tu_buf_str(&hex)));
	tu_buf_done(&hex);
	tu_buf_init(&path, PLACE_MAX);
	if (!tu_user_path("XDG_CACHE_HOME", ".cache", name, &path))
		status = tu_fail(err, TU_E_IO, 0,
			"there is no folder for the store's knowledge base: set HOME or "
			"XDG_CACHE_HOME");
	c->path = path.ptr;
	if (status == TU_OK && access(path.ptr, F_OK) != 0) {
		tu_kb_file_make_folders(path.ptr);
		status = tu_work_read(c->s->store, act, fetch, c, err);
	}
	if (status == TU_OK)
		status = tu_kb_open(path.ptr, &c->s->fetched, err);
	if (status == TU_OK)
		status = tu_kb_verify(c->s->fetched, err);
	tu_buf_done(&path);
	return status;
}

enum tu_status tu_command_store_knowledge(struct tu_command_store *s, const char *kb_option,
	const struct tu_act *act, struct tu_error *err)
{
	struct choosing c = {.s = s};
	enum tu_status status = tu_work_read(s->store, act, read_current, &c, err);

	if (status != TU_OK)
		return status;
	if (!c.current.id || kb_option) {
		status =
			tu_kb_file_open(tu_context(), kb_option, TU_KB_VERIFY_ONCE, &s->named, err);
		if (status == TU_OK && !c.current.id)
			status = tu_work_run(s->store, act, name_first, &c, err);
		else if (status == TU_OK && !is_current(s->named.kb, &c.current))
			status = tu_fail(err, TU_E_USAGE, 0,
				"the store's current knowledge base is another than --kb names");
		s->kb = s->named.kb;
		return status;
	}
	status = open_fetched(&c, act, err);
	if (status == TU_OK && !is_current(s->fetched, &c.current))
		status = tu_fail(err, TU_E_CORRUPT, 0,
			"the knowledge base that was fetched is not the store's");
	s->kb = s->fetched;
	return status;
}
