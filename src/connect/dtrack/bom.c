/* Uploads of SBOMs, as a form and as JSON with base64: what was sent is read before anything is
 * created, and what is answered is done. */
#include <string.h>

#include "api/stored.h"
#include "app/sbom_file.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "connect/dtrack/ids.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/project.h"
#include "http/multipart.h"
#include "http/server.h"

enum { JSON_MAX = 24 << 20 };

struct sending {
	struct tu_api_call *call;
	struct tu_str project, name, version; /* UUID; or name and version */
	struct tu_str create, active, latest, latest_too; /* "true", "false", or empty */
	struct tu_str tags; /* of a form: names with commas between them */
	struct tu_dtrack_said said;
	struct tu_str bom; /* as it was sent */
	bool has_bom;
	struct tu_sbom_upload upload;
	struct tu_json_parser *parser; /* of JSON by POST; NULL: none */
};

/* Texts of a form and members of the JSON have the same names. */
static const struct field {
	const char *name;
	size_t at;
} fields[] = {
	{"project", offsetof(struct sending, project)},
	{"projectName", offsetof(struct sending, name)},
	{"projectVersion", offsetof(struct sending, version)},
	{"autoCreate", offsetof(struct sending, create)},
	{"isActive", offsetof(struct sending, active)},
	{"isLatest", offsetof(struct sending, latest)},
	{"isLatestProjectVersion", offsetof(struct sending, latest_too)},
	{"parentUUID", offsetof(struct sending, said.parent)},
	{"parentName", offsetof(struct sending, said.parent_name)},
	{"parentVersion", offsetof(struct sending, said.parent_version)},
	{"projectTags", offsetof(struct sending, tags)},
};

static struct tu_str *slot_of(struct sending *s, struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(fields); i++)
		if (tu_str_eq(name, tu_str_c(fields[i].name)))
			return (struct tu_str *)(void *)((char *)s + fields[i].at);
	return NULL;
}

static bool is_true(struct tu_str text)
{
	return tu_str_ieq(text, TU_STR("true"));
}

static enum tu_status wrong(struct tu_api_call *call, struct tu_error *err, const char *words)
{
	return tu_dtrack__bad(call, tu_fail(err, TU_E_USAGE, 0, "%s", words));
}

/* ---- as JSON ---- */

static enum tu_status take_base64(struct sending *s, struct tu_str text, struct tu_error *err)
{
	size_t padding = 0, len;
	uint8_t *bytes;

	text = tu_str_trim(text);
	while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
		padding++;
	if (text.len % 4 || !text.len)
		return wrong(s->call, err, "bom is no base64: its length is no multiple of four");
	len = text.len / 4 * 3 - padding;
	bytes = tu_arena_alloc(s->upload.arena, len + 1);
	if (!bytes)
		return tu_no_memory(err);
	if (!tu_base64_read(text, bytes, len))
		return wrong(s->call, err, "bom is no base64 (RFC 4648, section 4)");
	s->bom = tu_str_of((const char *)bytes, len);
	s->has_bom = true;
	return TU_OK;
}

static enum tu_status take_json(struct sending *s, struct tu_error *err)
{
	for (size_t i = 0; i < TU_COUNT(fields); i++) {
		struct tu_json value = tu_json_get(s->call->body, tu_str_c(fields[i].name));
		struct tu_str *slot = slot_of(s, tu_str_c(fields[i].name));

		if (tu_json_type(value) == TU_JSON_BOOL)
			*slot = tu_json_true(value) ? TU_STR("true") : TU_STR("false");
		else
			*slot = tu_str_trim(tu_json_str(value));
	}
	tu_dtrack__take_tags(tu_json_get(s->call->body, TU_STR("projectTags")), &s->said);
	return take_base64(s, tu_api_body_str(s->call, "bom"), err);
}

/* Some clients send by POST what is meant for PUT. */
static bool is_json(struct tu_str type)
{
	return tu_str_ieq(tu_str_trim(tu_str_first(type, tu_str_find(type, ';'))),
		TU_STR("application/json"));
}

static enum tu_status take_posted_json(struct sending *s, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = JSON_MAX, .depth = 32, .nodes = 100000, .unique_keys = true};
	enum tu_status status;

	s->parser = tu_json_parser_new();
	status = s->parser ? tu_json_parse(s->parser, s->call->bytes, &limits, &s->call->body, err)
			   : tu_no_memory(err);
	if (status == TU_E_SYNTAX || status == TU_E_LIMIT)
		return tu_dtrack__bad(s->call, status);
	return status ? status : take_json(s, err);
}

/* ---- as a form ---- */

static enum tu_status take_part(
	struct sending *s, const struct tu_multipart_part *part, struct tu_error *err)
{
	struct tu_str *slot = slot_of(s, part->name);
	bool is_bom = tu_str_eq(part->name, TU_STR("bom"));

	if ((slot && slot->ptr) || (is_bom && s->has_bom))
		return tu_dtrack__bad(s->call,
			tu_fail(err, TU_E_USAGE, 0, "the part \"%.*s\" is there twice",
				TU_STR_FMT(part->name)));
	if (is_bom) {
		s->bom = part->content;
		s->has_bom = true;
	}
	if (slot && tu_utf8_invalid_at(part->content) < part->content.len)
		return tu_dtrack__bad(s->call,
			tu_fail(err, TU_E_USAGE, 0, "the part \"%.*s\" is no UTF-8",
				TU_STR_FMT(part->name)));
	if (slot)
		*slot = tu_str_trim(part->content);
	return TU_OK;
}

static void take_tag_list(struct sending *s)
{
	struct tu_str rest = s->tags, tag;
	struct tu_dtrack_said *said = &s->said;

	while (rest.len && tu_str_split(&rest, ',', &tag)) {
		tag = tu_str_trim(tag);
		if (!tag.len)
			continue;
		said->says_tags = true;
		said->too_many |= said->tag_count == TU_PROJECT_TAGS_MAX;
		if (!said->too_many)
			said->tags[said->tag_count++] = tag;
	}
}

static enum tu_status take_form(struct sending *s, struct tu_error *err)
{
	struct tu_str type = tu_http_header(s->call->http, TU_STR("Content-Type"));
	struct tu_multipart form;
	struct tu_multipart_part part;
	bool more = true;
	enum tu_status status;

	if (is_json(type))
		return take_posted_json(s, err);
	if (!tu_multipart_is(type)) {
		s->call->problem.type = TU_PROBLEM_MEDIA_TYPE;
		return tu_fail(
			err, TU_E_USAGE, 0, "multipart/form-data is expected, or JSON with base64");
	}
	status = tu_multipart_begin(&form, type, s->call->bytes, err);
	while (status == TU_OK && more) {
		status = tu_multipart_next(&form, &part, &more, err);
		if (status == TU_OK && more)
			status = take_part(s, &part, err);
	}
	take_tag_list(s);
	return status ? tu_dtrack__bad(s->call, status) : TU_OK;
}

/* ---- the project ---- */

static enum tu_status find_release(
	struct sending *s, struct tu_str *out_release, struct tu_error *err)
{
	struct tu_dtrack_named named = {
		.name = s->name, .version = s->version, .create = is_true(s->create)};
	struct tu_projects projects;
	enum tu_status status;

	if (s->project.len) {
		status = tu_dtrack__read_project(s->call, s->project, &projects, err);
		if (status == TU_OK)
			*out_release = projects.one->public_id;
		return status;
	}
	if (!named.name.len)
		return wrong(
			s->call, err, "project, or projectName and projectVersion, are missing");
	if (!named.version.len)
		return wrong(s->call, err,
			"projectVersion is missing: a project is a release, which has a version");
	status = tu_dtrack__find_named(s->call, &named, err);
	*out_release = named.release;
	return status;
}

/* ---- what was read ---- */

/* As its clients expect it. */
static enum tu_status answer_invalid(struct tu_api_call *call, const struct tu_error *why)
{
	struct tu_json_writer *json = tu_api_json(call);
	char words[TU_ERROR_TEXT_MAX];
	struct tu_str text = tu_str_c(tu_error_text(why, words, sizeof(words)));

	call->answer.status = 400;
	call->answer.type = "application/problem+json";
	tu_json_open_object(json);
	tu_json_member_int(json, "status", 400);
	tu_json_member_str(json, "title", TU_STR("The uploaded BOM is invalid"));
	tu_json_member_str(json, "detail", text);
	tu_json_key(json, "errors");
	tu_json_open_array(json);
	tu_json_add_str(json, text);
	tu_json_close_array(json);
	tu_json_close_object(json);
	return TU_OK;
}

static bool is_of_the_sender(enum tu_status status)
{
	return status == TU_E_SYNTAX || status == TU_E_LIMIT || status == TU_E_UNSUPPORTED ||
		status == TU_E_CORRUPT || status == TU_E_USAGE; /* it does not fit into a reader */
}

static enum tu_status put(struct sending *s, struct tu_error *err)
{
	struct tu_str release = {0};
	enum tu_status status = find_release(s, &release, err);

	s->upload.release = release;
	if (status == TU_OK)
		status = tu_api_sbom_put(s->call, &s->upload, err);
	if (status == TU_E_USAGE && s->upload.needs_reason)
		return tu_fail(err, status, 0,
			"the release is out and locked. Upload the next build under a version of "
			"its "
			"own, or correct this one with a reason: PUT "
			"/v1/releases/%.*s/sbom?reason=…",
			TU_STR_FMT(release));
	return status ? status : tu_dtrack__say(s->call, release, &s->said, err);
}

static void answer_token(const struct sending *s)
{
	struct tu_json_writer *json = tu_api_json(s->call);
	struct tu_dtrack_uuid token = tu_dtrack_uuid(s->upload.build);
	struct tu_dtrack_uuid project = tu_dtrack_uuid(s->upload.release);

	tu_json_open_object(json);
	tu_json_member_str(json, "token", tu_dtrack_uuid_str(&token));
	tu_json_member_str(json, "projectUuid", tu_dtrack_uuid_str(&project));
	tu_json_close_object(json);
}

/* Reading and looking come first: what is refused has created nothing. */
static enum tu_status receive(struct sending *s, struct tu_error *err)
{
	struct tu_error why = {0};
	struct tu_str parent;
	enum tu_status status;

	s->said.latest = is_true(s->latest) || is_true(s->latest_too);
	s->said.add = true;
	if (tu_str_ieq(s->active, TU_STR("false")))
		return wrong(s->call, err,
			"isActive: a release is made inactive by a person who withdraws it");
	if (!s->has_bom || !s->bom.len)
		return wrong(s->call, err, "bom is missing");
	if (s->said.too_many)
		return wrong(s->call, err, "there are too many tags");
	for (size_t i = 0; i < s->said.tag_count; i++)
		if (tu_project_text_check("a tag", s->said.tags[i], err) != TU_OK)
			return tu_dtrack__bad(s->call, TU_E_USAGE);
	status = tu_dtrack__find_parent(s->call, &s->said, &parent, err);
	if (status != TU_OK)
		return status;
	s->upload.bytes = s->bom;
	s->upload.scope = &s->call->who.scope;
	status = tu_api_sbom_read(s->call, &s->upload, &why);
	if (is_of_the_sender(status))
		return answer_invalid(s->call, &why);
	if (status != TU_OK) {
		if (err)
			*err = why;
		return status;
	}
	status = put(s, err);
	if (status == TU_OK)
		answer_token(s);
	return status;
}

static enum tu_status upload(struct tu_api_call *call,
	enum tu_status (*take)(struct sending *s, struct tu_error *err), struct tu_error *err)
{
	struct sending *s = tu_arena_array(call->arena, 1, sizeof(*s));
	enum tu_status status;

	if (!s)
		return tu_no_memory(err);
	*s = (struct sending){.call = call, .upload = {.arena = tu_arena_new(TU_SBOM_MEMORY_MAX)}};
	status = s->upload.arena ? take(s, err) : tu_no_memory(err);
	if (status == TU_OK)
		status = receive(s, err);
	tu_arena_free(s->upload.arena);
	tu_json_parser_free(s->parser);
	call->body = (struct tu_json){0};
	return status;
}

enum tu_status tu_dtrack_upload_bom(struct tu_api_call *call, struct tu_error *err)
{
	return upload(call, take_form, err);
}

enum tu_status tu_dtrack_upload_bom_base64(struct tu_api_call *call, struct tu_error *err)
{
	return upload(call, take_json, err);
}
