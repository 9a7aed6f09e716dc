/* Settings. */
#include "access/sso.h"
#include "api/people.h"
#include "audit/accounts.h"
#include "audit/signature.h"
#include "service/service.h"

enum { LINES_MAX = 64 << 10 };

static const char *const limits[TU_ACCESS_LIMITS] = {
	[TU_LIMIT_SESSION_IDLE] = "session_idle_seconds",
	[TU_LIMIT_SESSION_LONGEST] = "session_life_seconds",
	[TU_LIMIT_PROOF] = "proof_seconds",
	[TU_LIMIT_SIGNIN_FREE] = "signin_free_failures",
	[TU_LIMIT_SIGNIN_WAIT] = "signin_wait_seconds",
	[TU_LIMIT_SIGNIN_STOP] = "signin_stop_failures",
};

static void member_seconds(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	tu_json_key(json, key);
	if (seconds)
		tu_json_add_int(json, seconds);
	else
		tu_json_add_null(json);
}

enum tu_status tu_api_get_settings(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_datadir *dir = tu_service_datadir(call->service);
	struct tu_datadir_settings s;
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_sso_setting sso;
	enum tu_status status = tu_sso_read(tu_api_store(call), call->arena, &sso, err);

	tu_service_settings(call->service, &s);
	tu_json_open_object(json);
	tu_json_member_str(json, "instance", tu_str_c(tu_datadir_instance(dir)));
	tu_json_member_bool(json, "single_sign_on", sso.on);
	for (unsigned i = 0; i < TU_COUNT(limits); i++)
		tu_json_member_int(json, limits[i], tu_access_limit((enum tu_access_limit)i));
	tu_json_member_bool(json, "sandbox", !s.sandbox_off);
	tu_json_member_int(json, "workers", s.workers);
	member_seconds(json, "checkpoint_seconds", s.checkpoint);
	member_seconds(json, "backup_seconds", s.backup);
	member_seconds(json, "sync_seconds", s.sync);
	tu_json_member_int(json, "builds_kept", s.builds);
	tu_json_close_object(json);
	return status;
}

/* ---- single sign-on ---- */

static void write_roles(struct tu_json_writer *json, const struct tu_sso_setting *s)
{
	tu_json_key(json, "roles");
	tu_json_open_array(json);
	for (size_t i = 0; i < s->role_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "group", s->roles[i].group);
		tu_json_member_str(json, "role", tu_str_c(tu_person_role_name(s->roles[i].role)));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static enum tu_status has_secret(struct tu_api_call *call, bool *out_has, struct tu_error *err)
{
	struct tu_api_access access;
	struct tu_buf secret;
	enum tu_status status = tu_api_access_open(call, &access, err);

	tu_buf_init(&secret, LINES_MAX);
	if (status == TU_OK)
		status = tu_oidc_secret_get(&access.base, &secret, err);
	*out_has = secret.len > 0;
	tu_api_access_close(&access);
	tu_buf_done(&secret);
	return status;
}

static enum tu_status answer_setting(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_sso_setting s;
	struct tu_str uri = {0};
	bool secret = false;
	enum tu_status status = tu_sso_read(tu_api_store(call), call->arena, &s, err);

	if (status == TU_OK)
		status = tu_api_redirect_uri(call, &uri, err);
	if (status == TU_OK)
		status = has_secret(call, &secret, err);
	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, s.version);
	tu_json_open_object(json);
	tu_json_member_bool(json, "enabled", s.on);
	tu_json_member_int(json, "version", s.version);
	tu_json_member_str(json, "redirect_uri", uri);
	if (s.on) {
		tu_json_member_str(json, "issuer", s.issuer);
		tu_json_member_str(json, "client_id", s.client_id);
		tu_json_member_bool(json, "client_secret", secret);
		tu_json_member_str(json, "scopes", s.scopes);
		tu_json_member_str(json, "groups_claim", s.groups_claim);
		write_roles(json, &s);
	}
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_api_get_single_sign_on(struct tu_api_call *call, struct tu_error *err)
{
	return answer_setting(call, err);
}

static bool read_roles(struct tu_api_call *call, struct tu_sso_setting *out)
{
	struct tu_json list = tu_json_get(call->body, TU_STR("roles")), each;
	size_t count = tu_json_count(list);
	struct tu_oidc_role *roles = tu_arena_array(call->arena, count, sizeof(*roles));
	struct tu_json_iter iter = tu_json_iter(list);

	for (size_t i = 0; roles && i < count && tu_json_next_item(&iter, &each); i++) {
		roles[i].group = TU_JSON_STR(each, "group");
		(void)tu_person_role_by_name(TU_JSON_STR(each, "role"), &roles[i].role);
	}
	out->roles = roles;
	out->role_count = count;
	return roles != NULL;
}

static enum tu_status change(
	struct tu_api_call *call, const struct tu_sso_change *change, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = tu_sso_write(&access.base, change, &act, err);
	tu_api_access_close(&access);
	return status;
}

enum tu_status tu_api_set_single_sign_on(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_sso_setting to = {.version = call->if_match,
		.on = true,
		.issuer = tu_api_body_str(call, "issuer"),
		.client_id = tu_api_body_str(call, "client_id"),
		.scopes = tu_api_body_str(call, "scopes"),
		.groups_claim = tu_api_body_str(call, "groups_claim")};
	struct tu_sso_change wanted = {&to, {0}};
	struct tu_json secret = tu_json_get(call->body, TU_STR("client_secret"));
	enum tu_status status;

	if (!to.scopes.len)
		to.scopes = TU_STR("openid profile email");
	if (tu_json_is_string(secret)) {
		wanted.secret = tu_json_str(secret);
		if (!wanted.secret.ptr)
			wanted.secret = TU_STR("");
	}
	if (!read_roles(call, &to))
		return tu_no_memory(err);
	status = change(call, &wanted, err);
	return status ? status : answer_setting(call, err);
}

enum tu_status tu_api_remove_single_sign_on(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_sso_setting off = {.version = call->if_match};

	return change(call, &(const struct tu_sso_change){&off, {0}}, err);
}

static void write_check(struct tu_api_call *call, struct tu_str lines, bool works)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_str line;

	tu_json_open_object(json);
	tu_json_member_bool(json, "works", works);
	tu_json_key(json, "lines");
	tu_json_open_array(json);
	while (tu_str_split(&lines, '\n', &line))
		if (line.len)
			tu_json_add_str(json, line);
	tu_json_close_array(json);
	tu_json_close_object(json);
}

enum tu_status tu_api_check_single_sign_on(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_access access;
	struct tu_sso_held *held = NULL;
	struct tu_str uri = {0};
	struct tu_buf lines;
	bool works = false;
	enum tu_status status = tu_api_access_open(call, &access, err);

	tu_buf_init(&lines, LINES_MAX);
	if (status == TU_OK)
		status = tu_api_redirect_uri(call, &uri, err);
	if (status == TU_OK)
		status = tu_sso_hold(call->sso, &access.base, uri, &held, err);
	if (status == TU_OK)
		status = tu_oidc_check(tu_sso_oidc(held), &lines, &works, err);
	if (status == TU_OK)
		write_check(call, tu_buf_str(&lines), works);
	tu_sso_drop(call->sso, held);
	tu_api_access_close(&access);
	tu_buf_done(&lines);
	return status;
}

enum tu_status tu_api_link_user_account(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_oidc_link link = {.person = call->path[0],
		.issuer = tu_api_body_str(call, "issuer"),
		.subject = tu_api_body_str(call, "subject")};
	struct tu_sso_setting setting;
	struct tu_account account;
	enum tu_status status = tu_api_account(call, call->path[0], &account, err);

	if (status == TU_OK && !link.issuer.len) {
		status = tu_sso_read(tu_api_store(call), call->arena, &setting, err);
		link.issuer = setting.issuer;
	}
	if (status == TU_OK)
		status = tu_oidc_link(tu_api_store(call), &link, &act, err);
	if (status == TU_E_CONSTRAINT)
		(void)tu_fail(err, status, 0,
			"the person may not act any more, or the account is somebody's already");
	return status;
}

enum tu_status tu_api_unlink_user_accounts(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	const struct tu_oidc_link all = {call->path[0], TU_STR(""), TU_STR("")};
	struct tu_account account;
	enum tu_status status = tu_api_account(call, call->path[0], &account, err);

	if (status == TU_OK)
		status = tu_oidc_unlink(tu_api_store(call), &all, &act, err);
	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "account") : status;
}
