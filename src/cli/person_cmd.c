/* tutela admin person: accounts of a data folder. */
#include <stdio.h>

#include "audit/person.h"
#include "base/ed25519.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/password.h"
#include "cli/reach.h"

enum { ANSWER_MAX = 64 << 20 };

struct request {
	const char *data;
	const char *name, *mail, *role;
	const char *reason;
	const char *format;
	const char *password_file;
	bool password_stdin, no_password;
};

static const char *role_word(size_t index)
{
	return index < TU_PERSON_ROLES ? tu_person_role_name((enum tu_person_role)index) : NULL;
}

/* Call with the person's members and, where it is not NULL, a password. */
struct asking {
	const char *call;
	const char *key, *person; /* "login" or "person", and its value */
	struct tu_buf *password;
};

static void write_arguments(const struct asking *a, const struct request *r, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	if (a->person)
		tu_json_member_str(&json, a->key, tu_str_c(a->person));
	tu_json_member_opt(&json, "name", tu_str_c(r->name));
	tu_json_member_opt(&json, "mail", tu_str_c(r->mail));
	tu_json_member_opt(&json, "role", tu_str_c(r->role));
	tu_json_member_opt(&json, "reason", tu_str_c(r->reason));
	if (a->password)
		tu_json_member_str(&json, "password", tu_buf_str(a->password));
	tu_json_close_object(&json);
}

static enum tu_status call(const struct asking *a, const struct request *r, struct tu_buf *answer,
	struct tu_error *err)
{
	struct tu_reach_ask ask = {.call = a->call, .fd = -1};
	struct tu_buf arguments;
	enum tu_status status;

	tu_buf_init(&arguments, 1 << 20);
	write_arguments(a, r, &arguments);
	ask.arguments = tu_buf_str(&arguments);
	status = arguments.failed ? tu_no_memory(err)
				  : tu_reach_once("admin person", r->data, &ask, answer, err);
	tu_wipe(arguments.ptr, arguments.len);
	tu_buf_done(&arguments);
	return status;
}

/* The same with a password that is asked for, unless there is to be none. */
static int call_with_password(
	const char *command, struct asking *a, const struct request *r, struct tu_buf *answer)
{
	const struct tu_password_from from = {r->password_file, r->password_stdin, true};
	struct tu_error err = {0};
	struct tu_buf password;
	enum tu_status status = TU_OK;

	tu_buf_init(&password, TU_PASSWORD_LINE_MAX);
	a->password = &password;
	if (!r->no_password)
		status = tu_password_read(&from, &password, &err);
	if (!status)
		status = call(a, r, answer, &err);
	tu_password_wipe(&password);
	return status ? tu_command_failed(command, &err) : TU_EXIT_OK;
}

static int run_add(int argc, char **argv)
{
	struct request r = {0};
	struct asking a = {.call = "person.add", .key = "login"};
	struct tu_buf answer;
	int code;

	if (!tu_options_take(&tu_cmd_admin_person_add, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one login");
	a.person = argv[1];
	tu_buf_init(&answer, ANSWER_MAX);
	code = call_with_password(argv[0], &a, &r, &answer);
	if (code == TU_EXIT_OK)
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&answer)));
	tu_buf_done(&answer);
	return code;
}

static int run_password(int argc, char **argv)
{
	struct request r = {0};
	struct asking a = {.call = "person.password", .key = "person"};
	struct tu_buf answer;
	int code;

	if (!tu_options_take(&tu_cmd_admin_person_password, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one login or id");
	a.person = argv[1];
	tu_buf_init(&answer, ANSWER_MAX);
	code = call_with_password(argv[0], &a, &r, &answer);
	tu_buf_done(&answer);
	return code;
}

static int run_remove(int argc, char **argv)
{
	struct request r = {0};
	struct asking a = {.call = "person.remove", .key = "person"};
	struct tu_error err = {0};
	struct tu_buf answer;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_person_remove, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one login or id");
	a.person = argv[1];
	tu_buf_init(&answer, ANSWER_MAX);
	status = call(&a, &r, &answer, &err);
	tu_buf_done(&answer);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static void print_row(struct tu_json person)
{
	printf("%.*s  %-14.*s %-8.*s %-12.*s %.*s%s\n", TU_STR_FMT(TU_JSON_STR(person, "id")),
		TU_STR_FMT(TU_JSON_STR(person, "role")), TU_STR_FMT(TU_JSON_STR(person, "state")),
		TU_STR_FMT(TU_JSON_STR(person, "login")), TU_STR_FMT(TU_JSON_STR(person, "name")),
		tu_json_true(tu_json_get(person, TU_STR("password"))) ? "" : " (no password)");
}

static enum tu_status print_rows(struct tu_str answer, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root, person;
	struct tu_json_iter persons;
	enum tu_status status =
		parser ? tu_json_parse(parser, answer, NULL, &root, err) : tu_no_memory(err);

	if (!status) {
		persons = tu_json_iter(tu_json_get(root, TU_STR("persons")));
		while (tu_json_next_item(&persons, &person))
			print_row(person);
	}
	tu_json_parser_free(parser);
	return status;
}

static int run_list(int argc, char **argv)
{
	struct request r = {0};
	struct asking a = {.call = "person.list"};
	struct tu_error err = {0};
	struct tu_buf answer;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_person_list, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(argv[0], "expected no arguments but options");
	tu_buf_init(&answer, ANSWER_MAX);
	status = call(&a, &r, &answer, &err);
	if (!status && tu_options_json(r.format))
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&answer)));
	else if (!status)
		status = print_rows(tu_buf_str(&answer), &err);
	tu_buf_done(&answer);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

/* ---- the rows ---- */

#define DATA \
	{ \
		"data", 0, "DATA", "Use this data folder", TU_TEXT(struct request, data), \
			.required = true \
	}
#define REASON \
	{ \
		"reason", 0, "TEXT", "Record why", TU_TEXT(struct request, reason) \
	}
#define PASSWORD \
	{"password-file", 0, "FILE", "Take the password from the first line of FILE", \
		TU_TEXT(struct request, password_file)}, \
		{"password-stdin", 0, NULL, "Take the password from standard input", \
			TU_FLAG(struct request, password_stdin)}, \
	{ \
		"no-password", 0, NULL, "Leave the person without one: nothing can be signed", \
			TU_FLAG(struct request, no_password) \
	}

static const struct tu_option add_options[] = {
	DATA,
	{"name", 0, "NAME", "Print this name on what the person signs",
		TU_TEXT(struct request, name), .required = true},
	{"role", 0, "ROLE", "Give the person this role", TU_TEXT(struct request, role),
		.word = role_word, .required = true},
	{"mail", 0, "ADDRESS", "Keep this address", TU_TEXT(struct request, mail)},
	REASON,
	PASSWORD,
};

static const struct tu_option list_options[] = {
	DATA,
	TU_OPTION_TEXT_OR_JSON(struct request, format),
};

static const struct tu_option remove_options[] = {DATA, REASON};
static const struct tu_option password_options[] = {DATA, REASON, PASSWORD};

const struct tu_command tu_cmd_admin_person = {
	.name = "admin person", .summary = "Look after the persons who have an account"};

const struct tu_command tu_cmd_admin_person_add = {
	.name = "admin person add",
	.summary = "Add a person",
	.usage = {"LOGIN --data DATA --name NAME --role ROLE [OPTION...]"},
	TU_OPTIONS(add_options),
	.notes = "On a terminal the password is asked for, without echo; it has 12 characters or "
		 "more.\nPrints the id that records have, as JSON.\n",
	.unconfined = true,
	.run = run_add,
};

const struct tu_command tu_cmd_admin_person_list = {
	.name = "admin person list",
	.summary = "List all persons, also those who were removed",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(list_options),
	.unconfined = true,
	.run = run_list,
};

const struct tu_command tu_cmd_admin_person_remove = {
	.name = "admin person remove",
	.summary = "Let a person act no longer",
	.usage = {"PERSON --data DATA [OPTION...]"},
	TU_OPTIONS(remove_options),
	.notes = "PERSON is a login or an id. What was signed stays; \"admin erase\" erases "
		 "personal data.\n",
	.unconfined = true,
	.run = run_remove,
};

const struct tu_command tu_cmd_admin_person_password = {
	.name = "admin person password",
	.summary = "Set or take away a person's password",
	.usage = {"PERSON --data DATA [OPTION...]"},
	TU_OPTIONS(password_options),
	.unconfined = true,
	.run = run_password,
};
