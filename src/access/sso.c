#include "access/sso.h"

#include <stdlib.h>
#include <threads.h>

#include "access/fetch.h"
#include "access/record.h"
#include "base/ed25519.h"
#include "base/json.h"
#include "base/json_writer.h"

enum { TEXT_MAX = 4096, MEMORY = 256 * 1024, SECRET_MAX = 4096, LONGEST = 1000 };

static const struct tu_str setting_name = TU_STR_INIT("single-sign-on");

/* ---- the setting as text ---- */

static void write_setting(const struct tu_sso_setting *s, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "version", s->version);
	tu_json_member_bool(&json, "on", s->on);
	tu_json_member_str(&json, "issuer", s->issuer);
	tu_json_member_str(&json, "client_id", s->client_id);
	tu_json_member_str(&json, "scopes", s->scopes);
	tu_json_member_str(&json, "groups_claim", s->groups_claim);
	tu_json_key(&json, "roles");
	tu_json_open_array(&json);
	for (size_t i = 0; i < s->role_count; i++) {
		tu_json_open_object(&json);
		tu_json_member_str(&json, "group", s->roles[i].group);
		tu_json_member_str(&json, "role", tu_str_c(tu_person_role_name(s->roles[i].role)));
		tu_json_close_object(&json);
	}
	tu_json_close_array(&json);
	tu_json_close_object(&json);
}

static bool read_roles(struct tu_json list, struct tu_arena *arena, struct tu_sso_setting *out)
{
	size_t count = tu_json_count(list);
	struct tu_oidc_role *roles = tu_arena_array(arena, count, sizeof(*roles));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json each;
	bool kept = roles != NULL;

	for (size_t i = 0; kept && i < count && tu_json_next_item(&iter, &each); i++)
		kept = tu_arena_dup(arena, TU_JSON_STR(each, "group"), &roles[i].group) &&
			tu_person_role_by_name(TU_JSON_STR(each, "role"), &roles[i].role);
	out->roles = roles;
	out->role_count = count;
	return kept;
}

static bool read_texts(struct tu_json root, struct tu_arena *arena, struct tu_sso_setting *out)
{
	const struct {
		const char *name;
		struct tu_str *to;
	} texts[] = {{"issuer", &out->issuer}, {"client_id", &out->client_id},
		{"scopes", &out->scopes}, {"groups_claim", &out->groups_claim}};
	uint64_t version = 0;
	bool kept = tu_json_u64(tu_json_get(root, TU_STR("version")), INT64_MAX, &version);

	out->version = (int64_t)version;
	out->on = tu_json_true(tu_json_get(root, TU_STR("on")));
	for (size_t i = 0; kept && i < TU_COUNT(texts); i++)
		kept = tu_arena_dup(arena, tu_json_str(tu_json_get(root, tu_str_c(texts[i].name))),
			texts[i].to);
	return kept && read_roles(tu_json_get(root, TU_STR("roles")), arena, out);
}

static enum tu_status parse(struct tu_str text, struct tu_arena *arena, struct tu_sso_setting *out,
	struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = TEXT_MAX, .depth = 8, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status =
		parser ? tu_json_parse(parser, text, &limits, &root, err) : tu_no_memory(err);

	if (!status && !read_texts(root, arena, out))
		status = tu_fail(err, TU_E_CORRUPT, 0, "the setting of single sign-on is damaged");
	tu_json_parser_free(parser);
	return status;
}

/* ---- reading ---- */

struct reading {
	struct tu_arena *arena;
	struct tu_sso_setting *out;
};

static enum tu_status read_in(
	struct tu_tx *tx, struct tu_arena *arena, struct tu_sso_setting *out, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_str text = {0};
	bool kept;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(setting_name)), &rows, err);

	*out = (struct tu_sso_setting){.version = 1};
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	kept = tu_arena_dup(arena, tu_rows_text(rows, 0), &text);
	status = tu_rows_close(rows, err);
	if (!status && !kept)
		status = tu_no_memory(err);
	return status ? status : parse(text, arena, out, err);
}

static enum tu_status read_setting(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct reading *r = self;

	return read_in(tx, r->arena, r->out, err);
}

enum tu_status tu_sso_read(struct tu_store *store, struct tu_arena *arena,
	struct tu_sso_setting *out_setting, struct tu_error *err)
{
	struct reading r = {arena, out_setting};

	return tu_store_run(store, TU_TX_READ, read_setting, &r, err);
}

/* ---- writing ---- */

struct writing {
	const struct tu_access_base *base;
	const struct tu_sso_change *change;
	const struct tu_audit_act *act;
};

static enum tu_status wrong(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}

static enum tu_status check(const struct tu_sso_change *change, struct tu_error *err)
{
	const struct tu_sso_setting *s = change->to;

	if (change->secret.len > SECRET_MAX)
		return wrong(err, "/client_secret", "the client's secret is too long");
	if (!s || !s->on)
		return TU_OK;
	if (!tu_fetch_may(s->issuer))
		return wrong(err, "/issuer",
			"an issuer is a URL of https, as the provider writes it (http only on this "
			"machine)");
	if (!s->client_id.len || s->client_id.len > LONGEST)
		return wrong(err, "/client_id", "the client id is missing or too long");
	if (tu_str_search(s->scopes, TU_STR("openid")) == s->scopes.len)
		return wrong(err, "/scopes", "the scopes have \"openid\" among them");
	if (s->role_count > TU_SSO_ROLES || (s->role_count && !s->groups_claim.len))
		return wrong(err, "/roles", "at most 50 groups have roles, by the groups claim");
	return TU_OK;
}

static enum tu_status put(struct tu_tx *tx, const struct writing *w,
	const struct tu_sso_setting *to, struct tu_error *err)
{
	struct tu_buf text;
	const struct tu_secret secret = {
		TU_STR("oidc/client-secret"), w->change->secret, w->act->at};
	enum tu_status status = TU_OK;

	tu_buf_init(&text, TEXT_MAX);
	write_setting(to, &text);
	if (text.failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "single sign-on: the values are too long");
	if (!status && secret.value.ptr)
		status = tu_secret_put(tx, w->base->key, &secret, err);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SETTING_PUT,
			TU_BIND(tu_text(setting_name), tu_text(tu_buf_str(&text))), NULL, err);
	if (!status)
		status = tu_access__note(tx, w->act,
			&(const struct tu_access_note){
				"oidc.configure", setting_name, "configuration", tu_buf_str(&text)},
			err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status write_in(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct writing *w = self;
	struct tu_sso_setting to, now = {0};
	struct tu_arena *arena = tu_arena_new(MEMORY);
	enum tu_status status = arena ? read_in(tx, arena, &now, err) : tu_no_memory(err);

	to = w->change->to ? *w->change->to : now;
	if (!status && to.version && to.version != now.version)
		status = tu_fail(
			err, TU_E_CONFLICT, 0, "single sign-on was changed since you read it");
	to.version = status ? 0 : now.version + 1;
	if (!status)
		status = put(tx, w, &to, err);
	tu_arena_free(arena);
	return status;
}

enum tu_status tu_sso_write(const struct tu_access_base *base, const struct tu_sso_change *change,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct writing w = {base, change, act};
	enum tu_status status = check(change, err);

	return status ? status : tu_store_run(base->store, TU_TX_WRITE, write_in, &w, err);
}

/* ---- in a process ---- */

struct tu_sso_held {
	struct tu_arena *arena; /* of all texts */
	struct tu_sso_setting setting;
	struct tu_oidc_config config;
	struct tu_oidc *oidc;
	unsigned holders;
	bool gone; /* another one has its place */
};

struct tu_sso {
	mtx_t lock;
	struct tu_sso_held *current; /* NULL: none was asked for */
};

enum tu_status tu_sso_new(struct tu_sso **out_sso, struct tu_error *err)
{
	struct tu_sso *sso = calloc(1, sizeof(*sso));

	*out_sso = NULL;
	if (!sso || mtx_init(&sso->lock, mtx_plain) != thrd_success) {
		free(sso);
		return tu_no_memory(err);
	}
	*out_sso = sso;
	return TU_OK;
}

static void free_held(struct tu_sso_held *held)
{
	if (!held)
		return;
	tu_oidc_free(held->oidc);
	tu_arena_free(held->arena);
	free(held);
}

void tu_sso_free(struct tu_sso *sso)
{
	if (!sso)
		return;
	free_held(sso->current);
	mtx_destroy(&sso->lock);
	free(sso);
}

static enum tu_status take_secret(
	const struct tu_access_base *base, struct tu_sso_held *held, struct tu_error *err)
{
	struct tu_buf secret;
	enum tu_status status;

	tu_buf_init(&secret, SECRET_MAX);
	status = tu_oidc_secret_get(base, &secret, err);
	if (!status && !tu_arena_dup(held->arena, tu_buf_str(&secret), &held->config.client_secret))
		status = tu_no_memory(err);
	if (secret.ptr)
		tu_wipe(secret.ptr, secret.cap);
	tu_buf_done(&secret);
	return status;
}

/* All that one configuration needs; not yet held by anybody. */
static enum tu_status make(const struct tu_access_base *base, struct tu_str redirect_uri,
	struct tu_sso_held *held, struct tu_error *err)
{
	struct tu_sso_setting *s = &held->setting;
	enum tu_status status = tu_sso_read(base->store, held->arena, s, err);

	if (!status && !s->on)
		status = tu_fail(err, TU_E_NOTFOUND, 0, "no single sign-on is configured");
	if (status)
		return status;
	held->config = (struct tu_oidc_config){.issuer = s->issuer,
		.client_id = s->client_id,
		.scopes = s->scopes,
		.groups_claim = s->groups_claim,
		.roles = s->roles,
		.role_count = s->role_count};
	if (!tu_arena_dup(held->arena, redirect_uri, &held->config.redirect_uri))
		return tu_no_memory(err);
	status = take_secret(base, held, err);
	return status ? status : tu_oidc_new(&held->config, &held->oidc, err);
}

/* In the lock: hold the current one where it is still what is configured. */
static struct tu_sso_held *same(struct tu_sso *sso, const struct tu_sso_held *made)
{
	struct tu_sso_held *now = sso->current;

	if (!now || now->setting.version != made->setting.version ||
		!tu_str_eq(now->config.redirect_uri, made->config.redirect_uri))
		return NULL;
	now->holders++;
	return now;
}

enum tu_status tu_sso_hold(struct tu_sso *sso, const struct tu_access_base *base,
	struct tu_str redirect_uri, struct tu_sso_held **out_held, struct tu_error *err)
{
	struct tu_sso_held *made = calloc(1, sizeof(*made)), *old = NULL;
	enum tu_status status;

	*out_held = NULL;
	if (made)
		made->arena = tu_arena_new(MEMORY);
	status = made && made->arena ? make(base, redirect_uri, made, err) : tu_no_memory(err);
	if (status) {
		free_held(made);
		return status;
	}
	(void)mtx_lock(&sso->lock);
	*out_held = same(sso, made);
	if (!*out_held) {
		old = sso->current;
		if (old)
			old->gone = true;
		if (old && old->holders)
			old = NULL; /* whoever drops it last frees it */
		sso->current = made;
		made->holders = 1;
		*out_held = made;
		made = NULL;
	}
	(void)mtx_unlock(&sso->lock);
	free_held(old);
	free_held(made);
	return TU_OK;
}

struct tu_oidc *tu_sso_oidc(const struct tu_sso_held *held)
{
	return held->oidc;
}

void tu_sso_drop(struct tu_sso *sso, struct tu_sso_held *held)
{
	bool last;

	if (!held)
		return;
	(void)mtx_lock(&sso->lock);
	last = --held->holders == 0 && held->gone;
	(void)mtx_unlock(&sso->lock);
	if (last)
		free_held(held);
}
