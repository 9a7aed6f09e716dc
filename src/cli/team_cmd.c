/* tutela admin team: who sees which devices. */
#include <stdio.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

struct request {
	const char *data;
	const char *user, *device;
	const char *reason;
};

/* One call about the team argv[1]; `name` is another name for it, or NULL. */
static int ask_about(const char *call, const struct request *r, char **argv, const char *name)
{
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	tu_ask_begin(&ask, "admin team", call, r->data);
	tu_json_member_str(&ask.json, "team", tu_str_c(argv[1]));
	tu_json_member_opt(&ask.json, "name", tu_str_c(name));
	tu_json_member_opt(&ask.json, "user", tu_str_c(r->user));
	tu_json_member_opt(&ask.json, "device", tu_str_c(r->device));
	tu_json_member_opt(&ask.json, "reason", tu_str_c(r->reason));
	status = tu_ask(&ask, &err);
	if (!status && TU_JSON_STR(ask.said, "id").len)
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&ask.answer)));
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static int run_add(int argc, char **argv)
{
	struct request r = {0};

	if (!tu_options_take(&tu_cmd_admin_team_add, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected the name of one team");
	return ask_about("team.add", &r, argv, NULL);
}

static int run_rename(int argc, char **argv)
{
	struct request r = {0};

	if (!tu_options_take(&tu_cmd_admin_team_rename, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 3)
		return tu_command_misused(argv[0], "expected a team and its new name");
	return ask_about("team.rename", &r, argv, argv[2]);
}

static int run_change(const struct tu_command *row, const char *call, int argc, char **argv)
{
	struct request r = {0};

	if (!tu_options_take(row, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one team");
	if (!r.user == !r.device)
		return tu_command_misused(argv[0], "expected --user or --device, one of the two");
	return ask_about(call, &r, argv, NULL);
}

static int run_join(int argc, char **argv)
{
	return run_change(&tu_cmd_admin_team_join, "team.join", argc, argv);
}

static int run_leave(int argc, char **argv)
{
	return run_change(&tu_cmd_admin_team_leave, "team.leave", argc, argv);
}

static void print_team(struct tu_json team)
{
	struct tu_json_iter members = tu_json_iter(tu_json_get(team, TU_STR("members")));
	struct tu_json member;

	printf("%.*s  %.*s\n", TU_STR_FMT(TU_JSON_STR(team, "id")),
		TU_STR_FMT(TU_JSON_STR(team, "name")));
	while (tu_json_next_item(&members, &member)) {
		struct tu_str user = TU_JSON_STR(member, "user");

		if (user.len)
			printf("  user    %.*s\n", TU_STR_FMT(user));
		else
			printf("  device  %.*s\n", TU_STR_FMT(TU_JSON_STR(member, "device")));
	}
}

static int run_list(int argc, char **argv)
{
	return tu_ask_list(&(const struct tu_ask_list){&tu_cmd_admin_team_list, "admin team",
				   "team.list", "teams", print_team},
		argc, argv);
}

/* ---- the rows ---- */

static const struct tu_option options[] = {
	TU_OPTION_DATA(struct request, data), TU_OPTION_REASON(struct request, reason)};
static const struct tu_option change_options[] = {
	TU_OPTION_DATA(struct request, data),
	{"user", 0, "USER", "The user of this login or id", TU_TEXT(struct request, user)},
	{"device", 0, "DEVICE", "The device of this name", TU_TEXT(struct request, device)},
	TU_OPTION_REASON(struct request, reason),
};

const struct tu_command tu_cmd_admin_team = {
	.name = "admin team", .summary = "Look after teams: which users see which devices"};

const struct tu_command tu_cmd_admin_team_add = {
	.name = "admin team add",
	.summary = "Add a team",
	.usage = {"NAME --data DATA [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Prints its id, as JSON.\n",
	.unconfined = true,
	.run = run_add,
};

const struct tu_command tu_cmd_admin_team_list = {
	.name = "admin team list",
	.summary = "List all teams with their users and devices",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(tu_ask_list_options),
	.unconfined = true,
	.run = run_list,
};

const struct tu_command tu_cmd_admin_team_join = {
	.name = "admin team join",
	.summary = "Put a user or a device into a team",
	.usage = {"TEAM (--user USER | --device DEVICE) --data DATA [OPTION...]"},
	TU_OPTIONS(change_options),
	.notes = "A user sees the devices of their teams. Administrators and auditors see all.\n",
	.unconfined = true,
	.run = run_join,
};

const struct tu_command tu_cmd_admin_team_leave = {
	.name = "admin team leave",
	.summary = "Take a user or a device out of a team",
	.usage = {"TEAM (--user USER | --device DEVICE) --data DATA [OPTION...]"},
	TU_OPTIONS(change_options),
	.unconfined = true,
	.run = run_leave,
};

const struct tu_command tu_cmd_admin_team_rename = {
	.name = "admin team rename",
	.summary = "Give a team another name",
	.usage = {"TEAM NAME --data DATA [OPTION...]"},
	TU_OPTIONS(options),
	.unconfined = true,
	.run = run_rename,
};
