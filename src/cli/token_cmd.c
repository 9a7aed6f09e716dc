/* tutela admin token: a new link of the set-up, for the first administrator. */
#include <stdio.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

struct request {
	const char *data;
	const char *reason;
};

static int run_token(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_token, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(argv[0], "unexpected argument \"%s\"", argv[1]);
	tu_ask_begin(&ask, "admin token", "setup.token", r.data);
	tu_json_member_opt(&ask.json, "reason", tu_str_c(r.reason));
	status = tu_ask(&ask, &err);
	if (!status)
		printf("Set up the first administrator within 24 hours, at the address of the "
		       "service with\n/setup#%.*s\n",
			TU_STR_FMT(TU_JSON_STR(ask.said, "token")));
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	TU_OPTION_DATA(struct request, data),
	TU_OPTION_REASON(struct request, reason),
};

const struct tu_command tu_cmd_admin_token = {
	.name = "admin token",
	.summary = "Make a new link of the set-up, for the first administrator",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(options),
	.notes =
		"In place of the one that the first start of tutela serve printed; the service may "
		"run.\nRefused as soon as there is an administrator.\n",
	.unconfined = true,
	.run = run_token,
};
