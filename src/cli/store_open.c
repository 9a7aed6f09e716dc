#include "cli/store_open.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/context.h"
#include "cli/environment.h"
#include "portfolio/knowledge.h"
#include "store/migrate.h"

enum { PLACE_MAX = 16 * 1024 };

static bool is_url(const char *place)
{
	return tu_store_engine_of(tu_str_c(place)) == TU_STORE_POSTGRES;
}

static enum tu_status find_place(
	struct tu_command_store *s, const char *place, bool writes, struct tu_error *err)
{
	struct stat st;

	tu_buf_c(&s->place, place);
	if (!is_url(place))
		tu_buf_c(&s->place, "/tutela.db");
	tu_buf_byte(&s->place, '\0');
	if (s->place.failed)
		return tu_fail(err, TU_E_LIMIT, 0, "the name of the store is too long");
	if (is_url(place))
		return TU_OK;
	if (stat(place, &st) != 0 || !S_ISDIR(st.st_mode))
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"%s: expected a data folder, or a URL \"postgresql://…\"", place);
	if (!writes && access(s->place.ptr, F_OK) != 0)
		return tu_fail(err, TU_E_NOTFOUND, 0, "%s: nothing was pushed into it yet", place);
	return TU_OK;
}

enum tu_status tu_command_store_open(
	struct tu_command_store *s, const char *place, bool writes, struct tu_error *err)
{
	struct tu_store_options options = {0};
	struct tu_migration_state state;
	enum tu_status status;

	*s = (struct tu_command_store){0};
	tu_buf_init(&s->place, PLACE_MAX);
	status = find_place(s, place, writes, err);
	options.place = s->place.ptr;
	if (status == TU_OK)
		status = writes ? tu_store_migrate(&options, &state, err)
				: tu_store_migration_state(&options, &state, err);
	if (status == TU_OK && state.applied != state.known)
		status = tu_fail(err, TU_E_NOTFOUND, 0,
			"%s: its schema is older than this program, or it is empty", place);
	return status ? status : tu_store_open(&options, &s->store, err);
}

void tu_command_store_close(struct tu_command_store *s)
{
	tu_kb_file_close(&s->named);
	tu_kb_close(s->fetched);
	tu_store_close(s->store);
	tu_buf_done(&s->place);
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
