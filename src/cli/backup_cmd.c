/* tutela backup, tutela restore. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/output.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/reach.h"

struct backup {
	const char *output;
	const char *wait;
};

static long long number(struct tu_json root, struct tu_str key)
{
	uint64_t value = 0;

	return tu_json_u64(tu_json_get(root, key), INT64_MAX, &value) ? (long long)value : 0;
}

static void print_backup(const char *file, struct tu_str answer)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;

	if (parser && !tu_json_parse(parser, answer, NULL, &root, NULL))
		printf("%s: %.1f MB, %lld rows, %lld records of the ledger; read back and "
		       "verified\n"
		       "sha256 %.*s\n",
			file, (double)number(root, TU_STR("bytes")) / 1e6,
			number(root, TU_STR("rows")), number(root, TU_STR("records")),
			TU_STR_FMT(TU_JSON_STR(root, "sha256")));
	tu_json_parser_free(parser);
}

/* The owner writes into the file; it gets its name when the backup has been read back. */
static enum tu_status make_backup(const char *data, const struct backup *request, unsigned wait,
	struct tu_buf *answer, struct tu_error *err)
{
	const char *file = request->output;
	struct tu_output output;
	enum tu_status status = tu_datadir_check_outside(data, file, err);

	if (!status)
		status = tu_output_open(&output, file, err);
	if (status)
		return status;
	if (!tu_output_is_rewritable(&output))
		status = tu_fail(
			err, TU_E_USAGE, 0, "%s: expected the name of a regular file", file);
	else if (fchmod(output.fd, 0600))
		status = tu_fail(
			err, TU_E_IO, 0, "%s: cannot make it private: %s", file, strerror(errno));
	if (!status)
		status = tu_reach_once("backup", data,
			&(struct tu_reach_ask){.call = "backup", .fd = output.fd, .wait = wait},
			answer, err);
	if (!status)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

static int run_backup(int argc, char **argv)
{
	struct backup request = {.wait = TU_REACH_WAIT};
	unsigned wait;
	struct tu_error err = {0};
	struct tu_buf answer;
	int code = TU_EXIT_OK;

	if (!tu_options_take(&tu_cmd_backup, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one data folder");
	if (strcmp(request.output, "-") == 0)
		return tu_command_misused(argv[0], "a backup is read back: it needs a file");
	if (!tu_reach_seconds(request.wait, &wait))
		return tu_command_misused(argv[0], TU_REACH_WAIT_MISUSED);
	tu_buf_init(&answer, 1 << 20);
	if (make_backup(argv[1], &request, wait, &answer, &err))
		code = tu_command_failed(argv[0], &err);
	else
		print_backup(request.output, tu_buf_str(&answer));
	tu_buf_done(&answer);
	return code;
}

/* ---- restore ---- */

struct restore {
	const char *database;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static bool is_interrupted(void)
{
	return interrupted != 0;
}

/* What was begun is removed before it ends. */
static void hear_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction act = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
	sigset_t heard;

	(void)sigemptyset(&act.sa_mask);
	(void)sigemptyset(&heard);
	for (size_t i = 0; i < TU_COUNT(numbers); i++) {
		(void)sigaction(numbers[i], &act, NULL);
		(void)sigaddset(&heard, numbers[i]);
	}
	(void)sigprocmask(SIG_UNBLOCK, &heard, NULL);
}

static enum tu_status restore(const char *file, const struct tu_datadir_new *place,
	struct tu_backup *out_backup, struct tu_error *err)
{
	struct tu_datadir_host host = *tu_reach_host("restore");
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat info;
	enum tu_status status;

	host.stopped = is_interrupted;

	if (fd < 0)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot open: %s", file, strerror(errno));
	if (fstat(fd, &info) || !S_ISREG(info.st_mode))
		status = tu_fail(err, TU_E_IO, 0, "%s: expected a regular file", file);
	else
		status = tu_datadir_restore(&host, fd, place, out_backup, err);
	if (status == TU_E_CORRUPT || status == TU_E_SYNTAX || status == TU_E_UNSUPPORTED)
		(void)tu_error_in_file(err, "%s", file);
	(void)close(fd);
	return status;
}

static int run_restore(int argc, char **argv)
{
	struct restore request = {0};
	struct tu_error err = {0};
	struct tu_backup backup;
	struct tu_datadir_new place;

	if (!tu_options_take(&tu_cmd_restore, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 3)
		return tu_command_misused(argv[0], "expected a backup and a folder");
	place = (struct tu_datadir_new){argv[2], request.database};
	hear_signals();
	if (restore(argv[1], &place, &backup, &err))
		return tu_command_failed(argv[0], &err);
	printf("%s: instance %s with %lld rows and %lld records of the ledger\n", argv[2],
		backup.instance, (long long)backup.rows, (long long)backup.head);
	if (backup.secrets)
		printf("%lld secrets are sealed: put keys/secret.key of the old folder into"
		       " %s/keys\n",
			(long long)backup.secrets, argv[2]);
	return TU_EXIT_OK;
}

/* ---- the rows ---- */

static const struct tu_option backup_options[] = {
	{"output", 'o', "FILE", "Write the backup to FILE, which only you may read",
		TU_TEXT(struct backup, output), .written = true, .required = true},
	TU_OPTION_WAIT(struct backup, wait),
};

static const struct tu_option restore_options[] = {
	{"database", 0, "URL",
		"Restore into this database of PostgreSQL, which must be empty"
		" (\"postgresql://…\"), instead of SQLite in the folder",
		TU_TEXT(struct restore, database)},
};

const struct tu_command tu_cmd_backup = {
	.name = "backup",
	.summary = "Write a backup of a service's database and read it back",
	.usage = {"DATA -o FILE [OPTION...]"},
	TU_OPTIONS(backup_options),
	.notes = "The service may run. FILE is not in the data folder, except in its backups/. A"
		 " backup\ncontains no keys: keep keys/ of the data folder, too.\n",
	.unconfined = true,
	.run = run_backup,
};

const struct tu_command tu_cmd_restore = {
	.name = "restore",
	.summary = "Make a data folder from a backup",
	.usage = {"FILE DATA [OPTION...]"},
	TU_OPTIONS(restore_options),
	.notes = "DATA must not exist, or have nothing in it but keys/. The ledger gets a record "
		 "that"
		 " it was\nrestored.\n",
	.unconfined = true,
	.run = run_restore,
};
