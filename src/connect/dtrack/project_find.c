/* Which project is meant, and what is said of it. */
#include <string.h>

#include "connect/dtrack/ids.h"
#include "connect/dtrack/project.h"
#include "portfolio/intake.h"

enum { TRIES = 8 }; /* while somebody else creates the same */

enum tu_status tu_dtrack__no_project(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "The project could not be found.");
}

enum tu_status tu_dtrack__bad(struct tu_api_call *call, enum tu_status status)
{
	call->problem.type = TU_PROBLEM_BAD_REQUEST;
	return status;
}

/* ---- reading, into the arena of the call ---- */

struct reading {
	struct tu_api_call *call;
	struct tu_str public_id, name; /* empty: not asked for */
	struct tu_projects found;
};

static bool keep_one(struct tu_arena *arena, struct tu_project *p)
{
	struct tu_str *const texts[] = {&p->public_id, &p->name, &p->version, &p->state, &p->device,
		&p->title, &p->parent, &p->parent_name, &p->parent_version};
	struct tu_str *tags = tu_arena_array(arena, p->tag_count, sizeof(*tags));
	bool kept = tags != NULL;

	for (size_t i = 0; kept && i < TU_COUNT(texts); i++)
		kept = tu_arena_dup(arena, *texts[i], texts[i]);
	for (size_t i = 0; kept && i < p->tag_count; i++)
		kept = tu_arena_dup(arena, p->tags[i], &tags[i]);
	p->tags = tags;
	return kept;
}

static enum tu_status keep(struct reading *r, const struct tu_projects *from, struct tu_error *err)
{
	struct tu_project *rows = tu_arena_array(r->call->arena, from->count, sizeof(*rows));
	bool kept = rows != NULL;

	for (size_t i = 0; kept && i < from->count; i++) {
		rows[i] = from->at[i];
		kept = keep_one(r->call->arena, &rows[i]);
	}
	r->found = (struct tu_projects){.at = rows, .count = from->count};
	if (kept && from->one)
		r->found.one = &rows[from->one - from->at];
	return kept ? TU_OK : tu_no_memory(err);
}

static enum tu_status read(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	const struct tu_list_scope *scope = &r->call->who.scope;
	struct tu_projects found;
	enum tu_status status = r->public_id.len
		? tu_project_get(w, scope, r->public_id, &found, err)
		: tu_project_list(w, scope, r->name, &found, err);

	return status ? status : keep(r, &found, err);
}

enum tu_status tu_dtrack__read_project(
	struct tu_api_call *call, struct tu_str uuid, struct tu_projects *out, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1];
	struct reading r = {.call = call};
	enum tu_status status;

	*out = (struct tu_projects){0};
	if (!tu_dtrack_uuid_read(uuid, id))
		return tu_dtrack__no_project(err);
	r.public_id = tu_random_id_str(id);
	status = tu_api_read(call, read, &r, err);
	*out = r.found;
	return status == TU_E_NOTFOUND ? tu_dtrack__no_project(err) : status;
}

enum tu_status tu_dtrack__read_projects(
	struct tu_api_call *call, struct tu_str name, struct tu_projects *out, struct tu_error *err)
{
	struct reading r = {.call = call, .name = name};
	enum tu_status status = tu_api_read(call, read, &r, err);

	*out = r.found;
	return status;
}

/* ---- by name ---- */

struct finding {
	struct tu_api_call *call;
	struct tu_dtrack_named *named;
};

static enum tu_status find(struct tu_work *w, void *self, struct tu_error *err)
{
	struct finding *f = self;
	struct tu_dtrack_named *named = f->named;
	const struct tu_access *who = &f->call->who;
	struct tu_intake_ask ask = {.scope = &who->scope,
		.name = named->name,
		.version = named->version,
		.create = named->create,
		.team = who->key.team,
		.person = who->person};
	enum tu_status status = tu_intake_find(w, &ask, err);

	named->created = ask.created;
	if (status == TU_OK && !tu_arena_dup(f->call->arena, ask.release, &named->release))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_dtrack__find_named(
	struct tu_api_call *call, struct tu_dtrack_named *named, struct tu_error *err)
{
	struct finding f = {call, named};
	enum tu_status status = TU_E_CONFLICT;

	if (!named->create)
		status = tu_api_read(call, find, &f, err);
	for (int i = 0; status == TU_E_CONFLICT && i < TRIES; i++)
		status = tu_api_write(call, find, &f, err);
	if (status == TU_E_NOTFOUND)
		return tu_dtrack__no_project(err);
	return status == TU_E_USAGE ? tu_dtrack__bad(call, status) : status;
}

/* ---- what is said ---- */

void tu_dtrack__take_tags(struct tu_json tags, struct tu_dtrack_said *out)
{
	struct tu_json_iter items = tu_json_iter(tags);
	struct tu_json item;

	out->says_tags |= tu_json_is_array(tags);
	while (tu_json_next_item(&items, &item)) {
		struct tu_json name = tu_json_get(item, TU_STR("name"));

		if (!tu_json_is_string(name))
			continue;
		out->too_many |= out->tag_count == TU_PROJECT_TAGS_MAX;
		if (!out->too_many)
			out->tags[out->tag_count++] = tu_str_trim(tu_json_str(name));
	}
}

static enum tu_status no_parent(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "The parent project could not be found.");
}

enum tu_status tu_dtrack__find_parent(struct tu_api_call *call, const struct tu_dtrack_said *said,
	struct tu_str *out_parent, struct tu_error *err)
{
	struct tu_dtrack_named named = {said->parent_name, said->parent_version, false, {0}, false};
	struct tu_projects projects;
	enum tu_status status;

	*out_parent = TU_STR("");
	if (said->parent.len) {
		status = tu_dtrack__read_project(call, said->parent, &projects, err);
		if (status == TU_OK)
			*out_parent = projects.one->public_id;
		return status == TU_E_NOTFOUND ? no_parent(err) : status;
	}
	if (!named.name.len)
		return TU_OK;
	status = tu_dtrack__find_named(call, &named, err);
	*out_parent = named.release;
	return status == TU_E_NOTFOUND ? no_parent(err) : status;
}

static enum tu_status say(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_project_say(w, self, err);
}

enum tu_status tu_dtrack__say(struct tu_api_call *call, struct tu_str release,
	const struct tu_dtrack_said *said, struct tu_error *err)
{
	struct tu_project_say words = {.release = release,
		.scope = &call->who.scope,
		.says_tags = said->says_tags,
		.tags = said->tags,
		.tag_count = said->tag_count,
		.add = said->add,
		.latest = said->latest};
	enum tu_status status = tu_dtrack__find_parent(call, said, &words.parent, err);

	if (status == TU_OK && said->too_many)
		status = tu_fail(err, TU_E_USAGE, 0, "more than %d tags", TU_PROJECT_TAGS_MAX);
	if (status == TU_OK && (words.parent.len || words.says_tags || words.latest))
		status = tu_api_write(call, say, &words, err);
	if (status == TU_E_NOTFOUND && err && strcmp(err->pointer, "parent") == 0)
		return no_parent(err);
	return status == TU_E_USAGE ? tu_dtrack__bad(call, status) : status;
}
