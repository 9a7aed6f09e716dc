/* tutela ledger: verify and export the trail of what was done. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/output.h"
#include "audit/ledger_use.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/reach.h"
#include "show/ledger.h"

struct request {
	struct tu_values checkpoints;
	struct tu_values keys;
	const char *format;
	const char *output;
	const char *wait;
};

static int print_verdict(
	const char *name, const struct request *request, const struct tu_ledger_verdict *verdict)
{
	struct tu_error err = {0};
	struct tu_output output;

	if (tu_output_open(&output, NULL, &err))
		return tu_command_failed(name, &err);
	if (tu_options_json(request->format)) {
		tu_ledger_show_json(verdict, &output.sink.buf);
	} else {
		tu_ledger_verdict_write(verdict, &output.sink.buf);
		tu_buf_byte(&output.sink.buf, '\n');
	}
	if (tu_output_close(&output, &err))
		return tu_command_failed(name, &err);
	return tu_command_judged(verdict->fault == TU_LEDGER_SOUND);
}

/* Whoever owns the folder writes its ledger into `fd`. */
static enum tu_status export_folder(
	const char *command, const char *data, const struct tu_reach_ask *ask, struct tu_error *err)
{
	struct tu_buf answer;
	enum tu_status status;

	tu_buf_init(&answer, 1 << 20);
	status = tu_reach_once(command, data, ask, &answer, err);
	tu_buf_done(&answer);
	return status;
}

/* A data folder is verified by what its owner writes; everything else as it is. */
static enum tu_status verify(const char *command, struct tu_ledger_use *use, unsigned wait,
	struct tu_ledger_verdict *out_verdict, struct tu_error *err)
{
	struct tu_reach_ask ask = {.call = "ledger.export", .wait = wait};
	char name[40];
	FILE *scratch;
	enum tu_status status;

	if (!tu_datadir_is(use->place))
		return tu_ledger_use_verify(use, out_verdict, err);
	scratch = tmpfile();
	if (!scratch)
		return tu_fail(
			err, TU_E_IO, 0, "cannot make a temporary file: %s", strerror(errno));
	ask.fd = fileno(scratch);
	status = export_folder(command, use->place, &ask, err);
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fileno(scratch));
	use->place = name;
	if (!status)
		status = tu_ledger_use_verify(use, out_verdict, err);
	(void)fclose(scratch);
	return status;
}

static int run_verify(int argc, char **argv)
{
	struct request request = {.wait = TU_REACH_WAIT};
	unsigned wait;
	struct tu_ledger_verdict verdict;
	struct tu_ledger_use use;
	struct tu_error err = {0};

	if (!tu_options_take(&tu_cmd_ledger_verify, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0],
			"expected one ledger: a file, a data folder or a "
			"database");
	if (request.checkpoints.count && !request.keys.count)
		return tu_command_misused(argv[0],
			"--checkpoint needs --key: a checkpoint proves what the key that signed it "
			"is trusted with");
	if (request.keys.count && !request.checkpoints.count)
		return tu_command_misused(argv[0], "--key is for --checkpoint");
	if (!tu_reach_seconds(request.wait, &wait))
		return tu_command_misused(argv[0], TU_REACH_WAIT_MISUSED);
	use = (struct tu_ledger_use){argv[1], request.checkpoints.at, request.checkpoints.count,
		request.keys.at, request.keys.count};
	if (verify(argv[0], &use, wait, &verdict, &err))
		return tu_command_failed(argv[0], &err);
	return print_verdict(argv[0], &request, &verdict);
}

static int run_export(int argc, char **argv)
{
	struct request request = {.wait = TU_REACH_WAIT};
	struct tu_reach_ask ask = {.call = "ledger.export"};
	struct tu_output output;
	struct tu_error err = {0};
	int64_t records;

	if (!tu_options_take(&tu_cmd_ledger_export, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one data folder or database");
	if (!tu_reach_seconds(request.wait, &ask.wait))
		return tu_command_misused(argv[0], TU_REACH_WAIT_MISUSED);
	if ((request.output && tu_datadir_check_outside(argv[1], request.output, &err)) ||
		tu_output_open(&output, request.output, &err))
		return tu_command_failed(argv[0], &err);
	ask.fd = output.fd;
	if (tu_datadir_is(argv[1]) ? export_folder(argv[0], argv[1], &ask, &err)
				   : tu_ledger_use_export(argv[1], &output.sink, &records, &err)) {
		tu_output_abandon(&output);
		return tu_command_failed(argv[0], &err);
	}
	return tu_output_close(&output, &err) ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static const struct tu_option verify_options[] = {
	{"checkpoint", 0, "FILE", "Compare with the checkpoints in FILE",
		TU_LIST(struct request, checkpoints)},
	{"key", 0, "PUBKEY", "Trust checkpoints that this key signed",
		TU_LIST(struct request, keys)},
	TU_OPTION_TEXT_OR_JSON(struct request, format),
	TU_OPTION_WAIT(struct request, wait),
};

static const struct tu_option export_options[] = {
	TU_OPTION_OUTPUT(struct request, output),
	TU_OPTION_WAIT(struct request, wait),
};

const struct tu_command tu_cmd_ledger = {
	.name = "ledger", .summary = "Verify, export and vouch for the trail of what was done"};

const struct tu_command tu_cmd_ledger_verify = {
	.name = "ledger verify",
	.summary = "Verify a ledger and name the first record that was changed",
	.usage = {"FILE|DATA|URL [OPTION...]",
		"FILE|DATA|URL --checkpoint FILE... --key PUBKEY... [OPTION...]"},
	TU_OPTIONS(verify_options),
	.notes = "URL is postgresql://... Exit code 1 when the ledger is not what was written. "
		 "Without\n"
		 "checkpoints, only the chain itself is proven, not that its end is there.\n",
	.unconfined = true,
	.run = run_verify,
};

const struct tu_command tu_cmd_ledger_export = {
	.name = "ledger export",
	.summary = "Write the ledger of a data folder or database as a file",
	.usage = {"DATA|URL [OPTION...]"},
	TU_OPTIONS(export_options),
	.unconfined = true,
	.run = run_export,
};
