/* Keys of programs. */
#include "api/people.h"
#include "audit/accounts.h"
#include "base/ed25519.h"

#define DAY_US (INT64_C(86400) * 1000000)

static const struct tu_api_column columns[] = {
	TU_API_COLUMN_AS("id", struct tu_key_row, public, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_key_row, label, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_key_row, rights, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_key_row, user, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_key_row, team, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_key_row, everything, TU_API_BOOL, 0),
	TU_API_COLUMN(struct tu_key_row, created, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_key_row, expires, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct tu_key_row, revoked, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_key = TU_API_TABLE("Key", struct tu_key_row, columns);

/* ---- listing ---- */

struct listing {
	struct tu_api_call *call;
	struct tu_str login;
	struct tu_key_rows keys;
};

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;

	return tu_key_rows(w->tx, l->login, l->call->arena, &l->keys, err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	enum tu_status status = tu_api_read(call, read_all, l, err);
	const struct tu_api_rows all = {l->keys.at, l->keys.count};

	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_answer_keys(
	struct tu_api_call *call, struct tu_str login, struct tu_error *err)
{
	struct listing l = {.call = call, .login = login};

	return tu_api_answer_page(call, fetch, &l, err);
}

enum tu_status tu_api_list_keys(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_keys(call, TU_STR(""), err);
}

/* ---- making ---- */

uint32_t tu_api_body_rights(const struct tu_api_call *call)
{
	struct tu_json_iter words = tu_json_iter(tu_json_get(call->body, TU_STR("rights")));
	struct tu_json word;
	enum tu_right right;
	uint32_t rights = 0;

	while (tu_json_next_item(&words, &word))
		if (tu_right_by_name(tu_json_str(word), &right))
			rights |= TU_RIGHT_BIT(right);
	return rights;
}

enum tu_status tu_api_make_key(
	struct tu_api_call *call, struct tu_key_new *key, const char *path, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_key_made made;
	double days = 0;
	enum tu_status status;

	(void)tu_json_number(tu_json_get(call->body, TU_STR("days")), &days);
	key->label = tu_api_body_str(call, "label");
	key->expires = call->now + (int64_t)days * DAY_US;
	status = tu_key_add(tu_api_store(call), key, &act, &made, err);
	if (status == TU_E_NOTFOUND) /* of the body, not of the path */
		status = tu_fail(err, TU_E_USAGE, 0, "there is no such user or team");
	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_json_member_str(json, "id", tu_str_c(made.public));
	tu_json_member_str(json, "secret", tu_str_c(made.secret));
	tu_json_close_object(json);
	tu_api_created(call, "%s/%s", path, made.public);
	tu_wipe(&made, sizeof(made));
	return TU_OK;
}

enum tu_status tu_api_add_key(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_key_new key = {.rights = tu_api_body_rights(call),
		.person = tu_api_body_str(call, "user"),
		.team = tu_api_body_str(call, "team"),
		.everything = tu_json_true(tu_json_get(call->body, TU_STR("everything")))};

	return tu_api_make_key(call, &key, "/v1/keys", err);
}

enum tu_status tu_api_revoke_key(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	enum tu_status status = tu_key_revoke(tu_api_store(call), call->path[0], &act, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "key") : status;
}
