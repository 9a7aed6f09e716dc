/* Teams: who sees which devices. */
#include "audit/team.h"

#include "api/people.h"
#include "audit/accounts.h"

static const struct tu_api_column columns[] = {
	TU_API_COLUMN_AS("id", struct tu_team_row, public, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_team_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_team_row, users, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_team_row, devices, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_team_row, version, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_team = TU_API_TABLE("Team", struct tu_team_row, columns);

struct listing {
	struct tu_api_call *call;
	struct tu_team_rows teams;
};

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;

	return tu_team_rows(w->tx, l->call->arena, &l->teams, err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing l = {.call = call};
	enum tu_status status = tu_api_read(call, read_all, &l, err);
	const struct tu_api_rows all = {l.teams.at, l.teams.count};

	(void)self;
	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_teams(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_page(call, fetch, NULL, err);
}

static enum tu_status answer_one(
	struct tu_api_call *call, struct tu_str public, struct tu_error *err)
{
	struct listing l = {.call = call};
	enum tu_status status = tu_api_read(call, read_all, &l, err);

	for (size_t i = 0; status == TU_OK && i < l.teams.count; i++) {
		if (!tu_str_eq(l.teams.at[i].public, public))
			continue;
		tu_api_etag_version(call, l.teams.at[i].version);
		return tu_api_answer_row(call, &l.teams.at[i], err);
	}
	return status ? status : tu_api_unknown(err, "team");
}

enum tu_status tu_api_get_team(struct tu_api_call *call, struct tu_error *err)
{
	return answer_one(call, call->path[0], err);
}

enum tu_status tu_api_add_team(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	char public[TU_RANDOM_ID + 1];
	enum tu_status status =
		tu_team_add(tu_api_store(call), tu_api_body_str(call, "name"), &act, public, err);

	if (status == TU_E_CONSTRAINT)
		(void)tu_fail(err, status, 0, "there is a team of this name already");
	status = tu_api_wrong_member(status, "/name", err);
	if (status == TU_OK)
		status = answer_one(call, tu_str_c(public), err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/teams/%s", public);
	return status;
}

enum tu_status tu_api_rename_team(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	const struct tu_team_rename rename = {.team = call->path[0],
		.name = tu_api_body_str(call, "name"),
		.version = call->if_match};
	enum tu_status status = tu_team_set_name(tu_api_store(call), &rename, &act, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "team");
	if (status == TU_E_CONSTRAINT)
		(void)tu_fail(err, status, 0, "there is a team of this name already");
	status = tu_api_wrong_member(status, "/name", err);
	return status ? status : answer_one(call, call->path[0], err);
}

/* ---- who and what is in it ---- */

static enum tu_status change(
	struct tu_api_call *call, struct tu_team_change *change, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	enum tu_status status;

	change->team = call->path[0];
	status = tu_team_change(tu_api_store(call), change, &act, err);
	return status == TU_E_NOTFOUND
		? tu_api_unknown(err, change->device.len ? "team or device" : "team or user")
		: status;
}

enum tu_status tu_api_add_team_user(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_team_change joins = {.person = call->path[1]};

	return change(call, &joins, err);
}

enum tu_status tu_api_remove_team_user(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_team_change leaves = {.person = call->path[1], .leaves = true};

	return change(call, &leaves, err);
}

enum tu_status tu_api_add_team_device(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_team_change joins = {.device = call->path[1]};

	return change(call, &joins, err);
}

enum tu_status tu_api_remove_team_device(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_team_change leaves = {.device = call->path[1], .leaves = true};

	return change(call, &leaves, err);
}
