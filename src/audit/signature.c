#include "audit/signature.h"

#include <string.h>

#include "audit/record.h"
#include "base/time.h"

enum { FIND_MEMORY = 64 * 1024, RESETS_MAX = 4096, US = 1000000 };

/* ---- the zone ---- */

/* Minutes east of UTC of "Z" or "+hh:mm". */
static bool read_zone(struct tu_str zone, int *out_minutes)
{
	uint64_t hours, minutes;

	*out_minutes = 0;
	if (tu_str_eq(zone, TU_STR("Z")))
		return true;
	if (zone.len != 6 || (zone.ptr[0] != '+' && zone.ptr[0] != '-') || zone.ptr[3] != ':' ||
		!tu_str_to_u64(tu_str_of(zone.ptr + 1, 2), 14, &hours) ||
		!tu_str_to_u64(tu_str_of(zone.ptr + 4, 2), 59, &minutes))
		return false;
	*out_minutes = (int)(hours * 60 + minutes) * (zone.ptr[0] == '-' ? -1 : 1);
	return true;
}

void tu_signature_write(const struct tu_signature *signature, struct tu_buf *out)
{
	int minutes;

	(void)read_zone(tu_str_c(signature->zone), &minutes);
	tu_buf_printf(out, "%s, ", signature->printed_name);
	tu_time_write(signature->at / US + (int64_t)minutes * 60, out);
	if (minutes && out->len && !out->failed)
		out->len--; /* its "Z" */
	tu_buf_printf(
		out, "%s: %s", minutes ? signature->zone : "", tu_meaning_name(signature->meaning));
}

/* ---- adding ---- */

static bool copy(struct tu_str from, char *out, size_t room)
{
	if (from.len >= room || tu_str_find(from, '\0') < from.len)
		return false;
	if (from.len)
		memcpy(out, from.ptr, from.len);
	out[from.len] = '\0';
	return true;
}

static enum tu_status has_signed(struct tu_tx *tx, const struct tu_person *person,
	const struct tu_signature_request *r, bool *out_signed, struct tu_error *err)
{
	int64_t count = 0;
	enum tu_status status = tu_tx_int(tx, TU_SQL_SIGNATURE_SAME,
		TU_BIND(tu_int(person->id), tu_text(r->subject),
			tu_blob(tu_str_of((const char *)r->content, sizeof(r->content))),
			tu_text(tu_str_c(tu_meaning_name(r->meaning)))),
		&count, err);

	*out_signed = count > 0;
	return status;
}

/* Is the author this person, by id or login, or a key of this person? */
static enum tu_status is_own(struct tu_tx *tx, const struct tu_person *person, struct tu_str author,
	bool *out_own, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status;

	*out_own = tu_str_eq(author, person->public) || tu_str_eq(author, person->login);
	if (*out_own || !author.len)
		return TU_OK;
	status = tu_tx_row(tx, TU_SQL_ACTOR_PERSON, TU_BIND(tu_text(author)), &rows, err);
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	*out_own = tu_str_eq(tu_rows_text(rows, 0), person->public);
	return tu_rows_close(rows, err);
}

static enum tu_status judge(struct tu_tx *tx, const struct tu_person *person,
	const struct tu_signature_request *r, struct tu_error *err)
{
	int minutes;
	struct tu_signature_facts facts = {.role = person->role,
		.meaning = r->meaning,
		.active = person->active,
		.named = person->name.len > 0,
		.proven = r->proof.person == person->id,
		.once = r->proof.once,
		.proof_age = r->at - r->proof.at,
		.zone = read_zone(r->zone, &minutes)};
	enum tu_status status = has_signed(tx, person, r, &facts.signed_before, err);

	if (!status)
		status = is_own(tx, person, r->author, &facts.own_work, err);
	return status ? status : tu_signature_judge(&facts, err);
}

static enum tu_status fill(const struct tu_person *person, const struct tu_signature_request *r,
	struct tu_signature *out, struct tu_error *err)
{
	*out = (struct tu_signature){.meaning = r->meaning, .at = r->at};
	memcpy(out->content, r->content, sizeof(out->content));
	if (!copy(person->public, out->person, sizeof(out->person)) ||
		!copy(person->name, out->printed_name, sizeof(out->printed_name)) ||
		!copy(r->zone, out->zone, sizeof(out->zone)) ||
		!copy(r->subject, out->subject, sizeof(out->subject)))
		return tu_fail(err, TU_E_LIMIT, 0,
			"the subject of a signature has at most %d bytes", TU_SIGN_SUBJECT_MAX);
	return tu_random_id(out->public, err);
}

static enum tu_status insert_row(struct tu_tx *tx, const struct tu_person *person,
	struct tu_signature *s, struct tu_str resets, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, TU_SQL_SIGNATURE_ADD,
		TU_BIND(tu_text(tu_random_id_str(s->public)), tu_int(person->id),
			tu_text(tu_str_c(s->printed_name)),
			tu_text(tu_str_c(tu_meaning_name(s->meaning))),
			tu_text(tu_str_c(s->subject)),
			tu_blob(tu_str_of((const char *)s->content, sizeof(s->content))),
			tu_int(s->at), tu_text(tu_str_c(s->zone)), tu_text_opt(resets)),
		&rows, err);

	if (status)
		return status;
	s->id = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

static enum tu_status insert(struct tu_tx *tx, const struct tu_person *person,
	struct tu_signature *s, struct tu_error *err)
{
	struct tu_buf text;
	struct tu_json_writer json;
	enum tu_status status = tu_resets_find(tx, person->id, s->at, &s->resets, err);

	tu_buf_init(&text, RESETS_MAX);
	json = tu_json_writer(&text, false);
	if (!status && s->resets.count)
		tu_resets_write(&s->resets, &json);
	if (!status && text.failed)
		status = tu_no_memory(err);
	if (!status)
		status = insert_row(tx, person, s, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_signature_add(struct tu_tx *tx, const struct tu_signature_request *request,
	struct tu_signature *out_signature, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person;
	enum tu_status status = arena ? tu_person_find(tx, request->person, arena, &person, err)
				      : tu_no_memory(err);

	if (!status)
		status = judge(tx, &person, request, err);
	if (!status)
		status = fill(&person, request, out_signature, err);
	if (!status)
		status = insert(tx, &person, out_signature, err);
	tu_arena_free(arena);
	return status;
}

void tu_signature_write_record(const struct tu_signature *s, struct tu_json_writer *json)
{
	size_t start;

	tu_json_key(json, "after");
	tu_json_open_object(json);
	tu_json_member_str(json, "signature", tu_str_c(s->public));
	tu_json_member_str(json, "printed_name", tu_str_c(s->printed_name));
	tu_json_member_str(json, "meaning", tu_str_c(tu_meaning_name(s->meaning)));
	tu_json_member_str(json, "subject", tu_str_c(s->subject));
	tu_json_key(json, "sha256");
	start = tu_json_open_text(json);
	tu_sha256_write(s->content, json->buf);
	tu_json_close_text(json, start);
	tu_json_member_str(json, "zone", tu_str_c(s->zone));
	if (s->resets.count) {
		tu_json_key(json, "credential_resets");
		tu_resets_write(&s->resets, json);
	}
	tu_json_close_object(json);
}

enum tu_status tu_signature_record(
	struct tu_tx *tx, const struct tu_signature *s, struct tu_str reason, struct tu_error *err)
{
	const struct tu_audit_act act = {s->at, tu_str_c(s->person), reason};
	struct tu_audit_body body;

	tu_audit__open(&body);
	tu_signature_write_record(s, &body.json);
	return tu_audit__record(tx, &act,
		(const char *const[]){"signature.add", "signature", s->public}, &body, err);
}

struct signing {
	const struct tu_signature_request *request;
	struct tu_str reason;
	struct tu_signature *out;
};

static enum tu_status sign(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct signing *s = self;
	enum tu_status status = tu_signature_add(tx, s->request, s->out, err);

	return status ? status : tu_signature_record(tx, s->out, s->reason, err);
}

enum tu_status tu_signature_sign(struct tu_store *store, const struct tu_signature_request *request,
	struct tu_str reason, struct tu_signature *out_signature, struct tu_error *err)
{
	struct signing s = {request, reason, out_signature};

	return tu_store_run(store, TU_TX_WRITE, sign, &s, err);
}

enum tu_status tu_signature_count(struct tu_tx *tx, const struct tu_signature_request *of,
	int64_t *out_persons, struct tu_error *err)
{
	return tu_tx_int(tx, TU_SQL_SIGNATURE_COUNT,
		TU_BIND(tu_text(of->subject),
			tu_blob(tu_str_of((const char *)of->content, sizeof(of->content))),
			tu_text(tu_str_c(tu_meaning_name(of->meaning))), tu_text(of->author)),
		out_persons, err);
}
