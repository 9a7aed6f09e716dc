/* tutela admin: make a data folder, ask about it, move its database, erase a person in it. */
#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/reach.h"

struct init {
	const char *database;
};

static int run_init(int argc, char **argv)
{
	struct init request = {0};
	struct tu_error err = {0};
	char instance[TU_INSTANCE + 1];

	if (!tu_options_take(&tu_cmd_admin_init, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one folder");
	if (tu_datadir_init(tu_reach_host(argv[0]), argv[1], request.database, instance, &err))
		return tu_command_failed(argv[0], &err);
	printf("%s: instance %s\n"
	       "Keep a copy of %s/keys elsewhere: backups do not contain it.\n",
		argv[1], instance, argv[1]);
	return TU_EXIT_OK;
}

struct status {
	const char *wait;
};

static int run_status(int argc, char **argv)
{
	struct status request = {.wait = TU_REACH_WAIT};
	unsigned wait;
	struct tu_error err = {0};
	struct tu_buf answer;
	int code = TU_EXIT_OK;

	if (!tu_options_take(&tu_cmd_admin_status, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one data folder");
	if (!tu_reach_seconds(request.wait, &wait))
		return tu_command_misused(argv[0], TU_REACH_WAIT_MISUSED);
	tu_buf_init(&answer, 1 << 20);
	if (tu_reach_once(argv[0], argv[1],
		    &(struct tu_reach_ask){.call = "status", .fd = -1, .wait = wait}, &answer,
		    &err))
		code = tu_command_failed(argv[0], &err);
	else
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&answer)));
	tu_buf_done(&answer);
	return code;
}

struct move {
	const char *to;
};

static int run_move(int argc, char **argv)
{
	struct move request = {0};
	struct tu_error err = {0};
	struct tu_datadir *dir;
	struct tu_backup backup;
	char old[TU_OLD_NAME];
	const char *place;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_move, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one data folder");
	place = strcmp(request.to, "sqlite") == 0 ? NULL : request.to;
	status = tu_datadir_open(tu_reach_host(argv[0]), argv[1], &dir, &err);
	if (status == TU_E_BUSY)
		(void)tu_error_prefix(
			&err, "a database that is in use is not moved; stop the service");
	if (status)
		return tu_command_failed(argv[0], &err);
	status = tu_datadir_move(dir, place, &backup, old, &err);
	tu_datadir_close(dir);
	if (status)
		return tu_command_failed(argv[0], &err);
	printf("%s: moved %lld rows and %lld records of the ledger; the old database is kept as "
	       "%s\n",
		argv[1], (long long)backup.rows, (long long)backup.head, old);
	return TU_EXIT_OK;
}

struct erase {
	const char *data;
	const char *reason;
};

static void write_erase(const struct erase *request, const char *person, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "person", tu_str_c(person));
	tu_json_member_opt(&json, "reason", tu_str_c(request->reason));
	tu_json_close_object(&json);
}

static int run_erase(int argc, char **argv)
{
	struct erase request = {0};
	struct tu_error err = {0};
	struct tu_buf arguments, answer;
	struct tu_reach_ask ask = {.call = "erase", .fd = -1};
	int code = TU_EXIT_OK;

	if (!tu_options_take(&tu_cmd_admin_erase, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one person");
	tu_buf_init(&arguments, 1 << 20);
	tu_buf_init(&answer, 1 << 20);
	write_erase(&request, argv[1], &arguments);
	ask.arguments = tu_buf_str(&arguments);
	if (tu_reach_once(argv[0], request.data, &ask, &answer, &err))
		code = tu_command_failed(argv[0], &err);
	else
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&answer)));
	tu_buf_done(&arguments);
	tu_buf_done(&answer);
	return code;
}

/* ---- the rows ---- */

static const struct tu_option erase_options[] = {
	{"data", 0, "DATA", "Erase in this data folder", TU_TEXT(struct erase, data),
		.required = true},
	{"reason", 0, "TEXT", "Record why", TU_TEXT(struct erase, reason)},
};

static const struct tu_option status_options[] = {
	TU_OPTION_WAIT(struct status, wait),
};

static const struct tu_option init_options[] = {
	{"database", 0, "URL",
		"Use this database of PostgreSQL, which must be empty (\"postgresql://…\"), "
		"instead of"
		" SQLite in the folder",
		TU_TEXT(struct init, database)},
};

static const struct tu_option move_options[] = {
	{"to", 0, "PLACE",
		"Move to an empty database of PostgreSQL (\"postgresql://…\"), or to \"sqlite\"",
		TU_TEXT(struct move, to), .required = true},
};

const struct tu_command tu_cmd_admin = {
	.name = "admin", .summary = "Make and look after the data folder of a service"};

const struct tu_command tu_cmd_admin_init = {
	.name = "admin init",
	.summary = "Make a data folder",
	.usage = {"DATA [OPTION...]"},
	TU_OPTIONS(init_options),
	.unconfined = true,
	.run = run_init,
};

const struct tu_command tu_cmd_admin_status = {
	.name = "admin status",
	.summary = "Print which database it is and the head of its ledger, as JSON",
	.usage = {"DATA [OPTION...]"},
	TU_OPTIONS(status_options),
	.unconfined = true,
	.run = run_status,
};

const struct tu_command tu_cmd_admin_move = {
	.name = "admin move",
	.summary = "Move the database to PostgreSQL, or back to SQLite",
	.usage = {"DATA --to PLACE"},
	TU_OPTIONS(move_options),
	.notes = "The service must not run. The old database is kept under another name.\n",
	.unconfined = true,
	.run = run_move,
};

const struct tu_command tu_cmd_admin_erase = {
	.name = "admin erase",
	.summary = "Erase the personal data of a person",
	.usage = {"PERSON --data DATA [OPTION...]"},
	TU_OPTIONS(erase_options),
	.notes = "PERSON is an id, a login or an address. Names on signatures stay. A record says "
		 "that it"
		 " was done;\nthe ledger still verifies. Prints how many values were erased, as "
		 "JSON.\n",
	.unconfined = true,
	.run = run_erase,
};
