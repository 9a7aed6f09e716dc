#include "audit/key.h"

#include <string.h>

#include "audit/record.h"
#include "audit/team.h"
#include "base/hex.h"
#include "base/utf8.h"

enum { FIND_MEMORY = 64 * 1024, SECRET_BYTES = TU_KEY_DIGITS / 2, SCOPE_MAX = 100 };

#define PREFIX "tut_"
#define EVERYTHING "everything"

static const char digits[] = "0123456789abcdef";

static const char *const rights[TU_RIGHTS] = {
	[TU_RIGHT_READ] = "read",
	[TU_RIGHT_PUSH] = "push",
};

const char *tu_right_name(enum tu_right right)
{
	return rights[right];
}

bool tu_right_by_name(struct tu_str name, enum tu_right *out_right)
{
	for (unsigned i = 0; i < TU_RIGHTS; i++) {
		if (tu_str_eq(name, tu_str_c(rights[i]))) {
			*out_right = (enum tu_right)i;
			return true;
		}
	}
	return false;
}

uint32_t tu_key_rights_of(enum tu_person_role role)
{
	static const uint32_t of[TU_PERSON_ROLES] = {
		[TU_PERSON_VIEWER] = TU_RIGHT_BIT(TU_RIGHT_READ),
		[TU_PERSON_ANALYST] = TU_RIGHT_BIT(TU_RIGHT_READ) | TU_RIGHT_BIT(TU_RIGHT_PUSH),
		[TU_PERSON_APPROVER] = TU_RIGHT_BIT(TU_RIGHT_READ) | TU_RIGHT_BIT(TU_RIGHT_PUSH),
		/* who looks after accounts pushes nothing (access/roles.c) */
		[TU_PERSON_ADMINISTRATOR] = TU_RIGHT_BIT(TU_RIGHT_READ),
		[TU_PERSON_AUDITOR] = TU_RIGHT_BIT(TU_RIGHT_READ),
		/* as the key of a person: their role narrows it to what is for customers */
		[TU_PERSON_CUSTOMER] = TU_RIGHT_BIT(TU_RIGHT_READ),
	};

	return of[role];
}

/* ---- secrets ---- */

/* Luhn modulo 16: every second digit from the last one is doubled, and its two digits added. It
 * finds every wrong digit, and neighbours that changed places but for one pair. */
static char check_digit(const char *text)
{
	unsigned sum = 0;

	for (size_t i = 0; i < TU_KEY_DIGITS; i++) {
		unsigned value = (unsigned)tu_hex_value(text[i]) << (i % 2);

		sum += value / 16 + value % 16;
	}
	return digits[(16 - sum % 16) % 16];
}

static enum tu_status make_secret(char out[TU_KEY_SECRET + 1], struct tu_error *err)
{
	uint8_t bytes[SECRET_BYTES];
	enum tu_status status = tu_random_bytes(bytes, sizeof(bytes), err);
	char *at = out + strlen(PREFIX);

	memcpy(out, PREFIX, strlen(PREFIX));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		at[2 * i] = digits[bytes[i] >> 4];
		at[2 * i + 1] = digits[bytes[i] & 15];
	}
	at[TU_KEY_DIGITS] = check_digit(at);
	at[TU_KEY_DIGITS + 1] = '\0';
	return status;
}

static enum tu_status refuse(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(
		err, TU_E_CONSTRAINT, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}

/* The message has nothing of the text: it may be most of a secret. */
static enum tu_status check_secret(struct tu_str secret, struct tu_error *err)
{
	bool fine = secret.len == TU_KEY_SECRET && tu_str_starts(secret, TU_STR(PREFIX));

	for (size_t i = strlen(PREFIX); fine && i < secret.len; i++)
		fine = tu_char_is_digit(secret.ptr[i]) ||
			(secret.ptr[i] >= 'a' && secret.ptr[i] <= 'f');
	if (!fine)
		return refuse(err, "key-form",
			"this is no key: one is \"" PREFIX "\" and 65 digits of 0 to 9 and a to f");
	if (check_digit(secret.ptr + strlen(PREFIX)) != secret.ptr[TU_KEY_SECRET - 1])
		return refuse(err, "key-form", "this key is mistyped: its check digit is another");
	return TU_OK;
}

/* ---- making ---- */

struct adding {
	const struct tu_key_new *key;
	const struct tu_audit_act *act;
	struct tu_key_made *made;
	uint8_t hash[TU_SHA256_BYTES];
	int64_t person, team;
	char person_public[TU_RANDOM_ID + 1];
	char team_public[TU_RANDOM_ID + 1];
};

static enum tu_status check_label(struct tu_str label, struct tu_error *err)
{
	bool fine = tu_str_trim(label).len > 0 && label.len <= TU_KEY_LABEL_MAX &&
		tu_utf8_invalid_at(label) == label.len;

	for (size_t i = 0; fine && i < label.len; i++)
		fine = (unsigned char)label.ptr[i] >= ' ' && label.ptr[i] != 0x7f;
	return fine ? TU_OK
		    : tu_fail(err, TU_E_USAGE, 0,
			      "the label of a key is one line of UTF-8, of 1 to %d bytes",
			      TU_KEY_LABEL_MAX);
}

static enum tu_status check(
	const struct tu_key_new *key, const struct tu_audit_act *act, struct tu_error *err)
{
	int owners = (key->person.len > 0) + (key->team.len > 0) + key->everything;

	if (owners != 1)
		return tu_fail(err, TU_E_USAGE, 0,
			"a key is a person's, or a machine's that sees the devices of a team or "
			"everything: one of the three");
	if (!key->rights || key->rights >> TU_RIGHTS)
		return tu_fail(err, TU_E_USAGE, 0, "a key has at least one right: read, push");
	if (key->expires && key->expires <= act->at)
		return tu_fail(err, TU_E_USAGE, 0, "the key would have expired already");
	return check_label(key->label, err);
}

static enum tu_status find_person(struct adding *a, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	enum tu_status status =
		arena ? tu_person_find(tx, a->key->person, arena, &person, err) : tu_no_memory(err);

	if (!status && !person.active)
		status = tu_fail(err, TU_E_USAGE, 0, "a person who is not active gets no key");
	a->person = person.id;
	if (person.public.len == TU_RANDOM_ID)
		memcpy(a->person_public, person.public.ptr, TU_RANDOM_ID);
	tu_arena_free(arena);
	return status;
}

static enum tu_status find_owner(struct adding *a, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_team team = {0};
	enum tu_status status = TU_OK;

	a->person = a->team = 0;
	if (a->key->person.len)
		return find_person(a, tx, err);
	if (a->key->team.len)
		status = tu_team_find(tx, a->key->team, &team, err);
	a->team = team.id;
	memcpy(a->team_public, team.public, sizeof(team.public));
	return status;
}

/* "read push everything" */
static size_t write_scope(const struct tu_key_new *key, char out[SCOPE_MAX])
{
	struct tu_buf text;
	size_t len;

	tu_buf_init(&text, SCOPE_MAX);
	for (unsigned i = 0; i < TU_RIGHTS; i++)
		if (key->rights & TU_RIGHT_BIT(i))
			tu_buf_printf(&text, "%s%s", text.len ? " " : "", rights[i]);
	if (key->everything)
		tu_buf_c(&text, " " EVERYTHING);
	len = text.failed ? 0 : text.len;
	if (len)
		memcpy(out, tu_buf_str(&text).ptr, len);
	tu_buf_done(&text);
	return len;
}

static void write_key(struct adding *a, struct tu_str scope, struct tu_audit_body *body)
{
	tu_json_key(&body->json, "after");
	tu_json_open_object(&body->json);
	if (a->person)
		tu_json_member_str(&body->json, "person", tu_str_c(a->person_public));
	else
		tu_json_member_str(&body->json, "label", a->key->label);
	if (a->team)
		tu_json_member_str(&body->json, "team", tu_str_c(a->team_public));
	tu_json_member_str(&body->json, "scope", scope);
	if (a->key->expires)
		tu_json_member_int(&body->json, "expires", a->key->expires);
	tu_json_close_object(&body->json);
}

static enum tu_status add(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct adding *a = self;
	char scope[SCOPE_MAX];
	struct tu_str words = tu_str_of(scope, write_scope(a->key, scope));
	struct tu_audit_body body;
	enum tu_status status = words.len ? find_owner(a, tx, err) : tu_no_memory(err);

	if (!status)
		status = tu_tx_exec(tx, TU_SQL_API_KEY_ADD,
			TU_BIND(tu_text(tu_random_id_str(a->made->public)),
				a->person ? tu_int(a->person) : tu_null(),
				a->team ? tu_int(a->team) : tu_null(), tu_text(a->key->label),
				tu_blob(tu_str_of((const char *)a->hash, sizeof(a->hash))),
				tu_text(words), tu_int(a->act->at),
				a->key->expires ? tu_int(a->key->expires) : tu_null()),
			NULL, err);
	if (status)
		return status;
	tu_audit__open(&body);
	write_key(a, words, &body);
	return tu_audit__record(
		tx, a->act, (const char *const[]){"key.add", "key", a->made->public}, &body, err);
}

enum tu_status tu_key_add(struct tu_store *store, const struct tu_key_new *key,
	const struct tu_audit_act *act, struct tu_key_made *out_key, struct tu_error *err)
{
	struct adding a = {.key = key, .act = act, .made = out_key};
	enum tu_status status = check(key, act, err);

	*out_key = (struct tu_key_made){0};
	if (!status)
		status = tu_random_id(out_key->public, err);
	if (!status)
		status = make_secret(out_key->secret, err);
	if (!status && tu_sha256(tu_str_c(out_key->secret), a.hash))
		status = tu_no_memory(err);
	if (!status)
		status = tu_store_run(store, TU_TX_WRITE, add, &a, err);
	if (status)
		*out_key = (struct tu_key_made){0};
	return status;
}

/* ---- revoking ---- */

struct revoking {
	struct tu_str public;
	const struct tu_audit_act *act;
};

static enum tu_status revoke(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct revoking *r = self;
	char public[TU_RANDOM_ID + 1] = "";
	struct tu_audit_body body;
	int64_t id = 0, changed = 0;
	enum tu_status status =
		tu_tx_int(tx, TU_SQL_API_KEY_BY_PUBLIC, TU_BIND(tu_text(r->public)), &id, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, status, 0, "no key has the id \"%.*s\"",
			TU_STR_FMT(tu_str_first(r->public, TU_RANDOM_ID)));
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_API_KEY_REVOKE,
			TU_BIND(tu_int(id), tu_int(r->act->at)), &changed, err);
	if (status || !changed)
		return status;
	memcpy(public, r->public.ptr, r->public.len < TU_RANDOM_ID ? r->public.len : TU_RANDOM_ID);
	tu_audit__open(&body);
	tu_json_key(&body.json, "after");
	tu_json_open_object(&body.json);
	tu_json_member_int(&body.json, "revoked", r->act->at);
	tu_json_close_object(&body.json);
	return tu_audit__record(
		tx, r->act, (const char *const[]){"key.revoke", "key", public}, &body, err);
}

enum tu_status tu_key_revoke(struct tu_store *store, struct tu_str public,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct revoking r = {public, act};

	return tu_store_run(store, TU_TX_WRITE, revoke, &r, err);
}

/* ---- who asks ---- */

struct asking {
	uint8_t hash[TU_SHA256_BYTES];
	int64_t at;
	struct tu_key *key;
};

/* In the same time for all texts that differ, wherever they do. */
static bool same_bytes(const uint8_t *a, const char *b, size_t len)
{
	unsigned differ = 0;

	for (size_t i = 0; i < len; i++)
		differ |= (unsigned)a[i] ^ (unsigned)(unsigned char)b[i];
	return differ == 0;
}

static void read_scope(struct tu_str scope, struct tu_key *key)
{
	struct tu_str word;

	while (tu_str_split(&scope, ' ', &word)) {
		key->everything |= tu_str_eq(word, TU_STR(EVERYTHING));
		for (unsigned i = 0; i < TU_RIGHTS; i++)
			if (tu_str_eq(word, tu_str_c(rights[i])))
				key->rights |= TU_RIGHT_BIT(i);
	}
}

static void copy_id(struct tu_str id, char out[TU_RANDOM_ID + 1])
{
	if (id.len == TU_RANDOM_ID)
		memcpy(out, id.ptr, TU_RANDOM_ID);
}

/* Why it does not count; NULL: it does. */
static const char *judge(const struct asking *a, const struct tu_rows *rows, const char **out_why)
{
	struct tu_str hash = tu_rows_text(rows, 2);

	*out_why = "there is no such key";
	if (hash.len != sizeof(a->hash) || !same_bytes(a->hash, hash.ptr, hash.len))
		return "key";
	*out_why = "the person of this key may not act any more";
	if (!tu_rows_is_null(rows, 6) && !tu_str_eq(tu_rows_text(rows, 9), TU_STR("active")))
		return "key-person";
	*out_why = "this key was revoked";
	if (!tu_rows_is_null(rows, 5))
		return "key-revoked";
	*out_why = "this key has expired";
	if (!tu_rows_is_null(rows, 4) && tu_rows_int(rows, 4) <= a->at)
		return "key-expired";
	return NULL;
}

static enum tu_status ask(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct asking *a = self;
	const struct tu_str hash = tu_str_of((const char *)a->hash, sizeof(a->hash));
	const char *pointer, *why;
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_API_KEY_BY_HASH, TU_BIND(tu_blob(hash)), &rows, err);

	*a->key = (struct tu_key){0};
	if (status)
		return status == TU_E_NOTFOUND ? refuse(err, "key", "there is no such key")
					       : status;
	pointer = judge(a, rows, &why);
	if (!pointer) {
		a->key->id = tu_rows_int(rows, 0);
		copy_id(tu_rows_text(rows, 1), a->key->public);
		read_scope(tu_rows_text(rows, 3), a->key);
		a->key->person = tu_rows_int(rows, 6);
		a->key->team = tu_rows_int(rows, 7);
		copy_id(tu_rows_text(rows, 8), a->key->person_public);
	}
	status = tu_rows_close(rows, err);
	return !status && pointer ? refuse(err, pointer, why) : status;
}

enum tu_status tu_key_authenticate(struct tu_store *store, struct tu_str secret, int64_t at,
	struct tu_key *out_key, struct tu_error *err)
{
	struct asking a = {.at = at, .key = out_key};
	enum tu_status status = check_secret(secret, err);

	*out_key = (struct tu_key){0};
	if (!status && tu_sha256(secret, a.hash))
		status = tu_no_memory(err);
	if (!status)
		status = tu_store_run(store, TU_TX_READ, ask, &a, err);
	if (status)
		*out_key = (struct tu_key){0};
	return status;
}
