#include "audit/team.h"

#include <string.h>

#include "audit/record.h"
#include "base/hex.h"
#include "base/utf8.h"

enum { FIND_MEMORY = 64 * 1024 };

/* Fixed storage: what is longer is no id and no name. */
static void copy(struct tu_str text, char *out, size_t max)
{
	size_t len = text.len < max ? text.len : max;

	if (len)
		memcpy(out, text.ptr, len);
	out[len] = '\0';
}

enum tu_status tu_team_find(struct tu_tx *tx, struct tu_str public_or_name,
	struct tu_team *out_team, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_TEAM_FIND, TU_BIND(tu_text(public_or_name)), &rows, err);

	*out_team = (struct tu_team){0};
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, status, 0, "no team has the id or name \"%.*s\"",
			TU_STR_FMT(tu_str_first(public_or_name, TU_TEAM_NAME_MAX)));
	if (status)
		return status;
	out_team->id = tu_rows_int(rows, 0);
	copy(tu_rows_text(rows, 1), out_team->public, TU_RANDOM_ID);
	copy(tu_rows_text(rows, 2), out_team->name, TU_TEAM_NAME_MAX);
	out_team->version = tu_rows_int(rows, 3);
	return tu_rows_close(rows, err);
}

static enum tu_status check_name(struct tu_str name, struct tu_error *err)
{
	bool fine = name.len > 0 && name.len <= TU_TEAM_NAME_MAX &&
		tu_utf8_invalid_at(name) == name.len && tu_str_trim(name).len == name.len;
	size_t digits = 0;

	for (size_t i = 0; fine && i < name.len; i++) {
		fine = (unsigned char)name.ptr[i] >= ' ' && name.ptr[i] != 0x7f;
		digits += tu_hex_value(name.ptr[i]) >= 0;
	}
	if (fine && !(name.len == TU_RANDOM_ID && digits == name.len))
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"the name of a team is one line of UTF-8, of 1 to %d bytes, without spaces at its "
		"ends, and not %d hexadecimal digits",
		TU_TEAM_NAME_MAX, TU_RANDOM_ID);
}

/* A member of one text: "before": {"name": "…"}. */
static void write_one(
	struct tu_audit_body *body, const char *side, const char *key, struct tu_str text)
{
	tu_json_key(&body->json, side);
	tu_json_open_object(&body->json);
	tu_json_member_str(&body->json, key, text);
	tu_json_close_object(&body->json);
}

/* ---- adding, renaming ---- */

struct naming {
	struct tu_str name;
	const struct tu_team_rename *rename;
	const struct tu_audit_act *act;
	char public[TU_RANDOM_ID + 1];
};

static enum tu_status add(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct naming *n = self;
	struct tu_audit_body body;
	enum tu_status status = tu_random_id(n->public, err);

	if (!status)
		status = tu_tx_exec(tx, TU_SQL_TEAM_ADD,
			TU_BIND(tu_text(tu_random_id_str(n->public)), tu_text(n->name)), NULL, err);
	if (status)
		return status;
	tu_audit__open(&body);
	write_one(&body, "after", "name", n->name);
	return tu_audit__record(
		tx, n->act, (const char *const[]){"team.add", "team", n->public}, &body, err);
}

enum tu_status tu_team_add(struct tu_store *store, struct tu_str name,
	const struct tu_audit_act *act, char out_public[TU_RANDOM_ID + 1], struct tu_error *err)
{
	struct naming n = {.name = name, .act = act};
	enum tu_status status = check_name(name, err);

	if (!status)
		status = tu_audit__name_taken(
			tu_store_run(store, TU_TX_WRITE, add, &n, err), "team", name, err);
	if (!status)
		memcpy(out_public, n.public, sizeof(n.public));
	return status;
}

static enum tu_status set_name(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct naming *n = self;
	const struct tu_team_rename *to = n->rename;
	struct tu_audit_body body;
	struct tu_team team;
	int64_t changed = 0;
	enum tu_status status = tu_team_find(tx, to->team, &team, err);
	const struct tu_str before = to->before.len ? to->before : tu_str_c(team.name);

	if (!status && to->version && to->version != team.version)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the team's name changed since you read it: it is \"%s\"", team.name);
	if (status || (tu_str_eq(tu_str_c(team.name), to->name) && tu_str_eq(before, to->name)))
		return status;
	status = tu_tx_exec(tx, TU_SQL_TEAM_RENAME,
		TU_BIND(tu_int(team.id), tu_text(before), tu_text(to->name)), &changed, err);
	if (!status && !changed)
		status = tu_fail(err, TU_E_CONFLICT, 0,
			"the team's name changed since you read it: it is \"%s\"", team.name);
	if (status)
		return status;
	tu_audit__open(&body);
	write_one(&body, "before", "name", before);
	write_one(&body, "after", "name", to->name);
	return tu_audit__record(
		tx, n->act, (const char *const[]){"team.rename", "team", team.public}, &body, err);
}

enum tu_status tu_team_set_name(struct tu_store *store, const struct tu_team_rename *rename,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct naming n = {.rename = rename, .act = act};
	enum tu_status status = check_name(rename->name, err);

	if (status)
		return status;
	return tu_audit__name_taken(
		tu_store_run(store, TU_TX_WRITE, set_name, &n, err), "team", rename->name, err);
}

/* ---- joining, leaving ---- */

struct changing {
	const struct tu_team_change *change;
	const struct tu_audit_act *act;
};

/* Who or what joins: its id, and what the record says. */
struct joining {
	int64_t id;
	char text[TU_RANDOM_ID + 1];
};

static enum tu_status find_person(
	struct changing *c, struct tu_tx *tx, struct joining *out, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	enum tu_status status = arena ? tu_person_find(tx, c->change->person, arena, &person, err)
				      : tu_no_memory(err);

	if (!status && !person.active && !c->change->leaves)
		status = tu_fail(err, TU_E_USAGE, 0, "a person who is not active joins no team");
	out->id = person.id;
	copy(person.public, out->text, TU_RANDOM_ID);
	tu_arena_free(arena);
	return status;
}

static enum tu_status find_device(
	struct changing *c, struct tu_tx *tx, struct joining *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(
		tx, TU_SQL_DEVICE_BY_NAME, TU_BIND(tu_text(c->change->device)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, status, 0, "there is no device \"%.*s\"",
			TU_STR_FMT(tu_str_first(c->change->device, 100)));
	if (status)
		return status;
	out->id = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

static enum tu_status record_change(struct changing *c, struct tu_tx *tx,
	const struct tu_team *team, const struct joining *who, struct tu_error *err)
{
	const struct tu_team_change *change = c->change;
	bool device = change->device.len > 0;
	const char *action = device ? (change->leaves ? "team.device.remove" : "team.device.add")
				    : (change->leaves ? "team.member.remove" : "team.member.add");
	struct tu_audit_body body;

	tu_audit__open(&body);
	write_one(&body, change->leaves ? "before" : "after", device ? "device" : "member",
		device ? change->device : tu_str_c(who->text));
	if (device)
		body.change = (struct tu_change){"device", who->id};
	return tu_audit__record(
		tx, c->act, (const char *const[]){action, "team", team->public}, &body, err);
}

static enum tu_status change_team(struct tu_tx *tx, void *self, struct tu_error *err)
{
	static const enum tu_sql statements[2][2] = {
		{TU_SQL_TEAM_MEMBER_ADD, TU_SQL_TEAM_MEMBER_REMOVE},
		{TU_SQL_TEAM_DEVICE_ADD, TU_SQL_TEAM_DEVICE_REMOVE}};
	struct changing *c = self;
	struct joining who = {0};
	struct tu_team team;
	int64_t changed = 0;
	bool device = c->change->device.len > 0;
	enum tu_status status = tu_team_find(tx, c->change->team, &team, err);

	if (!status)
		status = device ? find_device(c, tx, &who, err) : find_person(c, tx, &who, err);
	if (!status)
		status = tu_tx_exec(tx, statements[device][c->change->leaves],
			TU_BIND(tu_int(team.id), tu_int(who.id)), &changed, err);
	return status || !changed ? status : record_change(c, tx, &team, &who, err);
}

enum tu_status tu_team_change(struct tu_store *store, const struct tu_team_change *change,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct changing c = {change, act};

	if ((change->person.len > 0) == (change->device.len > 0))
		return tu_fail(err, TU_E_USAGE, 0,
			"a person or a device joins or leaves a team, one of the two");
	return tu_store_run(store, TU_TX_WRITE, change_team, &c, err);
}
