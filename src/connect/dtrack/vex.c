/*
 * VEX: statements that a client sends, as proposals (portfolio/vex_propose.h), and what the
 * approved decisions of a project state, as the core writes it.
 */
#include <string.h>

#include "api/sign.h"
#include "base/base64.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/result.h"
#include "http/multipart.h"
#include "http/server.h"
#include "portfolio/statement.h"
#include "portfolio/vex_propose.h"
#include "service/service.h"

#define CYCLONEDX "application/vnd.cyclonedx+json"

struct uploading {
	struct tu_api_call *call;
	struct tu_str uuid, name, version, text;
	bool padded;
	struct tu_dtrack_project project;
	struct tu_vex_propose propose;
};

/* ---- what was sent ---- */

static enum tu_status bad_request(
	struct tu_api_call *call, enum tu_status status, const struct tu_error *err)
{
	(void)err;
	if (status == TU_E_SYNTAX || status == TU_E_UNSUPPORTED || status == TU_E_USAGE ||
		status == TU_E_LIMIT)
		call->problem.type = TU_PROBLEM_BAD_REQUEST;
	return status;
}

/* Of two documents one would be lost, and the answer would not say so. */
static enum tu_status take_once(
	const struct tu_multipart_part *part, struct tu_str *to, struct tu_error *err)
{
	if (to->ptr)
		return tu_fail(err, TU_E_USAGE, 0, "the part \"%.*s\" is there twice",
			TU_STR_FMT(part->name));
	*to = part->content;
	return TU_OK;
}

static enum tu_status take_form(struct uploading *u, struct tu_error *err)
{
	struct tu_multipart form;
	struct tu_multipart_part part;
	bool more = true;
	enum tu_status status = tu_multipart_begin(
		&form, tu_http_header(u->call->http, TU_STR("Content-Type")), u->call->bytes, err);

	while (status == TU_OK && more) {
		const struct {
			const char *name;
			struct tu_str *to;
		} fields[] = {{"project", &u->uuid}, {"projectName", &u->name},
			{"projectVersion", &u->version}, {"vex", &u->text}};

		status = tu_multipart_next(&form, &part, &more, err);
		for (size_t i = 0; status == TU_OK && more && i < TU_COUNT(fields); i++)
			if (tu_str_eq(part.name, tu_str_c(fields[i].name)))
				status = take_once(&part, fields[i].to, err);
	}
	return status;
}

static enum tu_status take_base64(struct uploading *u, struct tu_error *err)
{
	const struct tu_str coded = tu_api_body_str(u->call, "vex");
	size_t len = coded.len / 4 * 3;
	char *bytes;

	for (size_t i = 0; i < 2 && i < coded.len; i++)
		len -= coded.ptr[coded.len - 1 - i] == '=';
	bytes = tu_arena_text(u->call->arena, len + TU_JSON_PADDING);
	if (!bytes)
		return tu_no_memory(err);
	if (!tu_base64_read(coded, (uint8_t *)bytes, len))
		return tu_fail(err, TU_E_SYNTAX, 0, "vex is not valid base64");
	memset(bytes + len, 0, TU_JSON_PADDING);
	u->text = tu_str_of(bytes, len);
	u->padded = true;
	u->uuid = tu_api_body_str(u->call, "project");
	u->name = tu_api_body_str(u->call, "projectName");
	u->version = tu_api_body_str(u->call, "projectVersion");
	return TU_OK;
}

static enum tu_status open_project(struct uploading *u, struct tu_error *err)
{
	if (!u->text.len)
		return bad_request(u->call, tu_fail(err, TU_E_USAGE, 0, "vex is missing"), err);
	if (u->uuid.len)
		return tu_dtrack__project(u->call, tu_str_trim(u->uuid), &u->project, err);
	if (u->name.len && u->version.len)
		return tu_dtrack__project_named(
			u->call, tu_str_trim(u->name), tu_str_trim(u->version), &u->project, err);
	return bad_request(u->call,
		tu_fail(err, TU_E_USAGE, 0,
			"name the project: by its UUID in project, or by projectName and "
			"projectVersion"),
		err);
}

/* ---- proposing ---- */

static enum tu_status propose(struct tu_work *w, void *self, struct tu_error *err)
{
	struct uploading *u = self;

	return tu_vex_propose(w, &u->propose, err);
}

static enum tu_status answer(struct uploading *u, struct tu_error *err)
{
	const struct tu_vex_propose *p = &u->propose;
	const struct {
		const char *name;
		size_t count;
	} counts[] = {{"statements", p->statements}, {"findings", p->findings},
		{"proposed", p->proposed}, {"standing", p->standing}, {"undecided", p->undecided},
		{"withoutReason", p->without_reason}};
	struct tu_json_writer *json = tu_api_json(u->call);
	char id[TU_RANDOM_ID + 1];
	enum tu_status status = tu_random_id(id, err);
	const struct tu_dtrack_uuid token = tu_dtrack_uuid(tu_random_id_str(id));

	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_json_member_str(json, "token", tu_dtrack_uuid_str(&token));
	tu_json_member_str(json, "projectUuid", tu_dtrack_uuid_str(&u->project.uuid));
	tu_json_key(json, "tutela");
	tu_json_open_object(json);
	for (size_t i = 0; i < TU_COUNT(counts); i++)
		tu_json_member_int(json, counts[i].name, (int64_t)counts[i].count);
	tu_json_key(json, "notApplied");
	tu_json_open_object(json);
	for (size_t i = 0; i < TU_VEX_OUTCOMES; i++)
		if (i != TU_VEX_APPLIES && p->outcomes[i])
			tu_json_member_int(json, tu_vex_outcome_name((enum tu_vex_outcome)i),
				(int64_t)p->outcomes[i]);
	tu_json_close_object(json);
	tu_json_close_object(json);
	tu_json_close_object(json);
	return TU_OK;
}

static enum tu_status upload(struct uploading *u, struct tu_error *err)
{
	struct tu_api_call *call = u->call;
	enum tu_status status = open_project(u, err);

	if (status == TU_OK)
		status = tu_api_kb_newest(call, err);
	if (status != TU_OK)
		return status;
	if (!u->project.has_sbom)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the project has no BOM yet: there is nothing that a statement could be "
			"about");
	u->propose = (struct tu_vex_propose){.release = u->project.id,
		.scope = &call->who.scope,
		.kb = call->kb->kb,
		.reader = tu_service_reader(call->service),
		.text = u->text,
		.padded = u->padded,
		.origin = TU_STR("a VEX document sent over Dependency-Track's API")};
	status = tu_api_write(call, propose, u, err);
	return status ? bad_request(call, status, err) : answer(u, err);
}

enum tu_status tu_dtrack_upload_vex_form(struct tu_api_call *call, struct tu_error *err)
{
	struct uploading u = {.call = call};
	enum tu_status status = take_form(&u, err);

	return status ? bad_request(call, status, err) : upload(&u, err);
}

enum tu_status tu_dtrack_upload_vex(struct tu_api_call *call, struct tu_error *err)
{
	struct uploading u = {.call = call};
	enum tu_status status = take_base64(&u, err);

	return status ? bad_request(call, status, err) : upload(&u, err);
}

/* ---- what is stated ---- */

struct stating {
	struct tu_api_call *call;
	struct tu_dtrack_project project;
	struct tu_str text; /* in the arena of the call */
};

static enum tu_status state(struct tu_work *w, void *self, struct tu_error *err)
{
	struct stating *s = self;
	struct tu_statement_writer writer = {
		.kb = s->call->kb->kb, .reader = tu_service_reader(s->call->service)};
	struct tu_device_row device;
	const struct tu_statement_about about = {.device = &device,
		.release = s->project.release,
		.tlp = TU_STR("WHITE"),
		.formats = 1u << TU_ISSUE_CYCLONEDX};
	struct tu_str text;
	enum tu_status status =
		tu_device_in(w, &s->call->who.scope, s->project.device, &device, err);

	if (status == TU_OK)
		status = tu_statement_preview(w, &writer, &about, &text, err);
	return status					       ? status
		: tu_arena_dup(s->call->arena, text, &s->text) ? TU_OK
							       : tu_no_memory(err);
}

enum tu_status tu_dtrack_export_vex(struct tu_api_call *call, struct tu_error *err)
{
	struct stating s = {.call = call};
	struct tu_error why = {0};
	const bool download = tu_api_query_true(call, "download");
	enum tu_status status = tu_dtrack__project(call, call->path[0], &s.project, err);

	if (status == TU_OK)
		status = tu_api_kb(call, err);
	if (status != TU_OK)
		return status;
	status = tu_api_read(call, state, &s, &why);
	if (status == TU_E_USAGE) /* an empty one would say that all is said */
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"no approved decision of this project can be stated: %s", why.message);
	if (status != TU_OK) {
		*err = why;
		return status;
	}
	tu_api_answer_file(call, CYCLONEDX, s.text, download ? TU_STR("vex.cdx.json") : TU_STR(""));
	return TU_OK;
}
