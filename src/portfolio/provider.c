#include "portfolio/provider.h"

#include "base/time.h"
#include "portfolio/scope.h"

/* ---- keys ---- */

static enum tu_status record_key(struct tu_work *w, struct tu_str fingerprint, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, "provider.key", "openpgp:%.*s", TU_STR_FMT(fingerprint));
	return tu_record_add(&record, w, err);
}

enum tu_status tu_provider_key_note(struct tu_work *w, struct tu_str fingerprint,
	struct tu_str public_key, struct tu_error *err)
{
	int64_t added = 0;
	enum tu_status status = tu_tx_exec(w->tx, TU_SQL_OPENPGP_KEY_ADD,
		TU_BIND(tu_text(fingerprint), tu_text(public_key), tu_int(w->act->at)), &added,
		err);

	return status || !added ? status : record_key(w, fingerprint, err);
}

enum tu_status tu_provider_keys(
	struct tu_work *w, struct tu_provider_keys *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_OPENPGP_KEYS, TU_NO_BIND, &rows, err);

	*out = (struct tu_provider_keys){0};
	if (status != TU_OK)
		return status;
	while (kept && tu_rows_next(rows)) {
		struct tu_provider_key key = {.seen = tu_rows_int(rows, 2)};

		kept = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &key.fingerprint) &&
			tu_arena_dup(w->arena, tu_rows_text(rows, 1), &key.public_key) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, key);
	}
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_provider_seal(struct tu_work *w, const struct tu_statement_seal *seal,
	const struct tu_seal_ask *ask, struct tu_seal *out, struct tu_error *err)
{
	int64_t stands = 0;
	enum tu_status status = seal->sign(seal->self, ask, out, err);

	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_OPENPGP_KEY_STANDS,
			TU_BIND(tu_text(tu_str_c(out->fingerprint))), &stands, err);
	if (status == TU_OK && !stands)
		status = tu_fail(err, TU_E_NOTFOUND, 0,
			"the key that signs here was revoked, or is not known");
	if (status != TU_OK)
		out->fingerprint[0] = '\0';
	return status;
}

/* ---- documents ---- */

static bool take_digests(const struct tu_rows *rows, struct tu_provider_file *file)
{
	struct tu_str sha256 = tu_rows_text(rows, 8), sha512 = tu_rows_text(rows, 9);

	if (sha256.len != sizeof(file->sha256) || sha512.len != sizeof(file->sha512))
		return false;
	memcpy(file->sha256, sha256.ptr, sizeof(file->sha256));
	memcpy(file->sha512, sha512.ptr, sizeof(file->sha512));
	return true;
}

/* WHITE, and what is for a customer by name, have come by the statement. */
static bool is_for(const struct tu_provider_reader *reader, const struct tu_rows *rows)
{
	if (!tu_str_eq(tu_rows_text(rows, 5), TU_STR("GREEN")))
		return true;
	return reader->scope && tu_scope_has(reader->scope, tu_rows_int(rows, 14));
}

static bool take_file(struct tu_work *w, const struct tu_rows *rows, struct tu_provider_files *out)
{
	static const unsigned columns[] = {1, 2, 3, 4, 5, 10, 13};
	struct tu_provider_file file = {.id = tu_rows_int(rows, 0),
		.initial = tu_rows_int(rows, 6),
		.released = tu_rows_int(rows, 7),
		.document_id = tu_rows_int(rows, 11),
		.bytes = tu_rows_int(rows, 12)};
	struct tu_str *const members[] = {&file.name, &file.tracking, &file.title, &file.version,
		&file.tlp, &file.fingerprint, &file.device};

	for (size_t i = 0; i < TU_COUNT(columns); i++)
		if (!tu_arena_dup(w->arena, tu_rows_text(rows, columns[i]), members[i]))
			return false;
	return take_digests(rows, &file) && TU_VEC_PUSH_IN(w->arena, &out->list, file);
}

enum tu_status tu_provider_files(struct tu_work *w, const struct tu_provider_query *query,
	struct tu_provider_files *out, struct tu_error *err)
{
	const struct tu_value known = tu_int(query->reader.known);
	const struct tu_value customer = tu_int(query->reader.customer);
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = query->name.len
		? tu_tx_query(w->tx, TU_SQL_CSAF_FILES_NAMED,
			  TU_BIND(tu_text(query->tlp), known, customer, tu_text(query->name)),
			  &rows, err)
		: tu_tx_query(w->tx, TU_SQL_CSAF_FILES,
			  TU_BIND(tu_text(query->tlp), known, customer), &rows, err);

	*out = (struct tu_provider_files){0};
	if (status != TU_OK)
		return status;
	while (kept && tu_rows_next(rows))
		if (is_for(&query->reader, rows))
			kept = take_file(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

int64_t tu_provider_year(const struct tu_provider_file *file)
{
	int64_t year, month, day, days = file->initial / 86400;

	tu_time_civil(days - (file->initial % 86400 < 0), &year, &month, &day);
	return year;
}

enum tu_status tu_provider_signature(
	struct tu_work *w, int64_t file_id, struct tu_str *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_CSAF_SIGNATURE, TU_BIND(tu_int(file_id)), &rows, err);

	if (status != TU_OK)
		return status;
	kept = tu_arena_dup(w->arena, tu_rows_text(rows, 0), out);
	status = tu_rows_close(rows, err);
	if (status == TU_OK && !kept)
		status = tu_no_memory(err);
	return status || out->len ? status
				  : tu_fail(err, TU_E_NOTFOUND, 0, "there is no signature of it");
}

/* ---- what was published while there was no key ---- */

struct left {
	int64_t id, document_id;
	struct tu_str name;
};
struct lefts {
	TU_VEC(struct left) list;
};

static enum tu_status find_left(struct tu_work *w, struct lefts *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_CSAF_UNSIGNED, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	while (kept && tu_rows_next(rows)) {
		struct left one = {.id = tu_rows_int(rows, 0), .document_id = tu_rows_int(rows, 2)};

		kept = tu_arena_dup(w->arena, tu_rows_text(rows, 1), &one.name) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, one);
	}
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_provider_unsigned(struct tu_work *w, int64_t *out_count, struct tu_error *err)
{
	struct lefts left = {0};
	enum tu_status status = find_left(w, &left, err);

	*out_count = (int64_t)left.list.count;
	return status;
}

static enum tu_status sign_one(struct tu_work *w, const struct tu_statement_seal *seal,
	const struct left *one, struct tu_error *err)
{
	struct tu_seal_ask ask = {.name = one->name, .who = w->act->actor, .at = w->act->at};
	struct tu_seal made = {0};
	enum tu_status status = tu_work_document(w, one->document_id, &ask.document, err);

	tu_buf_init(&made.text, TU_SEAL_TEXT_MAX);
	if (status == TU_OK)
		status = tu_sha256(ask.document, ask.sha256);
	if (status == TU_OK)
		status = tu_provider_seal(w, seal, &ask, &made, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CSAF_SIGN,
			TU_BIND(tu_int(one->id), tu_text(tu_buf_str(&made.text)),
				tu_text(tu_str_c(made.fingerprint))),
			err);
	tu_buf_done(&made.text);
	return status;
}

enum tu_status tu_provider_sign_rest(struct tu_work *w, const struct tu_statement_seal *seal,
	size_t *out_count, struct tu_error *err)
{
	struct lefts left = {0};
	enum tu_status status = find_left(w, &left, err);

	*out_count = left.list.count;
	for (size_t i = 0; status == TU_OK && i < left.list.count; i++)
		status = sign_one(w, seal, &left.list.at[i], err);
	return status;
}

enum tu_status tu_provider_key_revoke(struct tu_work *w, struct tu_str fingerprint,
	const struct tu_statement_seal *seal, struct tu_error *err)
{
	struct tu_record record;
	struct tu_error ignored = {0};
	int64_t revoked = 0;
	size_t count;
	enum tu_status status;

	if (!w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0, "a key is revoked for a reason");
	status = tu_tx_exec(w->tx, TU_SQL_OPENPGP_KEY_REVOKE,
		TU_BIND(tu_text(fingerprint), tu_int(w->act->at)), &revoked, err);
	if (status == TU_OK && !revoked)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such key");
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CSAF_UNSIGN, TU_BIND(tu_text(fingerprint)), err);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "provider.key-revoke", "openpgp:%.*s", TU_STR_FMT(fingerprint));
	status = tu_record_add(&record, w, err);
	if (status != TU_OK)
		return status;
	status = tu_provider_sign_rest(w, seal, &count, &ignored);
	if (status == TU_E_UNSUPPORTED || status == TU_E_NOTFOUND) /* it waits for a key */
		return TU_OK;
	if (status != TU_OK && err)
		*err = ignored;
	return status;
}
