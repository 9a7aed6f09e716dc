/* Which person a subject of a provider is. */
#include "access/oidc_provider.h"
#include "access/record.h"
#include "audit/reset.h"
#include "base/json.h"

enum { FIND_MEMORY = 64 * 1024, LOGIN_MAX = 100 };

struct linking {
	const struct tu_oidc_link *link;
	const struct tu_audit_act *act;
	struct tu_oidc_who *who;
	bool by_other; /* not the person, who comes from the provider */
};

static enum tu_status fill(
	struct tu_tx *tx, struct tu_str who, struct tu_oidc_who *out, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	enum tu_status status =
		arena ? tu_person_find(tx, who, arena, &person, err) : tu_no_memory(err);

	if (!status && !person.active)
		status = tu_access__refuse(err, "oidc-person", "this person may not act any more");
	out->id = person.id;
	if (!status && person.public.len == TU_RANDOM_ID)
		memcpy(out->public, person.public.ptr, TU_RANDOM_ID);
	tu_arena_free(arena);
	return status;
}

/* ---- linking ---- */

static enum tu_status link_in(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct linking *l = self;
	enum tu_status status = fill(tx, l->link->person, l->who, err);

	if (!status)
		status = tu_tx_exec(tx, TU_SQL_IDENTITY_ADD,
			TU_BIND(tu_text(l->link->issuer), tu_text(l->link->subject),
				tu_int(l->who->id), tu_int(l->act->at)),
			NULL, err);
	if (!status && l->by_other)
		status = tu_reset_keep(tx,
			&(const struct tu_reset_of){
				l->who->id, tu_str_c(l->who->public), TU_RESET_ACCOUNT},
			l->act, err);
	return status ? status
		      : tu_access__note(tx, l->act,
				&(const struct tu_access_note){
					"account.link", tu_str_c(l->who->public), NULL, {"", 0}},
				err);
}

enum tu_status tu_oidc_link(struct tu_store *store, const struct tu_oidc_link *link,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct tu_oidc_who who = {0};
	struct linking l = {link, act, &who, true};

	if (!link->issuer.len || !link->subject.len)
		return tu_fail(err, TU_E_USAGE, 0, "an account has an issuer and a subject");
	return tu_store_run(store, TU_TX_WRITE, link_in, &l, err);
}

/* A person who may act no more loses it, too. */
static enum tu_status unlink_in(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct linking *l = self;
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	int64_t gone = 0;
	enum tu_status status = arena ? tu_person_find(tx, l->link->person, arena, &person, err)
				      : tu_no_memory(err);

	if (!status)
		status = tu_tx_exec(tx, TU_SQL_IDENTITY_REMOVE,
			TU_BIND(tu_int(person.id), tu_text(l->link->issuer),
				tu_text(l->link->subject)),
			&gone, err);
	if (!status && !gone)
		status = tu_fail(
			err, TU_E_NOTFOUND, 0, "the user has no such account at a provider");
	if (!status)
		status = tu_tx_exec(
			tx, TU_SQL_SESSIONS_FORGET_PERSON, TU_BIND(tu_int(person.id)), NULL, err);
	if (!status)
		status = tu_access__note(tx, l->act,
			&(const struct tu_access_note){
				"account.unlink", person.public, NULL, {"", 0}},
			err);
	tu_arena_free(arena);
	return status;
}

enum tu_status tu_oidc_unlink(struct tu_store *store, const struct tu_oidc_link *link,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct linking l = {link, act, NULL, true};

	return tu_store_run(store, TU_TX_WRITE, unlink_in, &l, err);
}

/* ---- finding ---- */

static enum tu_status find(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct linking *l = self;
	char public[TU_RANDOM_ID] = "";
	struct tu_rows *rows;
	struct tu_str text;
	enum tu_status status = tu_tx_row(tx, TU_SQL_IDENTITY_PERSON,
		TU_BIND(tu_text(l->link->issuer), tu_text(l->link->subject)), &rows, err);

	if (status)
		return status;
	text = tu_rows_text(rows, 0);
	if (text.len == TU_RANDOM_ID)
		memcpy(public, text.ptr, TU_RANDOM_ID);
	status = tu_rows_close(rows, err);
	return status ? status : fill(tx, tu_str_of(public, TU_RANDOM_ID), l->who, err);
}

/* ---- making ---- */

static bool is_in(struct tu_json groups, struct tu_str group)
{
	struct tu_json_iter iter = tu_json_iter(groups);
	struct tu_json item;

	if (tu_json_is_string(groups))
		return tu_str_eq(tu_json_str(groups), group);
	while (tu_json_is_array(groups) && tu_json_next_item(&iter, &item))
		if (tu_json_is_string(item) && tu_str_eq(tu_json_str(item), group))
			return true;
	return false;
}

static bool find_role(
	const struct tu_oidc_config *config, struct tu_json payload, enum tu_person_role *out_role)
{
	struct tu_json groups = tu_json_get(payload, config->groups_claim);

	for (size_t i = 0; config->groups_claim.len && i < config->role_count; i++) {
		if (config->roles[i].group.len && is_in(groups, config->roles[i].group)) {
			*out_role = config->roles[i].role;
			return true;
		}
	}
	return false;
}

/* What may be a login: small letters; the rest of a name at the provider is left out. */
static void write_login(struct tu_str from, struct tu_buf *out)
{
	for (size_t i = 0; i < from.len && out->len < LOGIN_MAX; i++) {
		char c = tu_char_lower(from.ptr[i]);

		if (tu_char_is_lower(c) || tu_char_is_digit(c) || (c && strchr("._-@", c)))
			tu_buf_byte(out, c);
	}
}

struct making {
	const struct tu_oidc_config *config;
	const struct tu_oidc_claims *claims;
	enum tu_person_role role;
	int64_t at;
};

/* By the name that the provider has for them; another one when it is taken. */
static enum tu_status make(const struct making *m, struct tu_store *store,
	char out_public[TU_RANDOM_ID + 1], struct tu_error *err)
{
	const struct tu_audit_act act = {m->at, TU_STR("single-sign-on"), TU_STR("first sign-in")};
	struct tu_person_new new = {
		.name = m->claims->name, .mail = m->claims->mail, .role = m->role};
	char random[TU_RANDOM_ID + 1];
	struct tu_buf login;
	enum tu_status status = tu_random_id(random, err);

	tu_buf_init(&login, 2 * LOGIN_MAX);
	write_login(m->claims->login, &login);
	for (int tries = 0; !status && tries < 2; tries++) {
		if (tries || !login.len) {
			tu_buf_clear(&login);
			tu_buf_printf(&login, "sso-%.12s", random);
		}
		new.login = tu_buf_str(&login);
		if (!new.name.len)
			new.name = new.login;
		status = login.failed ? tu_no_memory(err)
				      : tu_person_add(store, &new, &act, out_public, err);
		if (status != TU_E_CONSTRAINT && status != TU_E_USAGE)
			break;
		status = tries ? status : TU_OK;
	}
	tu_buf_done(&login);
	return status;
}

static enum tu_status make_linked(
	const struct making *m, struct tu_store *store, struct linking *l, struct tu_error *err)
{
	const struct tu_audit_act act = {m->at, TU_STR("single-sign-on"), TU_STR("first sign-in")};
	char public[TU_RANDOM_ID + 1] = "";
	struct tu_oidc_link link = *l->link;
	enum tu_status status = make(m, store, public, err);

	if (status)
		return status;
	link.person = tu_str_c(public);
	l->link = &link;
	l->act = &act;
	status = tu_store_run(store, TU_TX_WRITE, link_in, l, err);
	/* somebody who signs in twice at once: whoever came first is the person */
	if (status == TU_E_CONSTRAINT) {
		status = tu_person_remove(store, tu_str_c(public), &act, err);
		if (!status)
			status = tu_store_run(store, TU_TX_READ, find, l, err);
	} else if (!status) {
		l->who->created = true;
	}
	l->link = NULL;
	return status;
}

enum tu_status tu_oidc__person(const struct tu_oidc_config *config, struct tu_store *store,
	const struct tu_oidc_asked *asked, struct tu_oidc_who *out_who, struct tu_error *err)
{
	const struct tu_oidc_link link = {TU_STR(""), config->issuer, asked->claims->subject};
	struct linking l = {&link, NULL, out_who, false};
	struct making m = {config, asked->claims, TU_PERSON_VIEWER, asked->at};
	enum tu_status status;

	*out_who = (struct tu_oidc_who){0};
	status = tu_store_run(store, TU_TX_READ, find, &l, err);
	if (status != TU_E_NOTFOUND)
		return status;
	if (!find_role(config, asked->payload, &m.role))
		return tu_access__refuse(err, "oidc-person",
			"nobody here is this account, and none of its groups has a role: ask an "
			"administrator");
	return make_linked(&m, store, &l, err);
}
