#include "portfolio/baseline.h"

#include <stdio.h>

#include "base/hex.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "portfolio/scope.h"

enum { MEMORY_MAX = 512 << 20, DOCUMENT_MAX = 16 << 20, DEPTH = 8 };

/* ---- what there is ---- */

static bool take_row(const struct tu_rows *rows, struct tu_arena *arena, struct tu_baseline *out)
{
	struct tu_str digest = tu_rows_text(rows, 5);

	*out = (struct tu_baseline){.id = tu_rows_int(rows, 0),
		.at = tu_rows_int(rows, 3),
		.document_id = tu_rows_int(rows, 4)};
	if (digest.len == sizeof(out->digest))
		memcpy(out->digest, digest.ptr, sizeof(out->digest));
	return tu_arena_dup(arena, tu_rows_text(rows, 1), &out->public_id) &&
		tu_arena_dup(arena, tu_rows_text(rows, 2), &out->name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 6), &out->signature) &&
		tu_arena_dup(arena, tu_rows_text(rows, 7), &out->by) &&
		tu_arena_dup(arena, tu_rows_text(rows, 8), &out->zone);
}

static enum tu_status list(struct tu_work *w, int64_t device, struct tu_arena *arena,
	struct tu_baselines *out, struct tu_error *err)
{
	TU_VEC(struct tu_baseline) all = {0};
	struct tu_baseline one;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_BASELINE_LIST, TU_BIND(tu_int(device)), &rows, err);

	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows))
		fine = take_row(rows, arena, &one) && TU_VEC_PUSH_IN(arena, &all, one);
	status = tu_rows_close(rows, err);
	*out = (struct tu_baselines){all.at, all.count};
	return status || fine ? status : tu_no_memory(err);
}

struct listing {
	const struct tu_design_asked *asked;
	struct tu_arena *arena;
	struct tu_baselines *out;
};

static enum tu_status list_in(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct listing *l = self;
	struct tu_device_row row;
	enum tu_status status = tu_device_in(w, l->asked->scope, l->asked->device, &row, err);

	return status ? status : list(w, row.id, l->arena, l->out, err);
}

enum tu_status tu_baseline_list(const struct tu_design_asked *asked, struct tu_arena *arena,
	struct tu_baselines *out, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct listing l = {asked, arena, out};

	*out = (struct tu_baselines){0};
	return tu_work_read(asked->store, &act, list_in, &l, err);
}

/* ---- what is signed ---- */

struct signing {
	struct tu_baseline_sign *ask;
	const struct tu_act *act;
	struct tu_design design;
	struct tu_device_file *files; /* that belong to it, without device.yaml */
	size_t file_count;
	struct tu_str document;
};

static bool is_evidence(const struct tu_model *model, struct tu_str path)
{
	for (size_t i = 0; i < model->controls_count; i++)
		if (tu_str_eq(tu_threat_evidence_path(model->controls[i].evidence), path))
			return true;
	return false;
}

static enum tu_status choose_files(
	struct signing *s, const struct tu_model *model, struct tu_error *err)
{
	const struct tu_device_files *all = &s->design.files;

	s->files = tu_arena_array(s->design.arena, all->count, sizeof(*s->files));
	if (!s->files)
		return tu_no_memory(err);
	for (size_t i = 0; i < all->count; i++)
		if (tu_design_part_of(all->at[i].path) != TU_DESIGN_NONE ||
			is_evidence(model, all->at[i].path))
			s->files[s->file_count++] = all->at[i];
	return TU_OK;
}

static void write_digest(struct tu_json_writer *json, const char *key, struct tu_str name,
	const uint8_t digest[TU_SHA256_BYTES])
{
	tu_json_open_object(json);
	tu_json_member_str(json, key, name);
	tu_record_digest(json, "sha256", digest);
	tu_json_close_object(json);
}

static void write_lists(const struct signing *s, const struct tu_threat_answer *answer,
	const uint8_t device[TU_SHA256_BYTES], struct tu_json_writer *json)
{
	tu_json_key(json, "files");
	tu_json_open_array(json);
	write_digest(json, "path", TU_STR("device.yaml"), device);
	for (size_t i = 0; i < s->file_count; i++)
		write_digest(json, "path", s->files[i].path, s->files[i].digest);
	tu_json_close_array(json);
	tu_json_key(json, "packs");
	tu_json_open_array(json);
	for (size_t i = 0; i < answer->pack_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "id", answer->packs[i]->id);
		tu_json_member_str(json, "version", answer->packs[i]->version);
		tu_json_member_str(json, "sha256", answer->packs[i]->digest);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_key(json, "approved");
	tu_json_open_array(json);
	for (size_t i = 0; i < s->design.approvals.count; i++)
		write_digest(json, "threat", s->design.approvals.at[i].threat,
			s->design.approvals.at[i].digest);
	tu_json_close_array(json);
}

static enum tu_status write_document(
	struct signing *s, const struct tu_threat_answer *answer, struct tu_error *err)
{
	uint8_t device[TU_SHA256_BYTES];
	struct tu_json_writer json;
	struct tu_buf text, at;
	bool fine = tu_sha256(s->design.device_text, device) == TU_OK;

	tu_buf_init(&text, DOCUMENT_MAX);
	tu_buf_init(&at, 64);
	tu_time_write(s->act->at / 1000000, &at);
	json = tu_json_writer(&text, true);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-design-baseline"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_member_str(&json, "device", s->design.row.name);
	tu_json_member_str(&json, "name", s->ask->name);
	tu_json_member_opt(&json, "release", answer->model->release);
	tu_json_member_str(&json, "at", tu_buf_str(&at));
	write_lists(s, answer, device, &json);
	tu_json_close_object(&json);
	tu_buf_byte(&text, '\n');
	fine = fine && !at.failed && !text.failed &&
		tu_arena_dup(s->design.arena, tu_buf_str(&text), &s->document);
	tu_buf_done(&at);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

/* ---- signing ---- */

static enum tu_status check_name(struct tu_work *w, const struct tu_device_row *row,
	struct tu_str name, struct tu_error *err)
{
	int64_t count = 0;
	enum tu_status status = tu_tx_int(
		w->tx, TU_SQL_BASELINE_NAMED, TU_BIND(tu_int(row->id), tu_text(name)), &count, err);

	if (status == TU_OK && count)
		status = tu_fail(err, TU_E_CONSTRAINT, 0,
			"there is a baseline \"%.*s\" of this device", TU_STR_FMT(name));
	return status;
}

static enum tu_status add_files(
	struct tu_work *w, const struct signing *s, int64_t baseline, struct tu_error *err)
{
	enum tu_status status = tu_work_exec(w, TU_SQL_BASELINE_FILE_ADD,
		TU_BIND(tu_int(baseline), tu_text(TU_STR("device.yaml")),
			tu_int(s->design.row.document_id)),
		err);

	for (size_t i = 0; status == TU_OK && i < s->file_count; i++)
		status = tu_work_exec(w, TU_SQL_BASELINE_FILE_ADD,
			TU_BIND(tu_int(baseline), tu_text(s->files[i].path),
				tu_int(s->files[i].document_id)),
			err);
	return status;
}

static enum tu_status record(struct tu_work *w, const struct signing *s,
	const struct tu_signature *signature, const uint8_t digest[TU_SHA256_BYTES],
	struct tu_error *err)
{
	struct tu_record record;
	enum tu_status status;

	tu_record_begin(&record, "signature.add", "signature:%s", signature->public);
	tu_signature_write_record(signature, &record.json);
	status = tu_record_add(&record, w, err);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "design.baseline", "baseline:%s", s->ask->out_public);
	record.change = (struct tu_change){"device", s->design.row.id};
	tu_json_member_str(&record.json, "device", s->design.row.name);
	tu_json_member_str(&record.json, "name", s->ask->name);
	tu_record_digest(&record.json, "after", digest);
	tu_json_member_str(&record.json, "signature", tu_str_c(signature->public));
	return tu_record_add(&record, w, err);
}

/* In the transaction: the document is kept and signed, and what it names is remembered. */
static enum tu_status put_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct signing *s = self;
	struct tu_signature_request request = {.person = w->act->actor,
		.proof = s->ask->proof,
		.meaning = TU_MEANING_APPROVAL,
		.at = w->act->at,
		.zone = s->ask->zone};
	char subject[TU_SIGN_SUBJECT_MAX + 1];
	struct tu_signature signature = {0};
	struct tu_device_row row;
	struct tu_document document;
	struct tu_str public_id;
	int64_t version, id = 0;
	enum tu_status status = tu_design__hold(w, &s->ask->asked, &row, &version, err);

	if (status == TU_OK && version != s->design.version)
		status = tu_fail(err, TU_E_CONFLICT, 0, "the design changed since you read it");
	if (status == TU_OK)
		status = check_name(w, &row, s->ask->name, err);
	if (status == TU_OK)
		status = tu_work_new_id(w, &public_id, err);
	if (status == TU_OK)
		status = tu_document_put(w, "baseline", s->document, &document, err);
	if (status != TU_OK)
		return status;
	(void)snprintf(
		s->ask->out_public, sizeof(s->ask->out_public), "%.*s", TU_STR_FMT(public_id));
	(void)snprintf(subject, sizeof(subject), "baseline:%s", s->ask->out_public);
	request.subject = tu_str_c(subject);
	memcpy(request.content, document.digest, sizeof(request.content));
	status = tu_signature_add(w->tx, &request, &signature, err);
	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_BASELINE_ADD,
			TU_BIND(tu_text(public_id), tu_int(row.id), tu_text(s->ask->name),
				tu_int(w->act->at), tu_int(document.id), tu_int(signature.id)),
			&id, err);
	if (status == TU_OK)
		status = add_files(w, s, id, err);
	return status ? status : record(w, s, &signature, document.digest, err);
}

static bool is_name(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 127)
			return false;
	return name.len && name.len <= TU_BASELINE_NAME_MAX && name.len == tu_str_trim(name).len &&
		!tu_str_eq(name, TU_STR("now"));
}

static enum tu_status sign(struct signing *s, struct tu_error *err)
{
	struct tu_threat_answer answer;
	enum tu_status status;

	if (s->ask->based_on && s->ask->based_on != s->design.version)
		return tu_fail(err, TU_E_CONFLICT, 0, "the design changed since you read it");
	status =
		tu_design_judge(&s->design, (struct tu_str){0}, s->act->at / 1000000, &answer, err);
	if (status == TU_OK)
		status = choose_files(s, answer.model, err);
	if (status == TU_OK)
		status = write_document(s, &answer, err);
	tu_threat_answer_done(&answer);
	return status ? status : tu_work_run(s->ask->asked.store, s->act, put_all, s, err);
}

enum tu_status tu_baseline_sign(
	const struct tu_act *act, struct tu_baseline_sign *ask, struct tu_error *err)
{
	struct signing s = {.ask = ask, .act = act};
	struct tu_arena *arena;
	enum tu_status status;

	if (!is_name(ask->name))
		return tu_fail(err, TU_E_USAGE, 0,
			"a baseline has a name of 1 to %d bytes without control characters; "
			"\"now\" "
			"is the present design",
			TU_BASELINE_NAME_MAX);
	arena = tu_arena_new(MEMORY_MAX);
	status = arena ? tu_design_open(&ask->asked, arena, &s.design, err) : tu_no_memory(err);
	if (status == TU_OK)
		status = sign(&s, err);
	tu_arena_free(arena);
	return status;
}

/* ---- one of them ---- */

struct reading {
	const struct tu_design_asked *asked;
	struct tu_str wanted;
	struct tu_design *out;
	struct tu_str document;
};

static enum tu_status read_files(struct tu_work *w, struct reading *r, int64_t baseline,
	struct tu_device_files *out, struct tu_error *err)
{
	TU_VEC(struct tu_device_file) all = {0};
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_BASELINE_FILES, TU_BIND(tu_int(baseline)), &rows, err);

	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows)) {
		struct tu_device_file one = {.document_id = tu_rows_int(rows, 1)};

		if (tu_rows_text(rows, 2).len == sizeof(one.digest))
			memcpy(one.digest, tu_rows_text(rows, 2).ptr, sizeof(one.digest));
		if (tu_str_eq(tu_rows_text(rows, 0), TU_STR("device.yaml")))
			r->out->row.document_id = one.document_id;
		else
			fine = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &one.path) &&
				TU_VEC_PUSH_IN(w->arena, &all, one);
	}
	status = tu_rows_close(rows, err);
	*out = (struct tu_device_files){all.at, all.count};
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	const struct tu_baseline *found = NULL;
	struct tu_baselines all;
	struct tu_device_files files;
	struct tu_str document;
	enum tu_status status =
		tu_device_in(w, r->asked->scope, r->asked->device, &r->out->row, err);

	if (status == TU_OK)
		status = list(w, r->out->row.id, w->arena, &all, err);
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < all.count && !found; i++)
		if (tu_str_eq(all.at[i].public_id, r->wanted) ||
			tu_str_eq(all.at[i].name, r->wanted))
			found = &all.at[i];
	if (!found)
		return tu_design_unknown(err, "baseline");
	status = tu_work_document(w, found->document_id, &document, err);
	if (status == TU_OK && !tu_arena_dup(r->out->arena, document, &r->document))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = read_files(w, r, found->id, &files, err);
	return status ? status : tu_design__read_texts(w, &files, r->out, err);
}

/* Which decisions counted then. */
static enum tu_status read_approved(
	struct tu_design *design, struct tu_json approved, struct tu_error *err)
{
	TU_VEC(struct tu_threat_approval) all = {0};
	struct tu_json_iter iter = tu_json_iter(approved);
	struct tu_json item;

	while (tu_json_is_array(approved) && tu_json_next_item(&iter, &item)) {
		struct tu_threat_approval one = {0};

		if (!tu_hex_read(TU_JSON_STR(item, "sha256"), one.digest, sizeof(one.digest)))
			return tu_fail(err, TU_E_CORRUPT, 0, "a baseline has no digest");
		if (!tu_arena_dup(design->arena, TU_JSON_STR(item, "threat"), &one.threat) ||
			!TU_VEC_PUSH_IN(design->arena, &all, one))
			return tu_no_memory(err);
	}
	design->approvals = (struct tu_threat_approvals){all.at, all.count};
	return TU_OK;
}

static enum tu_status parse(struct reading *r, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = DOCUMENT_MAX, .depth = DEPTH, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status = parser ? tu_json_parse(parser, r->document, &limits, &root, err)
				       : tu_no_memory(err);

	if (status == TU_OK)
		status = read_approved(r->out, tu_json_get(root, TU_STR("approved")), err);
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_baseline_open(const struct tu_design_asked *asked, struct tu_arena *arena,
	struct tu_baseline_opened *out, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct reading r = {asked, out->wanted, &out->design, {0}};
	enum tu_status status;

	out->design = (struct tu_design){.arena = arena};
	status = tu_work_read(asked->store, &act, read_all, &r, err);
	if (status == TU_OK)
		status = parse(&r, err);
	out->document = r.document;
	return status ? status : tu_design__read_device(&out->design, err);
}
