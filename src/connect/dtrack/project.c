/* Projects: lists, one, by name; and what clients change of them. */
#include "connect/dtrack/project.h"

#include "connect/dtrack/ids.h"
#include "connect/dtrack/operations.h"
#include "portfolio/intake.h"

/* ---- lists ---- */

enum tu_status tu_dtrack_get_projects(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_projects projects;
	enum tu_status status = tu_dtrack__read_projects(
		call, tu_str_trim(tu_api_query(call, "name")), &projects, err);

	return status ? status : tu_dtrack__answer_projects(call, &projects, err);
}

/* Those that `keep` says, of all. */
static enum tu_status answer_some(struct tu_api_call *call,
	bool (*keep)(const struct tu_project *p, const void *self), const void *self,
	struct tu_error *err)
{
	struct tu_projects all, some = {0};
	struct tu_project *rows;
	enum tu_status status = tu_dtrack__read_projects(call, TU_STR(""), &all, err);

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(call->arena, all.count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < all.count; i++)
		if (keep(&all.at[i], self))
			rows[some.count++] = all.at[i];
	some.at = rows;
	return tu_dtrack__answer_projects(call, &some, err);
}

static bool has_tag(const struct tu_project *p, const void *self)
{
	const struct tu_str *tag = self;

	for (size_t i = 0; i < p->tag_count; i++)
		if (tu_str_eq(p->tags[i], *tag))
			return true;
	return false;
}

enum tu_status tu_dtrack_get_projects_by_tag(struct tu_api_call *call, struct tu_error *err)
{
	return answer_some(call, has_tag, &call->path[0], err);
}

static bool is_child(const struct tu_project *p, const void *self)
{
	const struct tu_project *parent = self;

	return p->parent_id == parent->release_id;
}

enum tu_status tu_dtrack_get_children(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_projects projects;
	enum tu_status status = tu_dtrack__read_project(call, call->path[0], &projects, err);

	return status ? status : answer_some(call, is_child, projects.one, err);
}

/* The lists of its web interface, which asks for less and is answered the same. */

static enum tu_status refuse_filters(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str classifier = tu_api_query(call, "classifier");

	if (tu_api_query(call, "team").len)
		return tu_dtrack__bad(
			call, tu_fail(err, TU_E_USAGE, 0, "projects are not listed by team"));
	if (classifier.len && !tu_str_ieq(classifier, TU_STR("DEVICE")))
		return tu_dtrack__bad(
			call, tu_fail(err, TU_E_USAGE, 0, "every project is a DEVICE"));
	return TU_OK;
}

enum tu_status tu_dtrack_get_projects_concise(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = refuse_filters(call, err);

	return status ? status : tu_dtrack_get_projects(call, err);
}

enum tu_status tu_dtrack_get_children_concise(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = refuse_filters(call, err);

	return status ? status : tu_dtrack_get_children(call, err);
}

/* ---- one ---- */

static enum tu_status answer_uuid(
	struct tu_api_call *call, struct tu_str uuid, struct tu_error *err)
{
	struct tu_projects projects;
	enum tu_status status = tu_dtrack__read_project(call, uuid, &projects, err);

	return status ? status : tu_dtrack__answer_project(call, &projects, err);
}

enum tu_status tu_dtrack_get_project(struct tu_api_call *call, struct tu_error *err)
{
	return answer_uuid(call, call->path[0], err);
}

enum tu_status tu_dtrack_lookup_project(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_projects projects;
	enum tu_status status = tu_dtrack__read_projects(
		call, tu_str_trim(tu_api_query(call, "name")), &projects, err);

	if (status != TU_OK)
		return status;
	projects.one = tu_project_of_version(&projects, tu_str_trim(tu_api_query(call, "version")));
	if (!projects.one || !tu_api_query(call, "name").len)
		return tu_dtrack__no_project(err);
	return tu_dtrack__answer_project(call, &projects, err);
}

enum tu_status tu_dtrack_get_latest(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_projects projects;
	enum tu_status status = tu_dtrack__read_projects(call, call->path[0], &projects, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < projects.count; i++)
		if (projects.at[i].latest)
			projects.one = &projects.at[i];
	if (!projects.one)
		return tu_dtrack__no_project(err);
	return tu_dtrack__answer_project(call, &projects, err);
}

/* ---- changes ---- */

static bool is_said(struct tu_json body, const char *name, bool otherwise)
{
	struct tu_json value = tu_json_get(body, tu_str_c(name));

	return tu_json_type(value) == TU_JSON_BOOL ? tu_json_true(value) : otherwise;
}

/* What cannot be changed from here must not look as if it had been. */
static enum tu_status refuse_others(
	struct tu_api_call *call, const struct tu_project *p, struct tu_error *err)
{
	static const char *const texts[] = {"name", "version"};
	const struct tu_str have[] = {p->name, p->version};
	bool is_active = !tu_str_eq(p->state, TU_STR("withdrawn"));

	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		struct tu_str text = tu_str_trim(tu_api_body_str(call, texts[i]));

		if (text.len && !tu_str_eq(text, have[i]))
			return tu_dtrack__bad(call,
				tu_fail(err, TU_E_USAGE, 0,
					"the %s of a project is that of its release and stays",
					texts[i]));
	}
	if (is_said(call->body, "active", is_active) == is_active)
		return TU_OK;
	return tu_dtrack__bad(call,
		tu_fail(err, TU_E_USAGE, 0,
			"a release is made inactive by a person who withdraws it for a reason: PUT "
			"/v1/releases/%.*s/state",
			TU_STR_FMT(p->public_id)));
}

static void take_said(struct tu_api_call *call, struct tu_dtrack_said *out)
{
	struct tu_json parent = tu_json_get(call->body, TU_STR("parent"));
	struct tu_json uuid = tu_json_get(parent, TU_STR("uuid"));

	tu_dtrack__take_tags(tu_json_get(call->body, TU_STR("tags")), out);
	if (tu_json_is_string(uuid))
		out->parent = tu_json_str(uuid);
	out->latest = is_said(call->body, "isLatest", false);
}

static enum tu_status change(struct tu_api_call *call, struct tu_str uuid, struct tu_error *err)
{
	struct tu_dtrack_said said = {0};
	struct tu_projects projects;
	enum tu_status status = tu_dtrack__read_project(call, uuid, &projects, err);

	if (status == TU_OK)
		status = refuse_others(call, projects.one, err);
	take_said(call, &said);
	if (status == TU_OK)
		status = tu_dtrack__say(call, projects.one->public_id, &said, err);
	return status ? status : answer_uuid(call, uuid, err);
}

enum tu_status tu_dtrack_patch_project(struct tu_api_call *call, struct tu_error *err)
{
	return change(call, call->path[0], err);
}

enum tu_status tu_dtrack_update_project(struct tu_api_call *call, struct tu_error *err)
{
	return change(call, tu_api_body_str(call, "uuid"), err);
}

enum tu_status tu_dtrack_create_project(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_dtrack_named named = {.name = tu_str_trim(tu_api_body_str(call, "name")),
		.version = tu_str_trim(tu_api_body_str(call, "version")),
		.create = true};
	struct tu_dtrack_said said = {0};
	struct tu_dtrack_uuid uuid;
	enum tu_status status;

	take_said(call, &said);
	if (!is_said(call->body, "active", true))
		return tu_dtrack__bad(call,
			tu_fail(err, TU_E_USAGE, 0, "a project is active when it is created"));
	status = tu_dtrack__find_parent(call, &said, &(struct tu_str){0}, err);
	if (status == TU_OK)
		status = tu_dtrack__find_named(call, &named, err);
	if (status == TU_OK && !named.created)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"A project with the specified name and version already exists.");
	if (status == TU_OK)
		status = tu_dtrack__say(call, named.release, &said, err);
	if (status != TU_OK)
		return status;
	uuid = tu_dtrack_uuid(named.release);
	call->answer.status = 201;
	return answer_uuid(call, tu_dtrack_uuid_str(&uuid), err);
}

static enum tu_status remove_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	char id[TU_RANDOM_ID + 1];

	if (!tu_dtrack_uuid_read(call->path[0], id))
		return tu_fail(err, TU_E_NOTFOUND, 0, "no such project");
	return tu_intake_remove(w, &call->who.scope, tu_random_id_str(id), err);
}

enum tu_status tu_dtrack_delete_project(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_write(call, remove_one, call, err);

	return status == TU_E_NOTFOUND ? tu_dtrack__no_project(err) : status;
}
