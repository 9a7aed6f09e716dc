/* tutela admin key: keys of programs. */
#include <stdio.h>

#include "audit/key.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

struct request {
	const char *data;
	const char *role;
	struct tu_values rights;
	const char *user, *team;
	const char *days;
	const char *reason;
};

static const char command[] = "admin key";

static const char *role_word(size_t index)
{
	return index < TU_PERSON_ROLES ? tu_person_role_name((enum tu_person_role)index) : NULL;
}

static const char *right_word(size_t index)
{
	return index < TU_RIGHTS ? tu_right_name((enum tu_right)index) : NULL;
}

static void write_key(
	struct tu_json_writer *json, const struct request *r, const char *label, uint64_t days)
{
	tu_json_member_str(json, "label", tu_str_c(label));
	tu_json_member_opt(json, "role", tu_str_c(r->role));
	tu_json_key(json, "rights");
	tu_json_open_array(json);
	for (size_t i = 0; i < r->rights.count; i++)
		tu_json_add_str(json, tu_str_c(r->rights.at[i]));
	tu_json_close_array(json);
	tu_json_member_opt(json, "user", tu_str_c(r->user));
	tu_json_member_opt(json, "team", tu_str_c(r->team));
	tu_json_member_int(json, "days", (int64_t)days);
	tu_json_member_opt(json, "reason", tu_str_c(r->reason));
}

/* The secret is alone on the last line. */
static void print_key(const struct request *r, struct tu_json said)
{
	const char *whose = r->user ? r->user : r->team;

	printf("id: %.*s\nsees: %s%s\nThe key is not shown again:\n%.*s\n",
		TU_STR_FMT(TU_JSON_STR(said, "id")),
		r->user		  ? "what the user sees, "
			: r->team ? "the devices of the team "
				  : "all devices",
		whose ? whose : "", TU_STR_FMT(TU_JSON_STR(said, "secret")));
}

static int run_add(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	uint64_t days;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_key_add, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one name for the key");
	if (!r.role && !r.rights.count)
		return tu_command_misused(argv[0], "expected --role or --right");
	if (r.user && r.team)
		return tu_command_misused(argv[0], "--user and --team: expected one of the two");
	if (!tu_str_to_u64(tu_str_c(r.days), 3650, &days) || !days)
		return tu_command_misused(argv[0], "--days: expected a number from 1 to 3650");
	tu_ask_begin(&ask, command, "key.add", r.data);
	write_key(&ask.json, &r, argv[1], days);
	status = tu_ask(&ask, &err);
	if (!status)
		print_key(&r, ask.said);
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static void print_row(struct tu_json key)
{
	struct tu_str user = TU_JSON_STR(key, "user"), team = TU_JSON_STR(key, "team");
	struct tu_str revoked = TU_JSON_STR(key, "revoked");
	struct tu_str expires = TU_JSON_STR(key, "expires");

	printf("%.*s  %-20.*s %s %.*s  %s%.*s  %.*s\n", TU_STR_FMT(TU_JSON_STR(key, "id")),
		TU_STR_FMT(TU_JSON_STR(key, "scope")),
		revoked.len	      ? "revoked"
			: expires.len ? "until"
				      : "without end",
		TU_STR_FMT(revoked.len ? revoked : expires),
		user.len	   ? "user "
			: team.len ? "team "
				   : "machine",
		TU_STR_FMT(user.len ? user : team), TU_STR_FMT(TU_JSON_STR(key, "label")));
}

static int run_list(int argc, char **argv)
{
	return tu_ask_list(&(const struct tu_ask_list){&tu_cmd_admin_key_list, command, "key.list",
				   "keys", print_row},
		argc, argv);
}

static int run_revoke(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_key_revoke, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected the id of one key");
	tu_ask_begin(&ask, command, "key.revoke", r.data);
	tu_json_member_str(&ask.json, "key", tu_str_c(argv[1]));
	tu_json_member_opt(&ask.json, "reason", tu_str_c(r.reason));
	status = tu_ask(&ask, &err);
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

/* ---- the rows ---- */

static const struct tu_option add_options[] = {
	TU_OPTION_DATA(struct request, data),
	{"role", 0, "ROLE", "Let the key do what a program of this role does",
		TU_TEXT(struct request, role), .word = role_word},
	{"right", 0, "RIGHT", "Give the key this right, too; may be repeated",
		TU_LIST(struct request, rights), .word = right_word},
	{"user", 0, "USER", "Make it a key of this user: it sees what they see, and ends with them",
		TU_TEXT(struct request, user)},
	{"team", 0, "TEAM", "Make it a key of a machine that sees the devices of this team",
		TU_TEXT(struct request, team)},
	{"days", 0, "DAYS", "Let it expire after DAYS, at most 3650", TU_TEXT(struct request, days),
		.preset = "365"},
	TU_OPTION_REASON(struct request, reason),
};

static const struct tu_option revoke_options[] = {
	TU_OPTION_DATA(struct request, data), TU_OPTION_REASON(struct request, reason)};

const struct tu_command tu_cmd_admin_key = {
	.name = "admin key", .summary = "Look after keys of programs"};

const struct tu_command tu_cmd_admin_key_add = {
	.name = "admin key add",
	.summary = "Make a key",
	.usage = {"NAME --role ROLE --data DATA [OPTION...]"},
	TU_OPTIONS(add_options),
	.notes = "Prints the key once, alone on the last line; the database has its digest only. "
		 "Without\n--user and --team it is a key of a machine that sees all devices. A "
		 "key signs nothing\nand looks after no accounts, whatever the role: an approver's "
		 "key proposes, as an\nanalyst's does. Customers make keys of their own; here "
		 "theirs need "
		 "--user.\n",
	.unconfined = true,
	.run = run_add,
};

const struct tu_command tu_cmd_admin_key_list = {
	.name = "admin key list",
	.summary = "List all keys, also those that were revoked or have expired",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(tu_ask_list_options),
	.unconfined = true,
	.run = run_list,
};

const struct tu_command tu_cmd_admin_key_revoke = {
	.name = "admin key revoke",
	.summary = "Let a key work no longer",
	.usage = {"ID --data DATA [OPTION...]"},
	TU_OPTIONS(revoke_options),
	.unconfined = true,
	.run = run_revoke,
};
