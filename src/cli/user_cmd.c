/* tutela admin user: accounts of a data folder. */
#include <stdio.h>

#include "audit/person.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/password.h"

struct request {
	const char *data;
	const char *name, *mail, *role;
	const char *reason;
	const char *password_file;
	bool no_password, own_password;
	const char *issuer, *subject;
};

static const char command[] = "admin user";

static const char *role_word(size_t index)
{
	return index < TU_PERSON_ROLES ? tu_person_role_name((enum tu_person_role)index) : NULL;
}

/* Send what is asked; with a password, unless there is to be none. */
static enum tu_status send(
	struct tu_ask *ask, const struct request *r, bool with_password, struct tu_error *err)
{
	const struct tu_password_from from = {.file = r->password_file, .twice = true};
	struct tu_buf password;
	enum tu_status status = TU_OK;

	tu_buf_init(&password, TU_PASSWORD_LINE_MAX);
	if (with_password && !r->no_password)
		status = tu_password_read(&from, &password, err);
	if (with_password)
		tu_json_member_str(&ask->json, "password", tu_buf_str(&password));
	if (r->own_password)
		tu_json_member_bool(&ask->json, "own_password", true);
	tu_json_member_opt(&ask->json, "reason", tu_str_c(r->reason));
	if (!status)
		status = tu_ask(ask, err);
	tu_password_wipe(&password);
	return status;
}

static int run_add(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_user_add, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one login");
	tu_ask_begin(&ask, command, "user.add", r.data);
	tu_json_member_str(&ask.json, "login", tu_str_c(argv[1]));
	tu_json_member_opt(&ask.json, "name", tu_str_c(r.name));
	tu_json_member_opt(&ask.json, "mail", tu_str_c(r.mail));
	tu_json_member_str(&ask.json, "role", tu_str_c(r.role));
	status = send(&ask, &r, true, &err);
	if (!status)
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&ask.answer)));
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

/* All but add: the user is named, and nothing is said. */
static int run_named(const struct tu_command *row, const char *call, int argc, char **argv)
{
	const bool with_password = row == &tu_cmd_admin_user_password;
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(row, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one login or id");
	tu_ask_begin(&ask, command, call, r.data);
	tu_json_member_str(&ask.json, "user", tu_str_c(argv[1]));
	tu_json_member_opt(&ask.json, "issuer", tu_str_c(r.issuer));
	tu_json_member_opt(&ask.json, "subject", tu_str_c(r.subject));
	status = send(&ask, &r, with_password, &err);
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static int run_password(int argc, char **argv)
{
	return run_named(&tu_cmd_admin_user_password, "user.password", argc, argv);
}

static int run_disable(int argc, char **argv)
{
	return run_named(&tu_cmd_admin_user_disable, "user.disable", argc, argv);
}

static int run_unlock(int argc, char **argv)
{
	return run_named(&tu_cmd_admin_user_unlock, "user.unlock", argc, argv);
}

static int run_reset_factor(int argc, char **argv)
{
	return run_named(&tu_cmd_admin_user_reset_factor, "user.reset-factor", argc, argv);
}

static int run_link(int argc, char **argv)
{
	return run_named(&tu_cmd_admin_user_link, "user.link", argc, argv);
}

static int run_unlink(int argc, char **argv)
{
	return run_named(&tu_cmd_admin_user_unlink, "user.unlink", argc, argv);
}

static void print_row(struct tu_json person)
{
	printf("%.*s  %-14.*s %-8.*s %-12.*s %.*s%s\n", TU_STR_FMT(TU_JSON_STR(person, "id")),
		TU_STR_FMT(TU_JSON_STR(person, "role")), TU_STR_FMT(TU_JSON_STR(person, "state")),
		TU_STR_FMT(TU_JSON_STR(person, "login")), TU_STR_FMT(TU_JSON_STR(person, "name")),
		tu_json_true(tu_json_get(person, TU_STR("password"))) ? "" : " (no password)");
}

static int run_list(int argc, char **argv)
{
	return tu_ask_list(&(const struct tu_ask_list){&tu_cmd_admin_user_list, command,
				   "user.list", "users", print_row},
		argc, argv);
}

/* ---- the rows ---- */

#define PASSWORD \
	{"own-password", 0, NULL, \
		"The user is here and has typed a password of their own: else it is a one-time " \
		"password, with which they only choose another one, within 24 hours", \
		TU_FLAG(struct request, own_password)}, \
		{"password-file", 0, "FILE", "Take the password from the first line of FILE", \
			TU_TEXT(struct request, password_file)}, \
	{ \
		"no-password", 0, NULL, "Leave the user without one: nothing can be signed", \
			TU_FLAG(struct request, no_password) \
	}

static const struct tu_option add_options[] = {
	TU_OPTION_DATA(struct request, data),
	{"role", 0, "ROLE", "Give the user this role", TU_TEXT(struct request, role),
		.word = role_word, .required = true},
	{"name", 0, "NAME", "Print this name on what the user signs (default: the login)",
		TU_TEXT(struct request, name)},
	{"mail", 0, "ADDRESS", "Keep this address", TU_TEXT(struct request, mail)},
	TU_OPTION_REASON(struct request, reason),
	PASSWORD,
};

static const struct tu_option disable_options[] = {
	TU_OPTION_DATA(struct request, data), TU_OPTION_REASON(struct request, reason)};
static const struct tu_option password_options[] = {
	TU_OPTION_DATA(struct request, data), TU_OPTION_REASON(struct request, reason), PASSWORD};

#define ISSUER \
	{ \
		"issuer", 0, "URL", \
			"Of this provider (default: for link the one that is configured, for " \
			"unlink any)", \
			TU_TEXT(struct request, issuer) \
	}

static const struct tu_option link_options[] = {
	TU_OPTION_DATA(struct request, data),
	{"subject", 0, "SUBJECT", "The account: \"sub\" of the provider's tokens",
		TU_TEXT(struct request, subject), .required = true},
	ISSUER,
	TU_OPTION_REASON(struct request, reason),
};
static const struct tu_option unlink_options[] = {
	TU_OPTION_DATA(struct request, data),
	{"subject", 0, "SUBJECT", "Only this account (default: all)",
		TU_TEXT(struct request, subject)},
	ISSUER,
	TU_OPTION_REASON(struct request, reason),
};

const struct tu_command tu_cmd_admin_user = {
	.name = "admin user", .summary = "Look after the accounts of persons"};

const struct tu_command tu_cmd_admin_user_add = {
	.name = "admin user add",
	.summary = "Add a user",
	.usage = {"LOGIN --role ROLE --data DATA [OPTION...]"},
	TU_OPTIONS(add_options),
	.notes = "On a terminal the password is asked for, without echo; else it is the first line "
		 "of\nstandard input. It is a one-time password (--own-password). Prints the id "
		 "that\n"
		 "records have, as JSON.\n\n"
		 "Viewers, auditors and customers read, analysts propose and review decisions,\n"
		 "approvers also approve those of others, administrators look after users, teams\n"
		 "and keys and sign nothing.\n",
	.unconfined = true,
	.run = run_add,
};

const struct tu_command tu_cmd_admin_user_list = {
	.name = "admin user list",
	.summary = "List all users, also those who were disabled",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(tu_ask_list_options),
	.unconfined = true,
	.run = run_list,
};

const struct tu_command tu_cmd_admin_user_disable = {
	.name = "admin user disable",
	.summary = "Let a user act no longer",
	.usage = {"USER --data DATA [OPTION...]"},
	TU_OPTIONS(disable_options),
	.notes = "USER is a login or an id. Their keys stop working. What was signed stays; "
		 "\"admin\nerase\" erases personal data.\n",
	.unconfined = true,
	.run = run_disable,
};

const struct tu_command tu_cmd_admin_user_password = {
	.name = "admin user password",
	.summary = "Set or take away a user's password",
	.usage = {"USER --data DATA [OPTION...]"},
	TU_OPTIONS(password_options),
	.notes = "It is a one-time password (--own-password). What the user signs in the seven "
		 "days\nafter it says who set it.\n",
	.unconfined = true,
	.run = run_password,
};

const struct tu_command tu_cmd_admin_user_unlock = {
	.name = "admin user unlock",
	.summary = "Let a user sign in again after too many attempts that failed",
	.usage = {"USER --data DATA [OPTION...]"},
	TU_OPTIONS(disable_options),
	.unconfined = true,
	.run = run_unlock,
};

const struct tu_command tu_cmd_admin_user_reset_factor = {
	.name = "admin user reset-factor",
	.summary = "Take away the second factor of a user who lost it",
	.usage = {"USER --data DATA [OPTION...]"},
	TU_OPTIONS(disable_options),
	.notes = "The password goes with it, and all sessions end: set a one-time password with "
		 "\"admin\nuser password\". What the user signs in the seven days after it says "
		 "who did it.\n",
	.unconfined = true,
	.run = run_reset_factor,
};

const struct tu_command tu_cmd_admin_user_link = {
	.name = "admin user link",
	.summary = "Say which account at the provider of single sign-on a user has",
	.usage = {"USER --subject SUBJECT --data DATA [OPTION...]"},
	TU_OPTIONS(link_options),
	.notes = "They sign in with it. What they sign in the seven days after it says who linked "
		 "it.\n",
	.unconfined = true,
	.run = run_link,
};

const struct tu_command tu_cmd_admin_user_unlink = {
	.name = "admin user unlink",
	.summary = "Take accounts at the provider of single sign-on away from a user",
	.usage = {"USER --data DATA [OPTION...]"},
	TU_OPTIONS(unlink_options),
	.notes = "All sessions of the user end.\n",
	.unconfined = true,
	.run = run_unlink,
};
