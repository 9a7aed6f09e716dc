#include "access/session.h"

#include "access/credential.h"
#include "access/record.h"
#include "base/ed25519.h"
#include "base/hmac.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/utf8.h"

enum { TOKEN_BYTES = TU_SESSION_DIGITS / 2, HOST_MAX = 300, FIND_MEMORY = 64 * 1024 };

static const char *const strengths[] = {
	[TU_STRENGTH_NONE] = "none",
	[TU_STRENGTH_PASSWORD] = "password",
	[TU_STRENGTH_TWO_FACTORS] = "two-factors",
	[TU_STRENGTH_PROVIDER] = "provider",
};

static enum tu_access_strength strength_of(struct tu_str word)
{
	for (unsigned i = 0; i < TU_COUNT(strengths); i++)
		if (tu_str_eq(word, tu_str_c(strengths[i])))
			return (enum tu_access_strength)i;
	return TU_STRENGTH_NONE;
}

/* ---- tokens ---- */

static enum tu_status write_digits(
	const uint8_t bytes[TU_SHA256_BYTES], char out[TU_SESSION_DIGITS + 1], struct tu_error *err)
{
	struct tu_buf digits;
	bool fine;

	tu_buf_init(&digits, TU_SESSION_DIGITS);
	tu_sha256_write(bytes, &digits);
	fine = !digits.failed && digits.len == TU_SESSION_DIGITS;
	if (fine) {
		memcpy(out, digits.ptr, digits.len);
		out[TU_SESSION_DIGITS] = '\0';
	}
	if (digits.ptr)
		tu_wipe(digits.ptr, digits.cap);
	tu_buf_done(&digits);
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status csrf_of(
	struct tu_str token, char out[TU_CSRF_DIGITS + 1], struct tu_error *err)
{
	uint8_t mac[TU_HMAC_MAX];
	enum tu_status status = tu_hmac(TU_HMAC_SHA256, token, TU_STR("tutela csrf 1"), mac, err);

	return status ? status : write_digits(mac, out, err);
}

static enum tu_status make_token(struct tu_session_made *made, struct tu_error *err)
{
	uint8_t bytes[TOKEN_BYTES];
	enum tu_status status = tu_random_bytes(bytes, sizeof(bytes), err);

	if (!status)
		status = write_digits(bytes, made->token, err);
	tu_wipe(bytes, sizeof(bytes));
	if (!status)
		status = csrf_of(tu_str_c(made->token), made->csrf, err);
	return status ? status : tu_random_id(made->public, err);
}

/* Hosts are compared in small letters. */
static struct tu_str fold_host(struct tu_str host, char out[HOST_MAX])
{
	host = tu_str_first(host, HOST_MAX);
	for (size_t i = 0; i < host.len; i++)
		out[i] = tu_char_lower(host.ptr[i]);
	return tu_str_of(out, host.len);
}

/* ---- beginning ---- */

/* What the store takes of a browser's name: UTF-8 without NUL. */
static struct tu_str agent_of(const struct tu_access_from *from)
{
	struct tu_str agent = tu_utf8_first(from->agent, TU_AGENT_MAX);

	return tu_utf8_invalid_at(agent) == agent.len &&
			!memchr(agent.len ? agent.ptr : "x", 0, agent.len ? agent.len : 1)
		? agent
		: TU_STR("");
}

static enum tu_status insert(struct tu_tx *tx, const struct tu_session_new *session,
	struct tu_session_made *made, struct tu_error *err)
{
	char host[HOST_MAX];
	uint8_t hash[TU_SHA256_BYTES];
	int64_t at = session->from->at;

	if (tu_sha256(tu_str_c(made->token), hash))
		return tu_no_memory(err);
	made->expires = at + tu_access_limit_us(TU_LIMIT_SESSION_LONGEST);
	made->person = session->person;
	made->once = session->once;
	return tu_tx_int(tx, TU_SQL_SESSION_ADD,
		TU_BIND(tu_text(tu_str_c(made->public)),
			tu_blob(tu_str_of((const char *)hash, sizeof(hash))),
			tu_int(session->person), tu_text(fold_host(session->from->host, host)),
			tu_text(agent_of(session->from)),
			tu_text(tu_str_c(strengths[session->strength])),
			tu_text_opt(session->issuer), tu_text_opt(session->subject), tu_int(at),
			tu_int(made->expires), tu_int(session->proven)),
		&made->id, err);
}

enum tu_status tu_session_begin(struct tu_tx *tx, const struct tu_session_new *session,
	struct tu_session_made *out_session, struct tu_error *err)
{
	const struct tu_audit_act act = {session->from->at, session->person_public, TU_STR("")};
	int64_t at = session->from->at;
	enum tu_status status;

	*out_session = (struct tu_session_made){0};
	status = make_token(out_session, err);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SESSION_SWEEP,
			TU_BIND(tu_int(at), tu_int(at - tu_access_limit_us(TU_LIMIT_SESSION_IDLE))),
			NULL, err);
	if (!status)
		status = insert(tx, session, out_session, err);
	if (!status)
		status = tu_access__note(tx, &act,
			&(const struct tu_access_note){"session.begin", session->person_public,
				"strength", tu_str_c(strengths[session->strength])},
			err);
	if (status)
		tu_wipe(out_session, sizeof(*out_session));
	return status;
}

void tu_session_cookie_write(struct tu_str token, bool https, struct tu_buf *out)
{
	tu_buf_printf(out, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s",
		TU_STR_FMT(tu_credential_cookie(https)), TU_STR_FMT(token), https ? "; Secure" : "",
		token.len ? "" : "; Max-Age=0");
}

/* ---- finding ---- */

static void copy_id(struct tu_str id, char out[TU_RANDOM_ID + 1])
{
	if (id.len == TU_RANDOM_ID)
		memcpy(out, id.ptr, TU_RANDOM_ID);
}

static void read_row(const struct tu_rows *rows, struct tu_session *out)
{
	out->id = tu_rows_int(rows, 0);
	copy_id(tu_rows_text(rows, 1), out->public);
	out->person = tu_rows_int(rows, 2);
	out->strength = strength_of(tu_rows_text(rows, 4));
	out->used = tu_rows_int(rows, 5);
	out->proven = tu_rows_int(rows, 6);
	out->expires = tu_rows_int(rows, 7);
	copy_id(tu_rows_text(rows, 8), out->person_public);
	/* whoever comes by a provider does not use the password */
	out->once = tu_rows_int(rows, 11) != 0 && out->strength != TU_STRENGTH_PROVIDER;
}

static bool counts(
	const struct tu_rows *rows, struct tu_session *s, const struct tu_access_from *from)
{
	char host[HOST_MAX];

	return tu_str_eq(tu_rows_text(rows, 3), fold_host(from->host, host)) &&
		tu_person_role_by_name(tu_rows_text(rows, 9), &s->role) &&
		tu_str_eq(tu_rows_text(rows, 10), TU_STR("active")) && from->at < s->expires &&
		from->at - s->used < tu_access_limit_us(TU_LIMIT_SESSION_IDLE) &&
		s->used - from->at <= TU_SESSION_BACK_US;
}

enum tu_status tu_session_find(struct tu_tx *tx, struct tu_str token,
	const struct tu_access_from *from, struct tu_session *out_session, struct tu_error *err)
{
	static const char over[] = "this session is over: sign in";
	uint8_t hash[TU_SHA256_BYTES];
	struct tu_rows *rows;
	bool fine;
	enum tu_status status;

	*out_session = (struct tu_session){0};
	if (tu_sha256(token, hash))
		return tu_no_memory(err);
	status = tu_tx_row(tx, TU_SQL_SESSION_BY_HASH,
		TU_BIND(tu_blob(tu_str_of((const char *)hash, sizeof(hash)))), &rows, err);
	if (status)
		return status == TU_E_NOTFOUND ? tu_access__refuse(err, "access", over) : status;
	read_row(rows, out_session);
	fine = counts(rows, out_session, from);
	status = tu_rows_close(rows, err);
	if (!status && !fine)
		status = tu_access__refuse(err, "access", over);
	if (!status)
		status = csrf_of(token, out_session->csrf, err);
	if (status)
		*out_session = (struct tu_session){0};
	return status;
}

/* ---- ending, listing ---- */

struct ending {
	const struct tu_session_of *of;
	const struct tu_audit_act *act;
	int64_t at;
	struct tu_buf *out;
	size_t before;
};

static enum tu_status find_person(struct tu_tx *tx, struct tu_str who, int64_t *out_id,
	char out_public[TU_RANDOM_ID + 1], struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	enum tu_status status =
		arena ? tu_person_find(tx, who, arena, &person, err) : tu_no_memory(err);

	*out_id = person.id;
	copy_id(person.public, out_public);
	tu_arena_free(arena);
	return status;
}

static enum tu_status end(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct ending *e = self;
	const struct tu_session_of *of = e->of;
	char public[TU_RANDOM_ID + 1] = "";
	int64_t person, changed = 0;
	enum tu_status status = find_person(tx, of->person, &person, public, err);

	if (status)
		return status;
	status = of->session.len
		? tu_tx_exec(tx, TU_SQL_SESSION_END, TU_BIND(tu_text(of->session), tu_int(person)),
			  &changed, err)
		: tu_tx_exec(tx, TU_SQL_SESSION_END_PERSON,
			  TU_BIND(tu_int(person), tu_int(of->keep)), &changed, err);
	if (!status && of->session.len && !changed)
		return tu_fail(err, TU_E_NOTFOUND, 0, "this person has no such session");
	if (status || !changed)
		return status;
	return tu_access__note(tx, e->act,
		&(const struct tu_access_note){"session.end", tu_str_c(public), "sessions",
			of->session.len ? TU_STR("one") : TU_STR("all")},
		err);
}

enum tu_status tu_session_end(struct tu_store *store, const struct tu_session_of *of,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct ending e = {.of = of, .act = act};

	return tu_store_run(store, TU_TX_WRITE, end, &e, err);
}

static void write_session(
	struct tu_json_writer *json, const struct tu_rows *rows, const struct tu_session_of *of)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "id", tu_rows_text(rows, 1));
	tu_json_member_str(json, "agent", tu_rows_text(rows, 2));
	tu_json_member_str(json, "strength", tu_rows_text(rows, 3));
	tu_json_member_int(json, "created", tu_rows_int(rows, 4));
	tu_json_member_int(json, "used", tu_rows_int(rows, 5));
	tu_json_member_int(json, "expires", tu_rows_int(rows, 6));
	tu_json_member_bool(json, "this", of->keep && tu_rows_int(rows, 0) == of->keep);
	tu_json_close_object(json);
}

static enum tu_status list(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct ending *e = self;
	char public[TU_RANDOM_ID + 1] = "";
	struct tu_json_writer json;
	struct tu_rows *rows;
	int64_t person;
	enum tu_status status = find_person(tx, e->of->person, &person, public, err);

	e->out->len = e->before;
	json = tu_json_writer(e->out, false);
	if (!status)
		status = tu_tx_query(
			tx, TU_SQL_SESSIONS_OF_PERSON, TU_BIND(tu_int(person)), &rows, err);
	if (status)
		return status;
	tu_json_open_array(&json);
	while (tu_rows_next(rows))
		if (tu_rows_int(rows, 6) > e->at &&
			e->at - tu_rows_int(rows, 5) < tu_access_limit_us(TU_LIMIT_SESSION_IDLE))
			write_session(&json, rows, e->of);
	tu_json_close_array(&json);
	status = tu_rows_close(rows, err);
	return status || !e->out->failed ? status : tu_no_memory(err);
}

enum tu_status tu_session_list(struct tu_store *store, const struct tu_session_of *of, int64_t at,
	struct tu_buf *out, struct tu_error *err)
{
	struct ending e = {.of = of, .at = at, .out = out, .before = out->len};

	return tu_store_run(store, TU_TX_READ, list, &e, err);
}
