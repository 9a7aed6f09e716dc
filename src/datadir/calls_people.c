/* user.*, team.*, key.*: who may do what. */
#include "audit/key.h"
#include "audit/team.h"
#include "base/json_writer.h"
#include "datadir/calls.h"

#define DAY_US (INT64_C(86400) * 1000000)

enum { DAYS_MAX = 3650 };

static struct tu_audit_act act_of(struct tu_datadir *dir, const struct tu_call_in *in)
{
	return (struct tu_audit_act){.at = tu_datadir_now(dir),
		.actor = TU_STR("program:admin"),
		.reason = TU_JSON_STR(in->arguments, "reason"),
		.own_password = tu_json_true(tu_json_get(in->arguments, TU_STR("own_password")))};
}

/* The answer where there is nothing to say but that it was done. */
static enum tu_status done(enum tu_status status, struct tu_buf *out_answer)
{
	tu_buf_c(out_answer, "{}");
	return status;
}

static void write_id(const char *public, struct tu_buf *out_answer)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "id", tu_str_c(public));
	tu_json_close_object(&json);
}

/* {"<name>": what `list` writes} */
static enum tu_status answer_list(struct tu_datadir *dir, const char *name,
	enum tu_status (*list)(struct tu_store *, struct tu_buf *, struct tu_error *),
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	tu_buf_printf(out_answer, "{\"%s\":", name);
	if (!status)
		status = list(store, out_answer, err);
	tu_buf_byte(out_answer, '}');
	return status;
}

/* ---- user.* ---- */

static enum tu_status run_user_add(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	struct tu_person_new person = {.login = TU_JSON_STR(in->arguments, "login"),
		.name = TU_JSON_STR(in->arguments, "name"),
		.mail = TU_JSON_STR(in->arguments, "mail"),
		.password = TU_JSON_STR(in->arguments, "password")};
	char public[TU_RANDOM_ID + 1];
	struct tu_store *store;
	enum tu_status status;

	if (!tu_person_role_by_name(TU_JSON_STR(in->arguments, "role"), &person.role))
		return tu_fail(err, TU_E_USAGE, 0, "there is no such role");
	if (!person.name.len)
		person.name = person.login;
	status = tu_datadir_store(dir, &store, err);
	if (!status)
		status = tu_person_add(store, &person, &act, public, err);
	if (!status)
		write_id(public, out_answer);
	return status;
}

static enum tu_status run_user_list(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	(void)in;
	return answer_list(dir, "users", tu_person_list, out_answer, err);
}

static enum tu_status run_user_disable(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_person_remove(store, TU_JSON_STR(in->arguments, "user"), &act, err);
	return done(status, out_answer);
}

static enum tu_status run_user_password(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_person_set_password(store, TU_JSON_STR(in->arguments, "user"),
			TU_JSON_STR(in->arguments, "password"), &act, err);
	return done(status, out_answer);
}

/* ---- team.* ---- */

static enum tu_status run_team_add(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	char public[TU_RANDOM_ID + 1];
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_team_add(store, TU_JSON_STR(in->arguments, "team"), &act, public, err);
	if (!status)
		write_id(public, out_answer);
	return status;
}

static enum tu_status run_team_list(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	(void)in;
	return answer_list(dir, "teams", tu_team_list, out_answer, err);
}

/* join and leave */
static enum tu_status run_team_change(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	const struct tu_team_change change = {.team = TU_JSON_STR(in->arguments, "team"),
		.person = TU_JSON_STR(in->arguments, "user"),
		.device = TU_JSON_STR(in->arguments, "device"),
		.leaves = tu_str_eq(in->name, TU_STR("team.leave"))};
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_team_change(store, &change, &act, err);
	return done(status, out_answer);
}

/* As somebody sees it who names the team: what it is called is asked first. */
struct renaming {
	struct tu_str named;
	struct tu_team team;
};

static enum tu_status find_team(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct renaming *r = self;

	return tu_team_find(tx, r->named, &r->team, err);
}

static enum tu_status run_team_rename(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	struct renaming r = {.named = TU_JSON_STR(in->arguments, "team")};
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_store_run(store, TU_TX_READ, find_team, &r, err);
	if (!status)
		status = tu_team_set_name(store,
			&(const struct tu_team_rename){.team = tu_str_c(r.team.public),
				.before = tu_str_c(r.team.name),
				.name = TU_JSON_STR(in->arguments, "name")},
			&act, err);
	return done(status, out_answer);
}

/* ---- key.* ---- */

/* Of the words of "rights", and of "role". */
static enum tu_status read_rights(
	const struct tu_call_in *in, uint32_t *out_rights, struct tu_error *err)
{
	struct tu_json_iter words = tu_json_iter(tu_json_get(in->arguments, TU_STR("rights")));
	const struct tu_str role_name = TU_JSON_STR(in->arguments, "role");
	enum tu_person_role role;
	enum tu_right right;
	struct tu_json word;

	*out_rights = 0;
	while (tu_json_next_item(&words, &word)) {
		if (!tu_right_by_name(tu_json_str(word), &right))
			return tu_fail(err, TU_E_USAGE, 0, "there is no such right");
		*out_rights |= TU_RIGHT_BIT(right);
	}
	if (!role_name.len)
		return TU_OK;
	if (!tu_person_role_by_name(role_name, &role))
		return tu_fail(err, TU_E_USAGE, 0, "there is no such role");
	/* what is a customer's is by who they are: a machine's key would see all devices */
	if (role == TU_PERSON_CUSTOMER && !TU_JSON_STR(in->arguments, "user").len)
		return tu_fail(err, TU_E_USAGE, 0,
			"a key for the role customer is a user's: say whose with --user");
	*out_rights |= tu_key_rights_of(role);
	return TU_OK;
}

static void write_key(const struct tu_key_made *key, struct tu_buf *out_answer)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "id", tu_str_c(key->public));
	tu_json_member_str(&json, "secret", tu_str_c(key->secret));
	tu_json_close_object(&json);
}

static enum tu_status run_key_add(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	struct tu_key_new key = {.label = TU_JSON_STR(in->arguments, "label"),
		.person = TU_JSON_STR(in->arguments, "user"),
		.team = TU_JSON_STR(in->arguments, "team")};
	struct tu_key_made made;
	struct tu_store *store;
	uint64_t days = 0;
	enum tu_status status = read_rights(in, &key.rights, err);

	if (status)
		return status;
	if (!tu_json_u64(tu_json_get(in->arguments, TU_STR("days")), DAYS_MAX, &days) || !days)
		return tu_fail(err, TU_E_USAGE, 0, "a key expires after 1 to %d days", DAYS_MAX);
	key.everything = !key.person.len && !key.team.len;
	key.expires = act.at + (int64_t)days * DAY_US;
	status = tu_datadir_store(dir, &store, err);
	if (!status)
		status = tu_key_add(store, &key, &act, &made, err);
	if (!status)
		write_key(&made, out_answer);
	return status;
}

static enum tu_status run_key_list(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	(void)in;
	return answer_list(dir, "keys", tu_key_list, out_answer, err);
}

static enum tu_status run_key_revoke(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(dir, in);
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_key_revoke(store, TU_JSON_STR(in->arguments, "key"), &act, err);
	return done(status, out_answer);
}

static const struct tu_call calls_people[] = {
	{"user.add", false, run_user_add},
	{"user.list", false, run_user_list},
	{"user.disable", false, run_user_disable},
	{"user.password", false, run_user_password},
	{"team.add", false, run_team_add},
	{"team.list", false, run_team_list},
	{"team.join", false, run_team_change},
	{"team.leave", false, run_team_change},
	{"team.rename", false, run_team_rename},
	{"key.add", false, run_key_add},
	{"key.list", false, run_key_list},
	{"key.revoke", false, run_key_revoke},
};

const struct tu_call_table tu_people_calls = {calls_people, TU_COUNT(calls_people)};
