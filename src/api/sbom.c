/* SBOMs of releases: upload, download as received and in other formats. */
#include <stdio.h>

#include <tutela/sbom_check.h>

#include "api/stored.h"
#include "app/sbom_convert.h"
#include "app/sbom_file.h"
#include "service/service.h"
#include "show/sbom_text.h"

#define DOCUMENT_MAX ((size_t)2 << 30)

enum {
	TRIES = 4, /* of an upload, while the knowledge base is being replaced */
	SECOND = 1000000
};

/* ---- the stored one ---- */

enum tu_status tu_api_sbom_fetch(struct tu_api_call *call, struct tu_str release,
	struct tu_api_sbom *out, struct tu_error *err)
{
	enum tu_status status;

	*out = (struct tu_api_sbom){.stored = {.release = release, .scope = &call->who.scope}};
	status = tu_sbom_fetch(tu_api_store(call), &call->act, &out->stored, err);
	return status == TU_E_NOTFOUND && !out->stored.missing ? tu_api_unknown(err, "release")
							       : status;
}

enum tu_status tu_api_sbom_open(struct tu_api_call *call, struct tu_str release,
	struct tu_api_sbom *out, struct tu_error *err)
{
	enum tu_status status = tu_api_sbom_fetch(call, release, out, err);

	if (status != TU_OK)
		return status;
	out->arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	if (!out->arena)
		return tu_no_memory(err);
	return tu_sbom_open(tu_service_reader(call->service), out->arena,
		tu_buf_str(&out->stored.bytes), &out->inventory, err);
}

void tu_api_sbom_close(struct tu_api_sbom *sbom)
{
	tu_buf_done(&sbom->stored.bytes);
	tu_arena_free(sbom->arena);
	sbom->arena = NULL;
}

enum tu_status tu_api_sbom_answer(struct tu_api_call *call, const char *type, struct tu_sink *sink,
	const char *name, struct tu_error *err)
{
	if (sink->buf.failed)
		return tu_no_memory(err);
	tu_api_answer_buf(call, type, &sink->buf, tu_str_c(name));
	return TU_OK;
}

/* ---- upload ---- */

struct uploading {
	struct tu_api_call *call;
	struct tu_sbom_upload upload;
};

/* What the reader ends on is something in what was sent, not in the service. */
enum tu_status tu_api_sbom_read(
	struct tu_api_call *call, struct tu_sbom_upload *upload, struct tu_error *err)
{
	enum tu_status status = tu_sbom_open(tu_service_reader(call->service), upload->arena,
		upload->bytes, &upload->inventory, err);

	if (status == TU_E_CORRUPT)
		call->problem.type = TU_PROBLEM_INVALID;
	return status;
}

static enum tu_status upload_once(
	struct tu_api_call *call, struct tu_sbom_upload *upload, struct tu_error *err)
{
	struct tu_service_kb *kb = NULL;
	enum tu_status status = tu_service_kb_current(call->service, &kb, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_BUSY, 0, "there is no knowledge base in use yet");
	if (status != TU_OK)
		return status;
	upload->kb = kb->kb;
	status = tu_sbom_upload(tu_api_store(call), &call->act, upload, err);
	tu_service_kb_drop(kb);
	return status;
}

enum tu_status tu_api_sbom_put(
	struct tu_api_call *call, struct tu_sbom_upload *upload, struct tu_error *err)
{
	enum tu_status status = upload_once(call, upload, err);

	for (int i = 1; status == TU_E_CONFLICT && !upload->based_on && i < TRIES; i++)
		status = upload_once(call, upload, err);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "release");
	if (status == TU_E_USAGE && upload->needs_reason)
		call->problem.type = TU_PROBLEM_LOCKED;
	return status;
}

/* ---- its report ---- */

static enum tu_status write_quality(
	const struct uploading *u, struct tu_json_writer *json, struct tu_error *err)
{
	tu_json_key(json, "quality");
	tu_json_open_array(json);
	for (size_t i = 0; i < tu_check_profile_count; i++) {
		const struct tu_check_request request = {
			&tu_check_profiles[i], u->upload.inventory, u->call->now / SECOND};
		const struct tu_check_result *result;
		enum tu_status status = tu_sbom_check(u->upload.arena, &request, &result, err);

		if (status != TU_OK)
			return status;
		tu_json_open_object(json);
		tu_json_member_str(json, "profile", tu_check_profiles[i].name);
		tu_json_member_int(json, "score", result->score);
		tu_json_member_bool(json, "passed", result->passed);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return TU_OK;
}

static void write_read(const struct uploading *u, struct tu_json_writer *json)
{
	const struct tu_inventory *inventory = u->upload.inventory;

	tu_record_digest(json, "sha256", u->upload.digest);
	tu_json_member_int(json, "bytes", (int64_t)u->upload.bytes.len);
	tu_json_member_str(json, "format", tu_str_c(tu_sbom_format_name(inventory->format)));
	tu_json_member_str(json, "spec_version", inventory->spec_version);
	tu_json_member_str(json, "name", inventory->name);
	tu_json_member_int(json, "components", (int64_t)inventory->component_count);
	tu_json_notes(json, inventory);
}

static void write_settled(const struct uploading *u, struct tu_json_writer *json)
{
	const struct tu_sbom_upload *up = &u->upload;

	tu_json_member_int(json, "distinct_components", (int64_t)up->settled.components);
	tu_json_member_int(json, "new_components", (int64_t)up->settled.new_components);
	tu_json_member_int(json, "components_without_data", (int64_t)up->without_data);
	tu_json_key(json, "findings");
	if (up->settled.findings || up->without_data < up->settled.components)
		tu_json_add_int(json, (int64_t)up->settled.findings);
	else
		tu_json_add_null(json); /* nobody knows: that is not none */
	tu_json_member_int(json, "decided", (int64_t)up->settled.decided);
	tu_json_member_int(json, "carried", (int64_t)up->settled.carried);
	tu_json_member_int(json, "reopened", (int64_t)up->settled.reopened);
	tu_json_member_int(json, "proposed", (int64_t)up->settled.proposed);
	tu_json_key(json, "conflict");
	if (up->settled.conflict.len)
		tu_json_add_str(json, up->settled.conflict);
	else
		tu_json_add_null(json);
	tu_json_key(json, "vulnerabilities");
	tu_json_open_object(json);
	tu_json_member_int(json, "now", (int64_t)up->vulnerabilities);
	tu_json_member_int(json, "came", (int64_t)up->came);
	tu_json_member_int(json, "went", (int64_t)up->went);
	tu_json_close_object(json);
}

static enum tu_status report(struct uploading *u, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(u->call);
	enum tu_status status;

	tu_json_open_object(json);
	tu_json_member_str(json, "release", u->upload.release);
	tu_json_member_int(json, "version", u->upload.version);
	tu_json_member_bool(json, "corrected", u->upload.corrected);
	write_read(u, json);
	write_settled(u, json);
	status = write_quality(u, json, err);
	tu_json_close_object(json);
	tu_api_etag_version(u->call, u->upload.version);
	return status;
}

enum tu_status tu_api_put_sbom(struct tu_api_call *call, struct tu_error *err)
{
	struct uploading u = {.call = call,
		.upload = {.release = call->path[0],
			.scope = &call->who.scope,
			.based_on = call->if_match,
			.bytes = call->bytes,
			.arena = tu_arena_new(TU_SBOM_MEMORY_MAX)}};
	enum tu_status status;

	call->act.reason = tu_str_trim(tu_api_query(call, "reason"));
	status = u.upload.arena ? tu_api_sbom_read(call, &u.upload, err) : tu_no_memory(err);
	if (status == TU_OK)
		status = tu_api_sbom_put(call, &u.upload, err);
	if (status == TU_OK)
		tu_api_sbom_tree_ready(call, u.upload.inventory, u.upload.digest);
	if (status == TU_OK)
		status = report(&u, err);
	tu_arena_free(u.upload.arena);
	return status;
}

/* ---- download ---- */

static const struct {
	const char *type, *ending;
} targets[TU_SBOM_TARGETS_] = {
	[TU_SBOM_TO_CYCLONEDX_16_JSON] = {"application/vnd.cyclonedx+json", "cdx.json"},
	[TU_SBOM_TO_CYCLONEDX_17_JSON] = {"application/vnd.cyclonedx+json", "cdx.json"},
	[TU_SBOM_TO_CYCLONEDX_16_XML] = {"application/vnd.cyclonedx+xml", "cdx.xml"},
	[TU_SBOM_TO_CYCLONEDX_17_XML] = {"application/vnd.cyclonedx+xml", "cdx.xml"},
	[TU_SBOM_TO_SPDX_23_JSON] = {"application/spdx+json", "spdx.json"},
	[TU_SBOM_TO_SPDX_23_TAG_VALUE] = {"text/spdx", "spdx"},
	[TU_SBOM_TO_SPDX_301_JSON] = {"application/spdx+json", "spdx.json"},
};

static enum tu_status as_received(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_sbom sbom;
	struct tu_buf digest;
	enum tu_status status = tu_api_sbom_fetch(call, call->path[0], &sbom, err);

	if (status == TU_OK) {
		tu_buf_init(&digest, 2 * TU_SHA256_BYTES + 1);
		tu_sha256_write(sbom.stored.document.digest, &digest);
		tu_api_etag_text(call, tu_buf_str(&digest));
		tu_buf_done(&digest);
		tu_api_answer_buf(
			call, "application/octet-stream", &sbom.stored.bytes, TU_STR("sbom"));
	}
	tu_api_sbom_close(&sbom);
	return status;
}

struct converting {
	struct tu_api_call *call;
	enum tu_sbom_target target;
	struct tu_sink sink;
	bool tell; /* write what is lost into the answer's open array */
};

static void tell_losses(const struct converting *c, const struct tu_sbom_losses *losses)
{
	struct tu_json_writer *json = tu_api_json(c->call);

	for (size_t i = 0; c->tell && i < losses->count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "pointer", losses->notes[i].pointer);
		tu_json_member_str(json, "message", losses->notes[i].message);
		tu_json_member_int(json, "count", (int64_t)losses->notes[i].count);
		tu_json_close_object(json);
	}
}

static enum tu_status convert(struct converting *c, struct tu_error *err)
{
	struct tu_api_sbom sbom;
	struct tu_sbom_losses losses = {0};
	enum tu_status status = tu_api_sbom_open(c->call, c->call->path[0], &sbom, err);

	tu_sink_init_memory(&c->sink, DOCUMENT_MAX);
	if (status == TU_OK)
		status = tu_sbom_convert(sbom.arena,
			&(struct tu_sbom_convert){.inventory = sbom.inventory,
				.target = c->target,
				/* the same document, the same bytes */
				.now = sbom.stored.document.received / SECOND},
			&c->sink, &losses, err);
	if (status == TU_OK)
		tell_losses(c, &losses);
	tu_api_sbom_close(&sbom);
	return status;
}

enum tu_status tu_api_get_sbom(struct tu_api_call *call, struct tu_error *err)
{
	struct converting c = {.call = call};
	char name[40];
	enum tu_status status;

	if (!tu_sbom_target_named(tu_api_query(call, "format"), &c.target))
		return as_received(call, err);
	status = convert(&c, err);
	(void)snprintf(name, sizeof(name), "sbom.%s", targets[c.target].ending);
	if (status == TU_OK)
		status = tu_api_sbom_answer(call, targets[c.target].type, &c.sink, name, err);
	tu_sink_done(&c.sink);
	return status;
}

/* What a format has no place for: what a download in it would be without. */
enum tu_status tu_api_get_sbom_losses(struct tu_api_call *call, struct tu_error *err)
{
	struct converting c = {.call = call, .tell = true};
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status;

	(void)tu_sbom_target_named(tu_api_query(call, "format"), &c.target);
	tu_json_open_object(json);
	tu_json_member_str(json, "format", tu_str_c(tu_sbom_target_name(c.target)));
	tu_json_key(json, "losses");
	tu_json_open_array(json);
	status = convert(&c, err);
	tu_json_close_array(json);
	tu_json_close_object(json);
	tu_sink_done(&c.sink);
	return status;
}
